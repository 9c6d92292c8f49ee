// SPDX-License-Identifier: Apache-2.0

/// Ed25519 signing (RFC 8032 section 5.1) over big numbers, for browsers whose WebCrypto has no Ed25519, and the
/// conversion of Ed25519 keys to those of X25519 (libsodium's crypto_sign_ed25519_pk_to_curve25519).
///
/// Big numbers in a browser do not take constant time, and nothing here can make them: whoever can run code on the
/// machine, or measure it closely, could learn something of the key. From the network there is nothing to measure.
///
///     point: [X, Y, Z, T], extended coordinates: x = X/Z, y = Y/Z, xy = T/Z

const EDWARDS_ORDER = (1n << 252n) + 27742317777372353535851937790883648493n;
const EDWARDS_D = fieldReduce(-121665n * fieldInverse(121666n));
const EDWARDS_ROOT_OF_MINUS_ONE = fieldPower(2n, (CURVE25519_PRIME - 1n) / 4n);
const EDWARDS_IDENTITY = [0n, 1n, 1n, 0n];

function edwardsAdd([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = fieldReduce((y1 - x1) * (y2 - x2));
  const b = fieldReduce((y1 + x1) * (y2 + x2));
  const c = fieldReduce(2n * EDWARDS_D * t1 * t2);
  const d = fieldReduce(2n * z1 * z2);
  const e = b - a, f = d - c, g = d + c, h = b + a;
  return [fieldReduce(e * f), fieldReduce(g * h), fieldReduce(f * g), fieldReduce(e * h)];
}

/// A point times a number of at most 256 bits, the same steps for every number.
function edwardsMultiply(point, number) {
  let result = EDWARDS_IDENTITY;
  for (let bit = 255n; bit >= 0n; bit--) {
    result = edwardsAdd(result, result);
    const sum = edwardsAdd(result, point);
    result = (number >> bit) & 1n ? sum : result;
  }
  return result;
}

function edwardsEncode([x, y, z]) {
  const inverse = fieldInverse(z);
  const bytes = littleEndianBytes(fieldReduce(y * inverse), 32);
  bytes[31] |= Number(fieldReduce(x * inverse) & 1n) << 7;
  return bytes;
}

/// The point that 32 bytes encode; null unless they are its canonical encoding.
function edwardsDecode(bytes) {
  const y = littleEndianNumber(bytes) & ((1n << 255n) - 1n);
  if (bytes.length !== 32 || y >= CURVE25519_PRIME) return null;
  const u = fieldReduce(y * y - 1n), v = fieldReduce(EDWARDS_D * y * y + 1n);
  let x = fieldReduce(u * v ** 3n * fieldPower(u * v ** 7n, (CURVE25519_PRIME - 5n) / 8n));
  const check = fieldReduce(v * x * x);
  if (check === fieldReduce(-u)) x = fieldReduce(x * EDWARDS_ROOT_OF_MINUS_ONE);
  else if (check !== u) return null;
  const sign = BigInt(bytes[31] >> 7);
  if (x === 0n && sign === 1n) return null;
  if ((x & 1n) !== sign) x = CURVE25519_PRIME - x;
  return [x, y, 1n, fieldReduce(x * y)];
}

const EDWARDS_BASE = edwardsDecode(new Uint8Array(32).fill(0x66).fill(0x58, 0, 1));

function isEdwardsIdentity([x, y, z]) {
  return x === 0n && y === z;
}

async function sha512(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-512", concatBytes(...parts)));
}

/// What follows from a 32-byte seed: the scalar's bytes and the prefix.
async function ed25519Expand(seed) {
  const digest = await sha512(seed);
  digest[0] &= 248;
  digest[31] = (digest[31] & 127) | 64;
  return { scalar: digest.subarray(0, 32), prefix: digest.subarray(32), erase: () => digest.fill(0) };
}

/// The public key of a 32-byte seed.
async function ed25519PublicKey(seed) {
  const expanded = await ed25519Expand(seed);
  const key = edwardsEncode(edwardsMultiply(EDWARDS_BASE, littleEndianNumber(expanded.scalar)));
  expanded.erase();
  return key;
}

/// The signature, 64 bytes, of a message by a seed and its public key.
async function ed25519Sign(message, seed, publicKey) {
  const expanded = await ed25519Expand(seed);
  const nonce = littleEndianNumber(await sha512(expanded.prefix, message)) % EDWARDS_ORDER;
  const commitment = edwardsEncode(edwardsMultiply(EDWARDS_BASE, nonce));
  const challenge = littleEndianNumber(await sha512(commitment, publicKey, message)) % EDWARDS_ORDER;
  const answer = (nonce + challenge * littleEndianNumber(expanded.scalar)) % EDWARDS_ORDER;
  expanded.erase();
  return concatBytes(commitment, littleEndianBytes(answer, 32));
}

/// The X25519 key of an Ed25519 one; null where the key is of small order or not of the main subgroup.
function ed25519ToCurve25519(publicKey) {
  const point = edwardsDecode(publicKey);
  if (!point || isEdwardsIdentity(edwardsMultiply(point, 8n))) return null;
  if (!isEdwardsIdentity(edwardsMultiply(point, EDWARDS_ORDER))) return null;
  return littleEndianBytes(fieldReduce((1n + point[1]) * fieldInverse(1n - point[1])), 32);
}

/// The X25519 scalar of an Ed25519 seed: crypto_sign_ed25519_sk_to_curve25519.
async function ed25519SeedToCurve25519(seed) {
  const expanded = await ed25519Expand(seed);
  const scalar = new Uint8Array(expanded.scalar);
  expanded.erase();
  return scalar;
}
