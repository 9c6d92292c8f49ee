// SPDX-License-Identifier: Apache-2.0

/// Why a proof or a root cannot be computed from the tiles that were fetched.
public enum TileError: Error, Sendable, Hashable {
    /// The tile was not fetched.
    case missing(Tile)
    /// The tile was fetched with fewer hashes than its name says.
    case tooNarrow(Tile)
}

/// The tiles to fetch for a proof or a root, and how it follows from them.
///
///     let plan = try TilePlan(.inclusion(of: index, in: checkpoint.head.size))
///     let proof = InclusionProof(path: try plan.compute(from: fetched(plan.tiles)))
///
/// Nothing fetched is trusted: the proof is verified like one that was received.
public struct TilePlan: Sendable, Hashable {
    /// The tiles to fetch, each once. A full tile may be used in place of a partial one.
    public let tiles: [Tile]
    private let plan: HashPlan
    /// For each position of the plan, where its hash is found.
    private let sources: [Source]

    /// A complete subtree within a tile.
    private struct Source: Sendable, Hashable {
        /// The tile's place in `tiles`.
        let tile: Int
        let height: Int
        let index: Int
    }

    /// The tiles that hold the hashes of `plan`.
    public init(_ plan: HashPlan) {
        self.plan = plan
        var tiles: [Tile] = []
        sources = plan.positions.map { position in
            guard let tile = Tile.holding(position, in: plan.size) else {
                preconditionFailure("a plan lies within its tree")
            }
            let place = tiles.firstIndex(of: tile) ?? tiles.endIndex
            if place == tiles.endIndex { tiles.append(tile) }
            let height = position.level % 8
            let index = Int(position.index & (1 << UInt64(8 - height) - 1))
            return Source(tile: place, height: height, index: index)
        }
        self.tiles = tiles
    }

    /// The result of the plan, from tiles among which are all of `tiles`.
    public func compute(from fetched: [Tile: TileData]) throws(TileError) -> [Hash] {
        var data: [TileData] = []
        for tile in tiles {
            guard let found = fetched[tile] ?? fetched[tile.full] else { throw .missing(tile) }
            data.append(found)
        }
        var hashes: [Hash] = []
        for source in sources {
            guard let hash = data[source.tile].root(height: source.height, index: source.index) else {
                throw .tooNarrow(tiles[source.tile])
            }
            hashes.append(hash)
        }
        return plan.compute(from: hashes)
    }
}
