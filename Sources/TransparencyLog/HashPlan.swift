// SPDX-License-Identifier: Apache-2.0

/// What must be read to make a proof or a root: the places of stored hashes, listed before any is fetched.
///
///     let plan = try HashPlan.inclusion(of: index, in: size)
///     let proof = InclusionProof(path: plan.compute(from: store.read(plan.positions)))
///
/// Only complete subtrees are stored. A hash over the tree's ragged right edge is made of several.
public struct HashPlan: Sendable, Hashable {
    /// The size of the tree that is read.
    public let size: TreeSize
    /// For each hash of the result, the places whose hashes make it up, from the left.
    private let runs: [[HashPosition]]

    /// The places to read, in the order in which `compute` wants their hashes.
    public var positions: [HashPosition] { runs.flatMap(\.self) }

    /// The audit path of a leaf (RFC 6962 section 2.1.1).
    public static func inclusion(of index: LeafIndex, in size: TreeSize) throws(ProofError) -> HashPlan {
        guard size > 0 else { throw .emptyTree }
        guard size.contains(index) else { throw .indexBeyondSize }
        return HashPlan(size: size, ranges: siblings(of: index.value, from: 0, in: size.value))
    }

    /// The consistency proof between two sizes (RFC 6962 section 2.1.2). It is empty between equal sizes, and from 0.
    public static func consistency(from older: TreeSize, to newer: TreeSize) throws(ProofError) -> HashPlan {
        guard older <= newer else { throw .sizesReversed }
        guard older > 0, older < newer else { return HashPlan(size: newer, ranges: []) }
        let level = older.value.trailingZeroBitCount
        let siblings = siblings(of: older.value - 1, from: level, in: newer.value)
        let isWhole = older.value.nonzeroBitCount == 1
        let last = (older.value - 1 << UInt64(level))..<older.value
        return HashPlan(size: newer, ranges: isWhole ? siblings : [last] + siblings)
    }

    /// The root of the tree, as the only hash of the result.
    public static func root(of size: TreeSize) -> HashPlan {
        HashPlan(size: size, ranges: [0..<size.value])
    }

    /// The hashes of a `CompactTree`.
    public static func compactTree(of size: TreeSize) -> HashPlan {
        HashPlan(size: size, runs: HashPosition.covering(0..<size.value).map { [$0] })
    }

    /// The result, from the hashes at `positions` in their order.
    public func compute(from hashes: [Hash]) -> [Hash] {
        precondition(hashes.count == runs.reduce(0) { $0 + $1.count }, "one hash for each position")
        var rest = hashes[...]
        return runs.map { run in
            let parts = rest.prefix(run.count)
            rest = rest.dropFirst(run.count)
            guard var hash = parts.last else { return MerkleTree.emptyRoot }
            for left in parts.dropLast().reversed() { hash = MerkleTree.nodeHash(left, hash) }
            return hash
        }
    }

    private init(size: TreeSize, ranges: [Range<UInt64>]) {
        self.init(size: size, runs: ranges.map(HashPosition.covering))
    }

    private init(size: TreeSize, runs: [[HashPosition]]) {
        self.size = size
        self.runs = runs
    }

    /// The leaves under each sibling on the way from the leaf's ancestor at `level` up to the root.
    private static func siblings(of index: UInt64, from level: Int, in size: UInt64) -> [Range<UInt64>] {
        var ranges: [Range<UInt64>] = []
        var level = UInt64(level)
        while (size - 1) >> level > 0 {
            let start = (index >> level ^ 1) << level
            // Along the right edge a level may have no sibling: the lone subtree is carried up as it is.
            if start < size { ranges.append(start..<min(start + 1 << level, size)) }
            level += 1
        }
        return ranges
    }
}
