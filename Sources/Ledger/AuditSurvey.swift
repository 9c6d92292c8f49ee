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

    /// What different ways give for the hashes of one level.
    private struct Level: Sendable {
        /// What follows from the entries alone.
        var fromEntries: [Hash?]
        /// What follows from the level-0 tiles alone.
        var fromLeaves: [Hash?]
        /// What follows from the tiles of the level below.
        var fromTiles: [Hash?]
        /// What follows from that which most files of the level below agree on.
        var fromMost: [Hash?]
    }

    /// The leaf hashes of the partial bundle.
    private let leaves: [Hash?]
    /// The levels from 1 on.
    private var levels: [Level]

    /// Reads all entries and level-0 tiles for what they give. Faults are named where they are judged. `tiles` are the
    /// files of the levels from 1 on.
    init(of size: TreeSize, in files: AuditFiles, tiles: [Tile: AuditFiles.File]) async throws {
        var bundles: [Bundle] = []
        let parts = AuditParts(from: 0, to: size, bundlesInPart: AuditParts.quick)
        try await AuditPipeline.run(parts: parts.count) { part in
            var walk = AuditWalk()
            var surveyed: [Bundle] = []
            for bundle in parts[part] {
                try Task.checkCancellation()
                surveyed.append(try await Bundle(bundle, in: files, &walk))
            }
            return surveyed
        } taking: {
            bundles += $0
        }
        self.init(of: size, bundles: bundles, files: tiles)
    }

    /// Puts together what all bundles of a tree give with the files of the levels from 1 on.
    private init(of size: TreeSize, bundles: [Bundle], files: [Tile: AuditFiles.File]) {
        leaves = size.value % 256 == 0 ? [] : bundles.last?.leaves ?? []
        let full = bundles.prefix(Int(size.value >> 8))
        let (fromEntries, fromTiles) = (full.map(\.rootFromEntries), full.map(\.rootFromTile))
        levels = [
            Level(fromEntries: fromEntries, fromLeaves: fromTiles, fromTiles: fromTiles, fromMost: fromTiles)
        ]
        while levels[levels.count - 1].fromEntries.count >= Tile.fullWidth { addLevel(files) }
    }

    private mutating func addLevel(_ files: [Tile: AuditFiles.File]) {
        let below = levels[levels.count - 1]
        var level = Level(fromEntries: [], fromLeaves: [], fromTiles: [], fromMost: [])
        for index in 0..<below.fromEntries.count >> 8 {
            let places = index << 8..<(index + 1) << 8
            let file = Tile(.hashes(level: levels.count), index: UInt64(index)).flatMap { files[$0] }
            let stored = file.map { [Hash](tile: $0.bytes).map { $0 as Hash? } } ?? []
            let most = places.map { place in
                let given =
                    [stored.isEmpty ? nil : stored[place & 255]] + [
                        below.fromMost[place], below.fromLeaves[place], below.fromEntries[place],
                    ]
                return given.first { hash in hash != nil && given.count { $0 == hash } > 1 }
                    ?? given.lazy.compactMap(\.self).first
            }
            level.fromEntries.append(Self.root(below.fromEntries[places]))
            level.fromLeaves.append(Self.root(below.fromLeaves[places]))
            level.fromTiles.append(Self.root(stored[...]))
            level.fromMost.append(Self.root(most[...]))
        }
        levels.append(level)
    }

    /// The root over 256 hashes; nil unless all are there.
    private static func root(_ hashes: ArraySlice<Hash?>) -> Hash? {
        let known = hashes.compactMap(\.self)
        return known.count == Tile.fullWidth ? MerkleTree.root(of: known) : nil
    }

    /// What each way gives for the hashes of a tile above level 0, or of the last one of level 0.
    func sources(of tile: Tile) -> [[Hash?]] {
        guard case .hashes(let level) = tile.content else { preconditionFailure("a survey is of hash tiles") }
        guard level > 0 else {
            let missing = [Hash?](repeating: nil, count: tile.width)
            return [leaves, missing, missing, missing]
        }
        let places = Int(tile.index) << 8..<Int(tile.index) << 8 + tile.width
        let found = levels[level - 1]
        return [found.fromEntries, found.fromLeaves, found.fromTiles, found.fromMost].map { Array($0[places]) }
    }
}

extension AuditSurvey.Bundle {
    fileprivate init(_ bundle: Tile, in files: AuditFiles, _ walk: inout AuditWalk) async throws {
        var ignored = AuditFindings(limit: 0)
        let file = try await files.file(of: bundle, &ignored)
        walk.read(file?.bytes ?? [], width: bundle.width, ignoringRest: true)
        guard bundle.isFull else {
            leaves = walk.hashes.map { $0 } + [Hash?](repeating: nil, count: bundle.width - walk.hashes.count)
            return
        }
        if walk.isWhole { rootFromEntries = walk.root }
        let tile = try await files.hashTile(AuditBundles.leafTile(of: bundle), &ignored)
        rootFromTile = tile.map { MerkleTree.root(of: [Hash](tile: $0.bytes)) }
    }
}
