// SPDX-License-Identifier: Apache-2.0
//
// What programs can ask of the page: `globalThis.indelible`. Nothing of it can be changed from outside.
//
//     await indelible.verify(proof, trustList, { documents: [{ path, bytes }], folder: null, trustName: "policy" })
//
// gives one element of what `indelible verify --json` calls `proofs`: `holds` is true or false, or null where the trust
// list does not name the log. It rejects with a FormatError where the proof or the trust list cannot be read.

/** Verifies a proof, as bytes or text, under a trust list, as bytes or text. */
async function verify(proof, trustList, { documents = [], folder = null, name = "proof", trustName = "policy" } = {}) {
  const bytesOf = (input) => (typeof input === "string" ? utf8(input) : input);
  const policy = parsePolicy(bytesOf(trustList));
  const parsed = parseProofFile(bytesOf(proof));
  try {
    const verified = await verifyProof(parsed, policy);
    const comparisons = [];
    for (const { path, bytes } of documents) {
      comparisons.push(await compareDocument({ path, bytes, hash: hexOf(sha256(bytes)) }, verified.exhibit));
    }
    return new Claims(verified, { name: trustName, policy }, comparisons, folder).json();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const reason = textOfParts("en", refusalParts("en", error));
    return { proof: shownText(name), holds: isUnknownLog(error) ? null : false, reason };
  }
}

/** What a trust list says: its fingerprint, logs, witnesses and quorum. Throws a FormatError. */
function readTrustList(bytes) {
  const { fingerprint, logs, witnesses, groups, quorum } = parsePolicy(bytes);
  const vkeys = (list) => list.map(({ key }) => key.text);
  return { fingerprint, logs: vkeys(logs), witnesses: vkeys(witnesses), groups, quorum };
}

/** The bounds that a checkpoint's cosignature times give under a trust list, as text or null. */
async function checkpointBounds(checkpoint, trustList) {
  const cosigned = await verifyCheckpoint(parseCheckpoint(checkpoint), parsePolicy(trustList));
  const text = (moment) => (moment === null ? null : String(moment));
  return { isQuorumMet: cosigned.isQuorumMet, upper: text(cosigned.upperBound), lower: text(cosigned.lowerBound) };
}

/** Smaller parts of the formats, each with texts and bytes in and out. What is wrong throws. */
const formats = {
  /** An entry and whether its filing's signatures hold: {time, action, signers}. */
  async readEntry(bytes) {
    const entry = parseEntry(bytes);
    await verifyFiling(entry.filing);
    const { action, signers } = entry.filing;
    return { time: entry.time, action: action.word, signers: signers.map((key) => key.text) };
  },

  /** What an authority states in a time-stamp; nothing of it is verified. */
  readTimestamp(bytes) {
    const { imprint, seconds, bound, policy, name } = parseTimestamp(bytes);
    return { imprint: hexOf(imprint), seconds: String(seconds), bound: String(bound), policy, name };
  },

  /** The digest in base64 of the list that an opening, as JSON, is of; the domain is exhibit, dossier or details. */
  openingDigest(json, domain) {
    const opening = parseOpening(new JSONCursor(parseJSON(json, "opening"), "opening"));
    return base64Of(openingDigest(opening, sealedDomains[domain]));
  },

  /** Throws unless a leaf stands in a tree; hashes are in base64, numbers in decimal. */
  checkInclusion(leaf, index, size, root, path) {
    checkInclusion(hashOfBase64(leaf), BigInt(index), BigInt(size), hashOfBase64(root), path.map(hashOfBase64));
  },

  /** Throws unless a tree begins with the leaves of an older one. */
  checkConsistency(oldSize, oldRoot, newSize, newRoot, path) {
    const older = { size: BigInt(oldSize), root: hashOfBase64(oldRoot) };
    const newer = { size: BigInt(newSize), root: hashOfBase64(newRoot) };
    checkConsistency(older, newer, path.map(hashOfBase64));
  },
};

globalThis.indelible = Object.freeze({
  verify,
  readTrustList,
  checkpointBounds,
  ed25519Verify,
  sha256: (bytes) => sha256(bytes),
  /** Whether the browser checks signatures; otherwise the page does. */
  isByBrowser: browserKeepsTheRule,
  /** Whether nothing is being worked on. */
  isIdle: () => page.work === null && page.arriving === 0,
  formats: Object.freeze(formats),
  words: Object.freeze({ en: Object.freeze(englishWords), zh: Object.freeze(chineseWords) }),
});
Object.defineProperty(globalThis, "indelible", { writable: false, configurable: false });
