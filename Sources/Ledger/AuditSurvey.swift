// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// What the entries and the tiles of a log give for the hashes above them, each without regard to the other.
///
/// An audit makes one where the tiles alone do not lead from the signed root to the entries.
struct AuditSurvey: Sendable {
    /// What one bundle and its level-0 tile give.
    struct Bundle: Sendable {
        /// The leaf hashes of the entries that could be read, for the last, partial bundle.
        var leaves: [Hash?] = []
        /// The root over the entries of a full bundle.
        var rootFromEntries: Hash?
        /// The root over the hashes in a full tile.
        var rootFromTile: Hash?
    }

    private let size: TreeSize
    /// The leaf hashes of the partial bundle.
    private let leaves: [Hash?]
    /// By level from 1, what follows from the entries alone.
    private var fromEntries: [[Hash?]]
    /// By level from 1, what follows from the tiles of the level below.
    private var fromTiles: [[Hash?]]

    /// Puts together what all bundles of a tree give with the files of the levels from 1 on.
    init(of size: TreeSize, bundles: [Bundle], files: [Tile: AuditFiles.File]) {
        self.size = size
        leaves = size.value % 256 == 0 ? [] : bundles.last?.leaves ?? []
        let full = bundles.prefix(Int(size.value >> 8))
        fromEntries = [full.map(\.rootFromEntries)]
        fromTiles = [full.map(\.rootFromTile)]
        for level in 1..<7 {
            let below = fromEntries[level - 1]
            let count = below.count >> 8
            guard count > 0 else { break }
            fromEntries.append(
                (0..<count).map { index in
                    let hashes = below[index << 8..<(index + 1) << 8].compactMap(\.self)
                    return hashes.count == Tile.fullWidth ? MerkleTree.root(of: hashes) : nil
                })
            fromTiles.append(
                (0..<count).map { index in
                    Tile(.hashes(level: level), index: UInt64(index)).flatMap { files[$0] }
                        .map { MerkleTree.root(of: [Hash](tile: $0.bytes)) }
                })
        }
    }

    /// What the entries alone give for the hashes of a tile above level 0, or of the last one of level 0.
    func hashesFromEntries(of tile: Tile) -> [Hash?] {
        tile.content == .hashes(level: 0) ? leaves : Self.part(fromEntries, of: tile)
    }

    /// What the tiles beneath give for the hashes of a tile; nothing at level 0.
    func hashesFromTiles(of tile: Tile) -> [Hash?] {
        tile.content == .hashes(level: 0)
            ? Array(repeating: nil, count: tile.width) : Self.part(fromTiles, of: tile)
    }

    private static func part(_ levels: [[Hash?]], of tile: Tile) -> [Hash?] {
        guard case .hashes(let level) = tile.content else { preconditionFailure("a survey is of hash tiles") }
        return Array(levels[level - 1][Int(tile.index) << 8..<Int(tile.index) << 8 + tile.width])
    }
}
