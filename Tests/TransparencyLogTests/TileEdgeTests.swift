// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

@Suite("The right edge of a log's tiles")
struct TileEdgeTests {
    private let naive = NaiveTree(size: 1030)

    // conformance 34, 35, 37, 39: what a log of every size has written, and that nothing written ever changes
    @Test func filesOfEverySizeHoldTheHashesOfTheDefinition() {
        var edge = TileEdge()
        var written: [Tile: TileData] = [:]
        for size in 1...1030 {
            edge.append(naive.leafHashes[size - 1])
            let old = TreeSize(UInt64(size - 1))!
            let changes = edge.takeFull() + edge.partial(changedSince: old)
            #expect(Set(changes.map(\.tile)) == Set(Tile.hashTiles(from: old, to: edge.tree.size)))
            for file in changes {
                #expect(written.updateValue(file.data, forKey: file.tile) == nil)
                #expect(file.data == expected(file.tile))
            }
            #expect(edge.takeFull().isEmpty)
            #expect(edge.tree.head == naive.head(size))
            #expect(edge.partial().map(\.tile) == Tile.edge(of: edge.tree.size))
            // Every tile of the tree is there by now.
            #expect(Tile.hashTiles(to: edge.tree.size).allSatisfy { written[$0] != nil })
        }
    }

    @Test func batchesGiveTheSameFilesAsSingleEntries() {
        for batch in [1, 2, 3, 7, 100, 255, 256, 257, 511, 600, 1030] {
            var edge = TileEdge()
            var rest = naive.leafHashes[...]
            while !rest.isEmpty {
                let old = edge.tree.size
                edge.append(contentsOf: rest.prefix(batch))
                rest = rest.dropFirst(batch)
                let changes = edge.takeFull() + edge.partial(changedSince: old)
                #expect(Set(changes.map(\.tile)) == Set(Tile.hashTiles(from: old, to: edge.tree.size)))
                #expect(changes.allSatisfy { $0.data == expected($0.tile) })
            }
            #expect(edge.tree.head == naive.head(1030))
        }
    }

    @Test func edgeGoesOnFromItsFiles() throws {
        var edge = TileEdge()
        for size in 0..<1030 {
            let files = Dictionary(uniqueKeysWithValues: edge.partial().map { ($0.tile, $0.data) })
            var reloaded = try TileEdge(size: edge.tree.size, tiles: files)
            #expect(reloaded.tree == edge.tree)
            for tile in Tile.edge(of: edge.tree.size) {
                var damaged = files
                damaged[tile] = nil
                #expect(throws: TileError.missing(tile)) { try TileEdge(size: edge.tree.size, tiles: damaged) }
                damaged[tile] = TileData(hashes: Array(files[tile]!.hashes.dropLast()))
                if damaged[tile] != nil {
                    #expect(throws: TileError.tooNarrow(tile)) { try TileEdge(size: edge.tree.size, tiles: damaged) }
                }
                for place in [0, tile.width - 1] {
                    var hashes = files[tile]!.hashes
                    hashes[place] = hashes[place].flipping(size % 256)
                    damaged[tile] = TileData(hashes: hashes)
                    let altered = try TileEdge(size: edge.tree.size, tiles: damaged)
                    #expect(altered.tree.root != edge.tree.root)
                }
            }
            edge.append(naive.leafHashes[size])
            reloaded.append(naive.leafHashes[size])
            #expect(reloaded.tree == edge.tree)
            #expect(reloaded.takeFull() == edge.takeFull())
            #expect(reloaded.partial() == edge.partial())
        }
    }

    /// A log may have the full tile already where an older tree had a partial one.
    @Test func edgeIsTakenFromFullTilesToo() throws {
        var edge = TileEdge()
        edge.append(contentsOf: naive.leafHashes[..<300])
        var later = edge
        later.append(contentsOf: naive.leafHashes[300..<512])
        var tiles = Dictionary(uniqueKeysWithValues: later.takeFull().map { ($0.tile, $0.data) })
        for file in edge.partial() where file.tile.content != .hashes(level: 0) { tiles[file.tile] = file.data }
        var reloaded = try TileEdge(size: 300, tiles: tiles)
        #expect(reloaded.tree == edge.tree)
        #expect(reloaded.partial() == edge.partial())
        reloaded.append(contentsOf: naive.leafHashes[300..<512])
        #expect(reloaded.tree.head == naive.head(512))
    }

    /// A batch that fails is forgotten by dropping the copy it was tried on.
    @Test func copiesDoNotShareWhatIsAppended() {
        var edge = TileEdge()
        edge.append(contentsOf: naive.leafHashes[..<300])
        var copy = edge
        copy.append(contentsOf: naive.leafHashes[300..<600])
        #expect(edge.tree.head == naive.head(300))
        #expect(copy.tree.head == naive.head(600))
        #expect(edge.takeFull().count == 1)
        #expect(copy.takeFull().count == 2)
    }

    /// A tile by the definition in tlog-tiles: hash i of tile n of level l is
    /// MTH(D[(n * 256 + i) * 256^l : (n * 256 + i + 1) * 256^l]).
    private func expected(_ tile: Tile) -> TileData? {
        guard case .hashes(let level) = tile.content else { return nil }
        let span = (0..<level).reduce(1) { product, _ in product * 256 }
        return TileData(
            hashes: (0..<tile.width).map { place in
                let start = (Int(tile.index) * 256 + place) * span
                return naive.root(start..<start + span)
            })
    }
}
