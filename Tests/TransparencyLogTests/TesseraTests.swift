// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

/// A tlog-tiles log that another implementation wrote, at every size from 0 to 15.
@Suite("A log written by Tessera", .enabled(if: VectorFolder.isPresent))
struct TesseraTests {
    private let folder = "external/tessera/testdata/log"

    @Test(arguments: 0...15) func everySizeIsWhatItsFilesHold(count: Int) throws {
        let signed = try SignedCheckpoint(parsing: VectorFolder.bytes("\(folder)/checkpoint.\(count)"))
        let checkpoint = signed.unverified
        let size = checkpoint.head.size
        #expect(size.value == UInt64(count))
        #expect(Checkpoint(origin: checkpoint.origin, head: checkpoint.head) == checkpoint)
        var edge = TileEdge()
        for name in Tile.bundles(to: size) {
            let bytes = try VectorFolder.bytes("\(folder)/\(name.path)")
            let bundle = try EntryBundle(parsing: bytes, of: name)
            let remade = try EntryBundle(bundle.map { Array($0) })
            #expect(remade.bytes == bytes)
            edge.append(contentsOf: bundle.leafHashes)
        }
        #expect(edge.tree.head == checkpoint.head)
        var tiles: [Tile: TileData] = [:]
        for file in edge.takeFull() + edge.partial() {
            #expect(try VectorFolder.bytes("\(folder)/\(file.tile.path)") == file.data.bytes)
            tiles[file.tile] = try TileData(parsing: VectorFolder.bytes("\(folder)/\(file.tile.path)"), of: file.tile)
        }
        #expect(Set(tiles.keys) == Set(Tile.hashTiles(to: size)))
        for older in 1..<max(count, 1) {
            let from = try SignedCheckpoint(parsing: VectorFolder.bytes("\(folder)/checkpoint.\(older)")).unverified
                .head
            let plan = TilePlan(try .consistency(from: from.size, to: size))
            try ConsistencyProof(path: plan.compute(from: tiles)).verify(from: from, to: checkpoint.head)
        }
    }
}
