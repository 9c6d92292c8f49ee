// SPDX-License-Identifier: Apache-2.0
//
// Ed25519 signing (RFC 8032 section 5.1) over big numbers, and the conversion of Ed25519 keys to those of X25519
// (libsodium's crypto_sign_ed25519_pk_to_curve25519).
//
// Big numbers in a browser do not take constant time, and nothing here can make them: whoever can run code on the
// machine, or measure it closely, could learn something of the key. Over the network there is nothing to measure: a
// page signs once or twice, when a person asks for it.

/** A point times a number of at most 256 bits: the same steps for every number. */
function multiplyPoint(point, number) {
  let result = neutralPoint;
  for (let bit = 255n; bit >= 0n; bit--) {
    result = doublePoint(result);
    const sum = addPoints(result, point);
    result = (number >> bit) & 1n ? sum : result;
  }
  return result;
}

/** What follows from a 32-byte seed: the scalar's bytes and the prefix. */
function ed25519Expand(seed) {
  const digest = sha512(seed);
  digest[0] &= 248;
  digest[31] = (digest[31] & 127) | 64;
  return { scalar: digest.subarray(0, 32), prefix: digest.subarray(32), erase: () => digest.fill(0) };
}

/** The public key of a 32-byte seed. */
function ed25519PublicKey(seed) {
  const expanded = ed25519Expand(seed);
  const key = encodedPoint(multiplyPoint(basePoint, littleEndian(expanded.scalar)));
  expanded.erase();
  return key;
}

/** The signature, 64 bytes, of a message by a seed and its public key. */
function ed25519Sign(message, seed, publicKey) {
  const expanded = ed25519Expand(seed);
  const nonce = littleEndian(sha512(expanded.prefix, message)) % groupOrder;
  const commitment = encodedPoint(multiplyPoint(basePoint, nonce));
  const challenge = littleEndian(sha512(commitment, publicKey, message)) % groupOrder;
  const answer = (nonce + challenge * littleEndian(expanded.scalar)) % groupOrder;
  expanded.erase();
  return concat(commitment, littleEndianBytes(answer, 32));
}

// PKCS#8 (RFC 8410) of an Ed25519 key, up to its seed.
const ed25519Prefix = bytesOfHex("302e020100300506032b657004220420");

/** The same signature by the browser, which can take constant time; by the code above where it has no Ed25519. */
async function signWithSeed(message, seed, publicKey) {
  const file = concat(ed25519Prefix, seed);
  try {
    const key = await crypto.subtle.importKey("pkcs8", file, { name: "Ed25519" }, false, ["sign"]);
    return new Uint8Array(await crypto.subtle.sign({ name: "Ed25519" }, key, message));
  } catch {
    return ed25519Sign(message, seed, publicKey);
  } finally {
    file.fill(0);
  }
}

/** The X25519 key of an Ed25519 one; null where the key is of small order or not of the main subgroup. */
function ed25519ToCurve25519(publicKey) {
  const point = pointOf(publicKey);
  if (point === null || isOfSmallOrder(point)) return null;
  const [x, y, z] = multiplyPoint(point, groupOrder);
  if (modulo(x) !== 0n || modulo(y - z) !== 0n) return null;
  return littleEndianBytes(modulo((1n + point[1]) * powerOf(modulo(1n - point[1]), field - 2n)), 32);
}

/** The X25519 scalar of an Ed25519 seed: crypto_sign_ed25519_sk_to_curve25519. */
function ed25519SeedToCurve25519(seed) {
  const expanded = ed25519Expand(seed);
  const scalar = new Uint8Array(expanded.scalar);
  expanded.erase();
  return scalar;
}
