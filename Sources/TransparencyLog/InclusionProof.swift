// SPDX-License-Identifier: Apache-2.0

/// A proof that a leaf stands at an index of a tree: the audit path of RFC 6962 section 2.1.1.
///
///     path: the leaf's sibling first, the root's child last; at most 63 hashes
///
/// The index and the size say how many hashes there are and on which side each stands: one more or one fewer is
/// refused.
public struct InclusionProof: Sendable, Hashable {
    /// The most hashes that a proof can have, in a tree of 2^63 - 1 leaves.
    public static let maximumCount = 63

    /// The hashes, the leaf's sibling first.
    public let path: [Hash]

    /// A proof of these hashes, the leaf's sibling first. Nothing is verified yet.
    public init(path: [Hash]) {
        self.path = path
    }

    /// Verifies that the leaf with this hash stands at `index` in `tree`.
    public func verify(_ leafHash: Hash, at index: LeafIndex, in tree: TreeHead) throws(ProofError) {
        guard try root(of: leafHash, at: index, in: tree.size) == tree.root else { throw .wrongRoot }
    }

    /// The root of the tree in which the leaf with this hash would stand at `index`.
    public func root(of leafHash: Hash, at index: LeafIndex, in size: TreeSize) throws(ProofError) -> Hash {
        guard size > 0 else { throw .emptyTree }
        guard size.contains(index) else { throw .indexBeyondSize }
        let shape = AuditPath(of: index.value, in: size.value)
        guard path.count >= shape.count else { throw .tooShort }
        guard path.count <= shape.count else { throw .tooLong }
        return shape.root(of: leafHash, path: path[...])
    }
}

/// How the way from a leaf up to the root runs: which hashes stand to the left of it and which to the right.
///
/// Up to the level where the leaf parts from the tree's last one there is a sibling at every level; above, the way
/// runs along the tree's right edge, and only those to the left are there.
struct AuditPath {
    /// The leaf's index, its lowest bit being the first step taken.
    var index: UInt64
    /// The number of steps below the right edge.
    var inner: Int

    init(of index: UInt64, in size: UInt64) {
        self.index = index
        inner = 64 - (index ^ (size - 1)).leadingZeroBitCount
    }

    /// The number of hashes along the way.
    var count: Int { inner + (index >> UInt64(inner)).nonzeroBitCount }

    /// The root that follows from the hash at the foot and the hashes beside the way.
    func root(of foot: Hash, path: ArraySlice<Hash>) -> Hash {
        var hash = foot
        for (step, sibling) in path.enumerated() {
            let isRight = step >= inner || index >> UInt64(step) & 1 == 1
            hash = isRight ? MerkleTree.nodeHash(sibling, hash) : MerkleTree.nodeHash(hash, sibling)
        }
        return hash
    }

    /// As `root`, with the hashes to the right left out: the root of the tree that ends with the foot.
    func rootUpToFoot(_ foot: Hash, path: ArraySlice<Hash>) -> Hash {
        var hash = foot
        for (step, sibling) in path.enumerated() where step >= inner || index >> UInt64(step) & 1 == 1 {
            hash = MerkleTree.nodeHash(sibling, hash)
        }
        return hash
    }
}
