// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// What a replay stands on: the tree as anchored under the signed root, and where the replay begins.
struct AuditGround: Sendable {
    /// The hashes that follow from the signed root.
    let anchors: AuditAnchors
    /// The level-0 file of the right edge.
    let edge: AuditFiles.File?
    /// The state that the replay goes on from; nil where it begins with entry 0.
    let earlier: AuditState?

    /// Anchors the tree of a checkpoint: what is new of it where `earlier` can be gone on from, and otherwise the whole.
    ///
    /// Whether the log begins with what the earlier audit has seen is judged in either case.
    init(
        of checkpoint: CosignedCheckpoint, in files: AuditFiles, continuing earlier: AuditState?, depth: Audit.Depth,
        _ findings: inout AuditFindings
    ) async throws {
        let head = checkpoint.head
        if let earlier, earlier.head.size <= head.size, depth == .tree || earlier.depth == .filings {
            var attempt = AuditFindings(limit: 0)
            let needed = Self.tiles(from: earlier.head.size, to: head.size)
            let read = try await files.hashTiles(needed, &attempt)
            // Any damage to what is new is a reason to begin again: the whole may show where it lies.
            if let anchors = AuditAnchors(of: head, needed: needed, files: read, survey: nil, &attempt),
                attempt.isEmpty,
                try await Self.root(of: earlier.head.size, in: anchors, files) == earlier.head.root
            {
                self.init(anchors: anchors, edge: Self.edge(of: head.size, in: read), earlier: earlier)
                return
            }
        }
        try await self.init(of: head, in: files, &findings)
        guard let earlier else { return }
        let now = checkpoint.verified.signed
        guard earlier.head.size <= head.size else {
            findings.add(.shrunk(seen: earlier.checkpoint, now: now))
            return
        }
        switch try await Self.root(of: earlier.head.size, in: anchors, files) {
        case earlier.head.root: break
        case nil: findings.add(.appendOnly(since: earlier.head.size))
        default: findings.add(.rewritten(seen: earlier.checkpoint, now: now))
        }
    }

    /// Anchors the whole tree.
    private init(of head: TreeHead, in files: AuditFiles, _ findings: inout AuditFindings) async throws {
        let needed = Self.tiles(from: 0, to: head.size)
        let read = try await files.hashTiles(needed, &findings)
        let edge = Self.edge(of: head.size, in: read)
        if let anchors = AuditAnchors(of: head, needed: needed, files: read, survey: nil, &findings) {
            self.init(anchors: anchors, edge: edge, earlier: nil)
            return
        }
        let survey = try await AuditSurvey(of: head.size, in: files, tiles: read)
        guard let anchors = AuditAnchors(of: head, needed: needed, files: read, survey: survey, &findings) else {
            preconditionFailure("one survey is enough")
        }
        self.init(anchors: anchors, edge: edge, earlier: nil)
    }

    private init(anchors: AuditAnchors, edge: AuditFiles.File?, earlier: AuditState?) {
        self.anchors = anchors
        self.edge = edge
        self.earlier = earlier
    }

    private static func edge(of size: TreeSize, in read: [Tile: AuditFiles.File]) -> AuditFiles.File? {
        Tile.edge(of: size).first.flatMap { $0.content == .hashes(level: 0) ? read[$0] : nil }
    }

    /// The tiles above level 0 that have grown between two sizes, and the right edge, by their levels.
    private static func tiles(from old: TreeSize, to new: TreeSize) -> [Tile] {
        var tiles: [Tile] = []
        for level in 0..<8 {
            let before = old.value >> UInt64(8 * level)
            let after = new.value >> UInt64(8 * level)
            guard after > 0 else { break }
            let last = (after - 1) >> 8
            var first = last
            if level > 0, before < after {
                first = before >> 8
            } else if after & 255 == 0 {
                continue
            }
            for index in first...last {
                let width = Int(min(after - index << 8, UInt64(Tile.fullWidth)))
                if let tile = Tile(.hashes(level: level), index: index, width: width) { tiles.append(tile) }
            }
        }
        return tiles
    }

    /// The root that the tree had at an earlier size; nil where it does not follow from what is anchored.
    func root(of size: TreeSize, in files: AuditFiles) async throws -> Hash? {
        try await Self.root(of: size, in: anchors, files)
    }

    private static func root(
        of size: TreeSize, in anchors: AuditAnchors, _ files: AuditFiles
    ) async throws -> Hash? {
        let plan = HashPlan.root(of: size)
        let leaves = AuditLeaves(files: files, anchors: anchors, earlierRoots: [])
        var hashes: [Hash] = []
        for position in plan.positions {
            guard let tile = Tile.holding(position, in: anchors.size) else { return nil }
            var found = anchors.tiles[tile]
            if found == nil, tile.isFull, tile.content == .hashes(level: 0) {
                found = try await leaves.hashes(ofBundle: tile.index)
            }
            let height = position.level % 8
            let index = Int(position.index & (1 << UInt64(8 - height) - 1))
            guard let hash = found.flatMap(TileData.init)?.root(height: height, index: index) else { return nil }
            hashes.append(hash)
        }
        return plan.compute(from: hashes).first
    }
}
