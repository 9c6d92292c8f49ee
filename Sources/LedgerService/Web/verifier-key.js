// SPDX-License-Identifier: Apache-2.0
//
// Vkeys: a name with a public key (C2SP signed-note).
//
//     ledger.example/log+d125cc7f+AZF8w/cAdUtphcBYYuH6PONVS45QiHlj2WD6dU50U2m9
//
// A key is {text, name, id, type, key}: the vkey itself, the name, the key ID in hexadecimal, the algorithm byte and the
// public key's bytes. Two vkeys are the same where their texts are, and of one key where `keyHex` is.

const parsedKeys = new Map();

/** Reads a vkey. Throws a FormatError that says which of the rules it breaks. */
function parseVerifierKey(text) {
  if (!parsedKeys.has(text)) {
    const [name, id] = text.split("+", 2);
    const encoded = text.slice(name.length + 1 + (id ?? "").length + 1);
    if (id === undefined || text.split("+").length < 3) throw new FormatError("vkey", "want name+ID+key");
    if (!isKeyName(name)) throw new FormatError("vkey", "name");
    if (!/^[0-9a-f]{8}$/.test(id)) throw new FormatError("vkey", "key id");
    if (encoded.length > 2048) throw new FormatError("vkey", "key length");
    const decoded = bytesOfBase64(encoded);
    if (decoded === null || decoded.length === 0) throw new FormatError("vkey", "base64 is not canonical");
    const [type, key] = [decoded[0], decoded.subarray(1)];
    if (type === signatureTypes.ed25519 || type === signatureTypes.cosignature) {
      if (!isPublicKey(key)) throw new FormatError("vkey", "key is not a canonical point, or is of small order");
    } else if (type === signatureTypes.mlDSA44) {
      if (key.length !== 1312) throw new FormatError("vkey", "key length");
    } else {
      throw new FormatError("vkey", "key type is not supported");
    }
    if (keyID(name, type, key) !== id) throw new FormatError("vkey", "key id does not match the key");
    parsedKeys.set(text, Object.freeze({ text, name, id, type, key, keyHex: hexOf(key) }));
  }
  return parsedKeys.get(text);
}

/** Whether two vkeys hold the same public key, under whatever names. */
function isSameKey(left, right) {
  return left.keyHex === right.keyHex;
}

/** The first digits of a key, by which people tell it from others. */
function shortKey(key) {
  return key.keyHex.slice(0, 8) + "\u2026";
}
