// SPDX-License-Identifier: Apache-2.0

/// What is to be thought of a time-stamp under given certificates of authorities. It is a value, not an error.
public enum TimestampJudgement: Sendable, Hashable {
    /// It was valid when it was given.
    case valid(ValidTimestamp)
    /// It counts for nothing.
    case refused(TimestampRefusal)
}

/// A time-stamp that was valid when it was given: its signature holds, and its certificate did at that moment.
public struct ValidTimestamp: Sendable, Hashable {
    /// What the token states.
    public let token: TimestampToken
    /// The authority, by the name that the certification authority has put in its certificate.
    public let authority: [UInt8]
    /// The last moment of the certificate's validity, in POSIX seconds. After it the time-stamp is no less valid.
    public let certificateEnd: UInt64
    /// When the certificate was revoked, after the time-stamp and for a reason that leaves it valid; nil where no given
    /// list says so.
    public let revokedSince: UInt64?
    /// The moment as of which a given list does not hold the certificate against the time-stamp; nil where no list of
    /// its issuer was given, and revocation was not looked at.
    public let revocationLookedAt: UInt64?
}

/// Why a time-stamp counts for nothing. One case a check, in the order in which they are made.
public enum TimestampRefusal: Error, Sendable, Hashable {
    /// It is of another hash.
    case wrongImprint
    /// It is not of the form that RFC 3161 gives it.
    case malformed
    /// Neither it nor what was given has the certificate that it is signed with.
    case certificateMissing
    /// It is signed with a hash function that is no longer relied on, or that nothing here knows.
    case unsupportedHash
    /// Its signature does not hold.
    case badSignature
    /// It does not name the certificate that it is signed with (RFC 5816), or names another.
    case certificateNotBound
    /// The certificate is not for time-stamps alone: its extended key usage is missing, not critical, or wider.
    case wrongPurpose
    /// None of the given certificates stands behind it.
    case unknownAuthority
    /// A certificate of its chain was not valid yet at its time.
    case notYetValid
    /// A certificate of its chain had expired at its time.
    case expired
    /// A certificate of its chain has a key or a hash function that is too weak.
    case weakCertificate
    /// The chain does not hold, in OpenSSL's words.
    case brokenChain(String)
    /// A certificate of its chain was revoked, at this moment in POSIX seconds: before the time-stamp, or for a reason
    /// that leaves none valid.
    case revoked(UInt64)
}

extension TimestampRefusal: CustomStringConvertible {
    public var description: String {
        switch self {
        case .wrongImprint: "it is for another checkpoint"
        case .malformed: "it is malformed"
        case .certificateMissing: "the certificate that it is signed with is neither in it nor at hand"
        case .unsupportedHash: "it is signed with a hash function that is not relied on"
        case .badSignature: "its signature does not hold"
        case .certificateNotBound: "it is not bound to the certificate that it is signed with"
        case .wrongPurpose: "its certificate is not for time-stamps alone"
        case .unknownAuthority: "no certificate at hand stands behind its authority"
        case .notYetValid: "a certificate of its authority was not yet valid then"
        case .expired: "a certificate of its authority had expired by then"
        case .weakCertificate: "a certificate of its authority has a key or a hash that is too weak"
        case .brokenChain(let reason): "the certificates of its authority do not hold together: \(reason)"
        case .revoked: "a certificate of its authority was revoked"
        }
    }
}
