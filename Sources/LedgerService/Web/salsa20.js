// SPDX-License-Identifier: Apache-2.0
//
// Salsa20 (Bernstein, "The Salsa20 family of stream ciphers") with what is built on it here: the cipher XSalsa20 of
// libsodium's secretbox, and the mixing function of scrypt (RFC 7914 section 3).
//
//     words: Int32Array(16), the 4 x 4 matrix, little-endian
//
// No branch and no index depends on a secret; how a browser compiles this is not in our hands.

const salsa20Constants = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574];

/** Runs `rounds` rounds over the words, in place, without adding the input at the end. */
function salsa20Rounds(x, rounds) {
  let x0 = x[0], x1 = x[1], x2 = x[2], x3 = x[3], x4 = x[4], x5 = x[5], x6 = x[6], x7 = x[7];
  let x8 = x[8], x9 = x[9], x10 = x[10], x11 = x[11], x12 = x[12], x13 = x[13], x14 = x[14], x15 = x[15];
  let t;
  for (let round = 0; round < rounds; round += 2) {
    t = (x0 + x12) | 0; x4 ^= (t << 7) | (t >>> 25);
    t = (x4 + x0) | 0; x8 ^= (t << 9) | (t >>> 23);
    t = (x8 + x4) | 0; x12 ^= (t << 13) | (t >>> 19);
    t = (x12 + x8) | 0; x0 ^= (t << 18) | (t >>> 14);
    t = (x5 + x1) | 0; x9 ^= (t << 7) | (t >>> 25);
    t = (x9 + x5) | 0; x13 ^= (t << 9) | (t >>> 23);
    t = (x13 + x9) | 0; x1 ^= (t << 13) | (t >>> 19);
    t = (x1 + x13) | 0; x5 ^= (t << 18) | (t >>> 14);
    t = (x10 + x6) | 0; x14 ^= (t << 7) | (t >>> 25);
    t = (x14 + x10) | 0; x2 ^= (t << 9) | (t >>> 23);
    t = (x2 + x14) | 0; x6 ^= (t << 13) | (t >>> 19);
    t = (x6 + x2) | 0; x10 ^= (t << 18) | (t >>> 14);
    t = (x15 + x11) | 0; x3 ^= (t << 7) | (t >>> 25);
    t = (x3 + x15) | 0; x7 ^= (t << 9) | (t >>> 23);
    t = (x7 + x3) | 0; x11 ^= (t << 13) | (t >>> 19);
    t = (x11 + x7) | 0; x15 ^= (t << 18) | (t >>> 14);
    t = (x0 + x3) | 0; x1 ^= (t << 7) | (t >>> 25);
    t = (x1 + x0) | 0; x2 ^= (t << 9) | (t >>> 23);
    t = (x2 + x1) | 0; x3 ^= (t << 13) | (t >>> 19);
    t = (x3 + x2) | 0; x0 ^= (t << 18) | (t >>> 14);
    t = (x5 + x4) | 0; x6 ^= (t << 7) | (t >>> 25);
    t = (x6 + x5) | 0; x7 ^= (t << 9) | (t >>> 23);
    t = (x7 + x6) | 0; x4 ^= (t << 13) | (t >>> 19);
    t = (x4 + x7) | 0; x5 ^= (t << 18) | (t >>> 14);
    t = (x10 + x9) | 0; x11 ^= (t << 7) | (t >>> 25);
    t = (x11 + x10) | 0; x8 ^= (t << 9) | (t >>> 23);
    t = (x8 + x11) | 0; x9 ^= (t << 13) | (t >>> 19);
    t = (x9 + x8) | 0; x10 ^= (t << 18) | (t >>> 14);
    t = (x15 + x14) | 0; x12 ^= (t << 7) | (t >>> 25);
    t = (x12 + x15) | 0; x13 ^= (t << 9) | (t >>> 23);
    t = (x13 + x12) | 0; x14 ^= (t << 13) | (t >>> 19);
    t = (x14 + x13) | 0; x15 ^= (t << 18) | (t >>> 14);
  }
  x[0] = x0; x[1] = x1; x[2] = x2; x[3] = x3; x[4] = x4; x[5] = x5; x[6] = x6; x[7] = x7;
  x[8] = x8; x[9] = x9; x[10] = x10; x[11] = x11; x[12] = x12; x[13] = x13; x[14] = x14; x[15] = x15;
}

/** The matrix of a 32-byte key and 16 bytes of nonce and counter. */
function salsa20State(key, input) {
  const k = new DataView(key.buffer, key.byteOffset, 32);
  const n = new DataView(input.buffer, input.byteOffset, 16);
  const x = new Int32Array(16);
  for (let i = 0; i < 4; i++) {
    x[5 * i] = salsa20Constants[i];
    x[1 + i] = k.getInt32(4 * i, true);
    x[11 + i] = k.getInt32(16 + 4 * i, true);
    x[6 + i] = n.getInt32(4 * i, true);
  }
  return x;
}

/** HSalsa20: the 32-byte key that follows from a key and 16 bytes. */
function hsalsa20(key, input) {
  const x = salsa20State(key, input);
  salsa20Rounds(x, 20);
  const out = new Uint8Array(32);
  const view = new DataView(out.buffer);
  [0, 5, 10, 15, 6, 7, 8, 9].forEach((from, i) => view.setInt32(4 * i, x[from], true));
  x.fill(0);
  return out;
}

/** The first `length` bytes of the key stream of XSalsa20 under a 24-byte nonce. */
function xsalsa20Stream(key, nonce, length) {
  const subkey = hsalsa20(key, nonce.subarray(0, 16));
  const input = new Uint8Array(16);
  input.set(nonce.subarray(16, 24));
  const out = new Uint8Array(length);
  const block = new Uint8Array(64);
  const view = new DataView(block.buffer);
  for (let start = 0, counter = 0; start < length; start += 64, counter++) {
    new DataView(input.buffer).setUint32(8, counter, true);
    const state = salsa20State(subkey, input);
    const x = state.slice();
    salsa20Rounds(x, 20);
    for (let i = 0; i < 16; i++) view.setInt32(4 * i, (x[i] + state[i]) | 0, true);
    out.set(block.subarray(0, Math.min(64, length - start)), start);
    state.fill(0);
    x.fill(0);
  }
  block.fill(0);
  subkey.fill(0);
  return out;
}
