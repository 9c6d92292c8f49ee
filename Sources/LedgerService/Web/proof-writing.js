// SPDX-License-Identifier: Apache-2.0
//
// Proof files as they are written (formats.md section 5).

/** JSON whose texts a terminal shows and does not obey: controls and direction marks are escaped. */
function safeJSON(value) {
  return JSON.stringify(value).replace(/[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (mark) => "\\u" + mark.charCodeAt(0).toString(16).padStart(4, "0"));
}

/** A proof file as it is written: a line for each member. */
function proofFileText(proof) {
  return "{\n" + Object.entries(proof).map(([name, value]) => `  "${name}": ${safeJSON(value)}`).join(",\n") + "\n}\n";
}
