// SPDX-License-Identifier: Apache-2.0
//
// SHA-512 (FIPS 180-4) of a whole input, for Ed25519 where the browser has none of its own.
//
// A word of 64 bits is two of 32: the higher at an even place, the lower behind it.

const sha512Constants = (() => {
  const primes = [];
  for (let n = 2; primes.length < 80; n++) if (primes.every((prime) => n % prime !== 0)) primes.push(n);
  const words = (list, power) => {
    const halves = new Int32Array(2 * list.length);
    list.forEach((prime, i) => {
      // The lower 64 bits of the integer root of prime * 2^(64 * power): the fraction of the root.
      const target = BigInt(prime) << BigInt(64 * power);
      let [low, high] = [0n, 1n << 72n];
      while (high - low > 1n) {
        const middle = (low + high) >> 1n;
        if (middle ** BigInt(power) <= target) low = middle;
        else high = middle;
      }
      halves[2 * i] = Number((low >> 32n) & 0xffffffffn);
      halves[2 * i + 1] = Number(low & 0xffffffffn);
    });
    return halves;
  };
  return { rounds: words(primes, 3), initial: words(primes.slice(0, 8), 2) };
})();

/** The SHA-512 of byte arrays put together, 64 bytes. */
function sha512(...parts) {
  const input = concat(...parts);
  const length = Math.ceil((input.length + 17) / 128) * 128;
  const padded = new Uint8Array(length);
  padded.set(input);
  padded[input.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(length - 8, Math.floor(input.length / 0x20000000));
  view.setUint32(length - 4, (input.length << 3) >>> 0);
  const state = sha512Constants.initial.slice();
  const schedule = new Int32Array(160);
  for (let at = 0; at < length; at += 128) sha512Compress(state, schedule, view, at);
  const hash = new Uint8Array(64);
  const out = new DataView(hash.buffer);
  state.forEach((half, i) => out.setInt32(4 * i, half));
  return hash;
}

/** Whether the sum of two halves, each taken without sign, carried over. */
function carried(sum, half) {
  return sum >>> 0 < half >>> 0 ? 1 : 0;
}

function sha512Compress(state, w, view, at) {
  const k = sha512Constants.rounds;
  for (let i = 0; i < 32; i++) w[i] = view.getInt32(at + 4 * i);
  for (let i = 32; i < 160; i += 2) {
    const [xh, xl, yh, yl] = [w[i - 30], w[i - 29], w[i - 4], w[i - 3]];
    const s0h = ((xh >>> 1) | (xl << 31)) ^ ((xh >>> 8) | (xl << 24)) ^ (xh >>> 7);
    const s0l = ((xl >>> 1) | (xh << 31)) ^ ((xl >>> 8) | (xh << 24)) ^ ((xl >>> 7) | (xh << 25));
    const s1h = ((yh >>> 19) | (yl << 13)) ^ ((yl >>> 29) | (yh << 3)) ^ (yh >>> 6);
    const s1l = ((yl >>> 19) | (yh << 13)) ^ ((yh >>> 29) | (yl << 3)) ^ ((yl >>> 6) | (yh << 26));
    let [high, low] = [w[i - 32], w[i - 31]];
    for (const [h, l] of [[s0h, s0l], [w[i - 14], w[i - 13]], [s1h, s1l]]) {
      low = (low + l) | 0;
      high = (high + h + carried(low, l)) | 0;
    }
    w[i] = high;
    w[i + 1] = low;
  }
  let [ah, al, bh, bl, ch, cl, dh, dl, eh, el, fh, fl, gh, gl, hh, hl] = state;
  for (let i = 0; i < 160; i += 2) {
    const s1h = ((eh >>> 14) | (el << 18)) ^ ((eh >>> 18) | (el << 14)) ^ ((el >>> 9) | (eh << 23));
    const s1l = ((el >>> 14) | (eh << 18)) ^ ((el >>> 18) | (eh << 14)) ^ ((eh >>> 9) | (el << 23));
    const chl = gl ^ (el & (fl ^ gl));
    let t1l = (hl + s1l) | 0;
    let t1h = (hh + s1h + carried(t1l, s1l)) | 0;
    t1l = (t1l + chl) | 0;
    t1h = (t1h + (gh ^ (eh & (fh ^ gh))) + carried(t1l, chl)) | 0;
    t1l = (t1l + k[i + 1]) | 0;
    t1h = (t1h + k[i] + carried(t1l, k[i + 1])) | 0;
    t1l = (t1l + w[i + 1]) | 0;
    t1h = (t1h + w[i] + carried(t1l, w[i + 1])) | 0;
    const s0h = ((ah >>> 28) | (al << 4)) ^ ((al >>> 2) | (ah << 30)) ^ ((al >>> 7) | (ah << 25));
    const s0l = ((al >>> 28) | (ah << 4)) ^ ((ah >>> 2) | (al << 30)) ^ ((ah >>> 7) | (al << 25));
    const majority = (al & bl) | (cl & (al | bl));
    const t2l = (s0l + majority) | 0;
    const t2h = (s0h + ((ah & bh) | (ch & (ah | bh))) + carried(t2l, majority)) | 0;
    [hh, hl, gh, gl, fh, fl] = [gh, gl, fh, fl, eh, el];
    el = (dl + t1l) | 0;
    eh = (dh + t1h + carried(el, t1l)) | 0;
    [dh, dl, ch, cl, bh, bl] = [ch, cl, bh, bl, ah, al];
    al = (t1l + t2l) | 0;
    ah = (t1h + t2h + carried(al, t2l)) | 0;
  }
  [ah, al, bh, bl, ch, cl, dh, dl, eh, el, fh, fl, gh, gl, hh, hl].forEach((half, i, halves) => {
    if (i % 2 === 1) return;
    const low = (state[i + 1] + halves[i + 1]) | 0;
    state[i] = (state[i] + half + carried(low, halves[i + 1])) | 0;
    state[i + 1] = low;
  });
}
