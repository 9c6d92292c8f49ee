// SPDX-License-Identifier: Apache-2.0
//
// Computes the SHA-256 of a document that the reader chooses, and puts it into the field that is searched for. The
// document stays in the browser: the field for it has no name, so that no form sends it. Needs sha256.js.

const hashBox = document.getElementById("hash");
const hashFile = document.getElementById("file");
const hashState = document.getElementById("hash-state");
const hashField = document.getElementById("q");

// Smaller documents are hashed by the browser, where it offers that; larger ones in steps, never held whole.
const hashWhole = 1 << 24;
const hashStep = 1 << 22;

async function hashOf(file, tell) {
  if (file.size <= hashWhole && globalThis.crypto?.subtle) {
    return new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
  }
  const hasher = new Sha256();
  for (let at = 0; at < file.size; at += hashStep) {
    hasher.update(new Uint8Array(await file.slice(at, at + hashStep).arrayBuffer()));
    tell(Math.floor((100 * Math.min(at + hashStep, file.size)) / file.size));
  }
  return hasher.digest();
}

// Only the document that was chosen last counts.
let hashTurn = 0;

hashFile.addEventListener("change", async () => {
  const turn = ++hashTurn;
  const file = hashFile.files[0];
  const say = (text) => {
    if (turn === hashTurn) hashState.textContent = text;
  };
  if (!file) return say("");
  const { busy, done, failed } = hashState.dataset;
  say(busy);
  try {
    const hash = await hashOf(file, (percent) => say(`${busy} ${percent}%`));
    if (turn !== hashTurn) return;
    hashField.value = Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
    say(done);
  } catch {
    say(failed);
  }
});

hashBox.hidden = false;
