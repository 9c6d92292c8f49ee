// SPDX-License-Identifier: Apache-2.0
import Evidence
public import SystemPackage
public import TransparencyLog

/// Brings the folder where a log is written forward from a verified copy: one that is old, half a copy, or gone.
///
///     let report = try await LedgerRecovery(of: folder, identity, from: mirror, under: policy).run()
///
/// The copy's checkpoint must be the log's own and meet the policy's quorum, and every checkpoint that is here must be a
/// beginning of it; otherwise nothing is written but evidence. Then all that it covers is copied, verified (`Mirror`),
/// and only then is it what the log has signed: `.state/signed` first, the served checkpoint last. Killed at any moment
/// it can be run again.
///
/// A log that forgot what it signed could sign another history. So a folder without any checkpoint gets the copy's as
/// signed before anything is copied: until all its files are there, no sequencer starts on it.
public struct LedgerRecovery: Sendable {
    /// Why a log was not recovered.
    public enum Failure: Error, Sendable, Hashable {
        /// The folder is that of another log.
        case anotherLog(here: Origin, copy: Origin)
        /// What was signed here is of a larger tree than the copy.
        case copyIsOlder(here: TreeSize, copy: TreeSize)
        /// A file here is of a larger tree than the copy.
        case moreIsHere(path: String, copy: TreeSize)
        /// The log has signed two histories; where both checkpoints are kept, unless there are too many already.
        case conflict(seen: SignedCheckpoint, now: SignedCheckpoint, kept: [FilePath]?)
    }

    /// What a recovery came to.
    public struct Report: Sendable {
        /// The size of the largest tree that a checkpoint here was of; nil where there was none.
        public let before: TreeSize?
        /// The checkpoint that is signed and served now.
        public let checkpoint: SignedCheckpoint
        /// How many files were written that were not here, or were others.
        public let writtenFiles: Int
        /// Checkpoints here that nothing could be learnt from: malformed, or not signed by this log.
        public let unreadable: [String]
        /// What stands beside the tiles and could not be copied.
        public let missing: [MirrorAttachments.Missing]
    }

    private let folder: FilePath
    private let identity: LogIdentity
    private let source: any LedgerSource
    private let policy: TrustPolicy

    /// A recovery of the log in `folder`, which need not be there, from what `source` serves.
    public init(
        of folder: FilePath, _ identity: LogIdentity, from source: any LedgerSource, under policy: TrustPolicy
    ) {
        self.folder = folder
        self.identity = identity
        self.source = source
        self.policy = policy
    }

    /// Recovers. `progress` is told from time to time how far it has come.
    ///
    /// Throws `Failure`, `Mirror.Failure`, `DirectoryStore.OpenError.inUse`, or what reading and writing do.
    public func run(progress: @escaping @Sendable (Audit.Progress) -> Void = { _ in }) async throws -> Report {
        let copy = try await copied()
        try DurableFile.makeFolder(folder)
        let store = try DirectoryStore.writing(folder)
        let here = try Here(store, identity)
        if let other = here.other { throw Failure.anotherLog(here: other, copy: identity.origin) }
        for checkpoint in here.checkpoints { try await require(checkpoint, toBeginA: copy, store) }
        try requireNoMore(than: copy.head.size)

        let recovered = RecoveryStore(store, identity, seen: here.newest?.signed, unreadable: here.unreadable)
        if here.checkpoints.isEmpty, here.unreadable.isEmpty {
            try recovered.sign(off: copy.checkpoint.verified.signed.note)
        }
        let report = try await updated(recovered, store, progress)
        return Report(
            before: here.newest?.head.size, checkpoint: report.checkpoint, writtenFiles: recovered.writtenCount,
            unreadable: here.unreadable, missing: report.attachments.missing)
    }

    /// The checkpoint of the copy, by this log's key and with the policy's quorum.
    private func copied() async throws -> LedgerReader {
        let reader: LedgerReader
        do {
            reader = try await LedgerReader(source, under: policy)
        } catch LedgerReadError.noCheckpoint {
            throw Mirror.Failure.noCheckpoint
        } catch LedgerReadError.malformed(_, let reason) {
            throw Mirror.Failure.malformed(reason)
        }
        guard reader.checkpoint.isQuorumMet else { throw Mirror.Failure.quorumNotMet }
        _ = try identity.verify(reader.checkpoint.verified.signed.note)
        return reader
    }

    private func updated(
        _ recovered: RecoveryStore, _ store: DirectoryStore,
        _ progress: @escaping @Sendable (Audit.Progress) -> Void
    ) async throws -> Mirror.Report {
        do {
            return try await Mirror(of: source, in: recovered, under: policy).update(progress: progress)
        } catch Mirror.Failure.conflict(let seen, let now) {
            // The copy went on meanwhile, with another history.
            throw try conflict(seen, now, store)
        }
    }

    // MARK: - What is here

    /// The checkpoints in the folder: the one that was signed last and the one that is served.
    private struct Here {
        var checkpoints: [VerifiedCheckpoint] = []
        var unreadable: [String] = []
        var other: Origin?

        var newest: VerifiedCheckpoint? { checkpoints.max { $0.head.size < $1.head.size } }

        init(_ store: DirectoryStore, _ identity: LogIdentity) throws {
            for path in [DirectoryStore.stateName + "/signed", "checkpoint"] {
                guard let bytes = try store.read(path, limit: SignedNote.maximumByteCount) else { continue }
                guard let signed = try? SignedCheckpoint(parsing: bytes) else {
                    unreadable.append(path)
                    continue
                }
                if signed.unverified.origin != identity.origin { other = signed.unverified.origin }
                guard let verified = try? signed.verified(by: identity.verifierKeys) else {
                    unreadable.append(path)
                    continue
                }
                checkpoints.append(verified)
            }
        }
    }

    private func require(
        _ checkpoint: VerifiedCheckpoint, toBeginA copy: LedgerReader, _ store: DirectoryStore
    ) async throws {
        let now = copy.checkpoint.verified.signed
        if checkpoint.head.size > copy.head.size {
            // Whether the copy is a beginning of what is here shows only where enough of that is left.
            if let judged = try? policy.judge(checkpoint),
                let head = try? await LedgerReader(store, at: judged).head(of: copy.head.size), head != copy.head
            {
                throw try conflict(checkpoint.signed, now, store)
            }
            throw Failure.copyIsOlder(here: checkpoint.head.size, copy: copy.head.size)
        }
        let head = checkpoint.head.size == copy.head.size ? copy.head : try await copy.head(of: checkpoint.head.size)
        guard head == checkpoint.head else { throw try conflict(checkpoint.signed, now, store) }
    }

    /// A copy that was made while the log went on can have files of more entries than its checkpoint. They show that
    /// more was signed, and what was signed must not be signed otherwise.
    private func requireNoMore(than size: TreeSize) throws {
        let (index, width) = (size.value >> 8, Int(size.value & 255))
        for more in stride(from: width + 1, through: Tile.fullWidth, by: 1) {
            guard let tile = Tile(.entries, index: index, width: more) else { continue }
            if DurableFile.exists(folder.appending(tile.path)) {
                throw Failure.moreIsHere(path: tile.path, copy: size)
            }
        }
    }

    private func conflict(
        _ seen: SignedCheckpoint, _ now: SignedCheckpoint, _ store: DirectoryStore
    ) throws -> Failure {
        .conflict(seen: seen, now: now, kept: try ConflictEvidence.keep([seen, now], in: store.conflicts))
    }
}
