// SPDX-License-Identifier: Apache-2.0
public import Evidence
public import TransparencyLog

/// Something in a log that does not hold, at the place that has it. It names the place, not who did it.
public enum AuditFault: Sendable, Hashable {
    /// A signature on the checkpoint does not verify, or none is by a key of the log.
    case checkpoint(CheckpointError)
    /// The witnesses that have cosigned the checkpoint are not enough for the policy.
    case quorumNotMet
    /// The checkpoint is signed by no key that the charter in force, this entry, names.
    case checkpointKeyNotChartered(LeafIndex)
    /// The log is smaller than an earlier audit has seen it.
    case shrunk(seen: SignedCheckpoint, now: SignedCheckpoint)
    /// The log does not begin with what an earlier audit has seen. Both checkpoints together are the evidence.
    case rewritten(seen: SignedCheckpoint, now: SignedCheckpoint)

    /// A file that the size of the log calls for is not there.
    case missing(path: String)
    /// A file is not of the form that its name calls for.
    case malformed(path: String, FormatError)
    /// The hashes in a tile file are not those under the signed root, and other files give those that are.
    case tile(path: String)
    /// An older, partial file, kept for readers of an earlier checkpoint, is not the beginning of what the tree has.
    case olderFile(path: String)
    /// Neither these files nor these entries give the hash under the signed root.
    case undecided(paths: [String], entries: ClosedRange<LeafIndex>)

    /// The bytes of an entry do not give the hash under the signed root.
    case entry(LeafIndex)
    /// An entry is not a filing with its time.
    case form(LeafIndex, FormatError)
    /// The signatures of an entry's filing do not hold.
    case signatures(LeafIndex, FilingError)
    /// An entry breaks a rule of the log.
    case rule(LeafIndex, RegistryError)
    /// An entry quotes a checkpoint that the log keeps and that is not of this history, or not signed by it. With the
    /// audited checkpoint it is the evidence.
    case quoteOfAnotherHistory(LeafIndex, SignedCheckpoint)
    /// An entry claims a time before that of the cosignatures which it quotes; both in POSIX seconds.
    case timeBeforeQuoted(LeafIndex, time: UInt64, cosigned: UInt64)
    /// The last entry below a checkpoint claims a time behind that of its cosignatures.
    case timeAfterCosignatures(LeafIndex, time: UInt64, cosigned: UInt64, size: TreeSize)
    /// The first entry behind a checkpoint claims a time before that of its cosignatures.
    case timeBeforeCosignatures(LeafIndex, time: UInt64, cosigned: UInt64, size: TreeSize)

    /// Something among the time-stamps of this size does not hold.
    case timestamp(TreeSize, TimestampFault)
}

extension AuditFault {
    /// The entry that the fault is about, or the first of several.
    public var entry: LeafIndex? {
        switch self {
        case .entry(let index), .form(let index, _), .signatures(let index, _), .rule(let index, _),
            .quoteOfAnotherHistory(let index, _), .timeBeforeQuoted(let index, _, _),
            .timeAfterCosignatures(let index, _, _, _), .timeBeforeCosignatures(let index, _, _, _):
            index
        case .undecided(_, let entries): entries.lowerBound
        default: nil
        }
    }

    /// The files that the fault is about.
    public var paths: [String] {
        switch self {
        case .missing(let path), .malformed(let path, _), .tile(let path), .olderFile(let path): [path]
        case .undecided(let paths, _): paths
        case .checkpoint, .quorumNotMet, .checkpointKeyNotChartered, .shrunk, .rewritten: ["checkpoint"]
        case .timestamp(let size, .checkpoint), .timestamp(let size, .anotherTree):
            [TimestampArchive.path(size, "checkpoint")]
        case .timestamp(let size, _): [TimestampArchive.path(size, "tsr")]
        case .entry, .form, .signatures, .rule, .quoteOfAnotherHistory, .timeBeforeQuoted, .timeAfterCosignatures,
            .timeBeforeCosignatures:
            []
        }
    }
}

extension AuditFault: CustomStringConvertible {
    /// One line, without a full stop: the place, that it does not hold, and why.
    public var description: String {
        switch self {
        case .checkpoint(let error): "checkpoint DOES NOT HOLD: \(error)"
        case .quorumNotMet: "checkpoint DOES NOT HOLD: too few of the policy's witnesses have cosigned it"
        case .checkpointKeyNotChartered(let charter):
            "checkpoint DOES NOT HOLD: it is signed by no key that the charter in force, entry \(charter), names"
        case .shrunk(let seen, let now):
            "the log DOES NOT HOLD: size \(seen.size) was seen with root \(seen.root), now it has size \(now.size)"
                + " with root \(now.root)"
        case .rewritten(let seen, let now):
            "the log DOES NOT HOLD: size \(seen.size) was seen with root \(seen.root), now it has size \(now.size)"
                + " with root \(now.root), which does not begin with what was seen"
        case .missing(let path): "\(path) DOES NOT HOLD: it is not there"
        case .malformed(let path, let error): "\(path) DOES NOT HOLD: \(error)"
        case .tile(let path):
            "\(path) DOES NOT HOLD: its hashes are not those under the signed root, which other files give"
        case .olderFile(let path):
            "\(path) DOES NOT HOLD: it is not the beginning of what stands under the signed root"
        case .undecided(let paths, let entries):
            (paths + [Self.words(for: entries)]).joined(separator: ", ")
                + " DO NOT HOLD: neither files nor entries give the hash under the signed root"
        case .entry(let index): "entry \(index) DOES NOT HOLD: its bytes do not give the hash under the signed root"
        case .form(let index, let error): "entry \(index) DOES NOT HOLD: \(error)"
        case .signatures(let index, let error): "entry \(index) DOES NOT HOLD: \(error)"
        case .rule(let index, let error): "entry \(index) DOES NOT HOLD: \(error)"
        case .quoteOfAnotherHistory(let index, let quoted):
            "entry \(index) DOES NOT HOLD: it quotes a checkpoint of \(quoted.size) entries with root \(quoted.root),"
                + " which is not of this history"
        case .timeBeforeQuoted(let index, let time, let cosigned):
            "entry \(index) DOES NOT HOLD: its time, \(time), is before that of the cosignatures that it quotes, \(cosigned)"
        case .timeAfterCosignatures(let index, let time, let cosigned, let size):
            "entry \(index) DOES NOT HOLD: its time, \(time), is behind that of the cosignatures of size \(size), \(cosigned)"
        case .timeBeforeCosignatures(let index, let time, let cosigned, let size):
            "entry \(index) DOES NOT HOLD: its time, \(time), is before that of the cosignatures of size \(size), \(cosigned)"
        case .timestamp(_, let fault): "\(paths[0]) DOES NOT HOLD: \(fault)"
        }
    }

    static func words(for entries: ClosedRange<LeafIndex>) -> String {
        entries.lowerBound == entries.upperBound
            ? "entry \(entries.lowerBound)" : "entries \(entries.lowerBound) to \(entries.upperBound)"
    }
}

extension SignedCheckpoint {
    fileprivate var size: TreeSize { unverified.head.size }
    fileprivate var root: Hash { unverified.head.root }
}
