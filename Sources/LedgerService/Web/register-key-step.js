// SPDX-License-Identifier: Apache-2.0
//
// The first step of the page that registers: the person opens or makes a key, and asks to be enrolled.

function showForm(name) {
  for (const [button, form] of [["choose-open", "open-key"], ["choose-make", "make-key"]]) {
    byID(form).hidden = form !== name;
    byID(button).setAttribute("aria-expanded", String(form === name));
  }
  alertAt("key-alert", null);
  byID(name).querySelector("input").focus();
}

function clearSecrets() {
  for (const id of ["open-passphrase", "new-passphrase", "again-passphrase"]) byID(id).value = "";
  byID("suggestion").textContent = "";
  byID("suggestion").hidden = true;
}

function takeKey(holder) {
  clearSecrets();
  page.holder = holder;
  page.standing = null;
  showKey();
  askStanding();
  byID("key-card").focus();
}

async function askStanding() {
  const { holder } = page;
  try {
    const standing = await keyStanding(holder.signer.key, settings, page.policy);
    if (page.holder !== holder) return;
    page.standing = standing;
  } catch {
    if (page.holder !== holder) return;
    page.standing = "unknown";
  }
  byID("standing")?.replaceWith(standingLine(page.standing));
  showEnrolment();
}

function showKey() {
  const isOpen = page.holder !== null;
  byID("key-choice").hidden = isOpen;
  byID("key-card").hidden = !isOpen;
  byID("key-card").replaceChildren();
  if (isOpen) {
    byID("key-card").append(keyCard(page.holder, page.standing, {
      saved: () => {
        page.holder.isSaved = true;
      },
      close: closeKey,
      forget: forgetKey,
    }));
  }
  showEnrolment();
}

async function showEnrolment() {
  const details = byID("enrol");
  const isWanted = page.standing === "unknown" || /^statusNot/.test(page.standing?.state ?? "");
  details.hidden = !page.holder || !isWanted || page.standing?.state === "statusNameTaken";
  if (details.hidden || page.charter) return;
  try {
    const place = (await findEntries("charter", "")).at(-1);
    const { entry } = await verifyLogAnswer(await textFromLog(`proof/${place}`), page.policy);
    if (entry.filing.action.word !== "charter") return;
    page.charter = entry.filing.action;
  } catch {
    return;
  }
  sayCharter();
  const field = byID("enrol-with");
  const { stewards, threshold } = page.charter;
  if (!field.value && threshold === stewards.length) field.value = stewards.map((key) => key.text).join("\n");
}

function sayCharter() {
  if (!page.charter) return;
  const { threshold, sponsors, stewards } = page.charter;
  const line = sayAround("enrolRule", make("span", {}), { threshold, sponsors: sponsors > 0 ? say("orSponsors", { sponsors }) : "" });
  line[1] = make("span", {}, ...stewards.flatMap((key, i) => [i > 0 ? ", " : "", quoted(key.name)]));
  byID("enrol-rule").replaceChildren(...line);
}

function closeKey() {
  page.holder?.signer.erase();
  if (page.holder?.file) setUnsaved(keyFileName(page.holder.signer.key.name), false);
  page.holder = null;
  page.standing = null;
  byID("enrol-done").replaceChildren();
  showKey();
  showKeptKeys();
  byID("choose-open").focus();
}

async function forgetKey() {
  if (!confirm(say("forgetKeySure"))) return;
  await forgetKept("keys", page.holder.signer.key.text);
  closeKey();
}

async function showKeptKeys() {
  const kept = await listKept("keys");
  byID("kept-keys").hidden = kept.length === 0;
  byID("kept-keys").replaceChildren(...kept.map((key) => make("button", {
    type: "button", className: "kept", onclick: () => takeKey({ signer: keptSigner(key), isKept: true }),
  }, ...sayAround("useKept", quoted(key.name)))));
}

async function openKey(event) {
  event.preventDefault();
  const file = byID("key-file").files[0];
  if (!file) return alertAt("key-alert", "noKeyFile");
  const button = event.submitter;
  button.disabled = true;
  alertAt("key-alert", "working");
  try {
    const text = file.size <= keyFileMaximum ? await file.text() : "";
    const signer = await signerOfKeyFile(text, byID("open-passphrase").value);
    byID("key-file").value = "";
    alertAt("key-alert", null);
    takeKey({ signer, isKept: false });
  } catch (error) {
    const reason = error instanceof KeyFileError ? error.reason : "form";
    alertAt("key-alert", `keyFile${reason[0].toUpperCase()}${reason.slice(1)}`);
  } finally {
    button.disabled = false;
  }
}

async function makeKey(event) {
  event.preventDefault();
  const name = byID("key-name").value;
  if (!isKeyName(name) || hasRefusedCodePoint(name)) return alertAt("key-alert", "badKeyName");
  if (name === settings.origin) return alertAt("key-alert", "originName");
  const isKept = document.querySelector("input[name=keep]:checked").value === "here";
  const passphrase = byID("new-passphrase").value;
  if (!isKept && [...passphrase].length < 12) return alertAt("key-alert", "shortPassphrase");
  if (!isKept && passphrase !== byID("again-passphrase").value) return alertAt("key-alert", "unequalPassphrases");
  const button = event.submitter;
  button.disabled = true;
  alertAt("key-alert", "working");
  try {
    const made = isKept ? { signer: await makeKeptKey(name) } : await makeKeyFile(name, passphrase);
    alertAt("key-alert", null);
    takeKey({ ...made, isKept });
  } catch (error) {
    alertAt("key-alert", "failed", { what: error.message });
  } finally {
    button.disabled = false;
  }
}

async function makeEnrolment(event) {
  event.preventDefault();
  alertAt("enrol-alert", null);
  byID("enrol-done").replaceChildren();
  const { key } = page.holder.signer;
  try {
    const others = vkeysOn(byID("enrol-with").value);
    const revokers = revokerHashesOn(byID("enrol-revokers").value);
    if (others.length === 0) return alertAt("enrol-alert", "enrolNoSigner");
    const isOwn = others.some((other) => isSameKey(other, key)) || revokers.includes(base64Of(sha256(utf8(key.text))));
    if (others.length > 15 || revokers.length > 8 || isOwn) return alertAt("enrol-alert", "enrolTooMany");
    const filing = await enrolmentFiling(page.holder, others, revokers, settings);
    const name = `enrol-${downloadName(key.name)}.filing`;
    byID("enrol-done").append(
      make("p", {}, say("enrolReady", { names: others.map((other) => other.name).join(", ") })),
      saveButton(say("saveFiling", { name }), name, filing, "text/plain; charset=utf-8"));
  } catch (error) {
    if (error instanceof BadLine) return alertAt("enrol-alert", "badVkey", { line: error.line });
    throw error;
  }
}
