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

// One block for all that is hashed here, and the two states that a seed gives as the key of HMAC (RFC 2104).
const sealedBlock = new Uint8Array(192);
const innerState = new Int32Array(8);
const outerState = new Int32Array(8);

/** The state after the 32-byte key, filled up to 64 bytes with zero, each byte XOR that of `pad`. */
function startWithKey(state, key, pad) {
  for (let i = 0; i < 32; i++) sealedBlock[i] = key[i] ^ pad;
  sealedBlock.fill(pad, 32, 64);
  state.set(sha256Constants.initial);
  sha256Compress(state, sealedBlock, 0);
}

/** The seeds of the two parts under a part with this seed. */
function childSeeds(seed) {
  startWithKey(innerState, seed, 0x36);
  startWithKey(outerState, seed, 0x5c);
  const child = (message) => {
    sealedBlock[0] = message;
    sealedBlock.set(sha256OfBlock(sealedBlock, 1, innerState, 64));
    return sha256OfBlock(sealedBlock, 32, outerState, 64);
  };
  return [child(0), child(1)];
}

/** The hash of the leaf of an item, from the seed at the leaf, the SHA-256 of its value and the bytes of its label. */
function sealedLeaf(seed, valueHash, label) {
  if (label.length > 100) return sha256(Uint8Array.of(0), seed, valueHash, label);
  sealedBlock[0] = 0;
  sealedBlock.set(seed, 1);
  sealedBlock.set(valueHash, 33);
  sealedBlock.set(label, 65);
  return sha256OfBlock(sealedBlock, 65 + label.length);
}

/** The hash of a node over two: that of RFC 6962, which logs use too. */
function nodeHash(left, right) {
  sealedBlock[0] = 1;
  sealedBlock.set(left, 1);
  sealedBlock.set(right, 33);
  return sha256OfBlock(sealedBlock, 65);
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
