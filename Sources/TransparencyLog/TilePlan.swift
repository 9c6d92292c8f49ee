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

    /// The tiles that hold the hashes of `plan`.
    public init(_ plan: HashPlan) {
        self.plan = plan
        var tiles: [Tile] = []
        for position in plan.positions {
            let tile = Self.tile(of: position, in: plan.size)
            if !tiles.contains(tile) { tiles.append(tile) }
        }
        self.tiles = tiles
    }

    /// The result of the plan, from tiles among which are all of `tiles`.
    public func compute(from fetched: [Tile: TileData]) throws(TileError) -> [Hash] {
        var hashes: [Hash] = []
        for position in plan.positions {
            let tile = Self.tile(of: position, in: plan.size)
            guard let data = fetched[tile] ?? fetched[tile.full] else { throw .missing(tile) }
            let height = position.level % 8
            let index = Int(position.index & (1 << UInt64(8 - height) - 1))
            guard let hash = data.root(height: height, index: index) else { throw .tooNarrow(tile) }
            hashes.append(hash)
        }
        return plan.compute(from: hashes)
    }

    private static func tile(of position: HashPosition, in size: TreeSize) -> Tile {
        guard let tile = Tile.holding(position, in: size) else { preconditionFailure("a plan lies within its tree") }
        return tile
    }
}
