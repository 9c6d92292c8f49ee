// SPDX-License-Identifier: Apache-2.0
//
// The page that registers: the person's key, the documents, the filing, and what comes of it.
//
// The documents and the keys never leave the page. The filing goes to the log; it holds a sealed digest.

function sayAll() {
  showRoles();
  sayCharter();
  if (page.policy) byID("log-line").textContent = say("logLine", {
    origin: settings.origin, fingerprint: fingerprint(bytesOfHex(page.policy.fingerprint).subarray(0, 4)),
  });
  if (page.holder) showKey();
  if (page.holder && page.standing) byID("standing").replaceWith(standingLine(page.standing));
  showDocuments();
  showKeptKeys();
  showBegun();
  if (page.shown && !byID("outcome").hidden) byID("outcome").replaceChildren(...page.shown.draw());
}

async function openPage() {
  startSpeaking(registerWords, sayAll);
  const unusable = !globalThis.isSecureContext || !globalThis.crypto?.subtle ? "insecure" : null;
  try {
    page.policy = parsePolicy(settings.policy);
    if (!page.policy.logs.some(({ key }) => key.text === settings.vkey)) throw new FormatError("policy", "another log");
  } catch {
    page.policy = null;
  }
  if (unusable || !page.policy) {
    alertAt("unusable", unusable ?? "brokenPolicy");
    for (const step of document.querySelectorAll(".step")) step.hidden = true;
    return;
  }
  sayAll();
  byID("once-option").hidden = byID("token-part").hidden = settings.admission !== "anyone";
  byID("folder-label").hidden = !("webkitdirectory" in byID("folder"));
  byID("keep-here-option").hidden = !(await canKeepKeys());

  byID("choose-open").addEventListener("click", () => showForm("open-key"));
  byID("choose-make").addEventListener("click", () => showForm("make-key"));
  byID("open-key").addEventListener("submit", openKey);
  byID("make-key").addEventListener("submit", makeKey);
  byID("enrol-form").addEventListener("submit", makeEnrolment);
  for (const radio of document.querySelectorAll("input[name=keep]")) {
    radio.addEventListener("change", () => {
      byID("new-passphrase-part").hidden = radio.value === "here";
    });
  }
  byID("suggest").addEventListener("click", () => {
    byID("suggestion").textContent = suggestedPassphrase();
    byID("suggestion").hidden = false;
  });
  for (const id of ["files", "folder"]) {
    byID(id).addEventListener("change", () => {
      takeDocuments(chosenOfList(byID(id).files));
      byID(id).value = "";
    });
  }
  const drop = byID("drop");
  // A file dropped beside the mark would take the page's place, and with it all that is unsaved.
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => event.preventDefault());
  drop.addEventListener("dragover", () => drop.classList.add("over"));
  drop.addEventListener("dragleave", () => drop.classList.remove("over"));
  drop.addEventListener("drop", async (event) => {
    drop.classList.remove("over");
    takeDocuments(await chosenOfDrop(event.dataTransfer));
  });
  byID("role").addEventListener("change", () => {
    byID("name-part").hidden = byID("role").value === "";
  });
  byID("publish").addEventListener("change", () => {
    byID("submit-publishes").hidden = !byID("publish").checked;
    byID("submit-keeps").dataset.say = byID("publish").checked ? "submitKeepsLess" : "submitKeeps";
    fillPage();
  });
  byID("register").addEventListener("click", register);
  addEventListener("pagehide", () => {
    clearSecrets();
    page.holder?.signer.erase();
  });
  // A page that the browser took out of its memory again has no keys any more.
  addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();
  });
}

openPage();
