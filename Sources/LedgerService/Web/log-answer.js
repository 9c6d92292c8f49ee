// SPDX-License-Identifier: Apache-2.0
//
// Checks what a log answers to a filing, before anything is made of it: the answer is a proof of logging whose extra
// line is the entry.

/**
 * Verifies a proof of logging under the policy that came with the page: the log's signature, the cosignatures, the
 * quorum, the inclusion. Gives {entry, index, checkpoint, cosigned}. Throws a FormatError, a Refusal or a MerkleError.
 */
async function verifyLogAnswer(text, policy) {
  const { extra, index, path, checkpoint } = parseLogProof(text);
  if (extra === null) throw new FormatError("tlog-proof", "without its entry");
  const entry = parseEntry(extra);
  const cosigned = await verifyCheckpoint(checkpoint, policy);
  if (!cosigned.isQuorumMet) throw new Refusal("quorumNotMet");
  checkInclusion(entry.leafHash, index, checkpoint.size, checkpoint.root, path);
  if (entry.filing.log !== checkpoint.origin) throw new Refusal("anotherFiling");
  return { entry, index: Number(index), checkpoint, cosigned };
}

/** The same, for the answer to a filing of ours: the entry must be that filing, byte for byte. */
async function verifyOwnAnswer(text, filing, policy) {
  const answer = await verifyLogAnswer(text, policy);
  if (answer.entry.filing.note.whole !== filing) throw new Refusal("anotherFiling");
  return answer;
}

/** Why an answer does not hold: one of the words `why...`. */
function answerFault(error) {
  if (error instanceof MerkleError) return "whyInclusion";
  if (!(error instanceof Refusal)) return "whyForm";
  return {
    quorumNotMet: "whyQuorum", anotherFiling: "whyFiling", invalidCosignature: "whyCosignature",
  }[error.code] ?? "whyLog";
}
