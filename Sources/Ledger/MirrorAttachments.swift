// SPDX-License-Identifier: Apache-2.0
import Evidence
import TransparencyLog

/// Copies what stands beside the tiles of a log: time-stamps, and the checkpoints that entries quote.
///
///     timestamp/sizes   timestamp/<size>.checkpoint   timestamp/<size>.tsr
///     cosigned/<first two hex digits>/<hex SHA-256 of the note>
///
/// Each is verified under the root that the copy holds. A log can be judged without them, so one that is missing is
/// told and looked for again at each update.
public struct MirrorAttachments: Sendable {
    /// What became of them.
    public struct Report: Sendable, Hashable {
        /// The paths that were copied now.
        public internal(set) var copied: [String] = []
        /// The paths that are missing or do not hold, and why.
        public internal(set) var missing: [Missing] = []

        init() {}
    }

    /// An attachment that could not be copied.
    public struct Missing: Sendable, Hashable {
        /// Where it should be.
        public let path: String
        /// Why it is not.
        public let reason: String
    }

    /// Where what is still missing is kept: `after` lines, one a line.
    static let missingPath = ".state/missing"
    /// The longest list of what is missing, in bytes.
    private static let missingLimit = 1 << 26

    /// How many of the last time-stamped sizes are asked for again.
    private static let lookedAtAgain = 8
    private let source: any LedgerSource
    private let store: any MirrorStore
    private let check: AttachmentCheck
    private let checkpoint: SignedCheckpoint
    private let size: TreeSize

    init(
        _ source: any LedgerSource, _ store: any MirrorStore, _ policy: TrustPolicy, at checkpoint: CosignedCheckpoint
    ) {
        self.source = source
        self.store = store
        check = AttachmentCheck(under: policy, by: LedgerReader(store, at: checkpoint))
        self.checkpoint = checkpoint.verified.signed
        size = checkpoint.head.size
    }

    /// Copies the checkpoints that new entries quote, those that were missing before, and all time-stamps. The checkpoint
    /// that the source serves is kept among them: what is hidden in entries may quote it.
    func copy(_ new: [Quote]) async throws -> Report {
        var report = Report()
        try await copyQuoted(new, &report)
        if let quote = Quote(of: checkpoint),
            try await store.read(quote.path, limit: SignedNote.maximumByteCount) == nil
        {
            try await store.put(checkpoint.bytes, at: quote.path)
        }
        try await copyTimestamps(&report)
        return report
    }

    private func copyQuoted(_ new: [Quote], _ report: inout Report) async throws {
        let before = try await store.read(Self.missingPath, limit: Self.missingLimit) ?? []
        let waiting = before.split(separator: 0x0A).compactMap { Quote($0) }
        var seen: Set<Quote> = []
        var missing: [Quote] = []
        for quote in waiting + new where seen.insert(quote).inserted {
            let path = quote.path
            let isThere = try await copy(path, limit: SignedNote.maximumByteCount, &report) { bytes in
                try await check.isQuoted(bytes, by: quote)
            }
            if !isThere { missing.append(quote) }
        }
        let after: [UInt8] = missing.flatMap { (quote: Quote) -> [UInt8] in quote.utf8 + [0x0A] }
        if after != before { try await store.put(after, at: Self.missingPath) }
    }

    private func copyTimestamps(_ report: inout Report) async throws {
        let known = try Self.sizes(
            in: try await store.read(TimestampArchive.sizesPath, limit: TimestampArchive.sizesLimit))
        let listed: [TreeSize]
        do {
            listed = try Self.sizes(
                in: try await source.read(TimestampArchive.sizesPath, limit: TimestampArchive.sizesLimit))
        } catch let error as CancellationError {
            throw error
        } catch {
            report.missing.append(Missing(path: TimestampArchive.sizesPath, reason: "\(error)"))
            return
        }
        var sizes = Set(known)
        // More authorities may answer for a size a while later.
        let last = Set(listed.suffix(Self.lookedAtAgain))
        for size in listed where size <= self.size && (!sizes.contains(size) || last.contains(size)) {
            if sizes.contains(size) {
                try await copyMoreResponses(at: size, &report)
                continue
            }
            let covered = TimestampArchive.path(size, "checkpoint")
            let isCovered = try await copy(covered, limit: SignedNote.maximumByteCount, &report) { bytes in
                try await check.isCheckpoint(bytes, of: size)
            }
            guard isCovered else { continue }
            let note = try await store.read(covered, limit: SignedNote.maximumByteCount) ?? []
            let path = TimestampArchive.path(size, "tsr")
            let isStamped = try await copy(path, limit: TimestampArchive.responsesLimit, &report) { bytes in
                check.areResponses(bytes, over: note)
            }
            if isStamped { sizes.insert(size) }
        }
        guard sizes.count > known.count else { return }
        try await store.put(TimestampArchive.list(of: sizes), at: TimestampArchive.sizesPath)
    }

    /// Copies the responses for a size of which some are here, where the source has more behind them.
    private func copyMoreResponses(at size: TreeSize, _ report: inout Report) async throws {
        let path = TimestampArchive.path(size, "tsr")
        let own = try await store.read(path, limit: TimestampArchive.responsesLimit) ?? []
        let note = try await store.read(TimestampArchive.path(size, "checkpoint"), limit: SignedNote.maximumByteCount)
        let bytes: [UInt8]?
        do {
            bytes = try await source.read(path, limit: TimestampArchive.responsesLimit)
        } catch let error as CancellationError {
            throw error
        } catch {
            // What is here holds; the next update asks again.
            return
        }
        guard let bytes, bytes.count > own.count, bytes.starts(with: own), check.areResponses(bytes, over: note ?? [])
        else { return }
        try await store.put(bytes, at: path)
        report.copied.append(path)
    }

    /// Copies a file unless it is there already and holds. Whether it is there now.
    private func copy(
        _ path: String, limit: Int, _ report: inout Report, where holds: ([UInt8]) async throws -> Bool
    ) async throws -> Bool {
        if let bytes = try await store.read(path, limit: limit), try await holds(bytes) { return true }
        let bytes: [UInt8]?
        do {
            bytes = try await source.read(path, limit: limit)
        } catch let error as CancellationError {
            throw error
        } catch {
            report.missing.append(Missing(path: path, reason: "\(error)"))
            return false
        }
        guard let bytes else {
            report.missing.append(Missing(path: path, reason: "it is not there"))
            return false
        }
        guard try await holds(bytes) else {
            report.missing.append(Missing(path: path, reason: "it does not hold"))
            return false
        }
        try await store.put(bytes, at: path)
        report.copied.append(path)
        return true
    }

    /// The sizes in a list; none where there is no list.
    static func sizes(in list: [UInt8]?) throws(FormatError) -> [TreeSize] {
        guard let list else { return [] }
        return try TimestampArchive.sizes(parsing: list)
    }
}
