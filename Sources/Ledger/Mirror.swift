// SPDX-License-Identifier: Apache-2.0
import Evidence
public import TransparencyLog

/// A full verified copy of a log, kept up to date from any place that serves it (C2SP tlog-mirror).
///
///     let report = try await Mirror(of: source, in: store, under: policy).update()
///
/// Nothing is written that was not verified: the checkpoint by the log's signature and the policy's quorum, and that it
/// goes on from the one before; each bundle and tile against that root. The checkpoint is served last, when all it
/// covers is durable, and the mirror's own cosignature, if it has a key, is made then and not before. Killed at any
/// moment, the next update goes on from what is there. A mirror never goes back, and never takes a second history.
public struct Mirror: Sendable {
    /// Why a mirror was not updated. What it served before it still serves.
    public enum Failure: Error, Sendable, Hashable {
        /// The source has no checkpoint.
        case noCheckpoint
        /// The checkpoint, from the source or of the mirror itself, is malformed.
        case malformed(FormatError)
        /// Too few of the policy's witnesses have cosigned the checkpoint.
        case quorumNotMet
        /// The source serves another log than the one that is mirrored.
        case anotherLog(mirrored: Origin, served: Origin)
        /// The checkpoint, signed by the log, states 2^32 entries or more.
        case tooLarge(TreeSize)
        /// The log has signed two histories: these two cannot both be.
        case conflict(seen: SignedCheckpoint, now: SignedCheckpoint)
        /// What the source serves does not hold, or could not be read. The rest that is new was copied.
        case incomplete(faults: [AuditFault], gaps: [AuditGap])
        /// The clock is behind the mirror's last cosignature.
        case clockIsBehind(last: UInt64, now: UInt64)
    }

    /// What an update came to.
    public struct Report: Sendable {
        /// The size of the tree before; 0 for a new mirror.
        public let before: TreeSize
        /// The checkpoint that is served now.
        public let checkpoint: SignedCheckpoint
        /// The size that the source serves, where that is smaller than what the mirror has: it is an older copy.
        public let sourceIsAt: TreeSize?
        /// Whether the served checkpoint is a new one, or has new signatures.
        public let isChanged: Bool
        /// The time of the mirror's cosignature over the served checkpoint.
        public let cosignedAt: UInt64?
        /// What stands beside the tiles: what of it was taken, and what is missing.
        public let attachments: MirrorAttachments.Report
    }

    let source: any LedgerSource
    let store: any MirrorStore
    let policy: TrustPolicy
    let cosigner: WitnessSigner?
    let clock: @Sendable () -> UInt64

    /// A mirror of what `source` serves, in `store`. With a `cosigner`, whose key is no witness's, it cosigns what it
    /// has at the time that `clock` gives, in POSIX seconds.
    public init(
        of source: any LedgerSource, in store: any MirrorStore, under policy: TrustPolicy,
        cosigner: WitnessSigner? = nil, clock: @escaping @Sendable () -> UInt64 = { 0 }
    ) {
        self.source = source
        self.store = store
        self.policy = policy
        self.cosigner = cosigner
        self.clock = clock
    }

    /// Copies what is new. `progress` is told from time to time how far it has come.
    public func update(
        progress: @escaping @Sendable (Audit.Progress) -> Void = { _ in }
    ) async throws -> Report {
        let standing = try await MirrorStanding(of: store, under: policy)
        let served = try await servedCheckpoint()
        let copied: TreeSize
        switch try await relation(of: served, to: standing) {
        case .older:
            guard let record = standing.record else { throw Failure.quorumNotMet }
            let older = MirrorAttachments.Report()
            return report(standing, record, sourceIsAt: served.head.size, isChanged: false, older)
        case .same, .unseen: copied = standing.copied
        case .conflict(let seen):
            throw Failure.conflict(seen: seen, now: served.verified.signed)
        }
        var quotes: [Quote] = []
        if copied < served.head.size {
            let copy = MirrorCopy(of: served, from: copied, in: source, to: store)
            quotes = try await copy.run(seen: standing.seen, progress)
        }
        let attachments = try await MirrorAttachments(source, store, policy, at: served).copy(quotes)
        let record = try standing.record(of: served, cosignedBy: cosigner, clock: clock)
        let isChanged = record.bytes != standing.record?.bytes
        if isChanged {
            try await store.replace(standing.record?.bytes, with: record.bytes)
            try await store.publish(record.bytes)
        }
        try await store.dropPartials(of: Self.completed(from: copied, to: served.head.size))
        return report(standing, record, sourceIsAt: nil, isChanged: isChanged, attachments)
    }

    private func report(
        _ standing: MirrorStanding, _ record: SignedCheckpoint, sourceIsAt: TreeSize?, isChanged: Bool,
        _ attachments: MirrorAttachments.Report
    ) -> Report {
        let own = cosigner.flatMap { record.note.signature(claiming: $0.verifierKey) }
        let time = own.map { $0.bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) } }
        return Report(
            before: standing.copied, checkpoint: record, sourceIsAt: sourceIsAt, isChanged: isChanged,
            cosignedAt: time, attachments: attachments)
    }

    // MARK: - What the source serves

    private func servedCheckpoint() async throws -> CosignedCheckpoint {
        guard let bytes = try await source.read("checkpoint", limit: SignedNote.maximumByteCount) else {
            throw Failure.noCheckpoint
        }
        let signed: SignedCheckpoint
        do throws(FormatError) {
            signed = try SignedCheckpoint(parsing: bytes)
        } catch {
            throw Failure.malformed(error)
        }
        let checkpoint = try policy.verify(signed)
        guard checkpoint.isQuorumMet else { throw Failure.quorumNotMet }
        guard checkpoint.head.size < Audit.maximumSize else { throw Failure.tooLarge(checkpoint.head.size) }
        return checkpoint
    }

    private enum Relation {
        case unseen, same, older
        case conflict(SignedCheckpoint)
    }

    /// How the source's checkpoint stands to what the mirror has seen; of a larger tree it is not known yet.
    private func relation(of served: CosignedCheckpoint, to standing: MirrorStanding) async throws -> Relation {
        guard let seen = standing.seen else { return .unseen }
        guard seen.origin == served.checkpoint.origin else {
            throw Failure.anotherLog(mirrored: seen.origin, served: served.checkpoint.origin)
        }
        if served.head.size == seen.head.size {
            return served.head.root == seen.head.root ? .same : .conflict(seen.signed)
        }
        guard served.head.size < seen.head.size else { return .unseen }
        let reader = LedgerReader(store, at: try policy.judge(seen))
        return try await reader.head(of: served.head.size) == served.head ? .older : .conflict(seen.signed)
    }

    /// The tiles and bundles that were partial and are full now.
    private static func completed(from old: TreeSize, to new: TreeSize) -> [String] {
        let edge = Tile.edge(of: old) + Tile.bundles(to: old).suffix(1)
        return edge.filter { !$0.isFull && $0.current(in: new)?.isFull == true }.map(\.full.path)
    }
}
