// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// What a key is in a log, as replaying the log shows it.
struct LogMembership {
    let registry: Registry
    let key: VerifierKey

    /// The entry that enrolled the key, under whatever name; nil where none did.
    var enrolledAt: LeafIndex? { key.publicKey.flatMap { registry.member($0) }?.enrolledAt }

    /// The first entry that revoked the key.
    var revokedAt: LeafIndex? { key.publicKey.flatMap { registry.revocations(of: $0).first }?.index }

    /// Whether the charter in force names the key as a steward.
    var isSteward: Bool { registry.stewards.contains { $0.keyBytes == key.keyBytes } }
}

extension Workplace {
    /// Who may do what, where a ledger of a log that this trust list names is at hand; nil where none is.
    func registryAtHand(under policy: TrustPolicy) async throws -> Registry? {
        guard isLedgerNamed || source.isThere else { return nil }
        do {
            return try await source.read { try await Registry(replaying: try await LedgerReader($0, under: policy)) }
        } catch LedgerReadError.noCheckpoint where !isLedgerNamed {
            return nil
        } catch CheckpointError.unknownOrigin where !isLedgerNamed {
            // What stands there by default is another log's, and nobody said that it was this one's.
            return nil
        }
    }

    /// The vkey that an argument means: that of a member or steward whom the log knows by this name, or as
    /// `publicKey(_:)` finds it.
    func publicKey(_ argument: String, knownTo registry: Registry?) throws -> VerifierKey {
        if let name = KeyName(argument), let known = registry?.knownKey(named: name) { return known }
        return try publicKey(argument)
    }
}

extension Registry {
    /// Throws where the log is closed.
    func requireOpen() throws(RegistryError) {
        if let closedAt { throw .closed(closedAt) }
    }

    /// Throws the rule that a filing would break if it were offered at this time, signed by all its signers.
    ///
    /// For charters, enrolments and closings, which refer to no other entry than the charter in force.
    func judge(unsigned text: FilingText, at seconds: UInt64) throws {
        let lines = text.signers.flatMap {
            SignedNote.Signature(name: $0.name, keyID: $0.id, bytes: Array(repeating: 0, count: 64)).line
        }
        let filing = try Filing(parsing: text.bytes + [0x0A] + lines)
        guard let now = EntryTime(seconds: seconds) else { throw Failure(.cannotTell, "this machine's clock is wrong") }
        let entry = try Entry(time: max(lastTime ?? now, now), filing: filing).skippingSignatures()
        var copy = self
        try copy.admit(entry, given: PriorEntries(for: filing, sameText: nil, leaves: []))
    }
}
