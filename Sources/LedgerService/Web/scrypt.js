// SPDX-License-Identifier: Apache-2.0
//
// scrypt (RFC 7914): the key that follows from a passphrase. PBKDF2 is the browser's own.
//
// Memory: 128 * r * N bytes. The page stays alive between the p rounds.

/** HMAC-SHA-256 PBKDF2 (RFC 8018 section 5.2). */
async function pbkdf2(passphrase, salt, iterations, length, hash = "SHA-256") {
  const key = await crypto.subtle.importKey("raw", passphrase, "PBKDF2", false, ["deriveBits"]);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "PBKDF2", hash, salt, iterations }, key, 8 * length));
}

/** Mixes one block of 32 * r words in place (scryptROMix), N a power of two. */
function scryptMix(block, n, r) {
  const size = 32 * r;
  const table = new Int32Array(size * n);
  const scratch = new Int32Array(size);
  for (let i = 0; i < n; i++) {
    table.set(block, i * size);
    scryptBlockMix(block, scratch, r);
  }
  for (let i = 0; i < n; i++) {
    const from = (block[size - 16] & (n - 1)) * size;
    for (let k = 0; k < size; k++) block[k] ^= table[from + k];
    scryptBlockMix(block, scratch, r);
  }
  table.fill(0);
  scratch.fill(0);
}

/** scryptBlockMix: `block` in place. */
function scryptBlockMix(block, scratch, r) {
  const x = block.slice(32 * r - 16);
  const sum = new Int32Array(16);
  for (let i = 0; i < 2 * r; i++) {
    for (let k = 0; k < 16; k++) sum[k] = x[k] ^= block[16 * i + k];
    salsa20Rounds(x, 8);
    for (let k = 0; k < 16; k++) x[k] = (x[k] + sum[k]) | 0;
    // Even blocks come first, odd ones behind them.
    scratch.set(x, 16 * ((i >> 1) + (i & 1) * r));
  }
  block.set(scratch);
}

/** The key, `length` bytes. */
async function scrypt(passphrase, salt, n, r, p, length) {
  const bytes = await pbkdf2(passphrase, salt, 1, 128 * r * p);
  const view = new DataView(bytes.buffer);
  const block = new Int32Array(32 * r);
  for (let part = 0; part < p; part++) {
    const start = 128 * r * part;
    for (let k = 0; k < block.length; k++) block[k] = view.getInt32(start + 4 * k, true);
    scryptMix(block, n, r);
    for (let k = 0; k < block.length; k++) view.setInt32(start + 4 * k, block[k], true);
    await pause();
  }
  const key = await pbkdf2(passphrase, bytes, 1, length);
  bytes.fill(0);
  block.fill(0);
  return key;
}
