// SPDX-License-Identifier: Apache-2.0
//
// Poly1305 (RFC 8439 section 2.5), fed in parts: the authenticator of private files.
//
// The number is kept in ten limbs of 13 bits, so that every product and sum stays below 2^53 and mostly below 2^32.
class Poly1305 {
  /** Starts with a one-time key of 32 bytes. */
  constructor(key) {
    const t = new DataView(key.buffer, key.byteOffset, 32);
    const clamped = new Uint8Array(key.subarray(0, 16));
    for (const i of [3, 7, 11, 15]) clamped[i] &= 15;
    for (const i of [4, 8, 12]) clamped[i] &= 252;
    this.r = new Float64Array(10);
    Poly1305.divide(clamped, 0, 0, this.r);
    this.h = new Float64Array(10);
    this.m = new Float64Array(10);
    this.d = new Float64Array(10);
    this.pad = [0, 4, 8, 12].map((i) => t.getUint32(16 + i, true));
    this.buffer = new Uint8Array(16);
    this.filled = 0;
    clamped.fill(0);
  }

  /** Puts 16 bytes into limbs, with `high` at 2^128. */
  static divide(bytes, at, high, limbs) {
    for (let i = 0; i < 10; i++) {
      const bit = 13 * i;
      const first = at + (bit >> 3);
      let word = bytes[first];
      if (bit + 8 < 128) word |= bytes[first + 1] << 8;
      if (bit + 16 < 128) word |= bytes[first + 2] << 16;
      limbs[i] = (word >>> (bit & 7)) & 0x1fff;
    }
    limbs[9] += high * 2048;
  }

  block(bytes, at, high) {
    const { h, r, m, d } = this;
    Poly1305.divide(bytes, at, high, m);
    for (let i = 0; i < 10; i++) h[i] += m[i];
    for (let i = 0; i < 10; i++) {
      let sum = 0;
      // 2^130 is 5 modulo the prime.
      for (let j = 0; j < 10; j++) sum += h[j] * (j <= i ? r[i - j] : 5 * r[i + 10 - j]);
      d[i] = sum;
    }
    let carry = 0;
    for (let i = 0; i < 10; i++) {
      const sum = d[i] + carry;
      carry = Math.floor(sum / 8192);
      h[i] = sum - carry * 8192;
    }
    h[0] += 5 * carry;
    carry = Math.floor(h[0] / 8192);
    h[0] -= carry * 8192;
    h[1] += carry;
  }

  /** Takes the next bytes. */
  update(bytes) {
    let at = 0;
    if (this.filled > 0) {
      at = Math.min(16 - this.filled, bytes.length);
      this.buffer.set(bytes.subarray(0, at), this.filled);
      this.filled += at;
      if (this.filled < 16) return this;
      this.block(this.buffer, 0, 1);
      this.filled = 0;
    }
    for (; at + 16 <= bytes.length; at += 16) this.block(bytes, at, 1);
    this.buffer.set(bytes.subarray(at));
    this.filled = bytes.length - at;
    return this;
  }

  /** The authenticator, 16 bytes. Nothing can be added after it. */
  finish() {
    if (this.filled > 0) {
      this.buffer.fill(0, this.filled);
      this.buffer[this.filled] = 1;
      this.block(this.buffer, 0, 0);
    }
    let number = 0n;
    for (let i = 9; i >= 0; i--) number = (number << 13n) + BigInt(this.h[i]);
    number %= (1n << 130n) - 5n;
    const pad = this.pad.reduceRight((sum, word) => (sum << 32n) | BigInt(word), 0n);
    number = (number + pad) & ((1n << 128n) - 1n);
    const out = new Uint8Array(16);
    for (let i = 0; i < 16; i++, number >>= 8n) out[i] = Number(number & 255n);
    for (const part of [this.h, this.r, this.m, this.d, this.buffer]) part.fill(0);
    this.pad = [];
    return out;
  }
}
