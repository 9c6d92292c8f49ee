// SPDX-License-Identifier: Apache-2.0
//
// A result as a person reads it: what was found of each document, what the proof claims with its limits, what it shows,
// and what was checked. It says what `indelible verify` says, in its words.

/** The rows of a result: {label, value}, the value being a list of parts. */
function claimRows(language, claims) {
  const { verified, trust } = claims;
  const { filing, newest, proof } = verified;
  const rows = [];
  const row = (name, value, isLimit = false) => rows.push({ label: say(language, `row.${name}`), value, isLimit });
  if (claims.comparisons.length === 0) row("entry", actionParts(language, filing.action, true));
  for (const { verb, entry } of filing.action.word === "register" ? filing.action.relations : []) {
    row("relation", say(language, "relation", { verb: say(language, `verb.${verb}`), index: entry.index }));
  }
  for (const key of filing.signers) {
    row(filing.action.word === "register" ? "registered" : "signed", signerParts(language, key, proof.related));
  }
  for (const vouching of verified.attestations) row("vouched", vouchingParts(language, vouching));
  if (verified.signedAfter !== null) row("after", say(language, "after", { moment: momentPart(verified.signedAfter) }));
  row("before", beforeParts(language, verified, trust));
  for (const { bound, name } of verified.timestamps) {
    const values = { moment: momentPart(bound), name: [{ foreign: name ?? "" }] };
    row("timestamp", say(language, name === null ? "timestamp.nameless" : "timestamp", values));
  }
  row("clock", say(language, "clock", { moment: momentPart(proof.entry.time) }));
  if (verified.contradictsItself) row("contradiction", say(language, "contradiction"), true);
  row("withheld", withheldParts(language, verified));
  for (const line of laterParts(language, claims)) row("later", line);
  row("limits", say(language, "limits"), true);
  return rows;
}

const momentPart = (seconds) => [{ moment: seconds }];

/** A short fingerprint of a trust list, as people read it out. */
function shortFingerprint({ fingerprint }) {
  return `${fingerprint.slice(0, 4)} ${fingerprint.slice(4, 8)}`;
}

function signerParts(language, key, related) {
  const enrolled = related.find(({ entry }) =>
    entry.filing.action.word === "enrol" && entry.filing.action.key.text === key.text);
  const values = { key: shortKey(key), name: [{ foreign: key.name }] };
  return enrolled === undefined ? say(language, "key.own", values)
    : say(language, "key.enrolled", { ...values, index: enrolled.index });
}

function vouchingParts(language, { attestation, signedAfter }) {
  const { signer, role, name, remark } = attestation;
  const parts = say(language, "vouching", {
    key: shortKey(signer),
    name: [{ foreign: name ?? signer.name }],
    role: say(language, `role.${role}`),
    after: signedAfter === null ? [] : say(language, "vouching.after", { moment: momentPart(signedAfter) }),
  });
  if (remark === null) return parts;
  return joined(language, "join.parts", [parts, say(language, "vouching.note", { note: [{ foreign: remark }] })]);
}

function beforeParts(language, { loggedBefore, newest }, { name, policy }) {
  const list = { trust: [{ foreign: name }], fingerprint: shortFingerprint(policy) };
  if (policy.quorum === null) return say(language, "before.none", list);
  if (loggedBefore === null) return say(language, "before.noTime");
  const names = newest.cosigners.map(({ witness }) => [{ foreign: octetsText(witness.name) }]);
  return say(language, "before", {
    ...list, moment: momentPart(loggedBefore), n: newest.cosigners.length, all: policy.witnesses.length,
    names: joined(language, "join.names", names),
  });
}

/** The text of a name of a trust list, in which bytes that are not UTF-8 are written out. */
function octetsText(name) {
  return textOf(bytesOfOctets(name)) ?? name.replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}

function withheldParts(language, { exhibit, dossier, details, filing }) {
  const parts = [];
  const add = (name, values) => parts.push(say(language, `withheld.${name}`, values));
  const isRegistration = filing.action.word === "register";
  if (exhibit !== null) {
    const files = exhibit.parts.filter((part) => part.hash !== undefined).length;
    if (!exhibit.parts.some((part) => part.path !== undefined)) add(files < 2 ? "name" : "names");
    const words = shownParts(exhibit).withheldInTexts;
    if (words > 0) add("words", { n: words });
    add(words > 0 ? "inAll" : "items", { n: exhibit.withheldCount, all: exhibit.opening.count });
  } else if (isRegistration) {
    add("documents");
  }
  if (dossier !== null) add(dossier.withheldSlotCount === 0 ? "noSlots" : "slots");
  else if (isRegistration) add("vouchers");
  if (details !== null && details.withheldCount > 0) add("details", { n: details.withheldCount });
  else if (details === null && filing.action.word === "custody" && filing.action.details !== null) add("allDetails");
  if (parts.length === 0) add("nothing");
  return joined(language, "join.parts", parts);
}

/** What other entries that the proof carries say, each with the log's clock and its signers. */
function laterParts(language, { later, verified }) {
  const tail = say(language, "later.tail", { last: verified.newest.checkpoint.size - 1n });
  if (later.length === 0) return [say(language, "later.none", { tail })];
  const lines = later.map(({ index, entry, kind, word }) => say(language, "later.entry", {
    index,
    moment: momentPart(entry.time),
    signers: joined(language, "join.names", entry.filing.signers.map((key) => keyParts(language, key))),
    says: kind === "relation" ? say(language, "later.relation", { verb: say(language, `verb.${word}`) })
      : kind === "custody" ? say(language, "later.custody", { event: say(language, `event.${word}`) })
      : actionParts(language, entry.filing.action),
  }));
  return [...lines, tail];
}

function keyParts(language, key) {
  return say(language, "key", { key: shortKey(key), name: [{ foreign: key.name }] });
}

/** What an entry's action says, in one line. */
function actionParts(language, action, isThis = false) {
  switch (action.word) {
    case "charter": return charterParts(language, action);
    case "enrol":
      return say(language, "action.enrol", { key: keyParts(language, action.key), n: action.revokers.length });
    case "revoke":
      return say(language, "action.revoke", {
        key: keyParts(language, action.key),
        reason: say(language, `reason.${action.reason}`),
        since: action.since === null ? [] : say(language, "action.since", { moment: momentPart(action.since) }),
      });
    case "custody": {
      const event = say(language, `event.${action.event}`);
      return say(language, "action.custody", { index: action.entry.index, event });
    }
    default: return say(language, `action.${action.word}`);
  }
}

function charterParts(language, charter) {
  const { continues } = charter;
  return say(language, "action.charter", {
    n: charter.stewards.length,
    threshold: charter.threshold,
    sponsors: charter.sponsors,
    who: say(language, `action.${charter.admission}`),
    two: charter.logKeys.length > 1 ? say(language, "action.twoKeys") : [],
    continues: continues === null ? [] : say(language, "action.continues", {
      origin: [{ foreign: continues.origin }], size: continues.size, root: continues.root,
    }),
  });
}

/** What was found of one document. */
function comparisonParts(language, { path, result, spellings, line }, index) {
  const values = { path: [{ foreign: path }], index };
  switch (result) {
    case "sameText": return say(language, "verdict.sameText", { ...values, spellings: spellingParts(language, spellings) });
    case "differs": {
      const place = line === null ? say(language, "verdict.nowhere") : say(language, "verdict.line", { line });
      return say(language, "verdict.differs", { ...values, place });
    }
    default: return say(language, `verdict.${result}`, values);
  }
}

/** What was found of a whole folder. */
function folderParts(language, claims, index) {
  const { folder, comparisons, missingFiles, surplusCopies, holds } = claims;
  const all = comparisons.length;
  const values = { path: [{ foreign: folder }], index, all };
  if (holds) return say(language, all === 1 ? "verdict.folderOne" : "verdict.folderAll", values);
  return say(language, "verdict.folderNot", {
    ...values,
    same: comparisons.filter(({ result }) => result === "same").length,
    missing: missingFiles === 0 ? [] : say(language, "verdict.missing", { n: missingFiles }),
    surplus: surplusCopies === 0 ? [] : say(language, "verdict.surplus", { n: surplusCopies }),
  });
}
