// SPDX-License-Identifier: Apache-2.0
//
// Differences in how a text is written down that leave its words alone: line ends, a newline at its end, a byte order
// mark, its encoding.
//
// Browsers read old encodings but write none of them. So the way back is made from the way there: every code is decoded
// once, when it is first needed.

const byteOrderMarks = { utf8: [0xef, 0xbb, 0xbf], "utf-16le": [0xff, 0xfe], "utf-16be": [0xfe, 0xff] };
const oldEncodings = ["gb18030", "big5", "windows-1252"];
const longestText = 16 << 20;

const startsWithBytes = (bytes, start) => start.every((byte, i) => bytes[i] === byte);

/** The text of bytes in an encoding; null where a byte is of no character of it. */
function decoded(bytes, encoding) {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/**
 * The texts that bytes can be read as, the likeliest first: {text, bytes, encoding}, the bytes being its UTF-8; none if
 * they are no text. What is UTF-8 is taken for that; between older encodings nothing but the words can decide.
 */
function readingsOf(bytes) {
  if (bytes.length > longestText) return [];
  const reading = (text, encoding) => (text === null ? [] : [{ text, bytes: utf8(text), encoding }]);
  for (const encoding of ["utf-16le", "utf-16be"]) {
    if (startsWithBytes(bytes, byteOrderMarks[encoding])) return reading(decoded(bytes.subarray(2), encoding), encoding);
  }
  if (bytes.includes(0)) {
    // Half of each ASCII character, and of each line end, is a NUL.
    let high = 0;
    for (let i = 0; i < bytes.length; i++) if (bytes[i] === 0) high += i % 2 === 0 ? -1 : 1;
    const encoding = high > 0 ? "utf-16le" : "utf-16be";
    const text = decoded(bytes, encoding);
    return text === null || text.includes("\0") ? [] : reading(text, encoding);
  }
  const text = textOf(bytes);
  if (text !== null) return [{ text, bytes, encoding: "utf8" }];
  // No text of those days has controls in it; other files do.
  if (bytes.some((byte) => byte < 0x20 && (byte < 0x09 || byte > 0x0d))) return [];
  return oldEncodings.flatMap((encoding) => reading(decoded(bytes, encoding), encoding));
}

/** What a text, as UTF-8, would be if it had been written down otherwise in one way. */
const spellingVariants = {
  lineEnds: (bytes) => {
    const unix = bytes.filter((byte, i) => byte !== 0x0d || bytes[i + 1] !== 0x0a);
    const ends = unix.reduce((count, byte) => count + (byte === 0x0a ? 1 : 0), 0);
    const windows = new Uint8Array(unix.length + ends);
    let at = 0;
    for (const byte of unix) {
      if (byte === 0x0a) windows[at++] = 0x0d;
      windows[at++] = byte;
    }
    return [unix, windows].filter((variant) => !equalBytes(variant, bytes));
  },
  finalNewline: (bytes) => {
    const variants = [concat(bytes, Uint8Array.of(0x0a)), concat(bytes, Uint8Array.of(0x0d, 0x0a))];
    const end = bytes.at(-1) !== 0x0a ? 0 : bytes.at(-2) === 0x0d ? 2 : 1;
    return end > 0 ? [bytes.subarray(0, bytes.length - end), ...variants] : variants;
  },
  byteOrderMark: (bytes) => {
    const mark = byteOrderMarks.utf8;
    return [startsWithBytes(bytes, mark) ? bytes.subarray(3) : concat(Uint8Array.from(mark), bytes)];
  },
  encoding: (bytes) => {
    const text = textOf(bytes);
    const wide = ["utf-16le", "utf-16be"].flatMap((encoding) => {
      const plain = encodeUTF16(text, encoding === "utf-16be");
      return [concat(Uint8Array.from(byteOrderMarks[encoding]), plain), plain];
    });
    return [...wide, ...oldEncodings.map((encoding) => encoded(text, encoding)).filter((variant) => variant !== null)];
  },
};

function encodeUTF16(text, isBigEndian) {
  const view = new DataView(new ArrayBuffer(2 * text.length));
  for (let i = 0; i < text.length; i++) view.setUint16(2 * i, text.charCodeAt(i), !isBigEndian);
  return new Uint8Array(view.buffer);
}

const wayBack = new Map();

/** The codes of an old encoding by character. */
function codesOf(encoding) {
  if (wayBack.has(encoding)) return wayBack.get(encoding);
  const codes = new Map();
  const decoder = new TextDecoder(encoding, { fatal: true });
  const add = (...bytes) => {
    try {
      const character = decoder.decode(Uint8Array.from(bytes));
      if ([...character].length === 1 && !codes.has(character)) codes.set(character, bytes);
    } catch {
      // No character has this code.
    }
  };
  for (let byte = 0; byte < 256; byte++) add(byte);
  if (encoding !== "windows-1252") {
    for (let lead = 0x81; lead < 0xff; lead++) for (let trail = 0x40; trail < 0xff; trail++) add(lead, trail);
  }
  if (encoding === "gb18030") {
    // The codes of four bytes count on in base 10 and 126; those of the first plane end at 84 31 A4 39.
    for (let i = 0; i < 39420; i++) {
      add(0x81 + Math.floor(i / 12600), 0x30 + (Math.floor(i / 1260) % 10), 0x81 + (Math.floor(i / 10) % 126), 0x30 + (i % 10));
    }
  }
  wayBack.set(encoding, codes);
  return codes;
}

/** A text in an old encoding; null where a character has no code in it. */
function encoded(text, encoding) {
  const codes = codesOf(encoding);
  const bytes = [];
  for (const character of text) {
    let code = codes.get(character);
    if (code === undefined && encoding === "gb18030" && character.length === 2) {
      const i = character.codePointAt(0) - 0x10000;
      code = [0x90 + Math.floor(i / 12600), 0x30 + (Math.floor(i / 1260) % 10), 0x81 + (Math.floor(i / 10) % 126), 0x30 + (i % 10)];
    }
    if (code === undefined) return null;
    for (const byte of code) bytes.push(byte);
  }
  return Uint8Array.from(bytes);
}
