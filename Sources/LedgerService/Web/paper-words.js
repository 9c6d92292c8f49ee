// SPDX-License-Identifier: Apache-2.0
//
// A revoker's key as seventeen words on a sheet of paper.
//
//     word 1 ... 16     the 32-byte seed of the key, two bytes a word, as proquints
//     word 17           the first two bytes of SHA-256("indelible-paper-key/v1" || 0x0A || seed)
//
// Of words that are read, case, numbers, punctuation and line breaks do not count; letters may be full-width, and where
// there are 85 letters in all, spaces do not count either. One wrong text in 65,536 passes the last word.

const paperWordCount = 17;

/** The words in a text, small; a letter that is not of a to z is kept as "?", so that its word is found to be wrong. */
function paperWordsIn(text) {
  const plain = text.replace(/[\uff21-\uff3a\uff41-\uff5a]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
  const words = plain.replace(/[\u00c0-\u024f]/g, "?").toLowerCase().match(/[a-z?]+/g) ?? [];
  const letters = words.join("");
  if (words.length === paperWordCount || letters.length !== 5 * paperWordCount) return words;
  return letters.match(/.{5}/g);
}

/** The seed that sixteen words stand for, if the last one fits; null otherwise. */
function seedOfPaperWords(words) {
  const values = words.map(proquintValue);
  if (values.length !== paperWordCount || values.includes(null)) return null;
  const seed = new Uint8Array(32);
  values.slice(0, 16).forEach((value, i) => seed.set([value >> 8, value & 255], 2 * i));
  const check = sha256(utf8("indelible-paper-key/v1\n"), seed);
  if (((check[0] << 8) | check[1]) === values[16]) return seed;
  seed.fill(0);
  return null;
}

/** The key of a sheet. Its name is made of the key, so that the words give the whole vkey. The seed is the signer's. */
function paperSigner(seed) {
  return seedSigner(`revoker-${hexOf(ed25519PublicKey(seed).subarray(0, 4))}`, seed);
}

// What is taken for what, by eye, by ear or by finger; the letters of the sheet behind the one that was typed.
const lettersMistaken = {
  a: "ou", b: "dhpv", c: "gkosz", d: "bghlt", e: "aiou", f: "tpv", g: "djkz", h: "bnkm", i: "jlou", j: "ilgz", k: "ghlj",
  l: "ijtk", m: "nrh", n: "mhr", o: "aud", p: "bdf", q: "gdpj", r: "nmtf", s: "zdg", t: "flr", u: "oav", v: "bfu",
  w: "vmu", x: "ksz", y: "iuvj", z: "sjd", 0: "o", 1: "il", 5: "s", 8: "b", 2: "z", 6: "bg", 9: "gp",
};

/** What a word that is none may have been, the likeliest first: at most `most` words of the sheet's form. */
function paperSuggestions(typed, most = 4) {
  const word = typed.toLowerCase();
  if (word.length < 4 || word.length > 6) return [];
  const found = new Map();
  const add = (candidate, cost) => {
    if (proquintValue(candidate) !== null && cost < (found.get(candidate) ?? Infinity)) found.set(candidate, cost);
  };
  const wrong = [...word].flatMap((letter, i) => (proquintAlphabets[i % 2].includes(letter) ? [] : [i]));
  const letters = (i) => {
    const likely = [...(lettersMistaken[word[i]] ?? "")].filter((letter) => proquintAlphabets[i % 2].includes(letter));
    return [...likely, ...[...proquintAlphabets[i % 2]].filter((letter) => !likely.includes(letter))];
  };
  if (word.length === 5 && wrong.length <= 2) {
    const tryAt = (at, candidate, cost) => {
      if (at === wrong.length) return add(candidate, cost);
      letters(wrong[at]).slice(0, 6).forEach((letter, rank) => {
        tryAt(at + 1, candidate.slice(0, wrong[at]) + letter + candidate.slice(wrong[at] + 1), cost + rank);
      });
    };
    tryAt(0, word, 0);
  }
  for (let i = 0; i < word.length; i++) {
    // Two neighbours in the wrong order; one letter too many.
    if (i > 0) add(word.slice(0, i - 1) + word[i] + word[i - 1] + word.slice(i + 1), 1);
    if (word.length === 6) add(word.slice(0, i) + word.slice(i + 1), i);
  }
  return [...found].sort((a, b) => a[1] - b[1]).slice(0, most).map(([candidate]) => candidate);
}

/** Where every word could be one and together they are not a sheet's: {at, word} that one other letter makes right. */
function likelyPaperWords(words) {
  const likely = [];
  words.forEach((word, at) => {
    for (let place = 0; place < 5; place++) {
      for (const letter of proquintAlphabets[place % 2]) {
        if (letter === word[place]) continue;
        const other = word.slice(0, place) + letter + word.slice(place + 1);
        const seed = seedOfPaperWords(words.with(at, other));
        if (seed) {
          seed.fill(0);
          likely.push({ at, word: other });
        }
      }
    }
  });
  return likely;
}
