// SPDX-License-Identifier: Apache-2.0
//
// Proof files: what is handed to others to show a registration (formats.md section 5), and the proofs of logging that
// they hold (C2SP tlog-proof).
//
// Reading one checks its form alone.

const proofLimits = { inclusions: 16, path: 63, logProof: 2 << 20 };

/** Another version of the format: a newer page may read it. It is not called damaged. */
class OtherVersion extends FormatError {
  constructor() {
    super("proof file", "made by another version of this program; a newer one may read it");
    this.name = "OtherVersion";
  }
}

/**
 * Reads a proof file of at most 256 MiB. Throws a FormatError, or OtherVersion.
 *
 * Gives {entry, index, inclusions, dossier, exhibit, details, quoted, related, timestamps}; openings are null where there
 * are none.
 */
function parseProofFile(bytes) {
  const whole = parseJSON(bytes, "proof file");
  const format = whole instanceof Map ? whole.get("format") : undefined;
  if (typeof format !== "string") {
    throw new FormatError("proof file", "it does not say what it is: no member format");
  }
  if (format !== "indelible-proof/v1") throw new OtherVersion();
  const members = new JSONCursor(whole, "proof file").object(
    ["format", "inclusion"], ["dossier", "exhibit", "details", "quoted", "related", "timestamps"]);
  const inclusions = members.inclusion.array(1, proofLimits.inclusions).map((item) => parseLogProof(item.text()));
  const quoted = (members.quoted?.array() ?? []).map((item) => {
    const { checkpoint, consistency } = item.object(["checkpoint", "consistency"]);
    return { checkpoint: parseCheckpoint(checkpoint.text()), path: parsePath(consistency) };
  });
  const related = (members.related?.array() ?? []).map((item) => {
    const { entry, index, path } = item.object(["entry", "index", "path"]);
    return { entry: parseEntry(entry.base64()), index: BigInt(index.number()), path: parsePath(path) };
  });
  const timestamps = (members.timestamps?.array() ?? []).map((item) => item.base64());
  const [dossier, exhibit, details] = ["dossier", "exhibit", "details"].map((name) =>
    members[name] === undefined ? null : parseOpening(members[name]));
  return assembleProof({ inclusions, dossier, exhibit, details, quoted, related, timestamps });
}

/** Checks that the parts of a proof file belong to one entry. */
function assembleProof(parts) {
  const refuse = (reason) => new FormatError("proof file", reason);
  const { inclusions, dossier, exhibit, details } = parts;
  const last = inclusions.at(-1);
  if (last.extra === null) throw refuse("inclusion without its entry");
  const isOfThis = ({ extra, index }) => extra !== null && equalBytes(extra, last.extra) && index === last.index;
  if (!inclusions.every(isOfThis)) throw refuse("inclusions of different entries");
  const sizes = inclusions.map(({ checkpoint }) => checkpoint.size);
  if (sizes.some((size, i) => i > 0 && size < sizes[i - 1])) throw refuse("inclusions out of order");
  const entry = parseEntry(last.extra);
  const { action } = entry.filing;
  if (exhibit !== null && dossier === null) throw refuse("an exhibit without its dossier");
  if (dossier !== null && action.word !== "register") throw refuse("a dossier for what is no registration");
  if (details !== null && (action.word !== "custody" || action.details === null)) {
    throw refuse("details for what names none");
  }
  return { entry, index: last.index, ...parts };
}

function parsePath(cursor) {
  return cursor.array(0, proofLimits.path).map((element) => element.hash());
}

/**
 * Reads a proof of logging: {extra, index, path, checkpoint}.
 *
 *     c2sp.org/tlog-proof@v1
 *     extra dGltZSAxNzAwMDAwMTE0Cg==
 *     index 4
 *     TUnC+EIsqkSxprSeL2BhARQ8PlNi3eD3Din6ZcZ5MoM=         0 to 63: the leaf's sibling first
 *     (an empty line)
 *     the checkpoint, verbatim
 */
function parseLogProof(text) {
  if (utf8Length(text) > proofLimits.logProof) throw new FormatError("tlog-proof", "longer than 2 MiB");
  let [at, number] = [0, 0];
  const refuse = (reason) => new FormatError("tlog-proof", reason, number);
  const nextLine = () => {
    number += 1;
    const end = text.indexOf("\n", at);
    if (end < 0) throw refuse("ends before the checkpoint");
    const line = text.slice(at, end);
    at = end + 1;
    return line;
  };
  if (nextLine() !== "c2sp.org/tlog-proof@v1") throw refuse("want c2sp.org/tlog-proof@v1");
  let line = nextLine();
  let extra = null;
  if (line.startsWith("extra ")) {
    extra = bytesOfBase64(line.slice(6));
    if (extra === null || extra.length === 0) throw refuse("extra");
    line = nextLine();
  }
  const index = line.startsWith("index ") ? bigDecimal(line.slice(6)) : null;
  if (index === null) throw refuse("index");
  const path = [];
  for (line = nextLine(); line !== ""; line = nextLine()) {
    if (path.length === proofLimits.path) throw refuse("more than 63 hashes");
    const hash = hashOfBase64(line);
    if (hash === null) throw refuse("hash");
    path.push(hash);
  }
  return { extra, index, path, checkpoint: parseCheckpoint(text.slice(at)) };
}
