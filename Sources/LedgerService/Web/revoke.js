// SPDX-License-Identifier: Apache-2.0
//
// The page that revokes: the words of a sheet give a key, the log says whose revoker that is, and the key signs one
// filing. The words and the key never leave the page.

const settings = readLogSettings();
const byID = (id) => document.getElementById(id);

/** What the page holds: the sheet's key or a filing that is signed already, and whose key is to be revoked. */
const page = { policy: null, signer: null, signed: null, found: null, search: null, owner: null, job: null, shown: null };

let sheet = null;

function alertAt(id, words) {
  byID(id).hidden = words === null;
  byID(id).textContent = words === null ? "" : say(words);
}

// The sheet

function takeSeed(seed) {
  page.signer = paperSigner(seed);
  showSheet();
  byID("sheet-card").focus();
  searchOwner();
}

function showSheet() {
  const isRead = page.signer !== null || page.signed !== null;
  byID("sheet-input").hidden = isRead;
  byID("sheet-card").hidden = !isRead;
  if (!isRead) return;
  const words = page.signer ? sayAround("sheetRead", make("b", {}, quoted(page.signer.key.name))) : [say("filingRead")];
  byID("sheet-card").replaceChildren(
    make("p", { className: "standing good" }, ...words),
    make("button", { type: "button", onclick: startAgain }, say("sheetAgain")));
}

function startAgain() {
  page.signer?.erase();
  Object.assign(page, { signer: null, signed: null, found: null, search: null, owner: null, job: null, shown: null });
  sheet.clear();
  byID("filing").value = "";
  byID("outcome").hidden = true;
  showForm(true);
  showSheet();
  showOwner();
  sheet.fields[0].input.focus();
}

function showForm(isShown) {
  for (const id of ["owner-step", "reason-step", "confirm-step"]) byID(id).hidden = !isShown;
  byID("understood").checked = false;
  alertAt("confirm-alert", null);
}

async function takeFiling() {
  alertAt("filing-alert", null);
  const file = byID("filing").files[0];
  if (!file) return;
  try {
    if (file.size > entryLimit) throw new FormatError("filing", "too long");
    const filing = parseFiling(new Uint8Array(await file.arrayBuffer()));
    await verifyFiling(filing);
    if (filing.action.word !== "revoke" || filing.log !== settings.origin) throw new FormatError("filing", "another");
    page.signed = filing;
    page.owner = { key: filing.action.key, index: null, revokers: [], reason: null };
    showSheet();
    showOwner();
    byID("sheet-card").focus();
  } catch {
    alertAt("filing-alert", "badFiling");
  }
}

async function offerCamera() {
  const reader = await codeReader();
  if (!reader) return;
  byID("camera-choices").hidden = byID("photo-hint").hidden = false;
  byID("scan").hidden = !navigator.mediaDevices?.getUserMedia;
  let stop = null;
  byID("scan").addEventListener("click", async () => {
    stop = new AbortController();
    alertAt("camera-alert", null);
    byID("camera").hidden = false;
    try {
      const words = await scanWords(reader, byID("video"), stop.signal);
      if (words) sheet.put(words);
    } catch {
      alertAt("camera-alert", "noCamera");
    } finally {
      byID("camera").hidden = true;
    }
  });
  byID("stop-scan").addEventListener("click", () => stop?.abort());
  byID("photo").addEventListener("change", async () => {
    alertAt("camera-alert", null);
    try {
      const picture = await createImageBitmap(byID("photo").files[0]);
      const words = await wordsInPicture(reader, picture);
      picture.close();
      if (words) sheet.put(words);
      else alertAt("camera-alert", "noCode");
    } catch {
      alertAt("camera-alert", "noCode");
    } finally {
      byID("photo").value = "";
    }
  });
}

// Whose key

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

// Why, and the sentence

function showReasons() {
  const chosen = page.signed?.action.reason ?? chosenReason();
  const order = ["detained", "coerced", "compromised", "lost", "superseded", "retired"];
  byID("reasons").replaceChildren(...order.map((reason) => make("label", { className: "option" },
    make("input", { type: "radio", name: "reason", value: reason, checked: reason === chosen, onchange: showSentence }),
    make("span", {}, make("b", {}, say(`reason_${reason}`)), ": ", say(`why_${reason}`)))));
  byID("reasons").disabled = byID("since").disabled = page.signed !== null;
}

/** The chosen reason; null where none is. It is a claim for ever, so none is chosen for the person. */
function chosenReason() {
  return document.querySelector("input[name=reason]:checked")?.value ?? null;
}

/** The chosen day in POSIX seconds; null where none is. Throws where it lies in the future. */
function chosenSince() {
  if (page.signed) return page.signed.action.since;
  const { value, validity } = byID("since");
  if (!value && !validity.badInput) return null;
  const seconds = Date.parse(`${value}T00:00:00Z`) / 1000;
  if (!Number.isSafeInteger(seconds) || seconds < 0 || seconds * 1000 > Date.now()) throw new RangeError();
  return seconds;
}

function showSentence() {
  byID("confirm-text").textContent = say("confirmText", { origin: settings.origin });
  const { owner, signer, signed } = page;
  const reason = signed?.action.reason ?? chosenReason();
  byID("sentence").hidden = !owner || !reason;
  const signerName = signer?.key.name ?? signed?.signers[0].name;
  byID("shows-you").hidden = !signerName;
  if (signerName) byID("shows-you").replaceChildren(...sayAround("showsYou", quoted(signerName)));
  if (!owner || !reason) return;
  let since = "";
  try {
    const seconds = chosenSince();
    if (seconds !== null) since = say("sinceWords", { day: sayMoment(seconds).slice(0, 10) });
  } catch {
    since = "";
  }
  byID("sentence").replaceChildren(...sayAround("sentence", make("b", {}, quoted(owner.key.name)), {
    reason: say(`said_${reason}`), since,
  }));
}

// Revoking

async function revoke() {
  const refuse = (words) => alertAt("confirm-alert", words);
  refuse(null);
  if (!page.signer && !page.signed) return refuse("needSheet");
  if (!page.owner) return refuse("needOwner");
  if (!page.signed && !chosenReason()) return refuse("needReason");
  let since;
  try {
    since = chosenSince();
  } catch {
    return refuse("badSince");
  }
  if (!byID("understood").checked) return refuse("needUnderstood");
  const { owner } = page;
  byID("revoke").disabled = true;
  let filing = page.signed?.note.whole;
  if (!filing) {
    const lines = [`revoke ${owner.key.text}`, `reason ${chosenReason()}`, ...(since === null ? [] : [`since ${since}`])];
    const text = filingText({ origin: settings.origin, signers: [page.signer.key.text], lines });
    filing = await signedNote(text, [page.signer]);
  }
  page.job = { filing, key: owner.key, name: `revoke-${downloadName(owner.key.name)}` };
  setUnsaved("revocation", true);
  await offer();
}

async function offer() {
  const { job } = page;
  showOutcome(() => [make("p", {}, say("signing"))], "");
  try {
    const answer = await offerFiling(settings.submit, job.filing);
    if (answer.held !== undefined) return showUnfinished({ title: "heldTitle", text: "heldText", line: answer.held });
    const checked = await verifyOwnAnswer(answer.proof, job.filing, page.policy);
    setUnsaved("revocation", false);
    page.signer?.erase();
    page.signer = null;
    showForm(false);
    byID("sheet-step").hidden = true;
    showOutcome(() => doneOutcome(job, checked, answer.proof), "good");
  } catch (error) {
    showUnfinished(faultOf(error));
  } finally {
    byID("revoke").disabled = false;
  }
}

/** What to say of an error: {title, text, why, line, isFinal}. */
function faultOf(error) {
  if (error instanceof Unreachable) return { title: "pendingTitle", text: "pendingText" };
  if (!(error instanceof LogRefusal)) return { title: "answerTitle", text: "answerText", why: answerFault(error) };
  const isLater = error.status >= 500 || error.status === 429 || error.status < 400;
  return isLater ? { title: "pendingTitle", text: "pendingText", line: error.line }
    : { title: "refusedTitle", text: "refusedText", line: error.line, isFinal: true };
}

function showOutcome(draw, kind) {
  page.shown = draw;
  const outcome = byID("outcome");
  outcome.hidden = false;
  outcome.className = `outcome ${kind}`;
  outcome.replaceChildren(...draw());
  outcome.focus();
  outcome.scrollIntoView({ block: "start" });
}

function doneOutcome(job, { entry, index, cosigned }, proof) {
  const servers = cosigned.cosigners.map(({ witness }) => textOf(bytesOfOctets(witness.name)) ?? witness.name).join(", ");
  const name = `${job.name}.filing.proof`;
  const text = proofFileText({ format: "indelible-proof/v1", inclusion: [proof] });
  const save = saveButton(say("saveProof", { name }), name, text, "application/vnd.indelible.proof+json");
  // It can be had again from the log at any time.
  setUnsaved(name, false);
  setUnsaved(`${job.name}.filing`, false);
  return [
    make("h2", {}, say("doneTitle", { entry: index })),
    make("p", { className: "sentence" }, ...sayAround("doneText", make("b", {}, quoted(job.key.name)))),
    make("p", {}, say("checkedText", { quorum: servers ? say("checkedQuorum", { servers }) : "" }), " ",
      say("clockText", { time: sayMoment(entry.time) })),
    make("p", { className: "notice" }, say("afterwards")),
    save,
  ];
}

function showUnfinished({ title, text, why, line, isFinal }) {
  const { job } = page;
  if (isFinal) setUnsaved("revocation", false);
  showOutcome(() => {
    const parts = [make("h2", {}, say(title)), make("p", {}, say(text, { why: why ? say(why) : "" }))];
    if (line) parts.push(make("p", { className: "log-line" }, say("logSays"), " ", quoted(line)));
    parts.push(make("button", { type: "button", className: "primary", id: "retry", onclick: offer }, say("retry")));
    const name = `${job.name}.filing`;
    const save = saveButton(say("saveFiling", { name }), name, job.filing, "text/plain; charset=utf-8",
      () => setUnsaved("revocation", false));
    setUnsaved(name, false);
    parts.push(make("p", {}, say("saveMeanwhile")), save);
    return parts;
  }, isFinal ? "bad" : "unsure");
}

// The page

function sayAll() {
  if (page.policy) byID("log-line").textContent = say("logLine", {
    origin: settings.origin, fingerprint: fingerprint(bytesOfHex(page.policy.fingerprint).subarray(0, 4)),
  });
  sheet.sayAgain();
  showSheet();
  showOwner();
  if (page.shown && !byID("outcome").hidden) byID("outcome").replaceChildren(...page.shown());
}

function openPage() {
  sheet = null;
  startSpeaking(revokeWords, () => sayAll());
  const isSecure = globalThis.isSecureContext && globalThis.crypto?.subtle;
  try {
    page.policy = parsePolicy(settings.policy);
    if (!page.policy.logs.some(({ key }) => key.text === settings.vkey)) throw new FormatError("policy", "another log");
  } catch {
    page.policy = null;
  }
  sheet = new SheetWords(byID("words"), takeSeed);
  if (!isSecure || !page.policy) {
    alertAt("unusable", isSecure ? "brokenPolicy" : "insecure");
    for (const step of document.querySelectorAll(".step")) step.hidden = true;
    return;
  }
  sayAll();
  offerCamera();
  byID("since").max = new Date().toISOString().slice(0, 10);
  byID("since").addEventListener("input", showSentence);
  byID("owner-form").addEventListener("submit", takeOwner);
  byID("filing").addEventListener("change", takeFiling);
  byID("understood").addEventListener("change", () => alertAt("confirm-alert", null));
  byID("revoke").addEventListener("click", revoke);
  addEventListener("pagehide", () => {
    sheet.clear();
    page.signer?.erase();
  });
  // A page that the browser took out of its memory again has no key any more.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}

openPage();
