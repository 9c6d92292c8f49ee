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
    /// The places to read, in the order in which `compute` wants their hashes.
    public private(set) var positions: [HashPosition] = []
    /// For each hash of the result, where its run of places ends in `positions`.
    private var ends: [Int] = []

    /// The audit path of a leaf (RFC 6962 section 2.1.1).
    public static func inclusion(of index: LeafIndex, in size: TreeSize) throws(ProofError) -> HashPlan {
        guard size > 0 else { throw .emptyTree }
        guard size.contains(index) else { throw .indexBeyondSize }
        var plan = HashPlan(size: size)
        plan.addSiblings(of: index.value, from: 0)
        return plan
    }

    /// The consistency proof between two sizes (RFC 6962 section 2.1.2). It is empty between equal sizes, and from 0.
    public static func consistency(from older: TreeSize, to newer: TreeSize) throws(ProofError) -> HashPlan {
        guard older <= newer else { throw .sizesReversed }
        var plan = HashPlan(size: newer)
        guard older > 0, older < newer else { return plan }
        let level = older.value.trailingZeroBitCount
        // The last complete subtree of the older tree, unless that is all of it: then its root is known.
        if older.value.nonzeroBitCount > 1 { plan.add(older.value - 1 << UInt64(level)..<older.value) }
        plan.addSiblings(of: older.value - 1, from: UInt64(level))
        return plan
    }

    /// The root of the tree, as the only hash of the result.
    public static func root(of size: TreeSize) -> HashPlan {
        var plan = HashPlan(size: size)
        plan.add(0..<size.value)
        return plan
    }

    /// The hashes of a `CompactTree`.
    public static func compactTree(of size: TreeSize) -> HashPlan {
        var plan = root(of: size)
        plan.ends = Array(plan.positions.indices.map { $0 + 1 })
        return plan
    }

    /// The result, from the hashes at `positions` in their order.
    public func compute(from hashes: [Hash]) -> [Hash] {
        precondition(hashes.count == positions.count, "one hash for each position")
        var start = 0
        return ends.map { end in
            defer { start = end }
            guard start < end else { return MerkleTree.emptyRoot }
            var hash = hashes[end - 1]
            for left in (start..<end - 1).reversed() { hash = MerkleTree.nodeHash(hashes[left], hash) }
            return hash
        }
    }

    private init(size: TreeSize) {
        self.size = size
    }

    /// Adds the hash over the leaves in `range`: the complete subtrees that make it up, from the left.
    ///
    /// The range is one that RFC 6962 splits a tree into: it starts at a multiple of a power of two no smaller than its
    /// length.
    private mutating func add(_ range: Range<UInt64>) {
        var start = range.lowerBound
        while start < range.upperBound {
            let level = 63 - (range.upperBound - start).leadingZeroBitCount
            positions.append(HashPosition(level, start >> UInt64(level)))
            start += 1 << UInt64(level)
        }
        ends.append(positions.count)
    }

    /// Adds the siblings on the way from the leaf's ancestor at `level` up to the root.
    private mutating func addSiblings(of index: UInt64, from level: UInt64) {
        var level = level
        while (size.value - 1) >> level > 0 {
            let start = (index >> level ^ 1) << level
            // Along the right edge a level may have no sibling: the lone subtree is carried up as it is.
            if start < size.value { add(start..<min(start + 1 << level, size.value)) }
            level += 1
        }
    }
}
