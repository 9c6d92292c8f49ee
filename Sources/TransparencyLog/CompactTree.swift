// SPDX-License-Identifier: Apache-2.0

/// A tree reduced to what is needed to append to it: one hash for each bit that is set in its size.
///
///     size 7 = 4 + 2 + 1    hashes: leaves 0-3, leaves 4-5, leaf 6
///
/// Appending costs one node hash on average, the root at most 62 more. RFC 6962 section 2.1.
public struct CompactTree: Sendable, Hashable {
    /// The number of leaves.
    public private(set) var size: TreeSize
    /// The roots of the complete subtrees that make up the tree, the largest first.
    public private(set) var hashes: [Hash]

    /// The tree without leaves.
    public init() {
        size = 0
        hashes = []
    }

    /// A tree from its stored hashes, the largest subtree first; nil unless there is one for each bit set in `size`.
    ///
    /// Where the hashes come from a place that is not trusted, compare `root` with a signed one.
    public init?(size: TreeSize, hashes: [Hash]) {
        guard hashes.count == size.value.nonzeroBitCount else { return nil }
        self.size = size
        self.hashes = hashes
    }

    /// Appends one leaf by its hash. The tree must have fewer than 2^63 - 1 leaves.
    public mutating func append(_ leafHash: Hash) {
        append(leafHash) { _, _ in }
    }

    /// Appends leaves by their hashes.
    @inlinable
    public mutating func append(contentsOf leafHashes: some Sequence<Hash>) {
        for leafHash in leafHashes { append(leafHash) }
    }

    /// The root of the tree.
    public var root: Hash {
        guard var root = hashes.last else { return MerkleTree.emptyRoot }
        for left in hashes.dropLast().reversed() { root = MerkleTree.nodeHash(left, root) }
        return root
    }

    /// The size with the root.
    public var head: TreeHead { TreeHead(size: size, root: root) }

    /// Appends one leaf and shows `completed` each subtree of two leaves or more that it completes, by its level.
    @inline(__always)
    mutating func append(_ leafHash: Hash, completed: (_ level: Int, _ root: Hash) -> Void) {
        guard let grown = TreeSize(size.value + 1) else { preconditionFailure("a tree has fewer than 2^63 leaves") }
        var hash = leafHash
        // Each trailing bit that is set is a subtree as large as the one being carried: the two become one.
        for level in 0..<(~size.value).trailingZeroBitCount {
            hash = MerkleTree.nodeHash(hashes.removeLast(), hash)
            completed(level + 1, hash)
        }
        hashes.append(hash)
        size = grown
    }
}
