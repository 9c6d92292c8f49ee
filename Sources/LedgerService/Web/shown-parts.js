// SPDX-License-Identifier: Apache-2.0
//
// What a proof shows of an exhibit as a person reads it: fields, names, and texts with every hidden part in its place.

/**
 * Gives {pieces, withheldInTexts}. A piece is {field, text}, {file, path} or {file, stretches}, a stretch being {text} or
 * {withheld: count}; two hidden parts that stand side by side are not joined.
 */
function shownParts(exhibit) {
  const pieces = [];
  const withText = new Set(exhibit.parts.flatMap(({ run }) => (run === undefined ? [] : [run.file])));
  const starts = fileStarts(exhibit);
  let [stretches, current, withheldInTexts] = [[], null, 0];
  const end = () => {
    if (stretches.length > 0) pieces.push({ file: current, stretches });
    stretches = [];
  };
  const turnTo = (file) => {
    if (current !== file) end();
    current = file;
  };
  const hide = (from, to) => {
    if (current === null || !withText.has(current) || to <= from) return;
    stretches.push({ withheld: to - from });
    withheldInTexts += to - from;
  };
  for (const part of exhibit.parts) {
    if (part.field !== undefined) {
      pieces.push({ field: part.field, text: part.text });
    } else if (part.path !== undefined) {
      end();
      current = part.file;
      pieces.push({ file: part.file, path: part.path });
    } else if (part.hash !== undefined) {
      turnTo(part.file);
    } else if (part.run !== undefined) {
      turnTo(part.run.file);
      const last = stretches.at(-1);
      if (last?.text !== undefined) last.text += part.run.text;
      else stretches.push({ text: part.run.text });
    } else {
      // One hidden part may reach from one file's text over the next one's name to its text.
      let [from, to] = [part.position, part.position + part.withheld];
      for (const { file, start } of starts) {
        if (start + 2 <= from || start >= to) continue;
        hide(from, start);
        end();
        current = file;
        from = Math.min(start + 2, to);
      }
      hide(from, to);
    }
  }
  end();
  return { pieces, withheldInTexts };
}

/** Where the items of each file begin of which anything is shown. */
function fileStarts(exhibit) {
  const starts = [];
  for (const { position, file, path, hash, run } of exhibit.parts) {
    const found = path !== undefined ? { file, start: position }
      : hash !== undefined ? { file, start: position - 1 }
      : run !== undefined ? { file: run.file, start: position - 2 - run.from }
      : null;
    if (found !== null && starts.at(-1)?.file !== found.file) starts.push(found);
  }
  return starts;
}
