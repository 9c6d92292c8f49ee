// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

// conformance 30, 42, 43, 44, 45, 46 are matters of serving and fetching over HTTP: this target does neither.
@Suite("Tiles and their paths")
struct TileTests {
    // conformance 31, 32, 33
    @Test(arguments: [
        ("tile/0/000", Tile(.hashes(level: 0), index: 0)),
        ("tile/0/x001/x234/067", Tile(.hashes(level: 0), index: 1_234_067)),
        ("tile/1/x001/x234/067.p/1", Tile(.hashes(level: 1), index: 1_234_067, width: 1)),
        ("tile/63/999.p/255", Tile(.hashes(level: 63), index: 999, width: 255)),
        ("tile/2/x001/000", Tile(.hashes(level: 2), index: 1000)),
        ("tile/entries/000.p/9", Tile(.entries, index: 0, width: 9)),
        ("tile/entries/x273/000", Tile(.entries, index: 273_000)),
        ("tile/0/x009/x223/x372/x036/x854/x775/807", Tile(.hashes(level: 0), index: 1 << 63 - 1)),
    ])
    func pathsAreThoseOfTheSpecification(path: String, tile: Tile?) throws {
        #expect(tile?.path == path)
        let parsed = try Tile(parsing: path.utf8)
        #expect(parsed == tile)
    }

    // conformance 31, 32, 33
    @Test(arguments: [
        "", "tile", "tile/", "tile/0", "tile/0/", "tile//000", "/tile/0/000", "tile/0/000/", "tile/0/00", "tile/0/0000",
        "tile/0/0067", "tile/0/1234067", "tile/0/x1/234", "tile/0/x001/x234/x067", "tile/0/001/234/067",
        "tile/0/x000/001", "tile/0/x000", "tile/0/X001/000", "tile/00/000", "tile/01/000", "tile/-1/000", "tile/+1/000",
        "tile/64/000", "tile/data/000", "tile/8/0/000", "tile/0/000.p", "tile/0/000.p/", "tile/0/000.p/0",
        "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p/1/", "tile/0/000.p/-1", "tile/0/000.p/+1",
        "tile/0/000.p/1.p/1", "tile/0/000p/1", "tile/0/x001.p/000", "tile/0/x001.p/000.p/1", "tile/0/ 01",
        "tile/0/0a1", "tile/0/x001/../000", "tile/entries", "tile/entries/", "tile/Entries/000", "tile/entries/0/000",
        "tile/0/x009/x223/x372/x036/x854/x775/808", "tile/0/x999/x999/x999/x999/x999/x999/x999", "tile/0/٠٠٠",
        "tile/0/000\n", "tile/0/x001/x000/x000/x000/x000/x000/x000/x000/x000/x000/x000/x000/x000/x000/x000/x000/000",
    ])
    func otherPathsAreRefused(path: String) {
        #expect(throws: FormatError.self) { try Tile(parsing: path.utf8) }
    }

    @Test func everyPathReadsBack() throws {
        for content in [.entries] + (0...63).map({ Tile.Content.hashes(level: $0) }) {
            for index in [0, 1, 9, 10, 99, 100, 999, 1000, 1001, 999_999, 1_000_000, 123_456_789, 1 << 55] as [UInt64] {
                for width in [1, 2, 9, 10, 99, 100, 255, 256] {
                    let tile = Tile(content, index: index, width: width)!
                    let parsed = try Tile(parsing: tile.path.utf8)
                    #expect(parsed == tile)
                    #expect(tile.isFull == (width == 256))
                    #expect(tile.full == Tile(content, index: index))
                }
            }
        }
        #expect(Tile(.hashes(level: 64), index: 0) == nil)
        #expect(Tile(.hashes(level: -1), index: 0) == nil)
        #expect(Tile(.entries, index: 1 << 63) == nil)
        #expect(Tile(.entries, index: 0, width: 0) == nil)
        #expect(Tile(.entries, index: 0, width: 257) == nil)
    }

    // conformance 36, the two worked examples of tlog-tiles; and that a tree without leaves has no tiles
    @Test func workedExamplesHaveTheTilesOfTheSpecification() {
        let tiles = Tile.hashTiles(to: 70_000)
        #expect(tiles.count(where: { $0.content == .hashes(level: 0) && $0.isFull }) == 273)
        #expect(
            tiles.suffix(4) == [
                Tile(.hashes(level: 0), index: 273, width: 112)!, Tile(.hashes(level: 1), index: 0)!,
                Tile(.hashes(level: 1), index: 1, width: 17)!, Tile(.hashes(level: 2), index: 0, width: 1)!,
            ])
        #expect(tiles.count == 277)
        #expect(Tile.bundles(to: 70_000).last == Tile(.entries, index: 273, width: 112)!)
        #expect(Tile.bundles(to: 70_000).count == 274)
        #expect(
            Tile.hashTiles(to: 256) == [
                Tile(.hashes(level: 0), index: 0)!, Tile(.hashes(level: 1), index: 0, width: 1)!,
            ])
        #expect(Tile.edge(of: 256) == [Tile(.hashes(level: 1), index: 0, width: 1)!])
        #expect(Tile.hashTiles(to: 0).isEmpty)
        #expect(Tile.bundles(to: 0).isEmpty)
        #expect(Tile.edge(of: 0).isEmpty)
    }

    // conformance 35
    @Test func partialWidthsFollowTheFormula() {
        for size in [1, 255, 256, 257, 65_535, 65_536, 65_537, 70_000, 16_777_216, 1 << 40 + 12_345, 1 << 63 - 1]
            as [UInt64]
        {
            let edge = Tile.edge(of: TreeSize(size)!)
            var span: UInt64 = 1
            for level in 0..<8 {
                let width = Int(size / span % 256)
                let tile = edge.first { $0.content == .hashes(level: level) }
                #expect(tile?.width ?? 0 == width)
                #expect((tile?.index ?? size / span / 256) == size / span / 256)
                span = level < 7 ? span * 256 : span
            }
        }
    }

    @Test func growthNamesWhatIsNewOrWider() {
        for old in 0...600 as ClosedRange<UInt64> {
            for new in [old, old + 1, old + 2, old + 255, old + 256, old + 600] {
                let before = Set(Tile.hashTiles(to: TreeSize(old)!) + Tile.bundles(to: TreeSize(old)!))
                let after = Tile.hashTiles(to: TreeSize(new)!) + Tile.bundles(to: TreeSize(new)!)
                let grown =
                    Tile.hashTiles(from: TreeSize(old)!, to: TreeSize(new)!)
                    + Tile.bundles(from: TreeSize(old)!, to: TreeSize(new)!)
                #expect(Set(grown) == Set(after).subtracting(before))
                #expect(Set(grown).count == grown.count)
            }
        }
        #expect(Tile.hashTiles(from: 5, to: 4).isEmpty)
    }

    @Test func everyHashOfATreeIsInOneOfItsTiles() {
        for size in [1, 2, 255, 256, 257, 1000, 65_536, 70_000] as [UInt64] {
            let tiles = Set(Tile.hashTiles(to: TreeSize(size)!))
            for level in 0..<63 {
                let count = size >> UInt64(level)
                for index in [0, 1, count / 2, count &- 1, count] {
                    guard let position = HashPosition(level: level, index: index) else { continue }
                    let tile = Tile.holding(position, in: TreeSize(size)!)
                    #expect((tile != nil) == (index < count))
                    if let tile { #expect(tiles.contains(tile)) }
                }
            }
            #expect(Tile.bundle(holding: LeafIndex(size)!, in: TreeSize(size)!) == nil)
            let last = Tile.bundle(holding: LeafIndex(size - 1)!, in: TreeSize(size)!)
            #expect(last == Tile.bundles(to: TreeSize(size)!).last)
        }
        #expect(HashPosition(level: -1, index: 0) == nil)
        #expect(HashPosition(level: 63, index: 0) == nil)
        #expect(HashPosition(level: 62, index: 2) == nil)
        #expect(HashPosition(level: 62, index: 1) != nil && HashPosition(level: 0, index: 0) != nil)
        #expect(HashPosition(level: 0, index: 1 << 63) == nil)
    }

    // conformance 34: exactly as many hashes as the name says
    @Test func tileDataHasTheWidthOfItsName() throws {
        let hashes = (0..<256).map { SHA256.hash([UInt8($0)]) }
        for width in [1, 2, 112, 255, 256] {
            let tile = Tile(.hashes(level: 0), index: 0, width: width)!
            let bytes = hashes[..<width].flatMap(\.bytes)
            let data = try TileData(parsing: bytes, of: tile)
            #expect(data.hashes == Array(hashes[..<width]))
            #expect(data.bytes == bytes)
            for wrong in [Array(bytes.dropLast()), bytes.dropLast(32) + [], bytes + [0], bytes + hashes[0].bytes] {
                #expect(throws: FormatError.self) { try TileData(parsing: wrong, of: tile) }
            }
            #expect(throws: FormatError.self) {
                try TileData(parsing: bytes, of: Tile(.entries, index: 0, width: width)!)
            }
        }
        #expect(TileData(hashes: []) == nil)
        #expect(TileData(hashes: hashes + [hashes[0]]) == nil)
    }

    @Test func tileRootsAreThoseOfTheirLeaves() {
        let hashes = (0..<256).map { SHA256.hash([UInt8($0)]) }
        for width in [1, 2, 3, 7, 128, 200, 255, 256] {
            let plain = TileData(hashes: Array(hashes[..<width]))!
            let prepared = plain.withInterior()
            #expect(plain == prepared)
            #expect(Set([plain]).contains(prepared))
            for height in 0...9 {
                for index in 0...(256 >> height) {
                    let end = (index + 1) << height
                    let expected =
                        height <= 8 && end <= width ? MerkleTree.root(of: hashes[index << height..<end]) : nil
                    #expect(plain.root(height: height, index: index) == expected)
                    #expect(prepared.root(height: height, index: index) == expected)
                }
            }
            #expect(plain.root(height: 0, index: -1) == nil)
            #expect(plain.root(height: -1, index: 0) == nil)
        }
    }

    /// The level that only a tree beyond 2^56 leaves has.
    @Test func theHighestLevelIsThere() throws {
        let (old, new) = (try #require(TreeSize(1 << 60 - 1)), try #require(TreeSize(1 << 60)))
        let tiles = Tile.hashTiles(from: old, to: new)
        #expect(tiles.map(\.content) == (0...7).map { .hashes(level: $0) })
        #expect(tiles.last == Tile(.hashes(level: 7), index: 0, width: 16))
        #expect(Tile.edge(of: new) == [tiles[7]])
    }
}
