// SPDX-License-Identifier: Apache-2.0
//
// Sixteen bits as a word of five letters, which can be spoken and spelt in any language (arXiv:0901.4016).
//
//     0 1 2 3 4 5 6 7 8 9 a b c d e f        0 1 2 3
//     b d f g h j k l m n p r s t v z        a i o u
//
//     consonant 4 bits, vowel 2, consonant 4, vowel 2, consonant 4; the highest bits first

const proquintAlphabets = ["bdfghjklmnprstvz", "aiou"];

/** The word of a number below 65,536. */
function proquint(value) {
  const [consonants, vowels] = proquintAlphabets;
  return consonants[value >> 12] + vowels[(value >> 10) & 3] + consonants[(value >> 6) & 15]
    + vowels[(value >> 4) & 3] + consonants[value & 15];
}

/** The number of a word in small letters; null if it is none. */
function proquintValue(word) {
  if (word.length !== 5) return null;
  let value = 0;
  for (let place = 0; place < 5; place++) {
    const digit = proquintAlphabets[place % 2].indexOf(word[place]);
    if (digit < 0) return null;
    value = (value << (place % 2 === 0 ? 4 : 2)) | digit;
  }
  return value;
}
