// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// A key that was enrolled in a log. It stays a member when it is revoked; see `Registry.isInGoodStanding(_:)`.
public struct Member: Sendable, Hashable {
    /// The member's vkey. Its name is what the member calls itself.
    public let key: VerifierKey
    /// The entry that enrolled it.
    public let enrolledAt: LeafIndex
    /// The SHA-256 of each vkey that may revoke this one, in the order in which they were named.
    public private(set) var revokers: [Hash] = []

    init(key: VerifierKey, enrolledAt: LeafIndex, revokers: [Hash]) {
        self.key = key
        self.enrolledAt = enrolledAt
        for revoker in revokers { add(revoker) }
    }

    /// Names one more revoker; one that is named already counts once.
    mutating func add(_ revoker: Hash) {
        if !revokers.contains(revoker) { revokers.append(revoker) }
    }

    /// Whether `signer` is one of those who may revoke this member's key.
    public func namesAsRevoker(_ signer: VerifierKey) -> Bool {
        !revokers.isEmpty && revokers.contains(SHA256.hash(signer.utf8))
    }
}
