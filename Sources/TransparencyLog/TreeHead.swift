// SPDX-License-Identifier: Apache-2.0

/// A tree by its size and its root: what a checkpoint states and what proofs are verified against.
public struct TreeHead: Sendable, Hashable {
    /// The number of leaves.
    public let size: TreeSize
    /// The Merkle tree hash over them.
    public let root: Hash

    /// The empty tree, whose root is SHA-256 of nothing.
    public static let empty = TreeHead(size: 0, root: MerkleTree.emptyRoot)

    /// A tree of this size with this root.
    public init(size: TreeSize, root: Hash) {
        self.size = size
        self.root = root
    }
}
