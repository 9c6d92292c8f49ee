// SPDX-License-Identifier: Apache-2.0
public import Evidence
public import TransparencyLog

/// Where an audit ended at which everything held, so that a later one reads only what is new.
///
/// The file is binary behind a few lines of text:
///
///     indelible-audit/v1
///     checkpoint <bytes>                       the note that was judged, and behind the line its bytes
///     depth filings                            or: tree, with which only the last line follows
///     times <first> <last>                     of the entries, in POSIX seconds
///     counts <n> <n> <n> <n> <n> <n> <n>       of charter, enrol, add-revoker, revoke, register, custody, close
///     registry <bytes>                         a registry snapshot, and behind the line its bytes
///     run <first> <end> <SHA-256 in base64>    a file of texts beside this one (`AuditTexts`), by its last 32 bytes; or none
///     hashes                                   32 bytes for each entry behind those: the SHA-256 of its filing's text
///                                              32 bytes for each 256 entries: the root over them
///                                              1 bit for each entry, the lowest first: whether it is a `register` entry
///     end <SHA-256 in base64>                  of everything before this line
///
/// It is no exchange format: whoever can write it decides what an audit takes for seen. Here a million entries take a
/// quarter of a megabyte, and their texts 41 MB beside it. What an entry refers to is read from the log's tiles, and
/// verified by the roots.
public struct AuditState: Sendable {
    /// The checkpoint that was judged.
    public let checkpoint: SignedCheckpoint
    /// What a replay of the filings led to; nil after an audit of the tree alone.
    var replayed: AuditReplayed?

    /// How much of the entries was judged.
    public var depth: Audit.Depth { replayed == nil ? .tree : .filings }
    /// The log's name.
    public var origin: Origin { checkpoint.unverified.origin }
    /// The size and root that were judged.
    public var head: TreeHead { checkpoint.unverified.head }
    /// Who may do what as of the last entry; nil after an audit of the tree alone.
    public var registry: Registry? { replayed?.registry }

    init(checkpoint: SignedCheckpoint, replayed: AuditReplayed?) {
        self.checkpoint = checkpoint
        self.replayed = replayed
    }
}

/// What replaying the filings of a log has led to: all that judging the next one needs.
struct AuditReplayed: Sendable {
    /// Who may do what.
    var registry: Registry
    /// For each entry the hash of its text, or for one that was refused a hash that no text has.
    var texts = AuditTexts()
    /// For each 256 entries the root over them, as verified.
    var bundleRoots: [Hash] = []
    /// Which entries are `register` entries.
    var registrations = AuditBits()
    /// The actions and times of the entries.
    var tally = AuditTally()
}

/// One bit for each entry.
struct AuditBits: Sendable, Hashable {
    /// The bits, the lowest first.
    private(set) var bytes: [UInt8] = []
    /// The number of bits.
    private(set) var count = 0

    init() {}

    /// Takes bits from their bytes; nil unless there are as many as `count` takes, and no bit behind the last is set.
    init?(_ bytes: [UInt8], count: Int) {
        guard bytes.count == (count + 7) / 8 else { return nil }
        if count % 8 != 0, let last = bytes.last, last >> (count % 8) != 0 { return nil }
        self.bytes = bytes
        self.count = count
    }

    mutating func append(_ bit: Bool) {
        if count % 8 == 0 { bytes.append(0) }
        if bit { bytes[count / 8] |= 1 << (count % 8) }
        count += 1
    }

    /// The bit at an index; false from `count` on.
    func contains(_ index: LeafIndex) -> Bool {
        guard index.value < UInt64(count) else { return false }
        return bytes[Int(index.value / 8)] >> (index.value % 8) & 1 == 1
    }
}
