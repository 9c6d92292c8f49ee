// SPDX-License-Identifier: Apache-2.0
//
// Merkle trees and what is proved of them (RFC 6962 section 2.1, SHA-256). Sizes and indices are BigInts below 2^63.
//
// A proof that does not hold throws a MerkleError with one of the codes below; it must have exactly the hashes that the
// sizes call for.

/** Why a Merkle proof does not hold. */
class MerkleError extends Error {
  constructor(code) {
    super(code);
    this.name = "MerkleError";
    this.code = code;
  }
}

/** The root of the empty tree. */
const emptyRoot = sha256();

/** The hash of a leaf. */
function leafHash(data) {
  return sha256(Uint8Array.of(0), data);
}

/** The number of bits of a BigInt, and of those that are set. */
const bitWidth = (value) => (value === 0n ? 0 : value.toString(2).length);
const bitCount = (value) => value.toString(2).replaceAll("0", "").length;

/** Checks that the leaf with this hash stands at `index` in a tree of `size` leaves with this root. */
function checkInclusion(leaf, index, size, root, path) {
  if (size === 0n) throw new MerkleError("emptyTree");
  if (index >= size) throw new MerkleError("indexBeyondSize");
  // Up to the level where the leaf parts from the last one there is a sibling at every level; above, only to the left.
  const inner = bitWidth(index ^ (size - 1n));
  const count = inner + bitCount(index >> BigInt(inner));
  if (path.length < count) throw new MerkleError("tooShort");
  if (path.length > count) throw new MerkleError("tooLong");
  let hash = leaf;
  path.forEach((sibling, step) => {
    const isRight = step >= inner || ((index >> BigInt(step)) & 1n) === 1n;
    hash = isRight ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
  });
  if (!equalBytes(hash, root)) throw new MerkleError("wrongRoot");
}

/** Checks that the tree `newer` begins with the leaves of `older`; both are {size, root}. */
function checkConsistency(older, newer, path) {
  if (older.size === 0n) throw new MerkleError("emptyTree");
  if (older.size > newer.size) throw new MerkleError("sizesReversed");
  if (older.size === newer.size) {
    if (path.length > 0) throw new MerkleError("notEmpty");
    if (!equalBytes(older.root, newer.root)) throw new MerkleError("wrongRoot");
    return;
  }
  // The way starts at the last complete subtree of the older tree; where that is the whole tree, its root is known.
  let [node, last] = [older.size - 1n, newer.size - 1n];
  while (node & 1n) {
    node >>= 1n;
    last >>= 1n;
  }
  const isWhole = bitCount(older.size) === 1;
  const inner = bitWidth(node ^ last);
  const count = inner + bitCount(node >> BigInt(inner)) + (isWhole ? 0 : 1);
  if (path.length < count) throw new MerkleError("tooShort");
  if (path.length > count) throw new MerkleError("tooLong");
  const foot = isWhole ? older.root : path[0];
  let [oldHash, newHash] = [foot, foot];
  path.slice(isWhole ? 0 : 1).forEach((sibling, step) => {
    if (step >= inner || ((node >> BigInt(step)) & 1n) === 1n) {
      oldHash = nodeHash(sibling, oldHash);
      newHash = nodeHash(sibling, newHash);
    } else {
      newHash = nodeHash(newHash, sibling);
    }
  });
  if (!equalBytes(oldHash, older.root)) throw new MerkleError("wrongOldRoot");
  if (!equalBytes(newHash, newer.root)) throw new MerkleError("wrongRoot");
}
