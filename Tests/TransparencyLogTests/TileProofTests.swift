// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

/// Proofs and roots from tiles, at every size to 1,030: that crosses 256, 512 and 1,024 leaves, and so two levels.
///
/// The work is cut in parts that run side by side.
@Suite("Proofs from tiles")
struct TileProofTests {
    static let limit = 1030
    static let parts = 8

    // conformance 113: inclusion, every size and every index
    @Test(arguments: 0..<parts) func inclusionProofsAreThoseOfTheDefinition(part: Int) throws {
        let naive = NaiveTree(size: Self.limit)
        try forEachSize(part) { size, tiles in
            for index in 0..<size {
                let plan = TilePlan(try .inclusion(of: LeafIndex(UInt64(index))!, in: TreeSize(UInt64(size))!))
                guard try plan.compute(from: tiles) == naive.inclusion(index, size) else {
                    Issue.record("inclusion of \(index) in \(size)")
                    return
                }
            }
        }
    }

    // conformance 113: consistency, every pair of sizes
    @Test(arguments: 0..<parts) func consistencyProofsAreThoseOfTheDefinition(part: Int) throws {
        let naive = NaiveTree(size: Self.limit)
        try forEachSize(part) { size, tiles in
            for older in 1...size {
                let plan = TilePlan(try .consistency(from: TreeSize(UInt64(older))!, to: TreeSize(UInt64(size))!))
                guard try plan.compute(from: tiles) == naive.consistency(older, size) else {
                    Issue.record("consistency of \(older) with \(size)")
                    return
                }
            }
        }
    }

    @Test func rootsAndCompactTreesAreThoseOfTheDefinition() throws {
        let naive = NaiveTree(size: Self.limit)
        let empty = try TilePlan(.root(of: 0)).compute(from: [:])
        #expect(empty == [MerkleTree.emptyRoot])
        for part in 0..<Self.parts {
            try forEachSize(part) { count, tiles in
                let size = TreeSize(UInt64(count))!
                let root = try TilePlan(.root(of: size)).compute(from: tiles)
                #expect(root == [naive.root(0..<count)])
                let hashes = try TilePlan(.compactTree(of: size)).compute(from: tiles)
                #expect(CompactTree(size: size, hashes: hashes)?.head == naive.head(count))
            }
        }
    }

    // conformance 38: nothing is asked for that the size does not imply
    @Test func plansNameOnlyTilesOfTheTree() throws {
        for count in [1, 2, 255, 256, 257, 511, 512, 513, 767, 1023, 1024, 1025] as [UInt64] {
            let size = TreeSize(count)!
            let tiles = Set(Tile.hashTiles(to: size))
            for number in 0..<count {
                var plans = [TilePlan(try .inclusion(of: LeafIndex(number)!, in: size))]
                plans.append(TilePlan(try .consistency(from: TreeSize(number)!, to: size)))
                for plan in plans {
                    #expect(tiles.isSuperset(of: plan.tiles))
                    #expect(Set(plan.tiles).count == plan.tiles.count)
                }
            }
        }
    }

    @Test func plansSayWhatCannotBeProved() throws {
        #expect(throws: ProofError.emptyTree) { try HashPlan.inclusion(of: 0, in: 0) }
        #expect(throws: ProofError.indexBeyondSize) { try HashPlan.inclusion(of: 5, in: 5) }
        #expect(throws: ProofError.sizesReversed) { try HashPlan.consistency(from: 6, to: 5) }
        // What a client sends with `old 0`, and between equal sizes: no hashes.
        let fromEmpty = try HashPlan.consistency(from: 0, to: 5)
        #expect(fromEmpty.positions.isEmpty)
        let equal = try HashPlan.consistency(from: 5, to: 5)
        #expect(equal.positions.isEmpty)
    }

    @Test func missingAndNarrowTilesAreNamed() throws {
        let naive = NaiveTree(size: 300)
        var edge = TileEdge()
        edge.append(contentsOf: naive.leafHashes)
        var files = edge.takeFull() + edge.partial()
        let plan = TilePlan(try .inclusion(of: 299, in: 300))
        #expect(plan.tiles.count == 2)
        for tile in plan.tiles {
            var fetched = Dictionary(uniqueKeysWithValues: files.map { ($0.tile, $0.data) })
            fetched[tile] = nil
            #expect(throws: TileError.missing(tile)) { try plan.compute(from: fetched) }
        }
        // A log may serve the full tile alone once it has it.
        edge.append(contentsOf: Array(repeating: naive.leafHashes[0], count: 212))
        files += edge.takeFull()
        var fetched = Dictionary(uniqueKeysWithValues: files.map { ($0.tile, $0.data) })
        let partial = Tile(.hashes(level: 0), index: 1, width: 44)!
        fetched[partial] = nil
        let path = try plan.compute(from: fetched)
        #expect(path == naive.inclusion(299, 300))
        fetched[partial] = TileData(hashes: Array(naive.leafHashes[256..<298]))
        #expect(throws: TileError.tooNarrow(partial)) { try plan.compute(from: fetched) }
    }

    /// Calls `body` with every size of a part and all tiles of the tree of that size, as files would hold them.
    private func forEachSize(_ part: Int, _ body: (Int, [Tile: TileData]) throws -> Void) throws {
        let naive = NaiveTree(size: Self.limit)
        var edge = TileEdge()
        var full: [Tile: TileData] = [:]
        for (index, leafHash) in naive.leafHashes.enumerated() {
            edge.append(leafHash)
            for file in edge.takeFull() { full[file.tile] = file.data.withInterior() }
            guard index % Self.parts == part else { continue }
            var tiles = full
            for file in edge.partial() { tiles[file.tile] = file.data.withInterior() }
            try body(index + 1, tiles)
        }
    }
}
