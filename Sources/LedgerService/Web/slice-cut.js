// SPDX-License-Identifier: Apache-2.0
//
// The default cut of a text into slices, so that any of them can be struck out later (formats.md section 4).
//
//     "Q. When were you taken?\n问:他们"  ->  "Q. " "When " "were " "you " "taken?\n" "问:" "他" "们"
//
// A slice begins at each word, at each ideograph and after each newline, carries the spaces and punctuation behind it,
// and is 1 to 255 bytes of whole code points. Nothing that verifies depends on where the cuts are.

/** The longest text that is cut, in bytes: what the command cuts. */
const longestCutText = 16 * 1024 * 1024;

const sliceLimit = 255;

// What a code point does: 0 carried by what stands before it, 1 of a word, 2 an ideograph, 3 a mark on the one before.
const sliceClasses = new Int8Array(0x3000).fill(-1);

function sliceClass(point) {
  if (point < 0x3000) {
    if (sliceClasses[point] < 0) sliceClasses[point] = classifyForCut(point);
    return sliceClasses[point];
  }
  const isHan = (point >= 0x3400 && point < 0x4dc0) || (point >= 0x4e00 && point < 0xa000);
  return isHan || (point >= 0x20000 && point < 0x3fffe) ? 2 : classifyForCut(point);
}

function classifyForCut(point) {
  const character = String.fromCodePoint(point);
  // Characters that a standard lacks, often those of rare names, are put among those of private use.
  if (/[\p{Ideographic}\p{Co}]/u.test(character)) return 2;
  if (/[\p{L}\p{N}\p{Pc}]/u.test(character)) return 1;
  return /[\p{M}\p{Cf}]/u.test(character) ? 3 : 0;
}

/** The code point that begins at `at` of UTF-8. */
function codePointAt(bytes, at) {
  const first = bytes[at];
  if (first < 0x80) return first;
  if (first < 0xe0) return ((first & 31) << 6) | (bytes[at + 1] & 63);
  if (first < 0xf0) return ((first & 15) << 12) | ((bytes[at + 1] & 63) << 6) | (bytes[at + 2] & 63);
  return ((first & 7) << 18) | ((bytes[at + 1] & 63) << 12) | ((bytes[at + 2] & 63) << 6) | (bytes[at + 3] & 63);
}

function codePointLength(first) {
  return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/** The lengths of the slices of a text in UTF-8, a byte each; none of an empty text. */
function sliceLengths(bytes) {
  const lengths = new Uint8Array(bytes.length);
  let count = 0, start = 0, isInWord = false, isAfterNewline = false;
  const end = (at) => {
    if (at > start) lengths[count++] = at - start;
    start = at;
  };
  for (let at = 0; at < bytes.length;) {
    const point = codePointAt(bytes, at);
    const length = codePointLength(bytes[at]);
    const kind = sliceClass(point);
    const begins = kind === 2 || (kind === 1 && !isInWord);
    if (begins || isAfterNewline || at + length - start > sliceLimit) end(at);
    isAfterNewline = false;
    if (kind === 1) isInWord = true;
    if (kind === 2) isInWord = false;
    if (kind === 0) {
      // An apostrophe between two letters is part of the word.
      const isApostrophe = point === 0x27 || point === 0x2019;
      isInWord = isInWord && isApostrophe && at + length < bytes.length
        && sliceClass(codePointAt(bytes, at + length)) === 1;
      isAfterNewline = point === 0x0a;
    }
    at += length;
  }
  end(bytes.length);
  return lengths.slice(0, count);
}
