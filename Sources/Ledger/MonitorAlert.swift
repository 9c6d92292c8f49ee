// SPDX-License-Identifier: Apache-2.0
public import Evidence
public import TransparencyLog

/// Something about a log that somebody who watches it is told.
public enum MonitorAlert: Sendable {
    /// Keys that are watched have signed an entry.
    case signed(LeafIndex, Entry, by: [VerifierKey])
    /// A key was enrolled.
    case enrolled(LeafIndex, Entry, VerifierKey)
    /// A key was revoked.
    case revoked(LeafIndex, Entry, Revocation)
    /// A member has named another revoker of their key.
    case revokerAdded(LeafIndex, Entry)
    /// The charter was changed. `changes` says in what, in the order of the charter's fields.
    case charter(LeafIndex, Entry, changes: [CharterChange])
    /// The log was closed.
    case closed(LeafIndex, Entry)

    /// The log is smaller than it was seen.
    case backwards(seen: SignedCheckpoint, now: SignedCheckpoint)
    /// The log has signed two histories.
    case split(seen: SignedCheckpoint, now: SignedCheckpoint)
    /// Too few witnesses have cosigned the checkpoint that is served.
    case quorumLost(TreeHead)
    /// Something else of the log does not hold: the first faults, and how many there are.
    case doesNotHold([AuditFault], count: Int)
    /// Nothing new was shown since this time: no entry and no cosignature.
    case stalled(since: UInt64)
    /// The log could not be read since this time.
    case unreachable(since: UInt64, reason: String)
    /// What was told before is over: the log is read, and holds.
    case recovered

    /// What changed in a charter.
    public enum CharterChange: String, Sendable, CaseIterable {
        case stewards, threshold, sponsors, admission, logKeys = "log-keys", note
    }
}

extension MonitorAlert {
    /// The kind of alert, for programs.
    public var kind: String {
        switch self {
        case .signed: "signed"
        case .enrolled: "enrolled"
        case .revoked: "revoked"
        case .revokerAdded: "revoker-added"
        case .charter: "charter"
        case .closed: "closed"
        case .backwards: "backwards"
        case .split: "split"
        case .quorumLost: "quorum-lost"
        case .doesNotHold: "does-not-hold"
        case .stalled: "stalled"
        case .unreachable: "unreachable"
        case .recovered: "recovered"
        }
    }

    /// The entry that the alert is about.
    public var entry: (index: LeafIndex, entry: Entry)? {
        switch self {
        case .signed(let index, let entry, _), .enrolled(let index, let entry, _), .revoked(let index, let entry, _),
            .revokerAdded(let index, let entry), .charter(let index, let entry, _), .closed(let index, let entry):
            (index, entry)
        case .backwards, .split, .quorumLost, .doesNotHold, .stalled, .unreachable, .recovered: nil
        }
    }

    /// The two checkpoints that the alert is about.
    public var checkpoints: (seen: SignedCheckpoint, now: SignedCheckpoint)? {
        switch self {
        case .backwards(let seen, let now), .split(let seen, let now): (seen, now)
        default: nil
        }
    }

    /// Whether it says that the log, or what is known of it, is not as it should be.
    public var isTrouble: Bool { entry == nil && kind != "recovered" }

    /// What names the alert: the same again if it is delivered twice.
    public var id: String {
        switch self {
        case .backwards(let seen, let now), .split(let seen, let now):
            "\(kind)-\(seen.unverified.head.size)-\(now.unverified.head.size)-\(now.unverified.head.root.hex.prefix(16))"
        case .quorumLost(let head): "\(kind)-\(head.size)"
        case .doesNotHold(let faults, let count):
            "\(kind)-\(count)-\(SHA256.hash(Array("\(faults)".utf8)).hex.prefix(16))"
        case .stalled(let since), .unreachable(let since, _): "\(kind)-\(since)"
        case .recovered: kind
        default: entry.map { "\(kind)-\($0.index)" } ?? kind
        }
    }
}

extension MonitorAlert.CharterChange {
    /// What of a charter is not as in the one before.
    static func changes(from old: Charter, to new: Charter) -> [Self] {
        allCases.filter { change in
            switch change {
            case .stewards: old.stewards != new.stewards
            case .threshold: old.threshold != new.threshold
            case .sponsors: old.sponsors != new.sponsors
            case .admission: old.admission != new.admission
            case .logKeys: old.logKeys != new.logKeys
            case .note: old.note != new.note
            }
        }
    }
}
