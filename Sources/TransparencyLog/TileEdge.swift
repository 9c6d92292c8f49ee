// SPDX-License-Identifier: Apache-2.0

/// The right edge of a log's tiles: what a log keeps in memory to append entries and to know what it must write.
///
///     var edge = try TileEdge(size: size, tiles: fetched(Tile.edge(of: size)))    compare edge.tree.root
///     for entry in batch { edge.append(MerkleTree.leafHash(entry)) }
///     for file in edge.takeFull() + edge.partial(changedSince: size) { write(file.data.bytes, to: file.tile.path) }
///
/// A leaf costs one node hash on average, whatever the size of the batch. Copies share their tiles until one of them
/// grows.
public struct TileEdge: Sendable {
    /// A hash tile with what stands in it.
    public struct File: Sendable, Hashable {
        /// The tile's name.
        public let tile: Tile
        /// The tile's hashes.
        public let data: TileData
    }

    /// The tree.
    public private(set) var tree: CompactTree
    /// The hashes of the partial tile of each level; empty where the level has none.
    private var levels: [[Hash]]
    /// The tiles that have become full and were not taken yet, in the order in which they became so.
    private var full: [File] = []

    /// The edge of the empty tree.
    public init() {
        tree = CompactTree()
        levels = Array(repeating: [], count: 8)
    }

    /// The edge of a tree of `size`, from the tiles that `Tile.edge(of:)` names.
    ///
    /// Compare `tree.root` with the root that was signed before anything is appended.
    public init(size: TreeSize, tiles: [Tile: TileData]) throws(TileError) {
        self.init()
        // This also refuses a tile that is missing or too narrow: the last of its hashes are part of the tree's.
        let hashes = try TilePlan(.compactTree(of: size)).compute(from: tiles)
        guard let tree = CompactTree(size: size, hashes: hashes) else {
            preconditionFailure("the plan gives one hash for each bit of the size")
        }
        self.tree = tree
        for tile in Tile.edge(of: size) {
            guard case .hashes(let level) = tile.content, let data = tiles[tile] ?? tiles[tile.full] else {
                throw .missing(tile)
            }
            levels[level] = Array(data.hashes.prefix(tile.width))
        }
    }

    /// Appends one leaf by its hash.
    public mutating func append(_ leafHash: Hash) {
        var fullTileRoots: [Hash] = []
        tree.append(leafHash) { height, root in
            if height % 8 == 0 { fullTileRoots.append(root) }
        }
        // From the lowest level up: the root of each tile that this leaf fills is the next hash of the level above.
        add(leafHash, toLevel: 0)
        for (level, root) in fullTileRoots.enumerated() { add(root, toLevel: level + 1) }
    }

    /// Appends leaves by their hashes.
    @inlinable
    public mutating func append(contentsOf leafHashes: some Sequence<Hash>) {
        for leafHash in leafHashes { append(leafHash) }
    }

    /// The tiles that have become full since this was last asked. Each is given once.
    public mutating func takeFull() -> [File] {
        defer { full = [] }
        return full
    }

    /// The partial tiles of the tree as it stands, the lowest first, without those that the tree of `size` had already.
    public func partial(changedSince size: TreeSize = 0) -> [File] {
        Tile.edge(of: tree.size).compactMap { tile in
            guard case .hashes(let level) = tile.content,
                tree.size.value >> UInt64(8 * level) > size.value >> UInt64(8 * level),
                let data = TileData(hashes: levels[level])
            else { return nil }
            return File(tile: tile, data: data)
        }
    }

    private mutating func add(_ hash: Hash, toLevel level: Int) {
        levels[level].append(hash)
        guard levels[level].count == Tile.fullWidth, let data = TileData(hashes: levels[level]) else { return }
        let index = tree.size.value >> UInt64(8 * level + 8) - 1
        full.append(File(tile: Tile(unchecked: .hashes(level: level), index, Tile.fullWidth), data: data))
        levels[level] = []
    }
}
