// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// Why a log's files do not give what is asked of them.
public enum LedgerReadError: Error, Sendable, Hashable {
    /// The source serves no checkpoint.
    case noCheckpoint
    /// A file that the size of the log calls for is not there.
    case missing(path: String)
    /// A file is not of the form that its name calls for.
    case malformed(path: String, FormatError)
    /// A file's content does not lead to the signed root.
    case doesNotHold(path: String)
    /// The log is smaller than what is asked for.
    case beyondSize(LeafIndex, TreeSize)
}

/// Reads hash tiles and entry bundles of any log. What it reads has the right form; nothing says that it holds.
public struct TileReader: Sendable {
    let source: any LedgerSource
    private let memory: TileMemory?

    /// Reads from a source; what was read before comes from `memory`, where there is one.
    public init(source: any LedgerSource, keeping memory: TileMemory? = nil) {
        self.source = source
        self.memory = memory
    }

    /// The hash tiles asked for. Where a partial one is gone, the full one that took its place is cut to its width.
    public func hashTiles(_ tiles: [Tile]) async throws -> [Tile: TileData] {
        var found: [Tile: TileData] = [:]
        for tile in tiles {
            found[tile] = try await kept(tile)
        }
        return found
    }

    private func kept(_ tile: Tile) async throws -> TileData {
        guard let memory else { return try await hashTile(tile) }
        return try await memory.data(of: tile) { try await hashTile(tile) }
    }

    private func hashTile(_ tile: Tile) async throws -> TileData {
        if let bytes = try await source.read(tile.path, limit: tile.width * Hash.byteCount) {
            return try parsed(tile) { () throws(FormatError) in try TileData(parsing: bytes, of: tile) }
        }
        let bytes = try await full(tile, limit: Tile.fullWidth * Hash.byteCount)
        return try parsed(tile.full) { () throws(FormatError) in
            try TileData(parsing: Array(bytes.prefix(tile.width * Hash.byteCount)), of: tile)
        }
    }

    /// An entry bundle, of at least the width asked for.
    public func bundle(_ tile: Tile) async throws -> EntryBundle {
        guard let memory else { return try await readBundle(tile) }
        return try await memory.bundle(tile) { try await readBundle(tile) }
    }

    private func readBundle(_ tile: Tile) async throws -> EntryBundle {
        let limit = tile.width * (2 + EntryBundle.maximumEntryByteCount)
        if let bytes = try await source.read(tile.path, limit: limit) {
            return try parsed(tile) { () throws(FormatError) in try EntryBundle(parsing: bytes, of: tile) }
        }
        let bytes = try await full(tile, limit: Tile.fullWidth * (2 + EntryBundle.maximumEntryByteCount))
        let bundle = try parsed(tile.full) { () throws(FormatError) in try EntryBundle(parsing: bytes, of: tile.full) }
        return try parsed(tile) { () throws(FormatError) in
            try EntryBundle(bundle.prefix(tile.width).map { Array($0) })
        }
    }

    /// The frontier of the tree of a size, as the tiles have it: not verified.
    public func unverifiedTree(of size: TreeSize) async throws -> CompactTree? {
        let plan = TilePlan(.compactTree(of: size))
        return CompactTree(size: size, hashes: try plan.compute(from: await hashTiles(plan.tiles)))
    }

    /// The size and root that a tree had at an earlier size, as the tiles of the tree of `newer` entries have it: not
    /// verified. `size` is at most `newer`.
    ///
    /// The tiles are named as the newer tree has them: a copy may never have had the partial ones of the earlier.
    func unverifiedHead(of size: TreeSize, in newer: TreeSize) async throws -> TreeHead {
        guard size > 0 else { return .empty }
        let plan = HashPlan.root(of: size)
        var places: [(tile: Tile, height: Int, index: Int)] = []
        for position in plan.positions {
            guard let tile = Tile.holding(position, in: newer) else { preconditionFailure("it is an earlier size") }
            let height = position.level % 8
            places.append((tile, height, Int(position.index & (1 << UInt64(8 - height) - 1))))
        }
        let data = try await hashTiles(Array(Set(places.map(\.tile))))
        let hashes = places.compactMap { data[$0.tile]?.root(height: $0.height, index: $0.index) }
        guard hashes.count == places.count, let root = plan.compute(from: hashes).first else {
            throw LedgerReadError.doesNotHold(path: "tile")
        }
        return TreeHead(size: size, root: root)
    }

    private func full(_ tile: Tile, limit: Int) async throws -> [UInt8] {
        guard !tile.isFull, let bytes = try await source.read(tile.full.path, limit: limit) else {
            throw LedgerReadError.missing(path: tile.path)
        }
        return bytes
    }

    private func parsed<Value>(_ tile: Tile, _ body: () throws(FormatError) -> Value) throws(LedgerReadError) -> Value {
        do throws(FormatError) {
            return try body()
        } catch {
            throw .malformed(path: tile.path, error)
        }
    }
}
