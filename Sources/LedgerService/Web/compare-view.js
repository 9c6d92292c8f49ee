// SPDX-License-Identifier: Apache-2.0
//
// The comparison of a circulating copy as nodes of the page, and the place where a copy is given.

/** The shown texts of a result: {file, stretches}. */
function shownTexts(verified) {
  return verified.exhibit === null ? [] : shownParts(verified.exhibit).pieces.filter(({ stretches }) => stretches);
}

/** What compares a copy, where the proof shows text; `result.copies` holds what was compared. */
function comparisonNodes(language, result) {
  const texts = shownTexts(result.claims.verified);
  if (texts.length === 0) return [];
  const outcome = element("div", { class: "outcome", "aria-live": "polite" });
  const show = () => outcome.replaceChildren(...result.copies.flatMap((copy) => copyNodes(language, result, copy)));
  const give = (copy) => {
    result.copies = [...result.copies.filter((other) => other.isGiven), copy];
    show();
  };
  const area = element("textarea", { id: `${result.id}-copy`, rows: "5" });
  const which = element("select", { id: `${result.id}-which` }, texts.map(({ file }, i) =>
    element("option", { value: String(i) }, say(language, "compare.document", { number: file + 1 }))));
  const chosen = () => Number(which.value);
  const input = element("input", { type: "file", hidden: true });
  input.addEventListener("change", async () => {
    const [file] = input.files;
    input.value = "";
    if (file === undefined) return;
    give(await readCopy(file, chosen()));
  });
  const run = element("button", { type: "button" }, say(language, "compare.run"));
  run.addEventListener("click", () => {
    if (area.value.trim() !== "") give({ name: null, text: area.value, chosen: chosen() });
  });
  const choose = element("button", { type: "button" }, say(language, "compare.file"));
  choose.addEventListener("click", () => input.click());
  const panel = element("details", { class: "compare" }, [
    element("summary", {}, say(language, "compare.title")),
    element("p", {}, say(language, "compare.lead")),
    ...(texts.length < 2 ? [] : [element("label", { for: which.id }, say(language, "compare.which")), which]),
    element("label", { for: area.id }, say(language, "compare.label")), area,
    element("p", { class: "buttons" }, [run, choose, input]),
  ]);
  if (result.copies.length > 0) panel.open = true;
  show();
  return [element("section", { class: "compare-section" }, [panel, outcome])];
}

/** Reads a copy's file as a text. */
async function readCopy(file, chosen, isGiven = false) {
  let text = null;
  if (file.size <= longestText) {
    try {
      text = readingsOf(new Uint8Array(await file.arrayBuffer()))[0]?.text ?? null;
    } catch {
      // It cannot be read: that is said like any other file that is no text.
    }
  }
  return { name: file.name, text, chosen, isGiven };
}

function copyNodes(language, result, copy) {
  const name = copy.name === null ? say(language, "compare.pasted") : [{ foreign: copy.name }];
  if (copy.text === null) return [verdictNode(language, "open", say(language, "compare.notText", { name }))];
  const { stretches } = shownTexts(result.claims.verified)[copy.chosen];
  copy.comparison ??= compareCopy(copy.text, stretches);
  const { comparison } = copy;
  if (comparison === null) return [verdictNode(language, "open", say(language, "compare.tooLong"))];
  const { index } = result.claims.verified.proof;
  const { isSame, isPart } = comparison;
  const values = { name, index, part: isPart ? say(language, "compare.samePart") : [] };
  const verdict = isSame ? say(language, "compare.same", values)
    : say(language, "compare.differs", { ...values, counts: countParts(language, comparison) });
  return [
    verdictNode(language, isSame ? "same" : "differs", verdict),
    element("p", { class: "quiet small" }, [...say(language, "compare.notCompared"), " ", ...say(language, "compare.key")]),
    ...paragraphNodes(language, comparison.parts),
  ];
}

function countParts(language, { counts, isPart }) {
  const part = isPart ? say(language, "compare.asShown") : [];
  const lists = [say(language, "compare.countSame", { all: counts.all, n: counts.same, part })];
  for (const [name, n] of [["Differs", counts.differs], ["Missing", counts.missing], ["Withheld", counts.withheld], ["Extra", counts.extras]]) {
    if (n > 0) lists.push(say(language, `compare.count${name}`, { n }));
  }
  return joined(language, "join.counts", lists);
}

function paragraphNodes(language, parts) {
  const nodes = [];
  const isPlain = (part) => part?.result === "same" && !part.isPart;
  for (let i = 0; i < parts.length; i++) {
    const part = parts[i];
    if (isPlain(part)) {
      const first = i;
      while (isPlain(parts[i + 1])) i += 1;
      const [one, last] = [parts[first].number, parts[i].number];
      const title = one === last
        ? say(language, "compare.paragraph", { number: one, result: say(language, "compare.resultSame") })
        : say(language, "compare.range", { first: one, last });
      nodes.push(element("section", { class: "paragraph same" }, [element("h5", {}, title)]));
      continue;
    }
    nodes.push(paragraphNode(language, part));
  }
  return nodes;
}

function paragraphNode(language, { number, result, isPart, proof, copy }) {
  if (number === undefined) {
    return element("section", { class: "paragraph extra" },
      [element("h5", {}, say(language, "compare.extra")), lineNode(language, "compare.copy", copy)]);
  }
  const name = { same: "SamePart", differs: "Differs", missing: "Missing", withheld: "Withheld" }[result];
  const title = say(language, "compare.paragraph", { number, result: say(language, `compare.result${name}`) });
  const lines = [lineNode(language, "compare.proof", proof)];
  if (copy.length > 0 && (result !== "same" || isPart)) lines.push(lineNode(language, "compare.copy", copy));
  return element("section", { class: `paragraph ${result}` }, [element("h5", {}, title), ...lines]);
}

function lineNode(language, label, stretches) {
  const nodes = stretches.flatMap(({ kind, text, count, isSpaced }, i) => {
    const space = i > 0 && isSpaced ? [" "] : [];
    if (kind === "withheld") return [...space, withheldNode(language, count)];
    const words = foreignLines(text);
    if (kind === "same") return [...space, ...words];
    if (kind === "differs") return [...space, element("mark", { class: "only" }, words)];
    const beside = say(language, "compare.beside", { text: [{ foreign: text }] });
    return [...space, element("span", { class: "beside" }, nodesOfParts(language, beside))];
  });
  return element("p", { class: "line" },
    [element("span", { class: "whose" }, say(language, label)), element("bdi", { class: "foreign" }, nodes)]);
}
