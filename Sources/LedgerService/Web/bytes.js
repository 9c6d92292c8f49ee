// SPDX-License-Identifier: Apache-2.0
//
// Bytes and the ways in which the formats write them down (formats.md section 0).
//
// Bytes are Uint8Array. Text from outside is decoded once, strictly; after that two strings are equal exactly where
// their UTF-8 is, since nothing is normalised. Every parser here refuses what it would not itself write, by giving null.

/** An input that is not of the format it should be: which format, the line where one can be named, and what is wrong. */
class FormatError extends Error {
  constructor(format, reason, line = null) {
    super(line === null ? `${format}: ${reason}` : `${format}: line ${line}: ${reason}`);
    this.name = "FormatError";
    this.format = format;
    this.reason = reason;
    this.line = line;
  }
}

const textEncoder = new TextEncoder();
const strictDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** The UTF-8 of a string that holds no lone surrogate. */
function utf8(text) {
  return textEncoder.encode(text);
}

/** The text that bytes are the UTF-8 of, a byte order mark kept; null where they are not UTF-8. */
function textOf(bytes) {
  try {
    return strictDecoder.decode(bytes);
  } catch {
    return null;
  }
}

/** The number of bytes of the UTF-8 of a string. */
function utf8Length(text) {
  let length = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    // Each half of a surrogate pair stands for two of its four bytes.
    if (unit >= 0x80) length += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
  }
  return length;
}

/** Less than, equal to or greater than 0, by the order of the UTF-8, which is that of the code points. */
function compareText(left, right) {
  const length = Math.min(left.length, right.length);
  for (let i = 0; i < length; i++) {
    const [a, b] = [left.charCodeAt(i), right.charCodeAt(i)];
    if (a === b) continue;
    // UTF-16 puts surrogates, which stand for the highest code points, below U+E000-FFFF.
    const [isHighA, isHighB] = [a >= 0xd800 && a < 0xe000, b >= 0xd800 && b < 0xe000];
    return isHighA === isHighB ? a - b : isHighA ? 1 : -1;
  }
  return left.length - right.length;
}

/** Several byte arrays, one behind the other. */
function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Whether two byte arrays hold the same bytes. */
function equalBytes(left, right) {
  if (left.length !== right.length) return false;
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}

/** Lower-case hexadecimal, two digits a byte. */
function hexOf(bytes) {
  let text = "";
  for (const byte of bytes) text += (byte >> 4).toString(16) + (byte & 15).toString(16);
  return text;
}

/** The bytes that lower-case hexadecimal stands for, or null. */
function bytesOfHex(text) {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) return null;
  const bytes = new Uint8Array(text.length / 2);
  for (let i = 0; i < bytes.length; i++) bytes[i] = parseInt(text.slice(2 * i, 2 * i + 2), 16);
  return bytes;
}

const base64Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const base64Values = new Uint8Array(128).fill(255);
for (let i = 0; i < 64; i++) base64Values[base64Alphabet.charCodeAt(i)] = i;

/** Base64 of RFC 4648 section 4, padded. */
function base64Of(bytes) {
  const parts = [];
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const bits = (bytes[i] << 16) | ((left > 1 ? bytes[i + 1] : 0) << 8) | (left > 2 ? bytes[i + 2] : 0);
    parts.push(
      base64Alphabet[bits >> 18] + base64Alphabet[(bits >> 12) & 63] +
        (left > 1 ? base64Alphabet[(bits >> 6) & 63] : "=") + (left > 2 ? base64Alphabet[bits & 63] : "="));
  }
  return parts.join("");
}

/** The bytes that padded base64 with zero trailing bits stands for, or null. */
function bytesOfBase64(text) {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const digits = text.length - padding;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let [bits, at] = [0, 0];
  for (let i = 0; i < digits; i++) {
    const unit = text.charCodeAt(i);
    const value = unit < 128 ? base64Values[unit] : 255;
    if (value === 255) return null;
    bits = ((bits << 6) | value) & 0xffffff;
    const over = i & 3;
    if (over !== 0) bytes[at++] = bits >> (6 - 2 * over);
  }
  const unused = padding === 2 ? 15 : padding === 1 ? 3 : 0;
  return (bits & unused) === 0 ? bytes : null;
}

/** The 32 bytes of a hash in base64 or null. */
function hashOfBase64(text) {
  return text.length === 44 && text.endsWith("=") && !text.endsWith("==") ? bytesOfBase64(text) : null;
}

/** The 32 bytes of a hash in lower-case hexadecimal, or null. */
function hashOfHex(text) {
  return text.length === 64 ? bytesOfHex(text) : null;
}

/** The BigInt that ASCII decimal without sign or leading zero stands for, if it is below `limit`; otherwise null. */
function bigDecimal(text, limit = 1n << 63n) {
  if (text.length > 20 || !/^(?:0|[1-9][0-9]*)$/.test(text)) return null;
  const value = BigInt(text);
  return value < limit ? value : null;
}

/** The same as a number, below 2^53. */
function decimal(text) {
  const value = bigDecimal(text, 1n << 53n);
  return value === null ? null : Number(value);
}

const refusedCodePoints = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

/** Whether a line holds a code point that filings, attestations and labels refuse: it could break it or deceive. */
function hasRefusedCodePoint(line) {
  return refusedCodePoints.test(line);
}
