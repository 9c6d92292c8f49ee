// SPDX-License-Identifier: Apache-2.0
//
// The files that a person gives: what they are, which proof each belongs to, and their hashes.
//
// A given file is {path, file}: its path within what was dropped, and a File, which may be of any size. Only slices of it
// are held, but for proofs and for texts that are short enough to be looked at again.

const sliceLength = 4 << 20;

/** A file that cannot be read, or is too long to be what it says. */
class FileProblem extends Error {
  constructor(code, path) {
    super(code);
    this.name = "FileProblem";
    this.code = code;
    this.path = path;
  }
}

/** The person stopped the work. */
class Cancelled extends Error {}

/** The files in what was dropped, those in folders with the paths that they have there. */
async function droppedFiles(transfer) {
  // The entries must be asked for before anything is waited for.
  const entries = [...transfer.items].filter(({ kind }) => kind === "file").map((item) => ({
    entry: item.webkitGetAsEntry?.() ?? null,
    file: item.getAsFile(),
  }));
  const found = [];
  for (const { entry, file } of entries) {
    if (entry === null || entry.isFile) found.push({ path: file.name, file });
    else await collectFiles(entry, entry.name, found);
  }
  return found;
}

async function collectFiles(folder, path, found) {
  const reader = folder.createReader();
  for (;;) {
    // A reader gives some at a time, and none at the end.
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return;
    for (const entry of entries) {
      const inner = `${path}/${entry.name}`;
      if (entry.isDirectory) await collectFiles(entry, inner, found);
      else found.push({ path: inner, file: await new Promise((resolve, reject) => entry.file(resolve, reject)) });
    }
  }
}

/** The bytes of a part of a file. */
async function bytesAt({ path, file }, start, end) {
  try {
    return new Uint8Array(await file.slice(start, end).arrayBuffer());
  } catch {
    throw new FileProblem("unreadable", path);
  }
}

/**
 * Whether a file is a proof: by its name, or because it begins or ends as one does. Otherwise it is a document, a
 * "private" file, or a "trust" list, which is never taken from what is dropped: it would come from whoever sent the rest.
 */
async function kindOf(given) {
  const { path, file } = given;
  if (path.endsWith(".proof")) return "proof";
  if (path.endsWith(".private") || path.endsWith(".draft")) return "private";
  const head = octets(await bytesAt(given, 0, 4096));
  if (/^\s*\{/.test(head)) {
    const tail = octets(await bytesAt(given, Math.max(0, file.size - 4096), file.size));
    if (/"format"\s*:\s*"indelible-proof\//.test(head + tail)) return "proof";
  }
  if (file.size <= policyLimit && /^(?:#|log |witness )/m.test(head) && /^quorum /m.test(octets(await bytesAt(given, 0, policyLimit)))) {
    return "trust";
  }
  return "document";
}

/** The SHA-256 of a file in hexadecimal, and its bytes where it is short enough to be looked at as a text. */
async function readDocument(given, progress) {
  if (given.hash === undefined) {
    const { file } = given;
    const hasher = new Sha256();
    const kept = file.size <= longestText ? [] : null;
    for (let at = 0; at < file.size; at += sliceLength) {
      const slice = await bytesAt(given, at, Math.min(at + sliceLength, file.size));
      hasher.update(slice);
      kept?.push(slice);
      progress(slice.length);
    }
    given.hash = hexOf(hasher.digest());
    given.bytes = kept === null ? null : concat(...kept);
  } else {
    progress(given.file.size);
  }
  return { path: given.path, hash: given.hash, bytes: given.bytes };
}

/** The bytes of a proof. */
async function readProof(given) {
  if (given.file.size > jsonLimits.bytes) throw new FileProblem("tooLarge", given.path);
  return bytesAt(given, 0, given.file.size);
}

/**
 * Which documents each proof is of: [{proof, documents, folder}] and the documents of none.
 *
 * `NAME.proof` is of the file or the folder NAME beside it. A single proof that has none of its name is of all documents.
 */
function pairFiles(proofs, documents) {
  const left = new Set(documents);
  const pairs = proofs.map((proof) => {
    const name = proof.path.replace(/\.proof$/, "");
    const own = documents.filter(({ path }) => path === name);
    const inside = own.length > 0 ? [] : documents.filter(({ path }) => path.startsWith(name + "/"));
    for (const document of [...own, ...inside]) left.delete(document);
    return { proof, documents: [...own, ...inside], folder: inside.length > 0 ? name : null };
  });
  if (pairs.length === 1 && pairs[0].documents.length === 0) {
    const folders = new Set([...left].map(({ path }) => (path.includes("/") ? path.split("/")[0] : null)));
    // A folder that the proof itself came in is no registered folder.
    const [folder] = folders;
    const isFolder = folders.size === 1 && folder !== null && !proofs[0].path.includes("/");
    pairs[0] = { proof: proofs[0], documents: [...left], folder: isFolder ? folder : null };
    left.clear();
  }
  return { pairs, left: [...left] };
}
