// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// The right edge of a log: what of its tree, tiles and bundles is needed to append to it.
///
/// Everything to the left is in full tiles and bundles, which never change.
struct RightEdge: Sendable {
    private var tiles = TileEdge()
    /// The entries of the partial bundle, fewer than 256.
    private var entries: [[UInt8]] = []
    /// The last entry, if there is one.
    private(set) var lastEntry: [UInt8]?

    /// What appending a batch leads to.
    struct Growth: Sendable {
        /// The edge afterwards.
        var edge: RightEdge
        /// The files that are new, none of which ever changes.
        var files: [StoredFile] = []
        /// The paths of tiles and bundles that became full, whose partial forms are needed no longer.
        var completedPaths: [String] = []
        /// The entries of the batch.
        var entries: [[UInt8]] = []
        /// Their leaf hashes.
        var leafHashes: [Hash] = []

        fileprivate mutating func add(_ tile: Tile, _ bytes: [UInt8]) {
            files.append(StoredFile(path: tile.path, bytes: bytes))
            if tile.isFull { completedPaths.append(tile.path) }
        }
    }

    /// The edge of an empty log.
    init() {}

    /// Reads the edge of a log of `size` entries. Its root still has to be compared with a signed one.
    ///
    /// Throws `SequencerError.tilesDoNotHold` if files are missing, of another shape, or do not fit each other.
    init(of size: TreeSize, in source: some LedgerSource) async throws {
        let reader = TileReader(source: source)
        do {
            var needed = TilePlan(.compactTree(of: size)).tiles
            needed += Tile.edge(of: size).filter { !needed.contains($0) }
            tiles = try TileEdge(size: size, tiles: await reader.hashTiles(needed))
            guard size > 0, let last = LeafIndex(size.value - 1), let tile = Tile.bundle(holding: last, in: size) else {
                return
            }
            let bundle = try await reader.bundle(tile)
            guard let leafTile = HashPosition(level: 0, index: last.value).flatMap({ Tile.holding($0, in: size) }),
                try await reader.hashTiles([leafTile])[leafTile]?.hashes == bundle.leafHashes
            else { throw SequencerError.tilesDoNotHold(size) }
            // The frontier goes down to the leaves of a partial tile, but not of a full one.
            let plan = TilePlan(try .inclusion(of: last, in: size))
            let proof = InclusionProof(path: try plan.compute(from: await reader.hashTiles(plan.tiles)))
            try proof.verify(bundle.leafHashes[bundle.count - 1], at: last, in: head)
            lastEntry = Array(bundle[bundle.count - 1])
            if !tile.isFull { entries = bundle.map { Array($0) } }
        } catch is TileError {
            throw SequencerError.tilesDoNotHold(size)
        } catch is LedgerReadError {
            throw SequencerError.tilesDoNotHold(size)
        } catch is ProofError {
            throw SequencerError.tilesDoNotHold(size)
        }
    }

    /// The tree's frontier.
    var tree: CompactTree { tiles.tree }

    /// The size of the log.
    var size: TreeSize { tiles.tree.size }

    /// The size and root of the log.
    var head: TreeHead { tiles.tree.head }

    /// What appending `batch` leads to: the new edge and the files to be made.
    func growing(by batch: [[UInt8]]) throws(FormatError) -> Growth {
        var edge = self
        var growth = Growth(edge: self)
        growth.entries = batch
        growth.leafHashes = batch.map { MerkleTree.leafHash($0) }
        edge.tiles.append(contentsOf: growth.leafHashes)
        edge.lastEntry = batch.last ?? lastEntry

        var bundled = entries + batch
        var bundles = Tile.bundles(from: size, to: edge.size)[...]
        edge.entries = []
        while let tile = bundles.popFirst() {
            let part = Array(bundled.prefix(tile.width))
            bundled.removeFirst(part.count)
            growth.add(tile, try EntryBundle(part).bytes)
            if !tile.isFull { edge.entries = part }
        }
        for file in edge.tiles.takeFull() + edge.tiles.partial(changedSince: size) {
            growth.add(file.tile, file.data.bytes)
        }
        growth.edge = edge
        return growth
    }
}
