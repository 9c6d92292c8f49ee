// SPDX-License-Identifier: Apache-2.0
//
// A result as nodes of the page.

/** The signs before a verdict: equal, not equal, in the log, refused, open. They judge nothing. */
const verdictSigns = { same: "=", differs: "\u2260", holds: "\u2116", fails: "\u2715", open: "?" };

/** A verdict: a sign, a sentence, and what to make of it. */
function verdictNode(language, kind, parts, note = null) {
  const children = [
    element("span", { class: "sign", "aria-hidden": "true" }, [verdictSigns[kind]]),
    element("p", { class: "sentence" }, nodesOfParts(language, parts)),
  ];
  if (note !== null) children.push(element("p", { class: "note" }, nodesOfParts(language, note)));
  return element("div", { class: `verdict ${kind}` }, children);
}

/** The article of one result: {name, claims} or {name, error}, under a trust list. */
function resultNode(language, result, trust) {
  const title = element("h2", { class: "result-title" },
    nodesOfParts(language, say(language, "result.of", { name: [{ foreign: result.name }] })));
  const article = element("article", { class: "result" }, [title]);
  if (result.error !== undefined) {
    article.append(failureNode(language, result, trust));
    if (isUnknownLog(result.error) || result.error instanceof Refusal) article.append(trustLine(language, trust));
    return article;
  }
  const { claims } = result;
  article.append(...claimVerdicts(language, claims));
  // Nothing is claimed of a document that is not the registered one.
  const areGiven = claims.comparisons.length > 0;
  const isJustOpen = areGiven && claims.comparisons.every((one) => one.result === "nothing");
  if (claims.holds || !areGiven || isJustOpen || claims.verified.contradictsItself) {
    article.append(rowsNode(language, claimRows(language, claims)), ...shownNodes(language, claims.verified));
  }
  article.append(...comparisonNodes(language, result), checkedNode(language, claims), trustLine(language, trust));
  return article;
}

function claimVerdicts(language, claims) {
  const { index } = claims.verified.proof;
  const nodes = [];
  if (claims.verified.contradictsItself) nodes.push(verdictNode(language, "fails", say(language, "verdict.contradiction")));
  if (claims.folder !== null) {
    nodes.push(verdictNode(language, claims.holds ? "same" : "differs", folderParts(language, claims, index)));
  }
  const hasText = claims.verified.exhibit?.parts.some(({ run }) => run !== undefined) ?? false;
  for (const comparison of claims.comparisons) {
    if (claims.folder !== null && comparison.result === "same") continue;
    const kind = { same: "same", sameText: "differs", differs: "differs", nothing: "open" }[comparison.result];
    const note = comparison.result === "nothing" && hasText ? say(language, "verdict.nothingText") : null;
    nodes.push(verdictNode(language, kind, comparisonParts(language, comparison, index), note));
  }
  if (claims.comparisons.length === 0) {
    const origin = [{ foreign: claims.verified.newest.checkpoint.origin }];
    nodes.push(verdictNode(language, "holds", say(language, "verdict.entry", { index, origin })));
  }
  return nodes;
}

function failureNode(language, { name, error }, trust) {
  const path = [{ foreign: name }];
  if (isUnknownLog(error)) {
    const values = { name: path, trust: [{ foreign: trust.name }], origin: [{ foreign: error.values.origin }] };
    return verdictNode(language, "open", say(language, "verdict.unknownLog", values), say(language, "verdict.unknownLogNote"));
  }
  if (error instanceof OtherVersion) {
    return verdictNode(language, "open", say(language, "verdict.otherVersion", { name: path }),
      say(language, "verdict.otherVersionNote"));
  }
  if (error instanceof FormatError) {
    const reason = [{ foreign: error.message }];
    return verdictNode(language, "fails", say(language, "verdict.malformed", { name: path, reason }),
      say(language, "verdict.malformedNote"));
  }
  const note = error.code === "quorumNotMet" ? "verdict.quorumNote" : "verdict.failsNote";
  const reason = refusalParts(language, error);
  return verdictNode(language, "fails", say(language, "verdict.fails", { name: path, reason }), say(language, note));
}

function rowsNode(language, rows) {
  const list = element("dl", { class: "rows" });
  rows.forEach(({ label, value, isLimit }, i) => {
    // A label that stands several times is said once.
    const isRepeated = i > 0 && rows[i - 1].label.join("") === label.join("");
    const name = isLimit ? "limit" : isRepeated ? "repeated" : null;
    list.append(element("dt", { class: name }, label), element("dd", { class: isLimit ? "limit" : null }, nodesOfParts(language, value)));
  });
  return list;
}

/** The shown fields and text, set apart, every hidden part in its place. */
function shownNodes(language, { exhibit, details }) {
  const nodes = [];
  const heading = (parts, note) => element("h4", { class: "shown-name" },
    [...nodesOfParts(language, parts), ...(note === undefined ? [] : [element("span", { class: "quiet small" }, [note])])]);
  const field = (name, parts, text) =>
    nodes.push(heading(parts), element("div", { class: "box foreign" }, foreignLines(text.replace(/\n$/, ""))));
  for (const piece of exhibit === null ? [] : shownParts(exhibit).pieces) {
    if (piece.field !== undefined) {
      field(piece.field, say(language, "shown.field", { name: [{ foreign: piece.field }] }), piece.text);
    } else if (piece.path !== undefined) {
      field(piece.path, say(language, "shown.path"), piece.path);
    } else {
      const isWhole = exhibit.wholeTexts.has(piece.file);
      const note = isWhole ? undefined : say(language, "shown.partial").join("");
      nodes.push(heading(say(language, "shown.text"), note), stretchesNode(language, piece.stretches));
    }
  }
  for (const { field: name, text } of details?.parts ?? []) {
    if (name !== undefined) field(name, say(language, "shown.detail", { name: [{ foreign: name }] }), text);
  }
  if (nodes.length === 0) return [];
  const counts = exhibit === null ? [] : [element("p", { class: "quiet small" }, say(language, "shown.counts", {
    shown: exhibit.shownCount, all: exhibit.opening.count, withheld: exhibit.withheldCount,
  }))];
  const foot = element("p", { class: "quiet small" }, say(language, "result.foot"));
  return [element("section", { class: "shown" },
    [element("h3", {}, say(language, "shown.title")), ...counts, ...nodes, foot])];
}

function stretchesNode(language, stretches) {
  const children = stretches.flatMap(({ text, withheld }) => text === undefined
    ? [withheldNode(language, withheld)]
    : foreignLines(text));
  return element("div", { class: "box text foreign" }, children);
}

/** The black block in the place of a hidden part. */
function withheldNode(language, count) {
  return element("span", { class: "withheld" }, say(language, "shown.withheld", { n: count }));
}

/** What was checked, and what was not. */
function checkedNode(language, claims) {
  const { verified, comparisons } = claims;
  const { proof, newest, filing, attestations, timestamps } = verified;
  const item = (name, values) => element("li", {}, nodesOfParts(language, say(language, name, values)));
  const some = (name, n, values = {}) => (n > 0 ? [item(name, { n, ...values })] : []);
  const isOpened = verified.dossier !== null || verified.details !== null;
  const did = [
    item("checked.log", { size: newest.checkpoint.size, n: newest.cosigners.length }),
    item("checked.included", { index: proof.index, n: proof.inclusions.length }),
    item("checked.signers", { n: filing.signers.length }),
    ...(isOpened ? [item("checked.sealed")] : []),
    ...some("checked.attestations", attestations.length),
    ...some("checked.quoted", proof.quoted.length),
    ...some("checked.related", proof.related.length),
    ...some("checked.timestamps", timestamps.length),
    ...some("checked.documents", comparisons.length),
  ];
  const not = [
    ...some("unchecked.timestamps", timestamps.length),
    item("unchecked.later", { last: newest.checkpoint.size - 1n }),
    item("unchecked.rules"),
    item("unchecked.people"),
    item("unchecked.page"),
  ];
  const engine = element("p", { class: "quiet small" },
    say(language, claims.isByBrowser ? "checked.byBrowser" : "checked.byPage"));
  return element("details", { class: "checked" }, [
    element("summary", {}, say(language, "checked.title")),
    element("h4", {}, say(language, "checked.did")), element("ul", {}, did),
    element("h4", {}, say(language, "checked.not")), element("ul", {}, not), engine,
  ]);
}

function trustLine(language, { name, policy }) {
  const values = { name: [{ foreign: name }], fingerprint: shortFingerprint(policy) };
  return element("p", { class: "quiet small trust-line" }, nodesOfParts(language, say(language, "result.trust", values)));
}
