// SPDX-License-Identifier: Apache-2.0
//
// Checks what a log answers to a filing, before anything is made of it (C2SP tlog-proof v1).
//
//     c2sp.org/tlog-proof@v1
//     extra <base64 of the entry>
//     index <n>
//     <base64 hash>                    0 to 63
//     (an empty line)
//     <checkpoint>

/** Reads a tlog-proof: {bytes, entry, index, path, checkpoint}. Throws a FormatError. */
function parseLogAnswer(text) {
  const refuse = (line) => new FormatError("tlog-proof", "not in the form of the specification", line);
  const boundary = text.indexOf("\n\n");
  const lines = text.slice(0, Math.max(boundary, 0)).split("\n");
  if (lines[0] !== "c2sp.org/tlog-proof@v1") throw refuse(1);
  const entry = lines[1]?.startsWith("extra ") ? bytesOfBase64(lines[1].slice(6)) : null;
  if (!entry) throw refuse(2);
  const index = lines[2]?.startsWith("index ") ? decimal(lines[2].slice(6)) : null;
  if (index === null) throw refuse(3);
  const path = lines.slice(3).map((line, i) => {
    const hash = hashOfBase64(line);
    if (!hash || i >= 63) throw refuse(4 + i);
    return hash;
  });
  return { text, entry: parseEntry(entry), index, path, checkpoint: parseCheckpoint(text.slice(boundary + 2)) };
}

/**
 * Verifies a tlog-proof under the policy that came with the page: the log's signature, the cosignatures, the quorum,
 * the inclusion. Gives {entry, index, cosigned}. Throws a FormatError, a Refusal or a MerkleError.
 */
async function verifyLogAnswer(text, policy) {
  const answer = parseLogAnswer(text);
  const cosigned = await verifyCheckpoint(answer.checkpoint, policy);
  if (!cosigned.isQuorumMet) throw new Refusal("quorumNotMet");
  const { size, root, origin } = answer.checkpoint;
  checkInclusion(answer.entry.leafHash, BigInt(answer.index), size, root, answer.path);
  if (answer.entry.filing.log !== origin) throw new Refusal("unknownOrigin", { origin: answer.entry.filing.log });
  return { ...answer, cosigned };
}

/** The same, for the answer to a filing of ours: the entry must be that filing, byte for byte. */
async function verifyOwnAnswer(text, filing, policy) {
  const answer = await verifyLogAnswer(text, policy);
  if (answer.entry.filing.note.whole !== filing) throw new Refusal("anotherFiling");
  return answer;
}
