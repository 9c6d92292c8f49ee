// SPDX-License-Identifier: Apache-2.0
//
// What the page that registers holds, and how it says what is wrong.

const settings = readLogSettings();
const byID = (id) => document.getElementById(id);

/** What the page holds: the person's key, what they chose, and the registration under way. */
const page = { policy: null, holder: null, standing: null, chosen: { stem: null, files: [] }, job: null, shown: null };

function alertAt(id, words, values = {}) {
  const node = byID(id);
  node.hidden = words === null;
  if (words === null) return node.replaceChildren();
  const parts = values.node ? sayAround(words, values.node, values) : [say(words, values)];
  node.replaceChildren(...parts);
}
