// SPDX-License-Identifier: Apache-2.0
import Evidence
import TransparencyLog

/// Copies the tiles and bundles that a mirror lacks, each verified against the signed root before it is written.
///
/// The tiles above level 0 and the right edge are anchored under the root first; then every bundle is verified by itself,
/// whichever comes first, and what an update before has left is taken as it is once it was verified again.
struct MirrorCopy: Sendable {
    private let checkpoint: CosignedCheckpoint
    private let copied: TreeSize
    private let files: AuditFiles
    private let store: any MirrorStore

    init(
        of checkpoint: CosignedCheckpoint, from copied: TreeSize, in source: any LedgerSource, to store: any MirrorStore
    ) {
        self.checkpoint = checkpoint
        self.copied = copied
        self.store = store
        files = AuditFiles(source: source)
    }

    /// What became of one bundle.
    private struct Part: Sendable {
        var quotes: [Quote] = []
        var findings = AuditFindings(limit: 100)
        var done: TreeSize
    }

    /// Copies all that is new, and gives what the new entries quote.
    func run(
        seen: VerifiedCheckpoint?, _ progress: @escaping @Sendable (Audit.Progress) -> Void
    ) async throws -> [Quote] {
        let head = checkpoint.head
        let anchors = try await anchored(seen)
        try await createTiles(anchors)
        let bundles = Tile.bundles(from: copied, to: head.size)
        var quotes: [Quote] = []
        var findings = AuditFindings(limit: 100)
        progress(Audit.Progress(done: copied, total: head.size))
        try await AuditPipeline.run(parts: bundles.count) { number in
            try await copy(bundles[number], under: anchors)
        } taking: { part in
            quotes += part.quotes
            findings.add(part.findings)
            progress(Audit.Progress(done: part.done, total: head.size))
        }
        guard findings.isEmpty else { throw Self.incomplete(findings) }
        return quotes
    }

    private static func incomplete(_ findings: AuditFindings) -> Mirror.Failure {
        .incomplete(faults: findings.faults, gaps: findings.gaps.filter { !$0.isChosen })
    }

    /// The hashes that follow from the signed root, once it is known to go on from what was seen.
    private func anchored(_ seen: VerifiedCheckpoint?) async throws -> AuditAnchors {
        var findings = AuditFindings(limit: 100)
        // Without a record all files are still to be verified, and so anchored from the first.
        let earlier = seen.map { AuditState(checkpoint: $0.signed, replayed: nil) }
        let ground = try await AuditGround(
            of: checkpoint, in: files, continuing: copied > 0 ? earlier : nil, depth: .tree, &findings)
        for case .rewritten(let seen, let now) in findings.faults {
            throw Mirror.Failure.conflict(seen: seen, now: now)
        }
        guard findings.isEmpty else { throw Self.incomplete(findings) }
        if copied == 0, let seen {
            let reader = LedgerReader(files.source, at: checkpoint)
            guard try await reader.head(of: seen.head.size) == seen.head else {
                throw Mirror.Failure.conflict(seen: seen.signed, now: checkpoint.verified.signed)
            }
        }
        return ground.anchors
    }

    /// Writes the tiles above level 0 that are new or have grown.
    private func createTiles(_ anchors: AuditAnchors) async throws {
        let tiles = Tile.hashTiles(from: copied, to: checkpoint.head.size).filter { $0.content != .hashes(level: 0) }
        guard !tiles.isEmpty else { return }
        try await store.create(
            tiles.map { tile in
                guard let data = anchors.tiles[tile].flatMap(TileData.init) else {
                    preconditionFailure("a tree without faults is anchored throughout")
                }
                return StoredFile(path: tile.path, bytes: data.bytes)
            })
    }

    private func copy(_ bundle: Tile, under anchors: AuditAnchors) async throws -> Part {
        var part = Part(done: TreeSize(through: bundle.entries.upperBound) ?? copied)
        let leafTile = AuditBundles.leafTile(of: bundle)
        var entries = try await present(bundle, under: anchors)
        if entries == nil {
            entries = try await files.file(of: bundle, &part.findings).flatMap { file in
                guard let entries = Self.entries(in: file.bytes, of: file.tile, as: bundle),
                    holds(entries, bundle, anchors)
                else {
                    part.findings.add(.undecided(paths: [file.tile.path], entries: bundle.entries))
                    return nil
                }
                return entries
            }
        }
        guard let entries else { return part }
        guard let tile = TileData(hashes: entries.leafHashes) else { preconditionFailure("a bundle has entries") }
        try await store.create([
            StoredFile(path: bundle.path, bytes: entries.bytes), StoredFile(path: leafTile.path, bytes: tile.bytes),
        ])
        let first = bundle.index << 8
        for (place, entry) in entries.enumerated() where first + UInt64(place) >= copied.value {
            if let quote = Quote(inEntry: entry) { part.quotes.append(quote) }
        }
        return part
    }

    /// The bundle as an update before has left it; nil where it has not, or not as it should be.
    private func present(_ bundle: Tile, under anchors: AuditAnchors) async throws -> EntryBundle? {
        let limit = bundle.width * (2 + EntryBundle.maximumEntryByteCount)
        guard let bytes = try await store.read(bundle.path, limit: limit),
            let entries = Self.entries(in: bytes, of: bundle, as: bundle), holds(entries, bundle, anchors)
        else { return nil }
        return entries
    }

    /// The entries in a file, no more than asked for.
    private static func entries(in bytes: [UInt8], of file: Tile, as bundle: Tile) -> EntryBundle? {
        do throws(FormatError) {
            let entries = try EntryBundle(parsing: bytes, of: file)
            return file == bundle ? entries : try EntryBundle(entries.prefix(bundle.width).map { Array($0) })
        } catch {
            return nil
        }
    }

    private func holds(_ entries: EntryBundle, _ bundle: Tile, _ anchors: AuditAnchors) -> Bool {
        let hashes = entries.leafHashes
        guard bundle.isFull else { return anchors.tiles[AuditBundles.leafTile(of: bundle)] == hashes }
        return anchors.hash(level: 1, bundle.index) == MerkleTree.root(of: hashes)
    }
}

extension Quote {
    /// What the filing in an entry quotes by its `after` line; nil where it quotes nothing, or is no filing.
    ///
    ///     time 1795357815
    ///     indelible-filing/v1
    ///     log ledger.example
    ///     after 41 B10MsEPWy0BfHPYKkgoMH9l7ZZuXbJXYlJ37COrNjHc=
    init?(inEntry entry: ArraySlice<UInt8>) {
        let lines = entry.prefix(2_048).split(separator: 0x0A, maxSplits: 4, omittingEmptySubsequences: false)
        guard lines.count == 5, lines[0].starts(with: "time ".utf8),
            lines[1].elementsEqual("indelible-filing/v1".utf8), lines[3].starts(with: "after ".utf8)
        else { return nil }
        self.init(lines[3].dropFirst(6))
    }
}
