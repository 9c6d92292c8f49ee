// SPDX-License-Identifier: Apache-2.0
//
// The page that revokes: the words of a sheet give a key, the log says whose revoker that is, and the key signs one
// filing. The words and the key never leave the page.

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
