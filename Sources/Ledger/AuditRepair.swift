// SPDX-License-Identifier: Apache-2.0
import Evidence
public import SystemPackage
public import TransparencyLog

/// Restores damaged or missing files of a ledger's folder from another copy, and writes nothing that does not hold.
///
///     let result = try await AuditRepair(of: folder, from: mirror, under: policy).run()
///
/// What an audit names is read from the other copy instead, and the whole is audited again, until nothing new is named.
/// Of what was taken, that is written which this last audit verified under the signed root of the ledger itself. Only
/// where the ledger's own checkpoint is damaged the other copy's takes its place, if it meets the policy.
public struct AuditRepair: Sendable {
    /// A file that could not be restored.
    public struct Unrestored: Sendable, Hashable {
        /// Its path.
        public let path: String
        /// Why not.
        public let reason: String
    }

    /// What a repair came to.
    public struct Result: Sendable {
        /// The files that were written, in order.
        public internal(set) var restored: [String] = []
        /// Those that are damaged or missing still.
        public internal(set) var unrestored: [Unrestored] = []
    }

    /// How often the other copy is asked for what has come to light: damage may hide damage.
    private static let maximumRounds = 16
    private static let listing = 1 << 20

    private let folder: FilePath
    private let own: DirectoryStore
    private let other: any LedgerSource
    private let policy: TrustPolicy

    /// A repair of the ledger in `folder`. Where the folder has a `.state/`, its writer's lock is held meanwhile: throws
    /// `DirectoryStore.OpenError.inUse` if another process has it.
    public init(of folder: FilePath, from other: any LedgerSource, under policy: TrustPolicy) throws {
        self.folder = folder
        self.other = other
        self.policy = policy
        let hasState = DurableFile.isFolder(folder.appending(DirectoryStore.stateName))
        own = hasState ? try DirectoryStore.writing(folder) : DirectoryStore.reading(folder)
    }

    /// Restores what can be. `progress` is told how far each audit has come.
    public func run(
        progress: @escaping @Sendable (Audit.Progress) -> Void = { _ in }
    ) async throws -> Result {
        let otherCheckpoint = try await otherCheckpoint()
        var taking: Set<String> = []
        var result = Result()
        for _ in 0..<Self.maximumRounds {
            let source = RepairSource(own, other, at: otherCheckpoint?.head.size, taking: taking)
            let audit = Audit(of: source, under: policy, depth: .tree, listing: Self.listing)
            let report = try await audit.run(progress: progress).report
            let named = Self.paths(in: report)
            let new = named.subtracting(taking)
            if new.isEmpty {
                try await write(taking, from: source, judgedBy: report, &result)
                if let checkpoint = report.checkpoint, !named.contains("checkpoint") {
                    try await restoreAttachments(at: checkpoint, &result)
                }
                break
            }
            taking.formUnion(new)
            if new.contains("checkpoint"), try !mayTake(otherCheckpoint) {
                taking.remove("checkpoint")
                result.unrestored.append(
                    Unrestored(path: "checkpoint", reason: "the other copy's is not the one that this log signed last"))
                if new.count == 1 { break }
            }
        }
        return result
    }

    /// The other copy's checkpoint, where it meets the policy.
    private func otherCheckpoint() async throws -> CosignedCheckpoint? {
        guard let bytes = try await other.read("checkpoint", limit: SignedNote.maximumByteCount),
            let signed = try? SignedCheckpoint(parsing: bytes), let checkpoint = try? policy.verify(signed),
            checkpoint.isQuorumMet
        else { return nil }
        return checkpoint
    }

    /// Whether the other copy's checkpoint may take the place of a damaged one. Where the log itself is written, only the
    /// one that it signed last may: any other would take it back, or go ahead of it.
    private func mayTake(_ checkpoint: CosignedCheckpoint?) throws -> Bool {
        guard let checkpoint else { return false }
        guard let bytes = try own.signedCheckpoint() else { return true }
        return try SignedCheckpoint(parsing: bytes).unverified.head == checkpoint.head
    }

    /// The files that an audit names, those that hold damaged entries among them.
    private static func paths(in report: AuditReport) -> Set<String> {
        var paths: Set<String> = []
        for fault in report.faults {
            switch fault {
            case .shrunk, .rewritten, .checkpointKeyNotChartered: continue
            case .entry(let index):
                guard let size = report.head?.size, let bundle = Tile.bundle(holding: index, in: size) else { continue }
                paths.insert(bundle.path)
            default: paths.formUnion(fault.paths)
            }
        }
        for case .fileNotRead(let path, _) in report.gaps { paths.insert(path) }
        return paths
    }

    /// Writes those files that the audit of the whole verified.
    private func write(
        _ taking: Set<String>, from source: RepairSource, judgedBy report: AuditReport, _ result: inout Result
    ) async throws {
        let faulty = Self.paths(in: report)
        let isListed = report.faults.count == report.faultCount && report.gaps.count == report.gapCount
        // The checkpoint last: what it covers is there before it.
        for path in taking.sorted(by: { ($0 == "checkpoint" ? 1 : 0, $0) < ($1 == "checkpoint" ? 1 : 0, $1) }) {
            guard report.checkpoint != nil, isListed, !faulty.contains(path), !Self.isUndecided(path, in: report) else {
                result.unrestored.append(Unrestored(path: path, reason: source.refusal(of: path)))
                continue
            }
            do {
                // Nothing taken: what was named came from elsewhere, and is whole.
                guard let bytes = try await source.judged(path) else { continue }
                try put(bytes, at: path)
                result.restored.append(path)
            } catch let error as CancellationError {
                throw error
            } catch {
                result.unrestored.append(Unrestored(path: path, reason: "\(error)"))
            }
        }
    }

    /// Whether a tile lies where the hashes above could not be found: then nothing was judged by them.
    private static func isUndecided(_ path: String, in report: AuditReport) -> Bool {
        guard let tile = try? Tile(parsing: Array(path.utf8)) else { return false }
        let level: UInt64 = if case .hashes(let level) = tile.content { UInt64(level) } else { 0 }
        let first = tile.index << (8 * level + 8)
        let last = first + UInt64(tile.width) << (8 * level) - 1
        return report.faults.contains { fault in
            guard case .undecided(_, let entries) = fault else { return false }
            return first <= entries.upperBound.value && entries.lowerBound.value <= last
        }
    }

    private func put(_ bytes: [UInt8], at path: String) throws {
        let place = folder.appending(path)
        try DurableFile.makeFolder(place.removingLastComponent())
        try DurableFile.write(bytes, to: place)
    }

    // MARK: - What stands beside the tiles

    private func restoreAttachments(at checkpoint: CosignedCheckpoint, _ result: inout Result) async throws {
        let reader = LedgerReader(own, at: checkpoint)
        let check = AttachmentCheck(under: policy, by: reader)
        let noteLimit = SignedNote.maximumByteCount
        for quote in try await quotes(in: reader, &result) {
            _ = try await restore(quote.path, limit: noteLimit, &result) { try await check.isQuoted($0, by: quote) }
        }
        let path = TimestampArchive.sizesPath
        let known = try? MirrorAttachments.sizes(in: try own.read(path, limit: TimestampArchive.sizesLimit))
        let listed = try? MirrorAttachments.sizes(
            in: try await other.read(path, limit: TimestampArchive.sizesLimit))
        var sizes = Set(known ?? [])
        for size in sizes.union(listed ?? []).sorted() where size <= checkpoint.head.size {
            let covered = TimestampArchive.path(size, "checkpoint")
            let isCovered = try await restore(covered, limit: noteLimit, &result) {
                try await check.isCheckpoint($0, of: size)
            }
            guard isCovered else { continue }
            let note = try own.read(covered, limit: noteLimit) ?? []
            let isStamped = try await restore(
                TimestampArchive.path(size, "tsr"), limit: TimestampArchive.responsesLimit, &result
            ) {
                check.areResponses($0, over: note)
            }
            if isStamped { sizes.insert(size) }
        }
        guard !sizes.isEmpty, known.map({ sizes.count > $0.count }) ?? true else { return }
        try put(TimestampArchive.list(of: sizes), at: path)
        result.restored.append(path)
    }

    private func quotes(in reader: LedgerReader, _ result: inout Result) async throws -> [Quote] {
        do {
            return try await reader.quotes()
        } catch let error as LedgerReadError {
            result.unrestored.append(Unrestored(path: "cosigned", reason: "\(error)"))
            return []
        }
    }

    /// Restores a file unless it holds as it is. Whether it holds now.
    private func restore(
        _ path: String, limit: Int, _ result: inout Result, where holds: ([UInt8]) async throws -> Bool
    ) async throws -> Bool {
        do {
            if let bytes = try own.read(path, limit: limit), try await holds(bytes) { return true }
            guard let bytes = try await other.read(path, limit: limit) else {
                result.unrestored.append(Unrestored(path: path, reason: "the other copy has none"))
                return false
            }
            guard try await holds(bytes) else {
                result.unrestored.append(Unrestored(path: path, reason: "the other copy's does not hold"))
                return false
            }
            try put(bytes, at: path)
            result.restored.append(path)
            return true
        } catch let error as CancellationError {
            throw error
        } catch {
            result.unrestored.append(Unrestored(path: path, reason: "\(error)"))
            return false
        }
    }
}

extension LedgerReader {
    /// What the entries quote, each once; read as they stand, of a log that was just judged.
    func quotes() async throws -> [Quote] {
        var seen: Set<Quote> = []
        var quotes: [Quote] = []
        var next: UInt64 = 0
        while next < head.size.value {
            let entries = try await unverifiedEntries(from: LeafIndex(entry: next))
            for entry in entries {
                if let quote = Quote(inEntry: entry[...]), seen.insert(quote).inserted { quotes.append(quote) }
            }
            next += UInt64(entries.count)
        }
        return quotes
    }
}
