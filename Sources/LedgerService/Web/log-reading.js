// SPDX-License-Identifier: Apache-2.0
//
// Reads a log's entries through, in bundles (C2SP tlog-tiles), to find a key by its name or by its revoker. What is found
// is held against the log's proof of it before anything is made of it.
//
//     bundle: for each of up to 256 entries a uint16 big-endian length and the entry

const bundleWidth = 256;

/** The most entries that a page reads through: some hundred megabytes at the worst, a few as entries are. */
const longestReading = 100_000;

/** The path of the bundle with this number in a log of `size` entries. */
function bundlePath(number, size) {
  const width = Math.min(bundleWidth, size - number * bundleWidth);
  return `${numberedPath("tile/entries", number)}${width < bundleWidth ? `.p/${width}` : ""}`;
}

/** The entries of a bundle, as bytes. Throws a FormatError. */
function entriesInBundle(bytes) {
  const entries = [];
  for (let at = 0; at < bytes.length;) {
    const length = (bytes[at] << 8) | bytes[at + 1];
    if (!(at + 2 + length <= bytes.length)) throw new FormatError("entry bundle", "cut short");
    entries.push(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  return entries;
}

/**
 * Gives every entry of the log in turn to `look(entry, index)`, under the newest checkpoint that the policy accepts.
 * Entries in another form than this page's are passed over.
 */
async function readLogThrough(policy, look, progress = () => {}) {
  const checkpoint = parseCheckpoint(await textFromLog("checkpoint"));
  await verifyCheckpoint(checkpoint, policy);
  const size = Math.min(Number(checkpoint.size), longestReading);
  for (let number = 0; number * bundleWidth < size; number++) {
    const path = bundlePath(number, Number(checkpoint.size));
    const { status, bytes } = await askLog(path, {}, 32 * 1024 * 1024);
    if (status !== 200) throw new LogRefusal(status, firstLine(bytes));
    entriesInBundle(bytes).forEach((entry, i) => {
      try {
        look(parseEntry(entry), number * bundleWidth + i);
      } catch (error) {
        if (!(error instanceof FormatError)) throw error;
      }
    });
    progress(Math.min((number + 1) * bundleWidth, size), size);
    await pause();
  }
  return Number(checkpoint.size) > longestReading;
}

/**
 * The members of a log, each {key, index, revokers, reason}: who is enrolled, the hashes of who may revoke it, and the
 * reason of the first revocation where there is one.
 */
async function readMembers(policy, progress) {
  const members = new Map();
  const isCut = await readLogThrough(policy, ({ filing }, index) => {
    const { action, signers } = filing;
    if (action.word === "enrol") {
      members.set(action.key.keyHex, { key: action.key, index, revokers: action.revokers.slice(), reason: null });
    } else if (action.word === "add-revoker") {
      members.get(signers[0].keyHex)?.revokers.push(action.revoker);
    } else if (action.word === "revoke") {
      const member = members.get(action.key.keyHex);
      if (member) member.reason ??= action.reason;
    }
  }, progress);
  return { members: [...members.values()], isCut };
}
