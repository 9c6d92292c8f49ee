// SPDX-License-Identifier: Apache-2.0
//
// SHA-256 (FIPS 180-4), in steps: a file of many gigabytes is hashed slice by slice and is never held whole.
//
//     const hasher = new Sha256(); hasher.update(slice); ... hasher.digest()      32 bytes
//     sha256(bytes, more, ...)                                                    the hash of parts put together
//
// The browser's own digest takes whole inputs only and is missing where a page is not of a secure origin.

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes, and of the square roots of the
// first 8. They are computed exactly, by integer roots, rather than copied.
const sha256Constants = (() => {
  const primes = [];
  for (let n = 2; primes.length < 64; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  const fraction = (prime, power) => {
    // The integer root of prime * 2^(32 * power): its lower 32 bits are the fraction wanted.
    const target = BigInt(prime) << BigInt(32 * power);
    let [low, high] = [0n, 1n << 40n];
    while (high - low > 1n) {
      const middle = (low + high) >> 1n;
      if (middle ** BigInt(power) <= target) low = middle;
      else high = middle;
    }
    return Number(low & 0xffffffffn) | 0;
  };
  return {
    rounds: Int32Array.from(primes, (prime) => fraction(prime, 3)),
    initial: Int32Array.from(primes.slice(0, 8), (prime) => fraction(prime, 2)),
  };
})();

const sha256Schedule = new Int32Array(64);

/** Takes one block of 64 bytes at `at` into a state of eight words. */
function sha256Compress(state, bytes, at) {
  const w = sha256Schedule;
  const k = sha256Constants.rounds;
  for (let i = 0; i < 16; i++, at += 4) {
    w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
  }
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15];
    const y = w[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    w[i] = (w[i - 16] + s0 + w[i - 7] + s1) | 0;
  }
  let a = state[0], b = state[1], c = state[2], d = state[3];
  let e = state[4], f = state[5], g = state[6], h = state[7];
  for (let i = 0; i < 64; i++) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + (g ^ (e & (f ^ g))) + k[i] + w[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) | (c & (a | b)))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

/** SHA-256 of what it is given bit by bit. */
class Sha256 {
  constructor() {
    this.state = sha256Constants.initial.slice();
    this.block = new Uint8Array(64);
    this.filled = 0;
    this.length = 0;
  }

  /** Adds bytes; gives itself. */
  update(bytes) {
    let at = 0;
    this.length += bytes.length;
    if (this.filled > 0) {
      at = Math.min(64 - this.filled, bytes.length);
      this.block.set(at === bytes.length ? bytes : bytes.subarray(0, at), this.filled);
      this.filled += at;
      if (this.filled < 64) return this;
      sha256Compress(this.state, this.block, 0);
      this.filled = 0;
    }
    for (; at + 64 <= bytes.length; at += 64) sha256Compress(this.state, bytes, at);
    if (at < bytes.length) {
      this.block.set(bytes.subarray(at));
      this.filled = bytes.length - at;
    }
    return this;
  }

  /** The hash of all that was added. Nothing may be added after. */
  digest() {
    const block = this.block;
    block[this.filled] = 0x80;
    block.fill(0, this.filled + 1);
    if (this.filled >= 56) {
      sha256Compress(this.state, block, 0);
      block.fill(0);
    }
    const high = Math.floor(this.length / 0x20000000);
    const low = (this.length << 3) >>> 0;
    for (let i = 0; i < 4; i++) {
      block[56 + i] = high >>> (24 - 8 * i);
      block[60 + i] = low >>> (24 - 8 * i);
    }
    sha256Compress(this.state, block, 0);
    const hash = new Uint8Array(32);
    for (let i = 0; i < 32; i++) hash[i] = this.state[i >> 2] >>> (24 - 8 * (i & 3));
    return hash;
  }
}

/** The SHA-256 of byte arrays put together. */
function sha256(...parts) {
  const hasher = new Sha256();
  for (const part of parts) hasher.update(part);
  return hasher.digest();
}

const shortState = new Int32Array(8);

/**
 * The SHA-256 of the first `length` bytes of a block that has room for the padding, 9 bytes, in whole blocks of 64.
 *
 * It makes nothing but the hash: trees of a million leaves take a dozen of these for each. `start` is the state that goes
 * before, that of `before` bytes.
 */
function sha256OfBlock(block, length, start = sha256Constants.initial, before = 0) {
  const end = (length + 72) & ~63;
  block[length] = 0x80;
  block.fill(0, length + 1, end - 4);
  const bits = (before + length) << 3;
  block[end - 4] = bits >>> 24;
  block[end - 3] = bits >>> 16;
  block[end - 2] = bits >>> 8;
  block[end - 1] = bits;
  shortState.set(start);
  for (let at = 0; at < end; at += 64) sha256Compress(shortState, block, at);
  const hash = new Uint8Array(32);
  for (let i = 0; i < 8; i++) {
    const word = shortState[i];
    hash[4 * i] = word >>> 24;
    hash[4 * i + 1] = word >>> 16;
    hash[4 * i + 2] = word >>> 8;
    hash[4 * i + 3] = word;
  }
  return hash;
}
