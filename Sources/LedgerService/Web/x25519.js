// SPDX-License-Identifier: Apache-2.0
//
// X25519 (RFC 7748 section 5) over big numbers.
//
// Big numbers in a browser do not take constant time. Whoever could measure this page from within the machine could
// learn something of the key; nobody can from outside, since nothing is answered over the network with it.

/** A number as little-endian bytes. */
function littleEndianBytes(number, length) {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++, number >>= 8n) bytes[i] = Number(number & 255n);
  return bytes;
}

/** A scalar of 32 bytes times the point with this u, both as RFC 7748 decodes them. */
function x25519(scalar, u) {
  const k = new Uint8Array(scalar);
  k[0] &= 248;
  k[31] = (k[31] & 127) | 64;
  const x1 = littleEndian(u) & ((1n << 255n) - 1n);
  let [x2, z2, x3, z3] = [1n, 0n, modulo(x1), 1n];
  let swapped = 0;
  for (let t = 254; t >= 0; t--) {
    const bit = (k[t >> 3] >> (t & 7)) & 1;
    if (swapped !== bit) [x2, x3, z2, z3] = [x3, x2, z3, z2];
    swapped = bit;
    const a = x2 + z2, b = x2 - z2;
    const aa = modulo(a * a), bb = modulo(b * b);
    const e = aa - bb;
    const da = modulo((x3 - z3) * a), cb = modulo((x3 + z3) * b);
    x3 = modulo((da + cb) ** 2n);
    z3 = modulo(x1 * (da - cb) ** 2n);
    x2 = modulo(aa * bb);
    z2 = modulo(e * (aa + 121665n * e));
  }
  if (swapped) [x2, z2] = [x3, z3];
  k.fill(0);
  return littleEndianBytes(modulo(x2 * powerOf(z2, field - 2n)), 32);
}

/** The public half of a scalar. */
function x25519Public(scalar) {
  const base = new Uint8Array(32);
  base[0] = 9;
  return x25519(scalar, base);
}
