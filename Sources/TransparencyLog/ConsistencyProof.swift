// SPDX-License-Identifier: Apache-2.0

/// A proof that a tree begins with all the leaves of an older one: RFC 6962 section 2.1.2.
///
/// Between trees of one size it is empty. From the empty tree there is no proof: every tree begins with nothing. The
/// verification refuses it, so that nobody takes an empty list for evidence; whoever may start from nothing, as a
/// witness does at `old 0`, says so and asks for no proof.
public struct ConsistencyProof: Sendable, Hashable {
    /// The most hashes that a proof can have.
    public static let maximumCount = 63

    /// The hashes, the lowest first.
    public let path: [Hash]

    /// A proof of these hashes. Nothing is verified yet.
    public init(path: [Hash]) {
        self.path = path
    }

    /// Verifies that `newer` begins with the leaves of `older`.
    public func verify(from older: TreeHead, to newer: TreeHead) throws(ProofError) {
        guard try root(from: older, to: newer.size) == newer.root else { throw .wrongRoot }
    }

    /// The root of the tree of `size` leaves that would begin with those of `older`, whose own root is verified.
    public func root(from older: TreeHead, to size: TreeSize) throws(ProofError) -> Hash {
        guard older.size > 0 else { throw .emptyTree }
        guard older.size <= size else { throw .sizesReversed }
        guard older.size < size else {
            guard path.isEmpty else { throw .notEmpty }
            return older.root
        }
        // The way starts at the last complete subtree of the older tree. Where that is the whole older tree, its root
        // is known and not part of the proof.
        let level = older.size.value.trailingZeroBitCount
        let isWhole = older.size.value.nonzeroBitCount == 1
        var shape = AuditPath(of: older.size.value - 1, in: size.value)
        shape.index >>= UInt64(level)
        shape.inner -= level
        let count = shape.count + (isWhole ? 0 : 1)
        guard path.count >= count else { throw .tooShort }
        guard path.count <= count else { throw .tooLong }
        let foot = isWhole ? older.root : path[0]
        let rest = isWhole ? path[...] : path[1...]
        guard shape.rootUpToFoot(foot, path: rest) == older.root else { throw .wrongOldRoot }
        return shape.root(of: foot, path: rest)
    }
}
