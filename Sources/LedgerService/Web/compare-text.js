// SPDX-License-Identifier: Apache-2.0
//
// A circulating copy compared with the text that a proof shows, paragraph by paragraph, with hidden parts in between.
//
// A word is a run of letters and digits; an ideograph, and a letter of a script that is written without spaces, is a word
// by itself; so is each punctuation mark. White space is not compared, nor whether letters are composed (Unicode NFC). A
// paragraph is a line with something in it. What the copy has where something is withheld is not compared.

const comparedLimit = 1 << 20;

const withoutSpaces = "\\p{Ideographic}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}" +
  "\\p{Script=Khmer}\\p{Script=Myanmar}";
const wordPattern = `[${withoutSpaces}]\\p{M}*|(?:(?![${withoutSpaces}])[\\p{L}\\p{N}]\\p{M}*)+|\\S\\p{M}*`;

/** The share of a paragraph's words below which what is the same is taken for chance. */
const leastShare = 0.3;

/** The words of a text: {text, line, isSpaced}, a word being spaced where white space stands before it. */
function wordsOf(text, firstLine = 0, isSpaced = false) {
  const words = [];
  const line = { number: firstLine };
  let end = 0;
  for (const match of text.matchAll(new RegExp(wordPattern, "gu"))) {
    const between = text.slice(end, match.index);
    line.number += between.split(/\r\n|[\n\r\u2028\u2029]/).length - 1;
    words.push({ text: match[0], line: line.number, isSpaced: between !== "" || (end === 0 && isSpaced) });
    end = match.index + match[0].length;
  }
  line.number += text.slice(end).split(/\r\n|[\n\r\u2028\u2029]/).length - 1;
  return { words, lastLine: line.number, endsInSpace: /\s$/u.test(text) };
}

/** The words and hidden parts of a shown text, by paragraph: {words, gaps}, a gap being {before, count, line}. */
function shownWords(stretches) {
  const [words, gaps] = [[], []];
  let [line, isSpaced] = [0, false];
  for (const stretch of stretches) {
    if (stretch.withheld !== undefined) {
      gaps.push({ before: words.length, count: stretch.withheld, line });
    } else {
      const found = wordsOf(stretch.text, line, isSpaced);
      for (const word of found.words) words.push(word);
      [line, isSpaced] = [found.lastLine, found.endsInSpace];
    }
  }
  return { words, gaps };
}

/**
 * Compares a copy with shown stretches. Gives {isSame, counts, parts}, or null where either is too long. A part is
 * {number, result, isPart, proof, copy} for a paragraph, the result being "same", "differs", "missing" or "withheld", and
 * {copy} for what only the copy has. Texts are lists of {kind, text}: "same", "differs", "withheld" (with `count`) or
 * "beside" a hidden part.
 */
function compareCopy(copyText, stretches) {
  const shown = shownWords(stretches);
  const copy = wordsOf(copyText.replace(/^\ufeff/, "")).words;
  if (shown.words.length > comparedLimit || copy.length > comparedLimit) return null;
  const numbers = new Map();
  const numbered = (words) => Int32Array.from(words, ({ text }) => {
    const word = text.normalize("NFC");
    if (!numbers.has(word)) numbers.set(word, numbers.size);
    return numbers.get(word);
  });
  const matches = alignWords(numbered(shown.words), numbered(copy));
  const paragraphs = paragraphsOf(shown);
  for (const paragraph of paragraphs) forgetChance(paragraph, matches);
  return assembleComparison(shown, copy, matches, paragraphs);
}

/** The paragraphs: {from, to, gaps}, the words of each and its hidden parts. */
function paragraphsOf({ words, gaps }) {
  const byLine = new Map();
  const at = (line, place) => {
    if (!byLine.has(line)) byLine.set(line, { line, from: place, to: place, gaps: [] });
    return byLine.get(line);
  };
  let next = 0;
  words.forEach((word, i) => {
    for (; next < gaps.length && gaps[next].before <= i; next++) at(gaps[next].line, i).gaps.push(gaps[next]);
    at(word.line, i).to = i + 1;
  });
  for (; next < gaps.length; next++) at(gaps[next].line, words.length).gaps.push(gaps[next]);
  return [...byLine.values()];
}

/** Drops what is the same by chance: a full stop, a common word. */
function forgetChance({ from, to }, matches) {
  let same = 0;
  for (let i = from; i < to; i++) if (matches[i] >= 0) same += 1;
  if (same < leastShare * (to - from)) matches.fill(-1, from, to);
}

function assembleComparison(shown, copy, matches, paragraphs) {
  const parts = [];
  let next = 0;
  const extra = (end) => {
    if (end > next) parts.push({ copy: [stretchOf("differs", copy, next, end)] });
    next = Math.max(next, end);
  };
  paragraphs.forEach((paragraph, i) => {
    const first = firstMatch(matches, paragraph.from, paragraph.to);
    const part = { number: i + 1, isPart: paragraph.gaps.length > 0, proof: [], copy: [] };
    if (first >= 0) {
      // What the copy has on the line before the first word of this paragraph belongs to it, unless it has another's.
      let start = matches[first];
      while (start > next && copy[start - 1].line === copy[matches[first]].line) start -= 1;
      if (!paragraph.gaps.some(({ before }) => before <= first)) extra(start);
    }
    const behind = firstMatch(matches, paragraph.to, matches.length);
    const limit = behind < 0 ? copy.length : matches[behind];
    next = walkParagraph(paragraph, part, { shown, copy, matches, next, limit, behind });
    part.result = paragraphResult(part);
    parts.push(part);
  });
  extra(copy.length);
  const count = (result) => parts.filter((part) => part.result === result).length;
  const extras = parts.filter((part) => part.number === undefined).length;
  const counts = {
    all: paragraphs.length, same: count("same"), differs: count("differs"), missing: count("missing"),
    withheld: count("withheld"), extras,
  };
  return { isSame: counts.differs + counts.missing + extras === 0, isPart: shown.gaps.length > 0, counts, parts };
}

function firstMatch(matches, from, to) {
  for (let i = from; i < to; i++) if (matches[i] >= 0) return i;
  return -1;
}

/** Puts together what either text has of a paragraph; gives the place in the copy behind it. */
function walkParagraph({ from, to, gaps }, part, { shown, copy, matches, next, limit, behind }) {
  const hasMatch = firstMatch(matches, from, to) >= 0;
  let [place, line, isBeside] = [next, null, false];
  const takeCopy = (end) => {
    if (end <= place) return;
    part.copy.push(stretchOf(isBeside ? "beside" : "differs", copy, place, end));
    place = end;
  };
  for (let i = from; i <= to; i++) {
    for (const gap of gaps.filter(({ before }) => before === i)) {
      part.proof.push({ kind: "withheld", count: gap.count, isSpaced: true });
      isBeside = true;
    }
    if (i === to) break;
    const match = matches[i];
    if (match >= 0) {
      takeCopy(match);
      isBeside = false;
      line = copy[match].line;
      part.copy.push(stretchOf("same", copy, match, match + 1));
      place = match + 1;
    }
    part.proof.push(stretchOf(match >= 0 ? "same" : "differs", shown.words, i, i + 1));
  }
  // Behind its last word: what stands beside a hidden part, or on the same line of the copy.
  let end = place;
  const isGapAhead = shown.gaps.some(({ before }) => before >= to && (behind < 0 || before <= behind));
  if (isBeside) end = limit;
  else if (hasMatch && !isGapAhead) while (end < limit && copy[end].line === line) end += 1;
  takeCopy(end);
  part.proof = mergedStretches(part.proof);
  part.copy = mergedStretches(part.copy);
  return place;
}

function paragraphResult({ proof, copy }) {
  const kinds = new Set(proof.map(({ kind }) => kind));
  if (!kinds.has("same") && !kinds.has("differs")) return "withheld";
  if (!kinds.has("same")) return "missing";
  return kinds.has("differs") || copy.some(({ kind }) => kind === "differs") ? "differs" : "same";
}

function stretchOf(kind, words, from, to) {
  const text = words.slice(from, to).map((word, i) => (i > 0 && word.isSpaced ? " " : "") + word.text).join("");
  return { kind, text, isSpaced: words[from].isSpaced };
}

function mergedStretches(stretches) {
  const merged = [];
  for (const stretch of stretches) {
    const last = merged.at(-1);
    if (last?.kind === stretch.kind && stretch.kind !== "withheld") {
      last.text += (stretch.isSpaced ? " " : "") + stretch.text;
    } else {
      merged.push({ ...stretch });
    }
  }
  return merged;
}
