// SPDX-License-Identifier: Apache-2.0
//
// A registration from documents to the filing, and what its holder keeps (formats.md sections 4 to 6).
//
//     documents -> exhibit -> attestation -> dossier -> filing        (then the log)        -> proof, private file
//
// A document is {name, size, sha256, text, file}: `text` its bytes where they are UTF-8 that is cut, otherwise null.

const dossierCount = 16;

/** Reads and hashes a File in parts. `progress` is told the bytes read so far. */
async function readDocument(file, name, progress = () => {}) {
  const hasher = new Sha256();
  const isShort = file.size <= longestCutText;
  const whole = isShort ? new Uint8Array(file.size) : null;
  const step = 1 << 20;
  for (let at = 0; at < file.size; at += step) {
    const part = new Uint8Array(await file.slice(at, at + step).arrayBuffer());
    // A file that shrank or grew under us would be registered as something that nobody has.
    if (part.length !== Math.min(step, file.size - at)) throw new FormatError("document", "changed while it was read");
    hasher.update(part);
    whole?.set(part, at);
    progress(at + part.length);
    await pause();
  }
  const isText = isShort && file.size > 0 && !whole.includes(0) && textOf(whole) !== null;
  return { name, size: file.size, sha256: hasher.digest(), text: isText ? whole : null, file };
}

/** Whether a path can stand in an exhibit: relative, and no part of it empty, "." or "..". */
function isExhibitPath(path) {
  return path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

/** The items of an exhibit in order, `file/<k>` to be shown. */
function* exhibitItems(fields, documents) {
  for (const field of fields) {
    yield { valueHash: sha256(utf8(field.text)), label: utf8(`field/${field.name}`), shown: null };
  }
  for (const [k, document] of documents.entries()) {
    yield { valueHash: sha256(utf8(document.name)), label: utf8(`file/${k}/name`), shown: null };
    const label = `file/${k}`;
    yield { valueHash: document.sha256, label: utf8(label), shown: { label, sha256: hexOf(document.sha256) } };
    let at = 0, n = 0;
    for (const length of document.lengths ?? []) {
      yield { valueHash: sha256(document.text.subarray(at, at + length)), label: utf8(`file/${k}#${n++}`), shown: null };
      at += length;
    }
  }
}

/** Seals documents and fields under a fresh seed. A document that was cut before, and has `lengths`, is not cut anew. */
async function sealExhibit(documents, fields = [], progress = () => {}, seed = randomBytes(32)) {
  const sorted = documents.slice().sort((a, b) => compareText(a.name, b.name));
  sorted.forEach((document, k) => {
    if (!isExhibitPath(document.name)) throw new FormatError("document", "path");
    if (k > 0 && sorted[k - 1].name === document.name) throw new FormatError("document", "two have one name");
    if (document.lengths === undefined) document.lengths = document.text ? sliceLengths(document.text) : null;
  });
  const sortedFields = fields.slice().sort((a, b) => compareText(a.name, b.name));
  const count = sortedFields.length + sorted.reduce((sum, { lengths }) => sum + 2 + (lengths?.length ?? 0), 0);
  const sealed = await sealList(sealedDomains.exhibit, count, seed, exhibitItems(sortedFields, sorted), progress);
  return { ...sealed, seed, count, documents: sorted, fields: sortedFields };
}

/** Slots of a dossier for these attestations, each set of them equally likely: notes by slot. */
function placeAttestations(attestations) {
  const slots = shuffled(Array.from({ length: dossierCount - 1 }, (_, i) => i + 1));
  return Object.fromEntries(attestations.map((note, i) => [slots[i], note]));
}

/** Puts an exhibit and what was attested of it, by slot, into a dossier for these signers. */
async function sealDossier(exhibit, placed, signers, seed = randomBytes(32)) {
  const exhibitHash = sha256(exhibit.digest, signerLinesHash(signers));
  function* items() {
    yield { valueHash: exhibitHash, label: utf8("exhibit"), shown: { label: "exhibit", sha256: hexOf(exhibitHash) } };
    for (let n = 1; n < dossierCount; n++) {
      yield { valueHash: sha256(utf8(placed[n] ?? "")), label: utf8(`attestation/${n}`), shown: null };
    }
  }
  return { ...await sealList(sealedDomains.dossier, dossierCount, seed, items()), seed, attestations: placed };
}

/**
 * Prepares a registration: {filing, exhibit, dossier}. Nothing has left the page yet.
 *
 *     request: {origin, after, documents, fields, signer, attester, role, name, publishesHashes, progress}
 *
 * `role` is "" where nobody vouches. `attester` is the person's key; `signer` is the same one, or one used once.
 */
async function prepareRegistration(request) {
  const { origin, after = null, signer, attester, role, name } = request;
  const exhibit = await sealExhibit(request.documents, request.fields, request.progress);
  const attestations = [];
  if (role) {
    const text = attestationText({ origin, after, signer: attester.key.text, exhibit: exhibit.digest, role, name });
    attestations.push(await signedNote(text, [attester]));
  }
  const dossier = await sealDossier(exhibit, placeAttestations(attestations), [signer.key.text]);
  const hashes = request.publishesHashes ? exhibit.documents.map((document) => hexOf(document.sha256)) : [];
  const lines = [`register ${base64Of(dossier.digest)}`, ...hashes.map((hash) => `sha256 ${hash}`)];
  const filing = await signedNote(filingText({ origin, after, signers: [signer.key.text], lines }), [signer]);
  return { filing, exhibit, dossier };
}

/** A draft that is not of what the documents and the filing are: {code} says which. */
class OtherDraft extends Error {
  constructor(code, name = "") {
    super(code);
    this.code = code;
    this.document = name;
  }
}

/**
 * Takes up a registration that was begun before: {filing, exhibit, dossier, isCarried}, everything computed anew and held
 * against the filing. `contents` is the JSON of its draft, `documents` have been read. Throws OtherDraft.
 */
async function resumeRegistration(filing, contents, documents, progress) {
  const { exhibit: part, dossier: kept } = contents;
  if (contents.format !== privateFormat || !part || !kept) throw new OtherDraft("begunOther");
  const placed = part.files.map((file) => {
    const document = documents.find(({ sha256 }) => hexOf(sha256) === file.sha256);
    if (!document) throw new OtherDraft("begunMissing", file.name);
    return { ...document, name: file.name, lengths: file.lengths === undefined ? null : bytesOfBase64(file.lengths) };
  });
  const fields = Object.entries(part.fields).map(([name, text]) => ({ name, text }));
  const exhibit = await sealExhibit(placed, fields, progress, hashOfBase64(part.seed));
  const { signers, action } = parseFiling(utf8(filing));
  const texts = signers.map((key) => key.text);
  const dossier = await sealDossier(exhibit, kept.attestations, texts, hashOfBase64(kept.seed));
  if (kept.count !== dossierCount || action.word !== "register" || !equalBytes(action.dossier, dossier.digest)) {
    throw new OtherDraft("begunOther");
  }
  return { filing, exhibit, dossier, isCarried: part.files.every((file) => file.carried) };
}

/** The proof that goes beside the documents: it shows the hash of each, and hides everything else. */
function registrationProof({ exhibit, dossier }, inclusion, quoted = []) {
  const proof = {
    format: "indelible-proof/v1", inclusion: [inclusion], dossier: dossier.opening, exhibit: exhibit.opening,
  };
  if (quoted.length > 0) proof.quoted = quoted;
  return proof;
}

/** The JSON of the private file, or of the draft where there is no proof yet. */
function privateContents({ exhibit, dossier }, proof, isCarried) {
  const contents = {
    format: privateFormat,
    exhibit: {
      seed: base64Of(exhibit.seed),
      fields: Object.fromEntries(exhibit.fields.map((field) => [field.name, field.text])),
      files: exhibit.documents.map((document) => ({
        name: document.name, sha256: hexOf(document.sha256), size: document.size,
        ...(document.lengths ? { lengths: base64Of(document.lengths) } : {}), carried: isCarried,
      })),
    },
    dossier: { seed: base64Of(dossier.seed), count: dossierCount, attestations: dossier.attestations },
  };
  return safeJSON(proof === null ? contents : { ...contents, proof });
}
