// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

/// Sizes, indexes and hashes out of step, over trees small enough to try everything.
@Suite("Inclusion and consistency proofs")
struct ProofTests {
    private let naive = NaiveTree(size: 40)

    // conformance 52, 112
    @Test func inclusionProofsHoldAndHaveOneLength() throws {
        for size in 1...40 {
            for index in 0..<size {
                let path = naive.inclusion(index, size)
                let leafHash = naive.leafHashes[index]
                try check(path, leafHash, index, naive.head(size))
                for count in 0..<path.count {
                    #expect(throws: ProofError.tooShort) {
                        try check(Array(path[..<count]), leafHash, index, naive.head(size))
                    }
                }
                for garbage in [naive.head(size).root, leafHash, MerkleTree.emptyRoot] {
                    #expect(throws: ProofError.tooLong) {
                        try check(path + [garbage], leafHash, index, naive.head(size))
                    }
                    #expect(throws: ProofError.tooLong) {
                        try check([garbage] + path, leafHash, index, naive.head(size))
                    }
                }
                for other in 0..<size where other != index {
                    #expect(throws: ProofError.self) { try check(path, leafHash, other, naive.head(size)) }
                }
            }
        }
    }

    // conformance 52: a tree of one leaf has its hash for root
    @Test func singleLeafNeedsNoHashes() throws {
        let leafHash = naive.leafHashes[0]
        try InclusionProof(path: []).verify(leafHash, at: 0, in: TreeHead(size: 1, root: leafHash))
        #expect(throws: ProofError.wrongRoot) {
            try InclusionProof(path: []).verify(leafHash, at: 0, in: TreeHead(size: 1, root: naive.leafHashes[1]))
        }
    }

    // conformance 52, 112
    @Test func indexesBeyondTheSizeAreRefused() {
        let leafHash = naive.leafHashes[0]
        for size in 0...8 {
            for index in size...9 {
                for path in [[], [leafHash], [leafHash, leafHash]] {
                    let expected: ProofError = size == 0 ? .emptyTree : .indexBeyondSize
                    #expect(throws: expected) { try check(path, leafHash, index, naive.head(size)) }
                }
            }
        }
        #expect(throws: ProofError.indexBeyondSize) {
            try InclusionProof(path: []).verify(leafHash, at: LeafIndex(1 << 63 - 1)!, in: naive.head(1))
        }
    }

    // conformance 113: every bit of every proof, leaf and root
    @Test func everyFlippedBitOfAnInclusionProofIsRefused() {
        for size in 1...9 {
            for index in 0..<size {
                let path = naive.inclusion(index, size)
                let leafHash = naive.leafHashes[index]
                let head = naive.head(size)
                for bit in 0..<256 {
                    for place in path.indices {
                        var altered = path
                        altered[place] = altered[place].flipping(bit)
                        #expect(throws: ProofError.wrongRoot) { try check(altered, leafHash, index, head) }
                    }
                    #expect(throws: ProofError.wrongRoot) { try check(path, leafHash.flipping(bit), index, head) }
                    let other = TreeHead(size: head.size, root: head.root.flipping(bit))
                    #expect(throws: ProofError.wrongRoot) { try check(path, leafHash, index, other) }
                }
            }
        }
    }

    // conformance 112
    @Test func consistencyProofsHoldAndHaveOneLength() throws {
        for size in 1...40 {
            for older in 1...size {
                let path = naive.consistency(older, size)
                try check(path, older, size)
                for count in 0..<path.count {
                    #expect(throws: ProofError.tooShort) { try check(Array(path[..<count]), older, size) }
                }
                for garbage in [naive.head(size).root, naive.head(older).root, MerkleTree.emptyRoot] {
                    let expected: ProofError = older == size ? .notEmpty : .tooLong
                    #expect(throws: expected) { try check(path + [garbage], older, size) }
                    #expect(throws: expected) { try check([garbage] + path, older, size) }
                }
            }
        }
    }

    // conformance 112: from the empty tree nothing is verified; a caller that may start from nothing says so itself
    @Test func consistencyFromTheEmptyTreeIsNotVerified() {
        for size in 0...5 {
            for path in [[], [MerkleTree.emptyRoot]] {
                #expect(throws: ProofError.emptyTree) { try check(path, 0, size) }
            }
        }
    }

    // conformance 112
    @Test func sizesReversedAreRefused() {
        for size in 1...8 {
            for older in (size + 1)...9 {
                #expect(throws: ProofError.sizesReversed) { try check([], older, size) }
                #expect(throws: ProofError.sizesReversed) { try check(naive.consistency(size, older), older, size) }
            }
        }
    }

    // conformance 112
    @Test func equalSizesNeedEqualRoots() throws {
        for size in 1...9 {
            let head = naive.head(size)
            try ConsistencyProof(path: []).verify(from: head, to: head)
            let other = TreeHead(size: head.size, root: head.root.flipping(0))
            #expect(throws: ProofError.wrongRoot) { try ConsistencyProof(path: []).verify(from: head, to: other) }
        }
    }

    // conformance 113
    @Test func everyFlippedBitOfAConsistencyProofIsRefused() {
        for size in 2...9 {
            for older in 1..<size {
                let path = naive.consistency(older, size)
                let (from, to) = (naive.head(older), naive.head(size))
                for bit in 0..<256 {
                    for place in path.indices {
                        var altered = path
                        altered[place] = altered[place].flipping(bit)
                        #expect(throws: ProofError.self) {
                            try ConsistencyProof(path: altered).verify(from: from, to: to)
                        }
                    }
                    let proof = ConsistencyProof(path: path)
                    let old = TreeHead(size: from.size, root: from.root.flipping(bit))
                    #expect(throws: ProofError.self) { try proof.verify(from: old, to: to) }
                    let new = TreeHead(size: to.size, root: to.root.flipping(bit))
                    #expect(throws: ProofError.wrongRoot) { try proof.verify(from: from, to: new) }
                }
            }
        }
    }

    /// A history that was rewritten: the older tree is not the beginning of the newer one, whatever the proof says.
    @Test func rewrittenHistoriesAreRefused() {
        for older in 1...8 {
            for altered in 0..<older {
                var leaves = Array(naive.leafHashes[..<older])
                leaves[altered] = leaves[altered].flipping(3)
                let from = TreeHead(size: TreeSize(UInt64(older))!, root: MerkleTree.root(of: leaves))
                for size in older...12 {
                    #expect(throws: ProofError.self) {
                        try ConsistencyProof(path: naive.consistency(older, size)).verify(
                            from: from, to: naive.head(size))
                    }
                }
            }
        }
        // The root of the older tree is checked on its own: this newer root does follow from the proof.
        let path = naive.consistency(3, 7)
        let from = TreeHead(size: 3, root: MerkleTree.emptyRoot)
        #expect(throws: ProofError.wrongOldRoot) {
            try ConsistencyProof(path: path).verify(from: from, to: naive.head(7))
        }
    }

    @Test func proofsHoldAtTheLargestSizes() throws {
        // A tree of 2^63 - 1 leaves all alike: one hash a level.
        var complete = [naive.leafHashes[0]]
        for _ in 1..<63 { complete.append(MerkleTree.nodeHash(complete.last!, complete.last!)) }
        let tree = CompactTree(size: .maximum, hashes: complete.reversed())!
        let last = InclusionProof(path: Array(complete[1...]))
        try last.verify(complete[0], at: LeafIndex(TreeSize.maximum.value - 1)!, in: tree.head)
        let plan = try HashPlan.inclusion(of: 0, in: .maximum)
        let path = plan.compute(from: plan.positions.map { complete[$0.level] })
        #expect(path.count == InclusionProof.maximumCount)
        try InclusionProof(path: path).verify(complete[0], at: 0, in: tree.head)
        let consistency = try HashPlan.consistency(from: 1, to: .maximum)
        let proof = ConsistencyProof(path: consistency.compute(from: consistency.positions.map { complete[$0.level] }))
        #expect(proof.path.count <= ConsistencyProof.maximumCount)
        try proof.verify(from: TreeHead(size: 1, root: complete[0]), to: tree.head)
    }

    private func check(_ path: [Hash], _ leafHash: Hash, _ index: Int, _ tree: TreeHead) throws(ProofError) {
        try InclusionProof(path: path).verify(leafHash, at: LeafIndex(UInt64(index))!, in: tree)
    }

    private func check(_ path: [Hash], _ older: Int, _ size: Int) throws(ProofError) {
        try ConsistencyProof(path: path).verify(from: naive.head(older), to: naive.head(size))
    }
}

extension Hash {
    /// The hash with one of its 256 bits turned.
    func flipping(_ bit: Int) -> Hash {
        var bytes = bytes
        bytes[bit / 8] ^= 1 << (bit % 8)
        return Hash(bytes)!
    }
}
