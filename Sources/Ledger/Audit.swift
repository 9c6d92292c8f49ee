// SPDX-License-Identifier: Apache-2.0
public import Evidence
public import TransparencyLog

/// A replay of a whole log from any copy of it, under a policy: what holds, what does not, and what was not judged.
///
///     let result = try await Audit(of: source, under: policy).run()
///
/// The tiles are verified from the signed root down, so that a fault can be laid at the place that has it: an entry
/// whose bytes do not give the hash under the signed root, a tile file that does not hold though the entries do, or
/// both where the hashes that are left cannot tell. Then every filing is judged by form, signatures and the rules of
/// `Registry`; one that is refused changes nothing, and the replay goes on. Nothing a source answers is trusted, and
/// nothing is written.
///
/// A later audit that is given the state of an earlier one reads what is new, after verifying that the log has only
/// been appended to.
public struct Audit: Sendable {
    /// How much of the entries is judged.
    public enum Depth: Sendable, Hashable {
        /// Bytes, tiles, root, checkpoint and cosignatures. Entries may be of any format.
        case tree
        /// All that, and the form, the signatures and the rules of every filing.
        case filings
    }

    /// How far an audit has come.
    public struct Progress: Sendable, Hashable {
        /// The number of entries that are done, those of the audits before included.
        public let done: TreeSize
        /// The number of entries of the log.
        public let total: TreeSize
    }

    /// What an audit leads to.
    public struct Result: Sendable {
        /// What was found.
        public let report: AuditReport
        /// What a later audit can go on from; nil unless everything that was judged holds.
        public let state: AuditState?
    }

    /// Why an audit cannot be made.
    public enum Failure: Error, Sendable, Hashable {
        /// The state to go on from is that of another log.
        case stateOfAnotherLog(Origin)
        /// The checkpoint, signed by the log, states 2^32 entries or more.
        case tooLarge(TreeSize)
    }

    /// Logs of this size and above are not judged: the texts of all entries are told apart by 32-bit positions.
    static let maximumSize: TreeSize = 0x1_0000_0000

    let source: any LedgerSource
    let policy: TrustPolicy
    let depth: Depth
    let earlier: AuditState?
    let authorities: TimestampAuthorities
    let limit: Int
    let tolerance: UInt64
    let observe: (@Sendable (LeafIndex, Entry) -> Void)?

    /// By how many seconds the log's clock may differ from those of the witnesses.
    public static let defaultTolerance: UInt64 = 600

    /// An audit of what `source` serves; `earlier` is the state that an audit before has left. Time-stamps are judged
    /// under the certificates of `authorities`. At most `limit` faults are listed, and all are counted. Times of entries
    /// may differ by `tolerance` seconds from those of cosignatures. `observe` is shown each entry that the rules
    /// admitted, in the order of the log.
    public init(
        of source: any LedgerSource, under policy: TrustPolicy, depth: Depth = .filings,
        continuing earlier: AuditState? = nil, stampedBy authorities: TimestampAuthorities = TimestampAuthorities(),
        listing limit: Int = 1_000, tolerance: UInt64 = defaultTolerance,
        observing observe: (@Sendable (LeafIndex, Entry) -> Void)? = nil
    ) {
        self.source = source
        self.policy = policy
        self.depth = depth
        self.earlier = earlier
        self.authorities = authorities
        self.limit = limit
        self.tolerance = tolerance
        self.observe = observe
    }

    /// Runs the audit. `progress` is told from time to time how far it has come.
    ///
    /// Throws `Failure`, `CancellationError` soon after the task is cancelled, and what the source throws where it
    /// cannot be asked for the checkpoint. Files that cannot be read later on are part of the report.
    public func run(
        progress: @escaping @Sendable (Progress) -> Void = { _ in }
    ) async throws -> Result {
        var findings = AuditFindings(limit: limit)
        guard let checkpoint = try await AuditCheckpoint(from: source, under: policy, &findings) else {
            findings.add(.everythingElse)
            return Result(report: AuditReport(checkpoint: nil, depth: depth, findings: findings), state: nil)
        }
        return try await AuditRun(of: self, at: checkpoint, findings).run(progress)
    }
}
