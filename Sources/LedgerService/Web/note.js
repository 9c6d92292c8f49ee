// SPDX-License-Identifier: Apache-2.0
//
// Signed notes (C2SP signed-note): a text and signature lines, and the names and IDs of keys.
//
//     the text, one or more lines
//     (an empty line)
//     — name base64(key ID || signature)
//
// Reading a note verifies no signature.

/** The algorithm bytes of a vkey. */
const signatureTypes = { ed25519: 0x01, cosignature: 0x04, mlDSA44: 0x06 };

const noteLimits = { bytes: 1 << 20, signatures: 64, line: 1 << 14 };

/** Whether a text can be a key's name: 1 to 255 bytes without white space, "+" or a control character. */
function isKeyName(text) {
  const length = utf8Length(text);
  return length >= 1 && length <= 255 && !/[\p{White_Space}+\u0000-\u001f]/u.test(text);
}

/** Whether a text can be the origin of a log: 1 to 255 bytes without a control character below U+0020. */
function isOrigin(text) {
  const length = utf8Length(text);
  return length >= 1 && length <= 255 && !/[\u0000-\u001f]/.test(text);
}

/** The key ID, in hexadecimal: SHA-256(name || 0x0A || type || key), its first four bytes. */
function keyID(name, type, key) {
  return hexOf(sha256(utf8(name + "\n"), Uint8Array.of(type), key).subarray(0, 4));
}

/** The vkey of a key: `name+ID+base64(type || key)`. */
function vkeyText(name, type, key) {
  return `${name}+${keyID(name, type, key)}+${base64Of(concat(Uint8Array.of(type), key))}`;
}

/** A signature line with its newline; `id` is the key ID in hexadecimal. */
function signatureLine(name, id, signature) {
  return `\u2014 ${name} ${base64Of(concat(bytesOfHex(id), signature))}\n`;
}

/**
 * Reads a note from its text: at most 1 MiB, 1 to 64 signature lines. Throws a FormatError.
 *
 * Gives {whole, text, signatures: [{name, id, bytes}]}: the note, what is signed with its final newline, and the lines.
 */
function parseNote(whole) {
  const refuse = (reason, line = null) => new FormatError("signed note", reason, line);
  if (utf8Length(whole) > noteLimits.bytes) throw refuse("longer than 1 MiB");
  if (/[\u0000-\u0009\u000b-\u001f]/.test(whole)) throw refuse("control character");
  // The last empty line divides text and signatures. A text is never empty.
  const boundary = whole.lastIndexOf("\n\n");
  if (boundary < 1 || boundary + 2 >= whole.length) throw refuse("no signature block");
  if (!whole.endsWith("\n")) throw refuse("does not end in a newline");
  const text = whole.slice(0, boundary + 1);
  const lines = whole.slice(boundary + 2, -1).split("\n");
  if (lines.length > noteLimits.signatures) throw refuse("more than 64 signature lines");
  const first = text.split("\n").length + 1;
  const seen = new Set();
  const signatures = lines.map((line, number) => {
    const signature = parseSignatureLine(line);
    if (signature === null) throw refuse("malformed signature line", first + number);
    const claimed = signature.id + signature.name;
    if (seen.has(claimed)) throw refuse("two signatures by one key", first + number);
    seen.add(claimed);
    return signature;
  });
  return { whole, text, signatures };
}

function parseSignatureLine(line) {
  if (!line.startsWith("\u2014 ") || utf8Length(line) > noteLimits.line) return null;
  const space = line.indexOf(" ", 2);
  if (space < 0) return null;
  const name = line.slice(2, space);
  const decoded = bytesOfBase64(line.slice(space + 1));
  if (!isKeyName(name) || decoded === null || decoded.length < 5) return null;
  return { name, id: hexOf(decoded.subarray(0, 4)), bytes: decoded.subarray(4) };
}

/** The signature line that claims to be by a key, by its name and ID; undefined where there is none. */
function signatureClaiming(note, key) {
  return note.signatures.find((signature) => signature.name === key.name && signature.id === key.id);
}
