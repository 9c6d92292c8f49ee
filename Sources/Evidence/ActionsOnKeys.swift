// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// A key that becomes a member, with those who may revoke it.
///
///     enrol <vkey>
///     revoker <base64 SHA-256 of a vkey>       0 to 8
///
/// The payload of an `enrol` filing (formats section 1). Revokers are named by hash: who they are stays unknown until
/// they act.
public struct Enrolment: Sendable, Hashable {
    /// The most revokers that a member may have.
    public static let maximumRevokers = 8

    /// The new member's vkey.
    public let key: VerifierKey
    /// The SHA-256 of each revoker's vkey.
    public let revokers: [Hash]

    /// Enrols a key. Throws where it is not of type 0x01, or has more than 8 revokers.
    public init(key: VerifierKey, revokers: [Hash] = []) throws(FormatError) {
        guard key.type == .ed25519 else { throw FormatError("enrolment", FormatError.wrongKeyType) }
        guard revokers.count <= Self.maximumRevokers else { throw FormatError("enrolment", "more than 8 revokers") }
        self.key = key
        self.revokers = revokers
    }

    init(_ value: ArraySlice<UInt8>, reading reader: inout LineReader) throws(FormatError) {
        key = try reader.signingKey(value)
        var revokers: [Hash] = []
        for (value, line) in try reader.values("revoker", 0...Self.maximumRevokers) {
            revokers.append(try reader.hash(value, line: line))
        }
        self.revokers = revokers
    }
}

/// One more key that may revoke the signer's.
///
///     add-revoker <base64 SHA-256 of a vkey>
///
/// The payload of an `add-revoker` filing, which the member signs alone (formats section 1).
public struct RevokerAddition: Sendable, Hashable {
    /// The SHA-256 of the revoker's vkey.
    public let revoker: Hash

    /// Names a revoker.
    public init(revoker: Hash) {
        self.revoker = revoker
    }
}

/// The end of a key: from this entry on it signs nothing and counts nowhere.
///
///     revoke <vkey>
///     reason <word>
///     since <POSIX seconds>                    0 or 1
///
/// The payload of a `revoke` filing (formats section 1). Reason and `since` are the signers' claims; nothing earlier is
/// voided by them.
public struct Revocation: Sendable, Hashable {
    /// The key that is revoked, enrolled or not.
    public let key: VerifierKey
    /// Why, as the signers say.
    public let reason: RevocationReason
    /// Since when, as the signers say.
    public let since: EntryTime?

    /// Revokes a key. Throws where it is not of type 0x01.
    public init(key: VerifierKey, reason: RevocationReason, since: EntryTime? = nil) throws(FormatError) {
        guard key.type == .ed25519 else { throw FormatError("revocation", FormatError.wrongKeyType) }
        self.key = key
        self.reason = reason
        self.since = since
    }

    init(_ value: ArraySlice<UInt8>, reading reader: inout LineReader) throws(FormatError) {
        try self.init(of: reader.signingKey(value), reading: &reader)
    }

    /// Reads the fields.
    init(of key: VerifierKey, reading reader: inout LineReader) throws(FormatError) {
        self.key = key
        reason = try reader.word("reason")
        guard let value = try reader.optional("since") else {
            since = nil
            return
        }
        since = EntryTime(value)
        guard since != nil else { throw reader.error("since is not a number of seconds below 2^53", back: 1) }
    }
}
