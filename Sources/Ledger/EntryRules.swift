// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// What a log admits, and the entries it makes of it. A value: the sequencer works on a copy and keeps it only once
/// the batch is signed.
public protocol EntryRules: Sendable {
    /// What is offered to the log.
    associatedtype Submission: Sendable

    /// Judges what is offered, in order, each against the state that includes those before it.
    ///
    /// There is one answer for each submission. Entries get the indices from `firstIndex` on; `time` is the log's
    /// claim of the present, in POSIX seconds.
    mutating func admit(
        _ submissions: [Submission], from firstIndex: LeafIndex, at time: UInt64
    ) async -> [Admission]

    /// Follows what was signed: called once for each batch, after it is applied, in order.
    mutating func follow(_ entries: [[UInt8]], leafHashes: [Hash], from firstIndex: LeafIndex) async throws

    /// The keys that may sign checkpoints of a tree that ends with what was admitted last; nil where any may.
    var checkpointKeys: [VerifierKey]? { get }

    /// The time that an entry claims, in POSIX seconds; nil where entries claim none.
    static func time(of entry: [UInt8]) -> UInt64?
}

extension EntryRules {
    public var checkpointKeys: [VerifierKey]? { nil }
}

/// What becomes of one submission.
public enum Admission: Sendable {
    /// It becomes this entry.
    case entry([UInt8])
    /// The log, or this batch, has it already, at this index.
    case present(LeafIndex)
    /// It is refused.
    case refused(any Error)
}

/// Rules that admit any bytes as they are: for logs of other formats, and for measuring.
public struct OpaqueEntries: EntryRules {
    /// Makes the rules.
    public init() {}

    public func admit(_ submissions: [[UInt8]], from firstIndex: LeafIndex, at time: UInt64) -> [Admission] {
        submissions.map { .entry($0) }
    }

    public func follow(_ entries: [[UInt8]], leafHashes: [Hash], from firstIndex: LeafIndex) {}

    public static func time(of entry: [UInt8]) -> UInt64? { nil }
}
