// SPDX-License-Identifier: Apache-2.0
//
// Everything that a verifier checks of a proof file, in the order of formats.md section 5. The first check that does not
// hold throws a Refusal with its own code; what does not hold shows nothing.

/**
 * Checks a proof that `parseProofFile` read under a policy that `parsePolicy` read.
 *
 * Gives {proof, filing, newest, dossier, exhibit, details, attestations: [{slot, attestation, signedAfter}], loggedBefore,
 * signedAfter, contradictsItself, timestamps}. Moments are BigInts, in POSIX seconds, or null where nothing is shown.
 */
async function verifyProof(proof, policy) {
  const { newest, loggedBefore } = await checkInclusions(proof, policy);
  const { filing } = proof.entry;
  if (filing.log !== newest.checkpoint.origin) throw new Refusal("filingForAnotherLog");
  await verifyFiling(filing);
  const dossier = await checkDossierOf(proof, filing);
  const exhibit = proof.exhibit === null ? null : checkExhibit(proof.exhibit);
  const details = checkDetailsOf(proof, filing);
  const vouchings = dossier?.attestations ?? [];
  const shown = [filing.after, ...vouchings.map(({ attestation }) => attestation.after)];
  const bounds = await checkQuoted(proof, shown, newest, policy);
  await checkRelated(proof, newest);
  const timestamps = checkTimestamps(proof);
  const boundOf = (after) => (after === null ? null : (bounds.get(quoteName(after)) ?? null));
  const attestations = vouchings.map((one) => ({ ...one, signedAfter: boundOf(one.attestation.after) }));
  const signedAfter = boundOf(filing.after);
  const moments = [signedAfter, ...attestations.map((one) => one.signedAfter)];
  return {
    proof, filing, newest, dossier, exhibit, details, attestations, loggedBefore, signedAfter, timestamps,
    contradictsItself: loggedBefore !== null && moments.some((moment) => moment !== null && moment > loggedBefore),
  };
}

/** Runs a check of a Merkle proof; where it does not hold, throws a Refusal that says of what. */
function holding(code, values, check) {
  try {
    check();
  } catch (error) {
    throw error instanceof MerkleError ? new Refusal(code, { ...values, error }) : error;
  }
}

/** Every inclusion is signed by the log and holds; the last meets the quorum. */
async function checkInclusions(proof, policy) {
  const leaf = proof.entry.leafHash;
  const included = ({ index, path, checkpoint: { size, root } }) => checkInclusion(leaf, index, size, root, path);
  const last = proof.inclusions.at(-1);
  const newest = await verifyCheckpoint(last.checkpoint, policy);
  if (!newest.isQuorumMet) throw new Refusal("quorumNotMet");
  holding("inclusion", {}, () => included(last));
  let loggedBefore = newest.upperBound;
  for (const [i, earlier] of proof.inclusions.slice(0, -1).entries()) {
    holding("earlierInclusion", { number: i + 1 }, () => included(earlier));
    if (earlier.checkpoint.origin !== newest.checkpoint.origin) {
      throw new Refusal("earlierInclusion", { number: i + 1, error: new Refusal("unknownOrigin") });
    }
    let bound;
    try {
      // A checkpoint that does not meet the quorum has no bound.
      bound = (await verifyCheckpoint(earlier.checkpoint, policy)).upperBound;
    } catch (error) {
      throw error instanceof Refusal ? new Refusal("earlierInclusion", { number: i + 1, error }) : error;
    }
    if (bound !== null && (loggedBefore === null || bound < loggedBefore)) loggedBefore = bound;
  }
  return { newest, loggedBefore };
}

async function checkDossierOf(proof, filing) {
  if (proof.dossier === null) return null;
  if (!equalBytes(openingDigest(proof.dossier, sealedDomains.dossier), filing.action.dossier)) {
    throw new Refusal("dossierDigest");
  }
  const exhibit = proof.exhibit === null ? null : openingDigest(proof.exhibit, sealedDomains.exhibit);
  return checkDossier(proof.dossier, exhibit, filing);
}

function checkDetailsOf(proof, filing) {
  if (proof.details === null) return null;
  if (!equalBytes(openingDigest(proof.details, sealedDomains.details), filing.action.details)) {
    throw new Refusal("detailsDigest");
  }
  return checkDetails(proof.details);
}

/** What tells one quoted checkpoint from another. */
const quoteName = ({ size, hash }) => `${size} ${hash}`;

/** The bound that each shown `after` line gives, by what it quotes. */
async function checkQuoted(proof, shown, newest, policy) {
  const names = new Set(shown.filter((after) => after !== null).map(quoteName));
  const bounds = new Map();
  for (const [i, { checkpoint, path }] of proof.quoted.entries()) {
    const number = i + 1;
    const name = quoteName({ size: checkpoint.size, hash: checkpointHash(checkpoint) });
    if (!names.has(name) || bounds.has(name)) throw new Refusal("quotedByNothing", { number });
    if (checkpoint.origin !== newest.checkpoint.origin) throw new Refusal("quotedOfAnotherLog", { number });
    if (checkpoint.size > proof.index) throw new Refusal("quotedIsNotEarlier", { number });
    holding("quotedConsistency", { number }, () => checkConsistency(checkpoint, newest.checkpoint, path));
    try {
      bounds.set(name, (await verifyCheckpoint(checkpoint, policy)).lowerBound);
    } catch (error) {
      // One that does not meet the policy is of this history all the same; it gives no bound.
      if (!(error instanceof Refusal)) throw error;
      bounds.set(name, null);
    }
  }
  return bounds;
}

async function checkRelated(proof, newest) {
  const { size, root, origin } = newest.checkpoint;
  const seen = new Set([proof.index]);
  for (const [i, { entry, index, path }] of proof.related.entries()) {
    const number = i + 1;
    if (seen.has(index)) throw new Refusal("relatedTwice", { number });
    seen.add(index);
    holding("relatedInclusion", { number }, () => checkInclusion(entry.leafHash, index, size, root, path));
    try {
      await verifyFiling(entry.filing);
    } catch (error) {
      throw error instanceof Refusal ? new Refusal("relatedFiling", { number }) : error;
    }
    if (entry.filing.log !== origin) throw new Refusal("relatedFiling", { number });
  }
}

/** Every time-stamp is one, and of the checkpoint of an inclusion; its signature is not looked at. */
function checkTimestamps(proof) {
  const hashes = proof.inclusions.map(({ checkpoint }) => sha256(utf8(checkpoint.note.text)));
  return proof.timestamps.map((bytes, i) => {
    let token;
    try {
      token = parseTimestamp(bytes);
    } catch (error) {
      throw error instanceof FormatError ? new Refusal("timestamp", { number: i + 1, error }) : error;
    }
    const stamped = hashes.findLastIndex((hash) => equalBytes(hash, token.imprint));
    if (stamped < 0) throw new Refusal("timestampForAnotherCheckpoint", { number: i + 1 });
    return { ...token, size: proof.inclusions[stamped].checkpoint.size };
  });
}
