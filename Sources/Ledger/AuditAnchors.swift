// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// The hashes of a tree that follow from its signed root: every level above the leaves, and the right edge.
///
/// They are found from the top down. The partial tiles together give the root; a full tile gives the hash in its place
/// of the level above. Where a file does not, other files may give what stands there.
struct AuditAnchors: Sendable {
    /// The size of the tree.
    let size: TreeSize
    /// The hashes of each tile, by the form that it has in this tree. A tile that is not here could not be anchored.
    private(set) var tiles: [Tile: [Hash]] = [:]

    /// Finds the hashes of the tree `head` in the files that were read of `needed`: the right edge, and full tiles above
    /// level 0 in the order of their levels.
    ///
    /// Where those files alone are not enough, `survey` has what the entries and the tiles beneath give; nil says that a
    /// survey is needed.
    init?(
        of head: TreeHead, needed: [Tile], files: [Tile: AuditFiles.File], survey: AuditSurvey?,
        _ findings: inout AuditFindings
    ) {
        size = head.size
        guard size > 0 else { return }
        let sources = Sources(files: files, survey: survey)
        let plan = TilePlan(.root(of: size))
        guard
            anchor(Tile.edge(of: size), sources, &findings, where: { Self.root(of: plan, from: $0) == head.root })
        else { return nil }
        for tile in needed.reversed() where tile.isFull {
            guard case .hashes(let level) = tile.content, level > 0, let root = hash(level: level + 1, tile.index)
            else { continue }
            guard anchor([tile], sources, &findings, where: { MerkleTree.root(of: $0[tile] ?? []) == root }) else {
                return nil
            }
        }
    }

    /// The hash over 256^level leaves, counted from the left; nil where it could not be anchored.
    func hash(level: Int, _ index: UInt64) -> Hash? {
        guard let position = HashPosition(level: 8 * level, index: index),
            let tile = Tile.holding(position, in: size)
        else { return nil }
        return tiles[tile]?[Int(index & 255)]
    }

    /// What the tiles are found from.
    private struct Sources {
        let files: [Tile: AuditFiles.File]
        let survey: AuditSurvey?
    }

    /// Finds the hashes of these tiles, of which `holds` says whether they are right. False where a survey is needed;
    /// where there was one, what cannot be found is a fault.
    private mutating func anchor(
        _ group: [Tile], _ sources: Sources, _ findings: inout AuditFindings, where holds: ([Tile: [Hash]]) -> Bool
    ) -> Bool {
        let stored = group.map { tile in sources.files[tile].map { [Hash](tile: $0.bytes) } }
        var given = [zip(group, stored).flatMap { $1?.map { $0 } ?? [Hash?](repeating: nil, count: $0.width) }]
        if let survey = sources.survey {
            let ways = group.map { survey.sources(of: $0) }
            given += ways[0].indices.map { way in ways.flatMap { $0[way] } }
        }
        guard let chosen = AuditChoice.hashes(from: given, where: { holds(Self.parts($0, of: group)) }) else {
            if sources.survey == nil { return false }
            let paths = group.compactMap { sources.files[$0]?.tile.path }
            findings.add(.undecided(paths: paths, entries: group.leaves(in: size)))
            return true
        }
        for (tile, hashes) in Self.parts(chosen, of: group) { tiles[tile] = hashes }
        for (tile, stored) in zip(group, stored) where stored != nil && stored != tiles[tile] {
            findings.add(.tile(path: sources.files[tile]?.tile.path ?? tile.path))
        }
        return true
    }

    private static func parts(_ hashes: [Hash], of group: [Tile]) -> [Tile: [Hash]] {
        var rest = hashes[...]
        var parts: [Tile: [Hash]] = [:]
        for tile in group {
            parts[tile] = Array(rest.prefix(tile.width))
            rest = rest.dropFirst(tile.width)
        }
        return parts
    }

    private static func root(of plan: TilePlan, from tiles: [Tile: [Hash]]) -> Hash? {
        do throws(TileError) {
            return try plan.compute(from: tiles.compactMapValues { TileData(hashes: $0) }).first
        } catch {
            preconditionFailure("the root follows from the right edge")
        }
    }
}

extension [Tile] {
    /// The leaves under these hash tiles of a tree.
    fileprivate func leaves(in size: TreeSize) -> ClosedRange<LeafIndex> {
        var first = size.value - 1
        var last: UInt64 = 0
        for tile in self {
            guard case .hashes(let level) = tile.content else { continue }
            let start = tile.index << UInt64(8 * level + 8)
            first = Swift.min(first, start)
            last = Swift.max(last, start + (UInt64(tile.width) << UInt64(8 * level)) - 1)
        }
        return LeafIndex(entry: first)...LeafIndex(entry: Swift.min(last, size.value - 1))
    }
}

extension LeafIndex {
    /// The index of an entry that a log has.
    init(entry value: UInt64) {
        guard let index = LeafIndex(value) else { preconditionFailure("a log has fewer than 2^63 entries") }
        self = index
    }
}
