// SPDX-License-Identifier: Apache-2.0
//
// How a given file compares with what a proof shows of documents: byte for byte the same, the same but for how the text
// is written down, or not the same, with the first line that differs where the text is shown whole.

const spellingNames = ["lineEnds", "finalNewline", "byteOrderMark", "encoding"];

/** The longest text for which every choice of differences is tried with another encoding, in bytes. */
const longestTriedText = 1 << 20;

/** The hashes of files that an exhibit shows: {file, hash}, the hash in hexadecimal. */
function shownHashes(exhibit) {
  return (exhibit?.parts ?? []).filter((part) => part.hash !== undefined)
    .map(({ file, hash }) => ({ file, hash: hexOf(hash) }));
}

/** The text of each file that is shown whole, by number. */
function wholeTexts(exhibit) {
  const texts = new Map();
  for (const { run } of exhibit?.parts ?? []) {
    if (run === undefined || !exhibit.wholeTexts.has(run.file)) continue;
    texts.set(run.file, concat(texts.get(run.file) ?? new Uint8Array(0), run.bytes));
  }
  return texts;
}

/**
 * Compares a document {path, hash, bytes} with the exhibit that a verified proof shows; its bytes are null where it is
 * too long to be looked at again.
 *
 * Gives {path, result, file, spellings, line}, the result being "same", "sameText", "differs" or "nothing".
 */
async function compareDocument({ path, hash, bytes }, exhibit) {
  const hashes = shownHashes(exhibit);
  const same = hashes.find((one) => one.hash === hash);
  if (same !== undefined) return { path, result: "same", file: same.file };
  if (hashes.length === 0) return { path, result: "nothing" };
  const readings = bytes === null ? [] : readingsOf(bytes);
  for (const reading of readings) {
    const found = await respelled(reading, hashes);
    if (found !== null) return { path, result: "sameText", ...found };
  }
  const texts = wholeTexts(exhibit);
  if (texts.size !== 1 || readings.length === 0) return { path, result: "differs", line: null };
  const [shown] = texts.values();
  return { path, result: "differs", line: Math.max(...readings.map((one) => firstDifference(one.bytes, shown))) };
}

/** The first line, from 1, in which two texts differ. */
function firstDifference(one, other) {
  const length = Math.min(one.length, other.length);
  let line = 1;
  for (let i = 0; i < length && one[i] === other[i]; i++) if (one[i] === 0x0a) line += 1;
  return line;
}

/** The fewest changes of spelling that make the text a registered one: {file, spellings}, or null. */
async function respelled(reading, hashes) {
  const given = reading.encoding === "utf8" ? [] : ["encoding"];
  const names = spellingNames.filter((name) => !given.includes(name));
  for (let count = 0; count <= names.length; count++) {
    for (const spellings of choices(names, count)) {
      // Each conversion of a long text takes its time: no more than what is likely is tried.
      const isLong = reading.bytes.length > longestTriedText;
      if (isLong && spellings.includes("encoding") && spellings.some((name) => name !== "encoding" && name !== "lineEnds")) {
        continue;
      }
      const file = await matchingFile(reading.bytes, spellings, hashes);
      if (file !== null) return { file, spellings: [...spellings, ...given] };
    }
  }
  return null;
}

/** Every choice of `count` of some names, each in their order. */
function choices(names, count) {
  if (count === 0) return [[]];
  return names.flatMap((name, i) => choices(names.slice(i + 1), count - 1).map((rest) => [name, ...rest]));
}

/** The file that a text is when it is written down otherwise in each of some ways; null where it is none. */
async function matchingFile(bytes, [spelling, ...rest], hashes) {
  if (spelling === undefined) {
    const hash = hexOf(sha256(bytes));
    // A long text takes a while: the page stays alive meanwhile.
    if (bytes.length > longestTriedText) await new Promise((resolve) => setTimeout(resolve));
    return hashes.find((one) => one.hash === hash)?.file ?? null;
  }
  for (const variant of spellingVariants[spelling](bytes)) {
    const file = await matchingFile(variant, rest, hashes);
    if (file !== null) return file;
  }
  return null;
}
