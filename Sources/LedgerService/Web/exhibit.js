// SPDX-License-Identifier: Apache-2.0
//
// Exhibits: what is registered, and what an opening may show of it (formats.md section 4).
//
//     field/<name>         a text; names ascend, no duplicates
//     file/<k>/name        the path of file k = 0, 1, ...; paths ascend
//     file/<k>             its bytes, shown by their SHA-256
//     file/<k>#<n>         slices of its text, shown in runs
//
// Each shown item must be where an exhibit can have it: labels ascend, the items of one file stand together, and what is
// hidden has room for what must be there.

/** Reads a label: {field: name}, or {file, rank} with rank 0 for the name, 1 for the bytes, 2 + n for slice n; or null. */
function parseItemLabel(label) {
  if (utf8Length(label) > labelLimit) return null;
  if (label.startsWith("field/")) {
    const field = label.slice(6);
    return field !== "" && !hasRefusedCodePoint(field) ? { field } : null;
  }
  const parts = /^file\/([0-9]+)(?:(\/name)|#([0-9]+))?$/.exec(label);
  const file = parts === null ? null : decimal(parts[1]);
  if (file === null) return null;
  if (parts[2] !== undefined) return { file, rank: 0 };
  if (parts[3] === undefined) return { file, rank: 1 };
  const number = decimal(parts[3]);
  return number === null ? null : { file, rank: 2 + number };
}

/** Whether a path is relative, with no part that is empty, "." or "..". */
function isExhibitPath(path) {
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

/** Whether one label comes after another in an exhibit. */
function labelFollows(label, before) {
  if (label.field !== undefined && before.field !== undefined) return compareText(label.field, before.field) > 0;
  if (label.field !== undefined || before.field !== undefined) return before.field !== undefined;
  return label.file === before.file ? label.rank > before.rank : label.file > before.file;
}

/**
 * Checks what an opening shows of an exhibit. Throws a Refusal with a code that begins with "exhibit.".
 *
 * Gives {opening, parts, wholeTexts, shownCount, withheldCount}. A part is {position} with one of {field, text}, {file,
 * path}, {file, hash}, {run} and {withheld}. `wholeTexts` holds the files that are shown with all of their slices: that
 * these are the file's text is known of no others.
 */
function checkExhibit(opening) {
  const check = new ExhibitCheck(opening.count);
  const parts = openingParts(opening).map((part) => (part.item ? check.part(part) : part));
  check.finish();
  const withheld = withheldCount(parts);
  return {
    opening,
    parts,
    wholeTexts: check.wholeTexts,
    shownCount: opening.count - withheld,
    withheldCount: withheld,
  };
}

class ExhibitCheck {
  constructor(count) {
    this.count = count;
    this.last = null;
    this.lastPath = null;
    this.file = null;
    // The first position that what is shown so far leaves free.
    this.free = 0;
    // Said only where nothing else is wrong, which would explain it.
    this.withoutRoom = null;
    this.wholeTexts = new Set();
  }

  part({ position, item }) {
    const isRun = item.kind === "run";
    const label = isRun ? { file: item.file, rank: 2 + item.from } : parseItemLabel(item.label);
    if (label === null) throw new Refusal("exhibit.label", { position });
    if (this.last !== null && !labelFollows(label, this.last)) throw new Refusal("exhibit.order", { position });
    if (label.file !== undefined) this.enterFile(label, position);
    this.last = label;
    this.free = position + itemCount(item);
    if (label.field !== undefined && item.kind === "text") return { position, field: label.field, text: item.text };
    if (label.rank === 0 && item.kind === "text") return this.path(position, label.file, item.text);
    if (label.rank === 1 && item.kind === "sha256") {
      this.file.hash = item.hash;
      return { position, file: label.file, hash: item.hash };
    }
    if (label.rank >= 2 && isRun) {
      this.last = { file: item.file, rank: 1 + runEnd(item) };
      this.addRun(item);
      return { position, run: item };
    }
    throw new Refusal("exhibit.form", { position });
  }

  path(position, file, path) {
    if (!isExhibitPath(path)) throw new Refusal("exhibit.path", { position });
    if (this.lastPath !== null && compareText(path, this.lastPath) <= 0) {
      throw new Refusal("exhibit.pathOrder", { position });
    }
    this.lastPath = path;
    return { position, file, path };
  }

  /** Checks the place of an item against the others of its file, or begins its file. */
  enterFile({ file, rank }, position) {
    const start = position - rank;
    const current = this.file;
    if (current?.number === file) {
      if (start !== current.start) throw new Refusal("exhibit.scattered", { position });
      return;
    }
    // A file that is shown has a name and bytes; so has each that is not, between it and the one shown before.
    const unseen = current === null ? file : file - current.number - 1;
    const room = start - Math.max(this.free, current === null ? 0 : current.start + 2);
    if (room < 0 || Math.floor(room / 2) < unseen || start + 2 > this.count) this.withoutRoom ??= position;
    this.leaveFile();
    this.file = { number: file, start, hash: null, hasher: new Sha256(), slices: 0, hasGap: false };
  }

  addRun(run) {
    const file = this.file;
    file.hasGap ||= run.from !== file.slices;
    file.slices = runEnd(run);
    if (!file.hasGap) file.hasher.update(run.bytes);
  }

  /** A file shown beside some of its slices would let anybody test guesses at the others. */
  leaveFile() {
    const file = this.file;
    if (file === null || file.hash === null || file.slices === 0) return;
    if (file.hasGap) throw new Refusal("exhibit.fileBesideHiddenSlices", { file: file.number });
    if (!equalBytes(file.hasher.digest(), file.hash)) {
      throw new Refusal("exhibit.slicesAreNotTheFile", { file: file.number });
    }
    this.wholeTexts.add(file.number);
  }

  finish() {
    this.leaveFile();
    if (this.withoutRoom !== null) throw new Refusal("exhibit.noRoom", { position: this.withoutRoom });
  }
}

/** Checks what an opening shows of the details of a custody entry: fields as text, their names ascending. */
function checkDetails(opening) {
  let last = null;
  const parts = openingParts(opening).map(({ position, item, withheld }) => {
    if (item === undefined) return { position, withheld };
    if (item.kind !== "text") throw new Refusal("details.form", { position });
    const field = parseItemLabel(item.label)?.field;
    if (field === undefined) throw new Refusal("details.label", { position });
    if (last !== null && compareText(field, last) <= 0) throw new Refusal("details.order", { position });
    last = field;
    return { position, field, text: item.text };
  });
  return { opening, parts, withheldCount: withheldCount(parts) };
}
