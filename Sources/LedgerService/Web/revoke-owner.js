// SPDX-License-Identifier: Apache-2.0
//
// Whose key a sheet can revoke: found in the log by the sheet's hash, or named by the person.

/** Reads the log to find whose revoker the sheet is. What it finds is held against the log's proof of the entry. */
async function searchOwner() {
  const { signer } = page;
  page.search = { done: 0, total: 0 };
  showOwner();
  try {
    const { members } = await readMembers(page.policy, (done, total) => {
      if (page.signer !== signer) return;
      page.search = { done, total };
      showOwner();
    });
    const hash = sha256(utf8(signer.key.text));
    const isNamed = ({ revokers }) => revokers.some((revoker) => equalBytes(revoker, hash));
    const named = [];
    for (const member of members.filter(isNamed)) if (await isEnrolledAt(member)) named.push(member);
    if (page.signer !== signer) return;
    page.members = members;
    page.found = named;
    page.owner = named.length === 1 ? named[0] : null;
  } catch {
    if (page.signer !== signer) return;
    page.found = "unread";
  }
  page.search = null;
  showOwner();
}

async function isEnrolledAt({ key, index }) {
  const { entry } = await verifyLogAnswer(await textFromLog(`proof/${index}`), page.policy);
  return entry.filing.action.word === "enrol" && entry.filing.action.key.text === key.text;
}

function showOwner() {
  const { search, found, owner, signed } = page;
  const node = byID("owner");
  byID("owner-form").hidden = search !== null || !(found === "unread" || found?.length === 0);
  if (signed) node.replaceChildren(ownerCard(owner, null));
  else if (!page.signer) node.replaceChildren(make("p", { className: "quiet" }, say("ownerText")));
  else if (search) node.replaceChildren(make("p", {}, search.total > 0 ? say("searching", search) : say("searchingFirst")));
  else if (found === "unread") node.replaceChildren(make("p", { className: "notice" }, say("notRead")), ...ownerCards());
  else if (found.length === 0) node.replaceChildren(make("p", { className: "notice" }, say("foundNone")), ...ownerCards());
  else if (found.length === 1) node.replaceChildren(make("p", {}, say("foundOne")), ownerCard(found[0], null));
  else {
    node.replaceChildren(make("p", {}, say("foundSeveral")), ...found.map((member) => ownerCard(member, () => {
      page.owner = member;
      showSentence();
    })));
  }
  showReasons();
  showSentence();
}

function ownerCards() {
  return page.owner ? [ownerCard(page.owner, null)] : [];
}

/** A card of a key; with `choose` it is one of several. */
function ownerCard(member, choose) {
  const { key, index, reason } = member;
  const id = make("code", {}, shortKey(key));
  const [before, name, behind] = sayAround("ownerIs", make("b", {}, quoted(key.name)), { id: "\u0001" });
  const line = make("p", {}, before, name, ...behind.split("\u0001").flatMap((part, i) => (i > 0 ? [id, part] : [part])));
  if (index !== null) line.append(" · ", say("enrolledIn", { entry: index }));
  const card = make(choose ? "label" : "div", { className: "owner-card" });
  if (choose) {
    card.classList.add("option");
    card.append(make("input", { type: "radio", name: "owner", checked: page.owner === member, onchange: choose }));
  }
  const body = make("div", {}, line, make("code", { className: "code small" }, key.text));
  if (page.signer && Array.isArray(page.found) && !page.found.includes(member)) {
    body.append(make("p", { className: "small notice" }, say("notNamed")));
  }
  if (reason) body.append(make("p", { className: "small notice" }, say("alreadyRevoked", { reason: say(`reason_${reason}`) })));
  card.append(body);
  return card;
}

function takeOwner(event) {
  event.preventDefault();
  const text = byID("owner-text").value.trim();
  const key = readSigningKey(text);
  const members = page.members ?? [];
  const member = members.find((other) => (key ? isSameKey(other.key, key) : other.key.name === text));
  alertAt("owner-alert", key || member ? null : "noSuchName");
  if (!key && !member) return;
  page.owner = member ?? { key, index: null, revokers: [], reason: null };
  showOwner();
}
