// SPDX-License-Identifier: Apache-2.0
import Evidence
import TransparencyLog

/// One run of an audit, under the checkpoint that the log has signed.
struct AuditRun: Sendable {
    private let audit: Audit
    private let checkpoint: AuditCheckpoint
    private let files: AuditFiles
    private let head: TreeHead
    private var findings: AuditFindings
    private var timestamps = AuditedTimestamps()

    init(of audit: Audit, at checkpoint: AuditCheckpoint, _ findings: AuditFindings) {
        self.audit = audit
        self.checkpoint = checkpoint
        self.findings = findings
        files = AuditFiles(source: audit.source)
        head = checkpoint.cosigned.head
    }

    consuming func run(
        _ progress: @escaping @Sendable (Audit.Progress) -> Void
    ) async throws -> Audit.Result {
        guard head.size < Audit.maximumSize else { throw Audit.Failure.tooLarge(head.size) }
        if let earlier = audit.earlier, earlier.origin != checkpoint.cosigned.checkpoint.origin {
            throw Audit.Failure.stateOfAnotherLog(earlier.origin)
        }
        if audit.depth == .tree { findings.add(.allFilings) }
        let ground = try await AuditGround(
            of: checkpoint.cosigned, in: files, continuing: audit.earlier, depth: audit.depth, &findings)
        var listing = AuditListing()
        if let source = audit.source as? any ListableSource {
            listing = try await AuditListing(
                of: source, from: ground.earlier?.head.size ?? 0, to: head.size, &findings)
        } else {
            findings.add(.otherFiles)
        }
        if let earlier = ground.earlier { findings.add(.earlierEntries(below: earlier.head.size)) }
        try await judgeOlderTiles(listing, ground.anchors)
        timestamps = try await AuditTimestamps(
            source: audit.source, policy: audit.policy, authorities: audit.authorities, ground: ground, files: files,
            limit: audit.limit
        ).judge(&findings)

        var replay = try await replay(ground, listing, progress)
        replay.finish()
        findings = replay.findings
        judgeCheckpointKey(after: replay)
        if audit.depth == .filings {
            let times = AuditTimes(
                source: audit.source, policy: audit.policy, tolerance: audit.tolerance, at: checkpoint.cosigned)
            try await times.judge(replay.quoted, last: replay.replayed.tally.lastTime, &findings)
        }
        return result(of: replay, ground)
    }

    /// Judges the older, partial forms of the tiles above level 0.
    private mutating func judgeOlderTiles(_ listing: AuditListing, _ anchors: AuditAnchors) async throws {
        for (tile, hashes) in anchors.tiles.sorted(by: { $0.key.path < $1.key.path })
        where tile.content != .hashes(level: 0) {
            for older in listing.older(than: tile) {
                try await files.judge(older, against: hashes, &findings)
            }
        }
    }

    private func replay(
        _ ground: AuditGround, _ listing: AuditListing, _ progress: @escaping @Sendable (Audit.Progress) -> Void
    ) async throws -> AuditReplay {
        let judgesFilings = audit.depth == .filings
        let start = ground.earlier?.head.size ?? 0
        let replayed =
            ground.earlier?.replayed ?? AuditReplayed(registry: Registry(origin: checkpoint.cosigned.checkpoint.origin))
        var replay = AuditReplay(
            from: replayed, judgesFilings: judgesFilings, findings: findings, observe: audit.observe)
        let leaves = AuditLeaves(files: files, anchors: ground.anchors, earlierRoots: replayed.bundleRoots)
        let bundles = AuditBundles(
            files: files, anchors: ground.anchors, listing: listing, edge: ground.edge,
            filings: judgesFilings ? AuditFilings(first: start.nextIndex, leaves: leaves) : nil)
        let parts = AuditParts(
            from: start, to: head.size, bundlesInPart: judgesFilings ? 1 : AuditParts.quick)
        let caches = FilingKeyCaches()
        let (size, limit) = (head.size, audit.limit)
        progress(Audit.Progress(done: start, total: size))
        try await AuditPipeline.run(parts: parts.count) { part in
            var walk = AuditWalk()
            var keys = caches.borrow()
            defer { caches.giveBack(keys) }
            var verdicts: [AuditBundles.Verdict] = []
            for bundle in parts[part] {
                try Task.checkCancellation()
                verdicts.append(try await bundles.judge(bundle, limit: limit, walk: &walk, keys: &keys))
            }
            return verdicts
        } taking: { verdicts in
            for verdict in verdicts { try replay.take(verdict) }
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

    private func result(of replay: AuditReplay, _ ground: AuditGround) -> Audit.Result {
        let judgesFilings = audit.depth == .filings
        let report = AuditReport(
            checkpoint: checkpoint.cosigned, depth: audit.depth, findings: findings,
            ignoredSignatures: checkpoint.ignoredSignatures, continuedFrom: ground.earlier?.head.size,
            tally: judgesFilings ? replay.replayed.tally : AuditTally(), amendments: replay.amendments,
            registry: judgesFilings && !replay.lacksCharter ? replay.replayed.registry : nil, timestamps: timestamps)
        guard report.holds else { return Audit.Result(report: report, state: nil) }
        let replayed = judgesFilings ? replay.replayed.adding(ground.anchors) : nil
        return Audit.Result(
            report: report, state: AuditState(checkpoint: checkpoint.cosigned.verified.signed, replayed: replayed))
    }
}

extension AuditReplayed {
    /// This with the roots over the bundles that are new, of a log that holds.
    fileprivate func adding(_ anchors: AuditAnchors) -> AuditReplayed {
        var replayed = self
        for number in UInt64(bundleRoots.count)..<anchors.size.value >> 8 {
            guard let root = anchors.hash(level: 1, number) else {
                preconditionFailure("a log that holds is anchored throughout")
            }
            replayed.bundleRoots.append(root)
        }
        return replayed
    }
}
