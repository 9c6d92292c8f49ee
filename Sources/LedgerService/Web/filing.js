// SPDX-License-Identifier: Apache-2.0
//
// Filings and entries: what a log holds (formats.md sections 1 and 2).
//
//     time <POSIX seconds>
//     indelible-filing/v1
//     log <origin>
//     after <size> <base64 SHA-256 of a checkpoint>      0 or 1
//     signer <vkey>                                      1 to 16
//     <action and its fields>
//
//     — <a signature line for each signer>
//
// Whether the log might enter a filing is for those who replay the log; here its form and its signatures are checked.

const entryLimit = 65_535;

const reasons = ["retired", "superseded", "lost", "compromised", "coerced", "detained"];
const events = [
  "collected", "received", "handed-over", "copied", "opened", "sealed", "returned", "seized", "lost", "destroyed",
];
const verbs = [
  "translates", "supersedes", "transcribes", "redacts", "excerpts", "attaches", "rebuts", "corroborates", "corrects",
  "contests", "answers",
];

/** Reads an entry: {bytes, time, filing, leafHash}. Throws a FormatError. */
function parseEntry(bytes) {
  if (bytes.length > entryLimit) throw new FormatError("entry", "longer than 65,535 bytes");
  const end = bytes.indexOf(0x0a);
  const line = end < 0 ? null : textOf(bytes.subarray(0, end));
  const time = line?.startsWith("time ") ? decimal(line.slice(5)) : null;
  if (time === null) throw new FormatError("entry", "want a time line with seconds below 2^53", 1);
  return { bytes, time, filing: parseFiling(bytes.subarray(end + 1)), leafHash: leafHash(bytes) };
}

/** Reads a filing: {note, log, after, signers, signerLinesHash, action}. Throws a FormatError. */
function parseFiling(bytes) {
  const whole = textOf(bytes);
  if (whole === null) throw new FormatError("signed note", "not UTF-8");
  const note = parseNote(whole);
  const reader = new LineReader(note.text, "filing");
  reader.header("indelible-filing/v1");
  const log = reader.origin();
  const after = reader.quote();
  const signers = [];
  reader.values("signer", 1, 16, (value) => {
    const key = reader.signingKey(value);
    // A name and key ID can be shared by two keys: the ID has 32 bits.
    const isKnown = (other) => isSameKey(other, key) || (other.name === key.name && other.id === key.id);
    if (signers.some(isKnown)) throw reader.refuse("the same signer twice", 1);
    signers.push(key);
  });
  const action = readAction(reader);
  reader.finish();
  if (action.word === "charter" && action.logKeys.some((key) => key.name !== log)) {
    throw new FormatError("filing", "log-key: its name is not the origin");
  }
  const signerLinesHash = sha256(utf8(signers.map((key) => `signer ${key.text}\n`).join("")));
  return { note, log, after, signers, signerLinesHash, action };
}

/** Reads the action's line and its fields: {word, ...}. */
function readAction(reader) {
  const line = reader.wholeLine();
  const space = line.indexOf(" ");
  const word = space < 0 ? line : line.slice(0, space);
  const value = space < 0 ? null : line.slice(space + 1);
  if (!Object.hasOwn(actionReaders, word)) throw reader.refuse("unknown action", 1);
  const { isBare, read } = actionReaders[word];
  if (isBare && value !== null) throw reader.refuse("the action has no value, and no space behind it", 1);
  if (!isBare && !value) throw reader.refuse("the action wants a value", 1);
  return { word, ...read(reader, value) };
}

const actionReaders = {
  charter: { isBare: true, read: readCharter },
  enrol: {
    isBare: false,
    read: (reader, value) => ({
      key: reader.signingKey(value),
      revokers: reader.values("revoker", 0, 8, (hash) => reader.hash(hash)),
    }),
  },
  "add-revoker": { isBare: false, read: (reader, value) => ({ revoker: reader.hash(value) }) },
  revoke: {
    isBare: false,
    read: (reader, value) => {
      const key = reader.signingKey(value);
      const reason = reader.word("reason", reasons);
      const text = reader.optional("since");
      const since = text === null ? null : decimal(text);
      if (text !== null && since === null) throw reader.refuse("since is not a number of seconds below 2^53", 1);
      return { key, reason, since };
    },
  },
  register: {
    isBare: false,
    read: (reader, value) => ({
      dossier: reader.hash(value),
      published: reader.values("sha256", 0, 64, (hash) => {
        if (hashOfHex(hash) === null) throw reader.refuse("want 64 lower-case hexadecimal digits", 1);
        return hash;
      }),
      relations: reader.values("relation", 0, 16, (relation) => {
        const [verb] = relation.split(" ", 1);
        if (!verbs.includes(verb)) throw reader.refuse("want a known verb, an index and a leaf hash", 1);
        return { verb, entry: reader.reference(relation.slice(verb.length + 1)) };
      }),
    }),
  },
  custody: {
    isBare: false,
    read: (reader, value) => {
      const entry = reader.reference(value);
      const event = reader.word("event", events);
      const details = reader.optional("details");
      return { entry, event, details: details === null ? null : reader.hash(details) };
    },
  },
  close: { isBare: true, read: (reader) => ({ note: reader.text("note") }) },
};

function readCharter(reader) {
  const refuse = (reason) => new FormatError("charter", reason);
  const amended = reader.optional("amends");
  const amends = amended === null ? null : reader.reference(amended);
  const stewards = reader.values("steward", 1, 16, (value) => reader.signingKey(value));
  const threshold = reader.number("threshold");
  const sponsors = reader.number("sponsors");
  const admission = reader.word("admission", ["members", "anyone"]);
  const logKeys = reader.values("log-key", 1, 2, (value) => reader.signingKey(value));
  const continued = reader.optional("continues");
  const continues = continued === null ? null : readContinuation(reader, continued);
  const note = reader.text("note");
  const areDistinct = (keys) => new Set(keys.map((key) => key.keyHex)).size === keys.length;
  if (!areDistinct(stewards)) throw refuse("the same steward twice");
  if (threshold < 1 || threshold > Math.min(15, stewards.length)) {
    throw refuse("threshold is not 1 to min(15, stewards)");
  }
  if (sponsors > 15) throw refuse("sponsors is not 0 to 15");
  if (!areDistinct(logKeys)) throw refuse("the same log-key twice");
  return { amends, stewards, threshold, sponsors, admission, logKeys, continues, note };
}

function readContinuation(reader, value) {
  const [origin, size, root, ...more] = value.split(" ");
  const number = size === undefined ? null : decimal(size);
  if (!isKeyName(origin) || number === null || root === undefined || hashOfBase64(root) === null || more.length > 0) {
    throw reader.refuse("want an origin, a size and a root hash", 1);
  }
  return { origin, size: number, root };
}

/** Verifies that there is one signature line for each signer, in their order, each by its key. Throws a Refusal. */
async function verifyFiling(filing) {
  const { signatures, text } = filing.note;
  const claimed = (key, i) => signatures[i].name === key.name && signatures[i].id === key.id;
  if (signatures.length !== filing.signers.length || !filing.signers.every(claimed)) {
    throw new Refusal("signatureLinesDiffer");
  }
  const message = utf8(text);
  for (const [i, key] of filing.signers.entries()) {
    if (!(await ed25519Verify(key.key, signatures[i].bytes, message))) {
      throw new Refusal("invalidSignature", { name: key.name });
    }
  }
}
