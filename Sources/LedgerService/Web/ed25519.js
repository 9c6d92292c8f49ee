// SPDX-License-Identifier: Apache-2.0
//
// Ed25519 (RFC 8032) under one fixed rule, which is that of libsodium 1.0.18 (formats.md section 0): cofactorless,
// [S]B = R + [k]A compared as encoded bytes; S below the group order; A and R canonical and not of small order.
//
// Browsers accept more than that, and do not agree on what. So the bytes are checked here first, and the browser is
// asked for the equation alone, once it has answered the questions below as the rule does; otherwise it is computed here.
// Nothing here is secret, so nothing here needs to take the same time for every input.

const field = (1n << 255n) - 19n;
const groupOrder = (1n << 252n) + 27742317777372353535851937790883648493n;

/** The remainder in the field, never negative. */
function modulo(value) {
  const rest = value % field;
  return rest < 0n ? rest + field : rest;
}

function powerOf(base, exponent) {
  let result = 1n;
  for (let bits = exponent; bits > 0n; bits >>= 1n) {
    if (bits & 1n) result = (result * base) % field;
    base = (base * base) % field;
  }
  return result;
}

const curveD = modulo(-121665n * powerOf(121666n, field - 2n));
const rootOfMinusOne = powerOf(2n, (field - 1n) / 4n);

/** Points are [X, Y, Z, T] with x = X/Z, y = Y/Z, xy = T/Z. */
const neutralPoint = [0n, 1n, 1n, 0n];

function addPoints([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = ((y1 - x1) * (y2 - x2)) % field;
  const b = ((y1 + x1) * (y2 + x2)) % field;
  const c = (((2n * t1 * t2) % field) * curveD) % field;
  const d = (2n * z1 * z2) % field;
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [(e * f) % field, (g * h) % field, (f * g) % field, (e * h) % field];
}

function doublePoint([x, y, z]) {
  const a = (x * x) % field;
  const b = (y * y) % field;
  const c = (2n * z * z) % field;
  const e = ((x + y) * (x + y) - a - b) % field;
  const g = b - a;
  const [f, h] = [g - c, -a - b];
  return [(e * f) % field, (g * h) % field, (f * g) % field, (e * h) % field];
}

function littleEndian(bytes) {
  let text = "0x";
  for (let i = bytes.length - 1; i >= 0; i--) text += bytes[i].toString(16).padStart(2, "0");
  return BigInt(text);
}

/** The point that 32 bytes are the canonical encoding of, or null. */
function pointOf(bytes) {
  const number = littleEndian(bytes);
  const sign = number >> 255n;
  const y = number & ((1n << 255n) - 1n);
  if (y >= field) return null;
  const square = (y * y) % field;
  const u = modulo(square - 1n);
  const v = modulo(curveD * square + 1n);
  // x = u v^3 (u v^7)^((p - 5) / 8), or that times the root of -1.
  const v3 = (v * v * v) % field;
  let x = (((u * v3) % field) * powerOf((u * v3 * v3 * v) % field, (field - 5n) / 8n)) % field;
  const check = (v * x * x) % field;
  if (check !== u) {
    if (check !== modulo(-u)) return null;
    x = (x * rootOfMinusOne) % field;
  }
  if (x === 0n && sign === 1n) return null;
  if ((x & 1n) !== sign) x = field - x;
  return [x, y, 1n, (x * y) % field];
}

function encodedPoint([x, y, z]) {
  const inverse = powerOf(modulo(z), field - 2n);
  let number = modulo(y * inverse) | ((modulo(x * inverse) & 1n) << 255n);
  const bytes = new Uint8Array(32);
  for (let i = 0; i < 32; i++, number >>= 8n) bytes[i] = Number(number & 255n);
  return bytes;
}

// The least significant byte comes first; 0x58 66 66 ... 66 is y = 4/5 with an even x.
const basePoint = pointOf(Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 0x58 : 0x66)));

/** Whether a point is one of the eight whose eightfold is the neutral one. */
function isOfSmallOrder(point) {
  const [x, y, z] = doublePoint(doublePoint(doublePoint(point)));
  return modulo(x) === 0n && modulo(y - z) === 0n;
}

const knownKeys = new Map();

/** Whether 32 bytes are a public key: the canonical encoding of a point that is not of small order. */
function isPublicKey(bytes) {
  if (bytes.length !== 32) return false;
  const name = hexOf(bytes);
  if (!knownKeys.has(name)) {
    const point = pointOf(bytes);
    knownKeys.set(name, { point: point !== null && !isOfSmallOrder(point) ? point : null, imported: null });
  }
  return knownKeys.get(name).point !== null;
}

// The y of the eight points of small order: those of order 1 and 2, 4, and 8.
const yOfOrderEight = 0x05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826n;
const smallOrderY = new Set([1n, field - 1n, 0n, yOfOrderEight, field - yOfOrderEight]);

/** Whether a signature's bytes obey the rule, before the equation is looked at. */
function isSignatureForm(signature) {
  if (signature.length !== 64 || littleEndian(signature.subarray(32)) >= groupOrder) return false;
  const y = littleEndian(signature.subarray(0, 32)) & ((1n << 255n) - 1n);
  return y < field && !smallOrderY.has(y);
}

/** Whether [S]B - [k]A, encoded, is R, computed here. */
function equationHolds(key, signature, message) {
  const s = littleEndian(signature.subarray(32));
  const k = littleEndian(sha512(signature.subarray(0, 32), key, message)) % groupOrder;
  const [x, y, z, t] = knownKeys.get(hexOf(key)).point;
  const minusA = [-x, y, z, -t];
  const both = addPoints(basePoint, minusA);
  let sum = neutralPoint;
  for (let bit = 252n; bit >= 0n; bit--) {
    sum = doublePoint(sum);
    const [hasS, hasK] = [(s >> bit) & 1n, (k >> bit) & 1n];
    if (hasS && hasK) sum = addPoints(sum, both);
    else if (hasS) sum = addPoints(sum, basePoint);
    else if (hasK) sum = addPoints(sum, minusA);
  }
  return equalBytes(encodedPoint(sum), signature.subarray(0, 32));
}

/** The same, by the browser. Throws where it cannot do it. */
async function browserEquationHolds(key, signature, message) {
  const known = knownKeys.get(hexOf(key));
  known.imported ??= await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "Ed25519" }, known.imported, signature, message);
}

// Two signatures by a key with a part of small order (C2SP/CCTV, ed25519vectors 50 and 51). One holds; the other holds
// only by the cofactored equation, which is not the rule.
const browserQuestions = [
  {
    key: "10eb7c3acfb2bed3e0d6ab89bf5a3d6afddd1176ce4812e38d9fd485058fdb1f",
    signature: "b62cf890de42c413b11b1411c9f01f1c4d77aa87ef182258d1251f69af2a3506" +
      "08f32d206a7c0b7efa9a59e66546e8f1f599ef843fb502c9cc3c4ae8b7c11e05",
    message: "ed25519vectors 5",
    holds: true,
  },
  {
    key: "10eb7c3acfb2bed3e0d6ab89bf5a3d6afddd1176ce4812e38d9fd485058fdb1f",
    signature: "b62cf890de42c413b11b1411c9f01f1c4d77aa87ef182258d1251f69af2a3506" +
      "030b03796b78f7afeadfccaedc9d09ce6d487d1ece1f16b1ae2b59b7e5c40603",
    message: "ed25519vectors 3",
    holds: false,
  },
];

let browserAnswer = null;

/** Whether the browser has Ed25519 and answers as the rule does. It is asked once. */
function browserKeepsTheRule() {
  browserAnswer ??= (async () => {
    try {
      for (const { key, signature, message, holds } of browserQuestions) {
        const bytes = bytesOfHex(key);
        if (!isPublicKey(bytes)) return false;
        if ((await browserEquationHolds(bytes, bytesOfHex(signature), utf8(message))) !== holds) return false;
      }
      return true;
    } catch {
      // No secure origin, or no Ed25519.
      return false;
    }
  })();
  return browserAnswer;
}

/** Whether a signature of 64 bytes over a message verifies under a key of 32 bytes. */
async function ed25519Verify(key, signature, message) {
  if (!isPublicKey(key) || !isSignatureForm(signature)) return false;
  if (await browserKeepsTheRule()) {
    try {
      return await browserEquationHolds(key, signature, message);
    } catch {
      // What the browser cannot judge is computed instead.
    }
  }
  return equationHolds(key, signature, message);
}
