// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// Who may do what in a log, as replaying its entries from the first shows it.
///
/// A registry admits one entry after the other under the rules of formats section 1, and refuses what breaks one. The
/// log decides with it what to enter, an audit what should not have been entered, and both by the same code. It holds
/// keys, charter and revocations, not entries: what it must know of those comes as `PriorEntries`. A copy is cheap, and
/// a log that prepares a batch admits the entries of the batch to a copy.
///
/// Keys are compared, counted and revoked by their 32 bytes. The known keys are the members, revoked or not, and the
/// stewards in force.
public struct Registry: Sendable, Hashable {
    /// The log's origin.
    public let origin: Origin
    /// The number of entries, those passed over included.
    public internal(set) var size: TreeSize = 0
    /// The number of entries that were passed over: none where every entry of the log was admitted.
    public internal(set) var passedOver: UInt64 = 0
    /// The time of the last entry; nil before the first.
    public internal(set) var lastTime: EntryTime?
    /// The charter in force; nil before the first entry.
    public internal(set) var charterInForce: CharterInForce?
    /// The entry that closed the log.
    public internal(set) var closedAt: LeafIndex?
    /// Whether an entry was admitted whose signatures were skipped.
    public internal(set) var restsOnUnverifiedSignatures = false

    var membersByKey: [Ed25519.PublicKey: Member] = [:]
    var memberKeysByName: [KeyName: Ed25519.PublicKey] = [:]
    var revocationsByKey: [Ed25519.PublicKey: [RecordedRevocation]] = [:]

    /// The registry of a log without entries.
    public init(origin: Origin) {
        self.origin = origin
    }
}

extension Registry {
    /// The members, revoked or not, in the order of their enrolment.
    public var members: [Member] { membersByKey.values.sorted { $0.enrolledAt < $1.enrolledAt } }

    /// The member with this public key.
    public func member(_ key: Ed25519.PublicKey) -> Member? { membersByKey[key] }

    /// The member of this name.
    public func member(named name: KeyName) -> Member? { memberKeysByName[name].flatMap { membersByKey[$0] } }

    /// The vkey of the member or steward in force who has this public key.
    public func knownKey(_ key: Ed25519.PublicKey) -> VerifierKey? {
        membersByKey[key]?.key ?? stewards.first { $0.publicKey == key }
    }

    /// The vkey of the member or steward in force who bears this name.
    public func knownKey(named name: KeyName) -> VerifierKey? {
        member(named: name)?.key ?? stewards.first { $0.name == name }
    }

    /// The stewards in force.
    public var stewards: [VerifierKey] { charterInForce?.charter.stewards ?? [] }

    /// Whether keys that are not enrolled may register.
    public var admitsAnyone: Bool { charterInForce?.charter.admission == .anyone }

    /// The keys that may sign checkpoints of a tree that the next entry is in.
    public var logKeys: [VerifierKey] { charterInForce?.charter.logKeys ?? [] }

    /// Every revocation of this key, in the order of the log.
    public func revocations(of key: Ed25519.PublicKey) -> [RecordedRevocation] { revocationsByKey[key] ?? [] }

    /// Every revocation in the log, in its order.
    public var revocations: [RecordedRevocation] {
        revocationsByKey.values.joined().sorted { $0.index < $1.index }
    }

    /// Whether this key has been revoked, enrolled or not.
    public func isRevoked(_ key: Ed25519.PublicKey) -> Bool { revocationsByKey[key] != nil }

    /// Whether this key is enrolled and not revoked.
    public func isInGoodStanding(_ key: Ed25519.PublicKey) -> Bool { membersByKey[key] != nil && !isRevoked(key) }
}
