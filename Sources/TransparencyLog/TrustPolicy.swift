// SPDX-License-Identifier: Apache-2.0

/// Whom a verifier trusts: which logs, which witnesses, and which sets of witnesses suffice (C2SP tlog-policy).
///
///     log ledger.example/log+d125cc7f+AZF8w/cAdUtphcBYYuH6PONVS45QiHlj2WD6dU50U2m9
///     witness w1 witness.example/w1+9843961a+BNbGnT4BwWFPhsJCJEC1lSuIsyECCSkpRRDtUOrZzguC https://w1.example
///     witness w2 witness.example/w2+95020ecc+BAiFXFCBMVW+fgqK9ySdyMTXVYiE8zcsAiYlOEytWZ5I
///     group both all w1 w2
///     quorum both
///
/// Log keys are of type 0x01, witness keys of type 0x04. ML-DSA-44 keys (0x06) may stand in either place: they are
/// kept, but nothing here can verify their signatures, which never count. Names are bytes that only the file itself
/// gives a meaning. No two different keys share a name and key ID, so that a signature line is by one of them at most.
public struct TrustPolicy: Sendable, Hashable {
    /// The name of a witness or a group within the file: bytes, compared as such.
    public struct Name: Sendable, Hashable {
        /// The bytes.
        public let utf8: [UInt8]

        /// A name; nil where it is empty or `none`, or has a white space or control character of ASCII.
        public init?(_ utf8: some Collection<UInt8>) {
            let bytes = Array(utf8)
            guard !bytes.isEmpty, bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F }), bytes != Array("none".utf8) else {
                return nil
            }
            self.utf8 = bytes
        }
    }

    /// A log that is accepted.
    public struct Log: Sendable, Hashable {
        /// Its key, whose name is the log's origin.
        public let key: VerifierKey
        /// Where to reach it, as the file has it.
        public let url: [UInt8]?

        /// The log's name.
        public var origin: Origin { Origin(key.name) }
    }

    /// A witness that is known.
    public struct Witness: Sendable, Hashable {
        /// Its name in the file.
        public let name: Name
        /// Its key.
        public let key: VerifierKey
        /// Where to reach it, as the file has it.
        public let url: [UInt8]?
    }

    /// A group of witnesses and other groups.
    public struct Group: Sendable, Hashable {
        /// Its name in the file.
        public let name: Name
        /// How many of the members it takes.
        public let threshold: Int
        /// The members, defined on earlier lines.
        public let members: [Name]
    }

    /// The longest file that is read, in bytes.
    public static let maximumByteCount = 1 << 20

    /// The file, byte for byte.
    public let bytes: [UInt8]
    /// The logs, in the order of the file.
    public let logs: [Log]
    /// The witnesses, in the order of the file.
    public let witnesses: [Witness]
    /// The groups, in the order of the file: each names only what stands before it.
    public let groups: [Group]
    /// The witness or group that decides; nil for `quorum none`, which asks for no cosignature.
    public let quorum: Name?

    /// Reads a policy file of at most 1 MiB.
    public init(parsing bytes: [UInt8]) throws(FormatError) {
        var parser = PolicyParser()
        try parser.read(bytes)
        guard let quorum = parser.quorum else { throw FormatError("policy", "no quorum line") }
        self.bytes = bytes
        self.quorum = quorum.name
        logs = parser.logs
        witnesses = parser.witnesses
        groups = parser.groups
    }

    /// SHA-256 of the file: two people who read out the same have the same policy.
    public var fingerprint: Hash { SHA256.hash(bytes) }

    /// The keys configured for an origin.
    public func logKeys(for origin: Origin) -> [VerifierKey] {
        logs.lazy.map(\.key).filter { $0.name.utf8 == origin.utf8 }
    }

    /// Whether these witnesses together are enough. Those that the policy does not know add nothing, and none counts
    /// twice. Nor does an ML-DSA-44 witness count, whose cosignature cannot have been verified.
    public func isQuorumMet(by cosigners: some Sequence<Witness>) -> Bool {
        guard let quorum else { return true }
        let cosigners = Set(cosigners)
        var met: Set<Name> = []
        for witness in witnesses where cosigners.contains(witness) && witness.key.type == .cosignature {
            met.insert(witness.name)
        }
        for group in groups where group.members.count(where: met.contains) >= group.threshold {
            met.insert(group.name)
        }
        return met.contains(quorum)
    }

    /// Verifies a checkpoint: the log's signature by a key configured for its origin, then every line that claims to be
    /// by a known witness. Throws at the first that fails; whether the quorum is met is part of the result.
    public func verify(_ checkpoint: SignedCheckpoint) throws(CheckpointError) -> CosignedCheckpoint {
        try judge(checkpoint.verified(by: logs.map(\.key)))
    }

    /// Verifies the cosignatures of a checkpoint whose log signature was verified, perhaps by a key that the policy
    /// does not list.
    public func judge(_ checkpoint: VerifiedCheckpoint) throws(CheckpointError) -> CosignedCheckpoint {
        try CosignedCheckpoint(checkpoint, under: self)
    }

    /// The witness whose name and key ID stand on a signature line.
    func witness(claimedBy line: SignedNote.Signature) -> Witness? {
        witnesses.first { $0.key.name == line.name && $0.key.id == line.keyID }
    }
}

extension TrustPolicy.Name: CustomStringConvertible {
    public var description: String { String(decoding: utf8, as: UTF8.self) }
}
