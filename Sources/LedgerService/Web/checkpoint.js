// SPDX-License-Identifier: Apache-2.0
//
// Checkpoints, what a log states of itself (C2SP tlog-checkpoint), and who has cosigned them (C2SP tlog-cosignature).
//
//     ledger.example/log
//     600
//     Ju2W1Kdm7BXhGwE7eHVof+cznGfc6nRYipzID0RjASM=
//     (any number of extension lines, none of them empty)

/** A check that does not hold: a code, which words.js has words for, and what they speak of. */
class Refusal extends Error {
  constructor(code, values = {}) {
    super(code);
    this.name = "Refusal";
    this.code = code;
    this.values = values;
  }
}

/** Reads a note whose text is a checkpoint: {note, origin, size, root}, none of it verified. Throws a FormatError. */
function parseCheckpoint(whole) {
  const note = parseNote(whole);
  const lines = note.text.slice(0, -1).split("\n");
  const refuse = (reason, line = null) => new FormatError("checkpoint", reason, line);
  if (lines.length < 3) throw refuse("want origin, size and root");
  if (!isOrigin(lines[0])) throw refuse("origin", 1);
  const size = bigDecimal(lines[1]);
  if (size === null) throw refuse("size", 2);
  const root = hashOfBase64(lines[2]);
  if (root === null) throw refuse("root", 3);
  if (size === 0n && !equalBytes(root, emptyRoot)) throw refuse("not the root of an empty tree", 3);
  const empty = lines.indexOf("", 3);
  if (empty >= 0) throw refuse("empty extension line", empty + 1);
  return { note, origin: lines[0], size, root };
}

/** The SHA-256 of the whole note, signatures included, in base64: what an `after` line quotes. */
function checkpointHash(checkpoint) {
  return base64Of(sha256(utf8(checkpoint.note.whole)));
}

/**
 * Verifies a checkpoint under a policy: the log's signature by a key configured for its origin, then every line that
 * claims to be by a known witness. Throws a Refusal at the first that fails.
 *
 * Gives {checkpoint, cosigners: [{witness, time}], isQuorumMet, upperBound, lowerBound}. Times are BigInts, in POSIX
 * seconds. The upper bound is the earliest T such that the witnesses that state a time of 1 to T alone meet the quorum,
 * the lower bound the latest T such that those that state T or later alone meet it; null where there is none.
 */
async function verifyCheckpoint(checkpoint, policy) {
  await verifyLogSignatures(checkpoint, policy);
  const cosigners = [];
  for (const line of checkpoint.note.signatures) {
    const witness = policy.witnesses.find(({ key }) => key.name === line.name && key.id === line.id);
    if (witness === undefined || witness.key.type !== signatureTypes.cosignature) continue;
    const time = await cosignatureTime(line.bytes, witness.key, checkpoint);
    if (time === null) throw new Refusal("invalidCosignature", { name: line.name });
    cosigners.push({ witness, time });
  }
  const isMetBy = (those) => isQuorumMet(policy, new Set(those.map(({ witness }) => witness.name)));
  const times = policy.quorum === null ? [] : cosigners.map(({ time }) => time).filter((time) => time > 0n);
  times.sort((left, right) => (left < right ? -1 : left > right ? 1 : 0));
  const upperBound = times.find((limit) => isMetBy(cosigners.filter(({ time }) => time >= 1n && time <= limit)));
  const lowerBound = times.findLast((limit) => isMetBy(cosigners.filter(({ time }) => time >= limit)));
  return {
    checkpoint,
    cosigners,
    isQuorumMet: isMetBy(cosigners),
    upperBound: upperBound ?? null,
    lowerBound: lowerBound ?? null,
  };
}

/** A line that claims to be by a key of the log and fails refuses the checkpoint, even where another passes. */
async function verifyLogSignatures(checkpoint, policy) {
  const keys = policy.logs.map(({ key }) => key).filter((key) => key.name === checkpoint.origin);
  if (keys.length === 0) throw new Refusal("unknownOrigin", { origin: checkpoint.origin });
  const message = utf8(checkpoint.note.text);
  let verified = 0;
  for (const line of checkpoint.note.signatures) {
    const key = keys.find(({ name, id }) => name === line.name && id === line.id);
    if (key === undefined || key.type !== signatureTypes.ed25519) continue;
    if (!(await ed25519Verify(key.key, line.bytes, message))) throw new Refusal("invalidLogSignature");
    verified += 1;
  }
  if (verified === 0) throw new Refusal("notSignedByLog");
}

/**
 * The time in a cosignature of 72 bytes by a witness over a checkpoint's text; null where it is not one.
 *
 *     uint64 big-endian POSIX seconds below 2^63, 64 bytes of Ed25519
 */
async function cosignatureTime(bytes, key, checkpoint) {
  if (bytes.length !== 72) return null;
  const time = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
  if (time >= 1n << 63n) return null;
  const message = utf8(`cosignature/v1\ntime ${time}\n${checkpoint.note.text}`);
  return (await ed25519Verify(key.key, bytes.subarray(8), message)) ? time : null;
}
