// SPDX-License-Identifier: Apache-2.0
//
// DER (ITU-T X.690), as far as time-stamps need it: elements of tag, length and content, with definite lengths in their
// shortest form. An element is {tag, bytes, content}: the whole of it and what is within.

/** The first element of some bytes; null where there is none of this form. */
function firstElement(bytes) {
  const [tag, short] = bytes;
  if (short === undefined || (tag & 0x1f) === 0x1f) return null;
  let [start, count] = [2, short];
  if (short >= 0x80) {
    const width = short & 0x7f;
    start += width;
    if (width < 1 || width > 3 || bytes.length < start) return null;
    count = bytes.subarray(2, start).reduce((sum, byte) => sum * 256 + byte, 0);
    if (count < (width === 1 ? 0x80 : 2 ** (8 * (width - 1)))) return null;
  }
  const end = start + count;
  if (bytes.length < end) return null;
  return { tag, bytes: bytes.subarray(0, end), content: bytes.subarray(start, end) };
}

/** The elements that follow one another; null where something else does. */
function elementsOf(content) {
  const elements = [];
  for (let at = 0; at < content.length; ) {
    const element = firstElement(content.subarray(at));
    if (element === null) return null;
    elements.push(element);
    at += element.bytes.length;
  }
  return elements;
}

/** The elements within one element of a tag that is all there is; null for anything else. */
function elementsWithin(bytes, tag) {
  const whole = firstElement(bytes);
  return whole?.tag === tag && whole.bytes.length === bytes.length ? elementsOf(whole.content) : null;
}

/** The BigInt in the content of an INTEGER; null where it is negative or beyond 64 bits. */
function integerOf(content) {
  if (content.length === 0 || content[0] >= 0x80) return null;
  const value = content.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return value < 1n << 64n ? value : null;
}

/** An object identifier in dotted form, from the content of its element; null where it is malformed. */
function dottedOf(content) {
  if (content.length === 0 || content.at(-1) >= 0x80) return null;
  const numbers = [];
  let [number, isFirst] = [0n, true];
  for (const byte of content) {
    if (isFirst && byte === 0x80) return null;
    number = (number << 7n) | BigInt(byte & 0x7f);
    isFirst = byte < 0x80;
    if (isFirst) {
      numbers.push(number);
      number = 0n;
    }
  }
  const [first, ...rest] = numbers;
  const top = first < 40n ? 0n : first < 80n ? 1n : 2n;
  return [top, first - 40n * top, ...rest].join(".");
}

/** The text of a string of one of the types that names in certificates have; null for any other. */
function stringOf({ tag, content }) {
  if (tag === 0x0c) return textOf(content);
  if (tag === 0x13 || tag === 0x14 || tag === 0x16) return octets(content);
  if (tag === 0x1e && content.length % 2 === 0) return new TextDecoder("utf-16be").decode(content);
  return null;
}
