// SPDX-License-Identifier: Apache-2.0

/// X25519 (RFC 7748 section 5) over big numbers.
///
/// Big numbers in a browser do not take constant time. Whoever could measure this page from within the machine could
/// learn something of the key; nobody can from outside, since nothing is answered over the network with it.

const CURVE25519_PRIME = (1n << 255n) - 19n;

/// The remainder in the field, never negative.
function fieldReduce(x) {
  const rest = x % CURVE25519_PRIME;
  return rest < 0n ? rest + CURVE25519_PRIME : rest;
}

/// x to the power of e, by e's bits.
function fieldPower(x, e) {
  let result = 1n;
  for (let base = fieldReduce(x); e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * base) % CURVE25519_PRIME;
    base = (base * base) % CURVE25519_PRIME;
  }
  return result;
}

/// 1 / x; 0 for 0.
function fieldInverse(x) {
  return fieldPower(x, CURVE25519_PRIME - 2n);
}

/// Bytes as a little-endian number.
function littleEndianNumber(bytes) {
  let number = 0n;
  for (let i = bytes.length - 1; i >= 0; i--) number = (number << 8n) | BigInt(bytes[i]);
  return number;
}

/// A number as little-endian bytes.
function littleEndianBytes(number, length) {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++, number >>= 8n) bytes[i] = Number(number & 255n);
  return bytes;
}

/// A scalar of 32 bytes times the point with this u, both as RFC 7748 decodes them.
function x25519(scalar, u) {
  const k = new Uint8Array(scalar);
  k[0] &= 248;
  k[31] = (k[31] & 127) | 64;
  const x1 = littleEndianNumber(u) & ((1n << 255n) - 1n);
  let [x2, z2, x3, z3] = [1n, 0n, fieldReduce(x1), 1n];
  let swapped = 0;
  for (let t = 254; t >= 0; t--) {
    const bit = (k[t >> 3] >> (t & 7)) & 1;
    if (swapped !== bit) [x2, x3, z2, z3] = [x3, x2, z3, z2];
    swapped = bit;
    const a = x2 + z2, b = x2 - z2;
    const aa = fieldReduce(a * a), bb = fieldReduce(b * b);
    const e = aa - bb;
    const da = fieldReduce((x3 - z3) * a), cb = fieldReduce((x3 + z3) * b);
    x3 = fieldReduce((da + cb) ** 2n);
    z3 = fieldReduce(x1 * (da - cb) ** 2n);
    x2 = fieldReduce(aa * bb);
    z2 = fieldReduce(e * (aa + 121665n * e));
  }
  if (swapped) [x2, z2] = [x3, z3];
  k.fill(0);
  return littleEndianBytes(fieldReduce(x2 * fieldInverse(z2)), 32);
}

/// The public half of a scalar.
function x25519Public(scalar) {
  const base = new Uint8Array(32);
  base[0] = 9;
  return x25519(scalar, base);
}
