// SPDX-License-Identifier: Apache-2.0
//
// Dossiers: an exhibit's digest with what was attested of it, as a sealed list (formats.md section 4).
//
//     exhibit              the 32-byte exhibit digest || SHA-256 of the filing's signer lines; shown by its SHA-256
//     attestation/<n>      n = 1, 2, ...: a note, or nothing; shown as text

/** The number of items of a dossier with this many attestations: 16; 32, 64, ... where 15 do not suffice. */
function dossierCount(attestations) {
  let count = 16;
  while (count <= attestations) count *= 2;
  return count;
}

/**
 * Checks what an opening shows of a dossier, every shown attestation included. Throws a Refusal.
 *
 * `exhibit` is the digest of an exhibit that is shown with it, or null. Gives {opening, attestations: [{slot,
 * attestation}], withheldSlotCount}.
 */
async function checkDossier(opening, exhibit, filing) {
  const parts = openingParts(opening);
  const tie = exhibitItem(parts[0]);
  // The exhibit comes first: where another is shown, that is what to say, not that all attestations differ.
  if (exhibit !== null) expectTie(tie, exhibit, filing);
  const attestations = [];
  let [known, empty] = [exhibit, 0];
  for (const { position, item } of parts) {
    if (item === undefined || position === 0) continue;
    const attestation = await attestationItem(item, position);
    if (attestation === null) {
      empty += 1;
      continue;
    }
    if (attestation.log !== filing.log) throw new Refusal("dossier.attestationForOtherLog", { position });
    if (known !== null && !equalBytes(attestation.exhibit, known)) {
      throw new Refusal("dossier.attestationOfOtherExhibit", { position });
    }
    known = attestation.exhibit;
    if (attestations.some((other) => isSameKey(other.attestation.signer, attestation.signer))) {
      throw new Refusal("dossier.twoByOneKey", { name: attestation.signer.name });
    }
    attestations.push({ slot: position, attestation });
  }
  // No more items than the attestations that there can be need.
  if (opening.count !== dossierCount(opening.count - 1 - empty)) {
    throw new Refusal("dossier.count", { count: opening.count });
  }
  if (exhibit === null && known !== null) expectTie(tie, known, filing);
  // The item `exhibit` is no slot.
  const isTieHidden = parts[0].item === undefined;
  return { opening, attestations, withheldSlotCount: withheldCount(parts) - (isTieHidden ? 1 : 0) };
}

/** The value's hash of the item `exhibit`, where it is shown; otherwise null. */
function exhibitItem({ item }) {
  if (item === undefined) return null;
  if (item.kind !== "sha256") throw new Refusal("dossier.form", { position: 0 });
  if (item.label !== "exhibit") throw new Refusal("dossier.label", { position: 0 });
  return item.hash;
}

/** Checks that the item `exhibit` is shown, and is of this exhibit and these signers. */
function expectTie(tie, exhibit, filing) {
  if (tie === null) throw new Refusal("dossier.exhibitHidden");
  if (!equalBytes(tie, sha256(exhibit, filing.signerLinesHash))) throw new Refusal("dossier.exhibitOrSignersDiffer");
}

/** The attestation in an item, its signature verified; null where the slot is empty. */
async function attestationItem(item, position) {
  if (item.kind !== "text") throw new Refusal("dossier.form", { position });
  if (item.label !== `attestation/${position}`) throw new Refusal("dossier.label", { position });
  if (item.text === "") return null;
  try {
    const attestation = parseAttestation(item.text);
    await verifyAttestation(attestation);
    return attestation;
  } catch (error) {
    if (error instanceof FormatError || error instanceof Refusal) {
      throw new Refusal("dossier.attestation", { position, error });
    }
    throw error;
  }
}
