// SPDX-License-Identifier: Apache-2.0
//
// What the page that revokes holds, and how it says what is wrong.

const settings = readLogSettings();
const byID = (id) => document.getElementById(id);

/** What the page holds: the sheet's key or a filing that is signed already, and whose key is to be revoked. */
const page = { policy: null, signer: null, signed: null, found: null, search: null, owner: null, job: null, shown: null };

let sheet = null;

function alertAt(id, words) {
  byID(id).hidden = words === null;
  byID(id).textContent = words === null ? "" : say(words);
}
