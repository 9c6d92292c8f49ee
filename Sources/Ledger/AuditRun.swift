// SPDX-License-Identifier: Apache-2.0
import Evidence
import Synchronization
import TransparencyLog

/// One run of an audit, under the checkpoint that the log has signed.
struct AuditRun: Sendable {
    private let audit: Audit
    private let checkpoint: AuditCheckpoint
    private let files: AuditFiles
    private let head: TreeHead
    private var findings: AuditFindings

    init(of audit: Audit, at checkpoint: AuditCheckpoint, _ findings: AuditFindings) {
        self.audit = audit
        self.checkpoint = checkpoint
        self.findings = findings
        files = AuditFiles(source: audit.source)
        head = checkpoint.cosigned.head
    }

    /// Where the replay begins, and what it is held against.
    private struct Ground: Sendable {
        var anchors: AuditAnchors
        /// The level-0 file of the right edge.
        var edge: AuditFiles.File?
        /// The state that the replay goes on from; nil where it begins with entry 0.
        var earlier: AuditState?
    }

    consuming func run(
        _ progress: @escaping @Sendable (Audit.Progress) -> Void
    ) async throws -> Audit.Result {
        guard head.size < Audit.maximumSize else { throw Audit.Failure.tooLarge(head.size) }
        if audit.depth == .tree { findings.add(.allFilings) }
        var listing = AuditListing()
        if let source = audit.source as? any ListableSource {
            listing = try await AuditListing(of: source, size: head.size, &findings)
        } else {
            findings.add(.otherFiles)
        }
        let ground = try await ground()
        if let earlier = ground.earlier { findings.add(.earlierEntries(below: earlier.head.size)) }
        try await judgeOlderTiles(listing, ground)

        var replay = try await replay(ground, listing, progress)
        replay.finish()
        findings = replay.findings
        judgeCheckpointKey(after: replay)
        return result(of: replay, ground)
    }

    // MARK: - Anchoring

    /// Anchors the tree, in what is new where an earlier audit can be gone on from, and otherwise in the whole.
    private mutating func ground() async throws -> Ground {
        guard let earlier = audit.earlier else { return try await wholeGround() }
        guard earlier.origin == checkpoint.cosigned.checkpoint.origin else {
            throw Audit.Failure.stateOfAnotherLog(earlier.origin)
        }
        let now = checkpoint.cosigned.verified.signed
        guard earlier.head.size <= head.size else {
            findings.add(.shrunk(seen: earlier.checkpoint, now: now))
            return try await wholeGround()
        }
        if audit.depth == .tree || earlier.depth == .filings {
            var attempt = AuditFindings(limit: audit.limit)
            let needed = Self.tiles(from: earlier.head.size, to: head.size)
            let read = try await read(needed, &attempt)
            if let anchors = AuditAnchors(of: head, needed: needed, files: read, survey: nil, &attempt),
                attempt.isEmpty, try await root(of: earlier.head.size, in: anchors) == earlier.head.root
            {
                return Ground(anchors: anchors, edge: edge(in: read), earlier: earlier)
            }
        }
        let ground = try await wholeGround()
        switch try await root(of: earlier.head.size, in: ground.anchors) {
        case earlier.head.root: break
        case nil: findings.add(.appendOnly(since: earlier.head.size))
        default: findings.add(.rewritten(seen: earlier.checkpoint, now: now))
        }
        return ground
    }

    private mutating func wholeGround() async throws -> Ground {
        let needed = Self.tiles(from: 0, to: head.size)
        let read = try await read(needed, &findings)
        if let anchors = AuditAnchors(of: head, needed: needed, files: read, survey: nil, &findings) {
            return Ground(anchors: anchors, edge: edge(in: read))
        }
        let survey = try await survey(read)
        guard let anchors = AuditAnchors(of: head, needed: needed, files: read, survey: survey, &findings) else {
            preconditionFailure("one survey is enough")
        }
        return Ground(anchors: anchors, edge: edge(in: read))
    }

    private func read(
        _ tiles: [Tile], _ findings: inout AuditFindings
    ) async throws -> [Tile: AuditFiles.File] {
        var read: [Tile: AuditFiles.File] = [:]
        for tile in tiles { read[tile] = try await files.hashTile(tile, &findings) }
        return read
    }

    private func edge(in read: [Tile: AuditFiles.File]) -> AuditFiles.File? {
        Tile.edge(of: head.size).first.flatMap { $0.content == .hashes(level: 0) ? read[$0] : nil }
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
    private func root(of size: TreeSize, in anchors: AuditAnchors) async throws -> Hash? {
        let plan = HashPlan.root(of: size)
        let leaves = AuditLeaves(files: files, anchors: anchors, earlierRoots: [])
        var hashes: [Hash] = []
        for position in plan.positions {
            guard let tile = Tile.holding(position, in: head.size) else { return nil }
            var tileHashes = anchors.tiles[tile]
            if tileHashes == nil, tile.isFull, tile.content == .hashes(level: 0) {
                tileHashes = try await leaves.hashes(ofBundle: tile.index)
            }
            let height = position.level % 8
            let index = Int(position.index & (1 << UInt64(8 - height) - 1))
            guard let hash = tileHashes.flatMap(TileData.init)?.root(height: height, index: index) else { return nil }
            hashes.append(hash)
        }
        return plan.compute(from: hashes).first
    }

    /// Reads all entries and level-0 tiles for what they give, each by itself. Faults are named when they are judged.
    private func survey(_ read: [Tile: AuditFiles.File]) async throws -> AuditSurvey {
        var bundles: [AuditSurvey.Bundle] = []
        let parts = Parts(from: 0, to: head.size, bundlesInPart: Self.treeBundles)
        let files = files
        try await AuditPipeline.run(parts: parts.count) { part in
            var ignored = AuditFindings(limit: 0)
            var walk = AuditWalk()
            var surveyed: [AuditSurvey.Bundle] = []
            for bundle in parts.bundles(in: part) {
                try Task.checkCancellation()
                let file = try await files.file(of: bundle, &ignored)
                walk.read(file?.bytes ?? [], width: bundle.width, ignoringRest: true)
                var found = AuditSurvey.Bundle()
                if bundle.isFull {
                    if walk.isWhole { found.rootFromEntries = walk.root }
                    found.rootFromTile = try await files.hashTile(AuditBundles.leafTile(of: bundle), &ignored)
                        .map { MerkleTree.root(of: [Hash](tile: $0.bytes)) }
                } else {
                    let missing = [Hash?](repeating: nil, count: bundle.width - walk.hashes.count)
                    found.leaves = walk.hashes.map { $0 } + missing
                }
                surveyed.append(found)
            }
            return surveyed
        } taking: {
            bundles += $0
        }
        return AuditSurvey(of: head.size, bundles: bundles, files: read)
    }

    /// Judges the older, partial forms of the tiles above level 0.
    private mutating func judgeOlderTiles(_ listing: AuditListing, _ ground: Ground) async throws {
        for (tile, hashes) in ground.anchors.tiles.sorted(by: { $0.key.path < $1.key.path })
        where tile.content != .hashes(level: 0) {
            for older in listing.older(than: tile) {
                guard let bytes = try await files.olderFile(older, &findings) else { continue }
                let isPrefix =
                    bytes.count == older.width * Hash.byteCount && hashes.starts(with: [Hash](tile: bytes))
                if !isPrefix { findings.add(.olderFile(path: older.path)) }
            }
        }
    }

    // MARK: - Replay

    /// The number of bundles that are judged together where that is quick.
    private static let treeBundles = 32

    /// The bundles of a log in parts of so many.
    private struct Parts: Sendable {
        let size: TreeSize
        let bundles: Range<UInt64>
        let bundlesInPart: Int

        init(from first: TreeSize, to size: TreeSize, bundlesInPart: Int) {
            self.size = size
            self.bundlesInPart = bundlesInPart
            let end = (size.value + 255) >> 8
            bundles = (first < size ? first.value >> 8 : end)..<end
        }

        var count: Int { (bundles.count + bundlesInPart - 1) / bundlesInPart }

        func bundles(in part: Int) -> [Tile] {
            let start = bundles.lowerBound + UInt64(part * bundlesInPart)
            return (start..<min(start + UInt64(bundlesInPart), bundles.upperBound)).compactMap { number in
                Tile.bundle(holding: LeafIndex(entry: number << 8), in: size)
            }
        }
    }

    private func replay(
        _ ground: Ground, _ listing: AuditListing, _ progress: @escaping @Sendable (Audit.Progress) -> Void
    ) async throws -> AuditReplay {
        let judgesFilings = audit.depth == .filings
        let start = ground.earlier?.head.size ?? 0
        let replayed =
            ground.earlier?.replayed ?? AuditReplayed(registry: Registry(origin: checkpoint.cosigned.checkpoint.origin))
        var replay = AuditReplay(from: replayed, judgesFilings: judgesFilings, findings: findings)
        let leaves = AuditLeaves(files: files, anchors: ground.anchors, earlierRoots: replayed.bundleRoots)
        let bundles = AuditBundles(
            files: files, anchors: ground.anchors, listing: listing, edge: ground.edge,
            filings: judgesFilings ? AuditFilings(first: start.nextIndex, leaves: leaves) : nil)
        let parts = Parts(
            from: start, to: head.size, bundlesInPart: judgesFilings ? 1 : Self.treeBundles)
        let caches = AuditKeyCaches()
        let (size, limit) = (head.size, audit.limit)
        progress(Audit.Progress(done: start, total: size))
        try await AuditPipeline.run(parts: parts.count) { part in
            var walk = AuditWalk()
            var keys = caches.borrow()
            defer { caches.giveBack(keys) }
            var verdicts: [AuditBundles.Verdict] = []
            for bundle in parts.bundles(in: part) {
                try Task.checkCancellation()
                verdicts.append(try await bundles.judge(bundle, limit: limit, walk: &walk, keys: &keys))
            }
            return verdicts
        } taking: { verdicts in
            for verdict in verdicts { replay.take(verdict) }
            guard let last = verdicts.last, let done = TreeSize(through: last.bundle.entries.upperBound) else { return }
            progress(Audit.Progress(done: done, total: size))
        }
        return replay
    }

    // MARK: - The end

    /// The charter in force says which keys sign checkpoints from there on.
    private mutating func judgeCheckpointKey(after replay: AuditReplay) {
        guard audit.depth == .filings, head.size > 0 else { return }
        let charter = replay.lacksCharter ? nil : replay.replayed.registry.charterInForce
        let signers = checkpoint.cosigned.verified.signers
        if let charter, charter.charter.logKeys.contains(where: { key in signers.contains(key) }) { return }
        if let charter, replay.firstUnread == nil {
            findings.add(.checkpointKeyNotChartered(charter.entry.index))
        } else {
            findings.add(.checkpointKey)
        }
    }

    private func result(of replay: AuditReplay, _ ground: Ground) -> Audit.Result {
        let judgesFilings = audit.depth == .filings
        let report = AuditReport(
            checkpoint: checkpoint.cosigned, depth: audit.depth, findings: findings,
            ignoredSignatures: checkpoint.ignoredSignatures, continuedFrom: ground.earlier?.head.size,
            tally: judgesFilings ? replay.replayed.tally : AuditTally(),
            registry: judgesFilings && !replay.lacksCharter ? replay.replayed.registry : nil)
        guard report.holds else { return Audit.Result(report: report, state: nil) }
        var replayed = replay.replayed
        for number in UInt64(replayed.bundleRoots.count)..<head.size.value >> 8 {
            guard let root = ground.anchors.hash(level: 1, number) else {
                preconditionFailure("a log that holds is anchored throughout")
            }
            replayed.bundleRoots.append(root)
        }
        return Audit.Result(
            report: report,
            state: AuditState(
                checkpoint: checkpoint.cosigned.verified.signed, replayed: judgesFilings ? replayed : nil))
    }
}

/// The vkeys that have been read, one cache for each thread that reads entries at the same time.
private final class AuditKeyCaches: Sendable {
    private let caches = Mutex<[FilingKeyCache]>([])

    func borrow() -> FilingKeyCache { caches.withLock { $0.popLast() } ?? FilingKeyCache() }

    func giveBack(_ cache: FilingKeyCache) { caches.withLock { $0.append(cache) } }
}
