// SPDX-License-Identifier: Apache-2.0
//
// Sealed lists: the commitment that hides (formats.md section 3).
//
//     left seed  = HMAC-SHA-256(key: seed, 0x00)        right seed = HMAC-SHA-256(key: seed, 0x01)
//     leaf       = SHA-256(0x00 || seed at the leaf || SHA-256(value) || label)
//     node       = SHA-256(0x01 || left || right)
//     digest     = SHA-256(domain || 0x0A || uint64 big-endian n || root)
//
// Seeds, hashes and labels are bytes.

/** What a sealed list is of. */
const sealedDomains = {
  exhibit: "indelible-exhibit/v1",
  dossier: "indelible-dossier/v1",
  details: "indelible-details/v1",
};

/** The most items that a list may have. */
const sealedLimit = 2 ** 32;

/** The number of items in the left part of `count` items, 2 or more: the largest power of two below it. */
function leftCount(count) {
  let left = 1;
  while (left * 2 < count) left *= 2;
  return left;
}

const innerPad = new Uint8Array(65);
const outerPad = new Uint8Array(96);

/** The seeds of the two parts under a part with this seed. */
function childSeeds(seed) {
  innerPad.fill(0x36);
  outerPad.fill(0x5c);
  for (let i = 0; i < 32; i++) {
    innerPad[i] = seed[i] ^ 0x36;
    outerPad[i] = seed[i] ^ 0x5c;
  }
  const child = (message) => {
    innerPad[64] = message;
    outerPad.set(sha256(innerPad), 64);
    return sha256(outerPad);
  };
  return [child(0), child(1)];
}

/** The hash of the leaf of an item, from the seed at the leaf, the SHA-256 of its value and the bytes of its label. */
function sealedLeaf(seed, valueHash, label) {
  const data = new Uint8Array(65 + label.length);
  data.set(seed, 1);
  data.set(valueHash, 33);
  data.set(label, 65);
  return sha256(data);
}

/** The hash of a node over two: that of RFC 6962, which logs use too. */
function nodeHash(left, right) {
  const data = new Uint8Array(65);
  data[0] = 1;
  data.set(left, 1);
  data.set(right, 33);
  return sha256(data);
}

/**
 * The root over `count` items, which `next()` gives one by one as {valueHash, label}.
 *
 *     sealedRoot(items.length, seed, () => items[at++])
 */
function sealedRoot(count, seed, next) {
  if (count === 1) {
    const item = next();
    return sealedLeaf(seed, item.valueHash, item.label);
  }
  const [leftSeed, rightSeed] = childSeeds(seed);
  const half = leftCount(count);
  const left = sealedRoot(half, leftSeed, next);
  return nodeHash(left, sealedRoot(count - half, rightSeed, next));
}

/** The digest of a list of `count` items with this root; `domain` is one of `sealedDomains`. */
function sealedDigest(domain, count, root) {
  const size = new Uint8Array(8);
  new DataView(size.buffer).setBigUint64(0, BigInt(count));
  return sha256(utf8(domain + "\n"), size, root);
}
