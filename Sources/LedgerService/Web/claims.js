// SPDX-License-Identifier: Apache-2.0
//
// What a verification comes to: claims with their limits, as the program `indelible verify --json` reports them.

/** The log does not sign what it does not know: a proof of another log is no failure of the proof. */
function isUnknownLog(error) {
  return error instanceof Refusal && error.code === "unknownOrigin";
}

/** The parts of what a refusal says. */
function refusalParts(language, error) {
  if (error instanceof FormatError) return say(language, "format", { message: [{ foreign: error.message }] });
  if (error instanceof MerkleError) return say(language, `merkle.${error.code}`);
  const values = { ...error.values };
  if (values.name !== undefined) values.name = [{ foreign: values.name }];
  if (values.error !== undefined) values.error = refusalParts(language, values.error);
  return say(language, `refusal.${error.code}`, values);
}

/** What is claimed under a trust list {name, policy} of a verified proof, of given documents and of a whole folder. */
class Claims {
  constructor(verified, trust, comparisons, folder = null) {
    this.verified = verified;
    this.trust = trust;
    this.comparisons = comparisons;
    this.folder = folder;
    this.later = laterEntries(verified);
    const balance = folder === null ? [] : [...this.balance().values()];
    this.missingFiles = balance.reduce((sum, count) => sum + Math.max(count, 0), 0);
    this.surplusCopies = balance.reduce((sum, count) => sum + Math.max(-count, 0), 0);
  }

  /** Whether every document that was given is a registered one. */
  get holds() {
    const areSame = this.comparisons.every(({ result }) => result === "same");
    return !this.verified.contradictsItself && areSame && this.missingFiles === 0 && this.surplusCopies === 0;
  }

  /** For each content, how many more files have it in the entry than in the folder: names may be hidden. */
  balance() {
    const balance = new Map();
    const add = (hash, count) => balance.set(hash, (balance.get(hash) ?? 0) + count);
    const hashes = shownHashes(this.verified.exhibit);
    for (const { hash } of hashes) add(hash, 1);
    for (const { result, file } of this.comparisons) {
      if (result === "same") add(hashes.find((one) => one.file === file).hash, -1);
    }
    return balance;
  }

  /** For programs. What was not checked is not there. */
  json() {
    const { verified, trust } = this;
    const { proof, filing, newest, exhibit, dossier } = verified;
    const moment = (seconds) => (seconds === null ? null : rfc3339(seconds));
    const object = {
      holds: this.holds,
      documents: this.comparisons.map(comparisonJSON),
      registered_files_missing: this.folder === null ? null : this.missingFiles,
      copies_too_many: this.folder === null ? null : this.surplusCopies,
      origin: newest.checkpoint.origin,
      entry: Number(proof.index),
      action: filing.action.word,
      registered_with: filing.signers.map((key) => key.text),
      attestations: verified.attestations.map(attestationJSON),
      log_time: rfc3339(proof.entry.time),
      logged_before: moment(verified.loggedBefore),
      signed_after: moment(verified.signedAfter),
      contradicts_itself: verified.contradictsItself,
      cosigned_by: newest.cosigners.map(({ witness }) => witness.key.text),
      trust_list: trust.name,
      trust_list_sha256: trust.policy.fingerprint,
      tree_size: Number(newest.checkpoint.size),
      timestamps: verified.timestamps.map(timestampJSON),
    };
    if (exhibit !== null) {
      object.items_shown = exhibit.shownCount;
      object.items_withheld = exhibit.withheldCount;
    }
    if (dossier !== null) object.attestation_slots_withheld = dossier.withheldSlotCount;
    object.later_entries = this.later.map(laterJSON);
    object.later_entries_looked_up_to = null;
    object.not_shown = ["that the contents are accurate", "who holds the keys", "when it was written"];
    return object;
  }
}

function comparisonJSON({ path, result, file, spellings, line }) {
  const object = { path: shownText(path) };
  if (result === "same" || result === "sameText") object.file = file;
  object.result = {
    same: "same", differs: "not the same", nothing: "cannot be compared",
    sameText: `differs only in ${spellingParts("en", spellings ?? []).join("")}`,
  }[result];
  if (result === "differs" && line !== null) object.first_different_line = line;
  return object;
}

function attestationJSON({ slot, attestation }) {
  const object = { slot, key: attestation.signer.text, role: attestation.role };
  if (attestation.name !== null) object.calls_itself = attestation.name;
  if (attestation.remark !== null) object.note = attestation.remark;
  return object;
}

function timestampJSON({ seconds, size, policy, name }) {
  return {
    time: rfc3339(seconds), logged_by: null, tree_size: Number(size), policy, valid: null,
    calls_itself: name === null ? null : shownText(name),
    reason: englishWords["refusal.timestampNotChecked"],
  };
}

function laterJSON({ index, entry, kind, word, key }) {
  return {
    entry: Number(index),
    says: kind === "revocation" ? `revokes ${key.text}: ${word}` : word,
    signers: entry.filing.signers.map((signer) => signer.text),
    log_time: rfc3339(entry.time),
  };
}

/** What differs in how a text is written down, in words. */
function spellingParts(language, spellings) {
  return joined(language, "join.spellings", spellings.map((spelling) => say(language, `spelling.${spelling}`)));
}

/**
 * What other entries that the proof carries say about this one or the keys behind it: {index, entry, kind, word, key},
 * the kind being "relation", "custody" or "revocation". Charters and enrolments are the ground that the entry stands on.
 */
function laterEntries({ proof, filing, attestations }) {
  const hash = base64Of(proof.entry.leafHash);
  const isThis = (reference) => reference.index === proof.index && reference.hash === hash;
  const keys = [...filing.signers, ...attestations.map(({ attestation }) => attestation.signer)];
  return proof.related.flatMap(({ index, entry }) => {
    const { action } = entry.filing;
    if (action.word === "register") {
      return action.relations.filter((relation) => isThis(relation.entry))
        .map(({ verb }) => ({ index, entry, kind: "relation", word: verb }));
    }
    if (action.word === "custody" && isThis(action.entry)) {
      return [{ index, entry, kind: "custody", word: action.event }];
    }
    if (action.word === "revoke" && keys.some((key) => isSameKey(key, action.key))) {
      return [{ index, entry, kind: "revocation", word: action.reason, key: action.key }];
    }
    return [];
  });
}
