// SPDX-License-Identifier: Apache-2.0
public import Evidence
public import TransparencyLog

/// What an audit found: what holds, each fault by its place, and what was not judged.
///
/// It says what was compared with what. Who caused a fault, and whether what a filing says is so, is not shown.
public struct AuditReport: Sendable {
    /// How much of the entries was to be judged.
    public let depth: Audit.Depth
    /// The checkpoint that the log was judged by, without the lines that do not verify; nil where there is none that
    /// the log has signed, and nothing else was judged.
    public let checkpoint: CosignedCheckpoint?
    /// The number of signature lines of the checkpoint that are by nobody the policy knows, or by keys that nothing
    /// here can verify.
    public let ignoredSignatures: Int
    /// The size at which an earlier audit ended and this one went on; nil where it began with entry 0.
    public let continuedFrom: TreeSize?
    /// How many entries there are of each action, and their times; empty for an audit of the tree alone.
    public let tally: AuditTally
    /// The entries behind entry 0 that amend the charter, of those that this audit has replayed.
    public let amendments: [LeafIndex]
    /// Who may do what as of the last entry; nil for an audit of the tree alone, and where entry 0 set no rules.
    public let registry: Registry?
    /// What the log keeps of time-stamps; those that an earlier audit has judged are not among them.
    public let timestamps: AuditedTimestamps
    /// The faults, in the order of the log, up to the limit.
    public let faults: [AuditFault]
    /// The number of all faults, listed or not.
    public let faultCount: Int
    /// What was not judged, up to the limit.
    public let gaps: [AuditGap]
    /// The number of all gaps, listed or not.
    public let gapCount: Int
    /// The paths of files among the tiles that are not part of the log, up to the limit. They do not count against it.
    public let strays: [String]
    /// The number of all such files, listed or not.
    public let strayCount: Int
    /// Whether all that the audit set out to judge could be judged: no gap but those that were chosen.
    public let isComplete: Bool

    /// Whether everything that the audit set out to judge was judged, and holds.
    public var holds: Bool { checkpoint != nil && faultCount == 0 && isComplete }

    /// The log's name.
    public var origin: Origin? { checkpoint?.checkpoint.origin }
    /// The size and root that were judged.
    public var head: TreeHead? { checkpoint?.head }

    init(
        checkpoint: CosignedCheckpoint?, depth: Audit.Depth, findings: AuditFindings, ignoredSignatures: Int = 0,
        continuedFrom: TreeSize? = nil, tally: AuditTally = AuditTally(), amendments: [LeafIndex] = [],
        registry: Registry? = nil, timestamps: AuditedTimestamps = AuditedTimestamps()
    ) {
        self.checkpoint = checkpoint
        self.depth = depth
        self.ignoredSignatures = ignoredSignatures
        self.continuedFrom = continuedFrom
        self.tally = tally
        self.amendments = amendments
        self.registry = registry
        self.timestamps = timestamps
        faults = findings.faults
        faultCount = findings.faultCount
        gaps = findings.gaps
        gapCount = findings.gapCount
        strays = findings.strays
        strayCount = findings.strayCount
        isComplete = findings.isComplete
    }
}

/// How many entries there are of each action, and the times of the first and the last.
///
/// The times are the log's claims. Entries that were refused or could not be read are not among them.
public struct AuditTally: Sendable, Hashable {
    /// The actions in the order of formats section 1, by the words of their lines.
    public static let words = ["charter", "enrol", "add-revoker", "revoke", "register", "custody", "close"]

    /// The time of the first entry.
    public internal(set) var firstTime: EntryTime?
    /// The time of the last entry.
    public internal(set) var lastTime: EntryTime?
    /// The number of entries of each action, in the order of `words`.
    public internal(set) var counts = [UInt64](repeating: 0, count: words.count)

    /// The number of entries.
    public var total: UInt64 { counts.reduce(0, +) }

    init() {}

    mutating func add(_ entry: Entry) {
        if firstTime == nil { firstTime = entry.time }
        lastTime = entry.time
        switch entry.filing.action {
        case .charter: counts[0] += 1
        case .enrol: counts[1] += 1
        case .addRevoker: counts[2] += 1
        case .revoke: counts[3] += 1
        case .register: counts[4] += 1
        case .custody: counts[5] += 1
        case .close: counts[6] += 1
        }
    }
}
