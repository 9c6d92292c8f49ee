// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// What an authority answers to a request for a time-stamp, as received (RFC 3161 section 2.4.2, DER).
///
///     TimeStampResp ::= SEQUENCE {
///         PKIStatusInfo { status 0 (granted), text (0 or 1), failInfo (0 or 1) },  timeStampToken (0 or 1) }
///
/// `application/timestamp-reply`; a file of one or more is a `.tsr`: DER says where each ends. The exact bytes are
/// kept. Nothing is verified by reading one.
public struct TimestampResponse: Sendable, Hashable {
    /// The longest response that is read, in bytes: room for a chain of certificates many times over.
    public static let maximumByteCount = 1 << 16

    /// Why an authority did not stamp, in its own words.
    public struct Rejection: Sendable, Hashable {
        /// The status, 2 to 5.
        public let status: UInt64
        /// The words, which may be none: UTF-8, from outside.
        public let text: [UInt8]
        /// The reasons by RFC 3161's names.
        public let failures: [String]
    }

    /// What the response comes to.
    public enum Outcome: Sendable, Hashable {
        /// A time-stamp.
        case granted(TimestampToken)
        /// None.
        case rejected(Rejection)
    }

    /// The response, DER.
    public let bytes: [UInt8]
    /// What it comes to.
    public let outcome: Outcome

    /// Reads one response of at most 64 KiB.
    public init(parsing bytes: [UInt8]) throws(FormatError) {
        guard bytes.count <= Self.maximumByteCount else { throw Self.refused("longer than 64 KiB") }
        guard let parts = DER.elements(of: bytes, tag: 0x30), let info = parts.first, info.tag == 0x30,
            let status = DER.elements(of: info.content), let first = status.first, first.tag == 0x02,
            let number = DER.number(first.content)
        else { throw Self.refused("not a response of a time-stamp authority") }
        self.bytes = bytes
        if number <= 1 {
            guard parts.count == 2 else { throw Self.refused("granted, and without a time-stamp") }
            outcome = .granted(try TimestampToken(parsing: Array(parts[1].bytes)))
        } else {
            guard number <= 5, parts.count == 1 else { throw Self.refused("not granted, and not of the form for that") }
            outcome = .rejected(Rejection(number, status.dropFirst()))
        }
    }

    /// Reads responses that stand one behind the other, at most `limit` of them.
    public static func all(in bytes: [UInt8], limit: Int) throws(FormatError) -> [TimestampResponse] {
        guard bytes.count <= limit * maximumByteCount, let elements = DER.elements(of: bytes[...]),
            (1...limit).contains(elements.count)
        else { throw refused("want 1 to \(limit) responses, each whole") }
        var responses: [TimestampResponse] = []
        for element in elements { responses.append(try TimestampResponse(parsing: Array(element.bytes))) }
        return responses
    }

    /// The time-stamp, if there is one.
    public var token: TimestampToken? {
        if case .granted(let token) = outcome { token } else { nil }
    }

    /// The time-stamp that answers a request: for its hash, with its nonce and its policy.
    ///
    /// Without a nonce an older response for the same hash would do, which then says an earlier time.
    public func checked(
        imprint: Hash, nonce: UInt64? = nil, policy: String? = nil
    ) throws(TimestampMismatch) -> TimestampToken {
        switch outcome {
        case .rejected(let rejection): throw .notGranted(rejection)
        case .granted(let token):
            guard token.imprint == imprint else { throw .wrongImprint }
            if let nonce {
                guard token.nonce == Array(DER.integer(nonce).drop { $0 == 0 }) else { throw .wrongNonce }
            }
            if let policy {
                guard token.policy.utf8.elementsEqual(policy.utf8) else { throw .wrongPolicy(token.policy) }
            }
            return token
        }
    }

    private static func refused(_ reason: String) -> FormatError { FormatError("time-stamp response", reason) }
}

/// Why a response does not answer a request.
public enum TimestampMismatch: Error, Sendable, Hashable {
    /// The authority did not stamp.
    case notGranted(TimestampResponse.Rejection)
    /// It is for another hash.
    case wrongImprint
    /// It repeats another nonce, or none: it answers another request.
    case wrongNonce
    /// It is under another policy than was asked for.
    case wrongPolicy(String)
}

extension TimestampResponse.Rejection {
    fileprivate init(_ status: UInt64, _ more: ArraySlice<DER.Element>) {
        var text: [UInt8] = []
        var failures: [String] = []
        for element in more {
            if element.tag == 0x30 {
                let parts: [DER.Element] = DER.elements(of: element.content) ?? []
                let words = parts.filter { $0.tag == 0x0C }.map(\.content)
                text = Array(words.joined(separator: [0x3B, 0x20]).prefix(1_024))
            } else if element.tag == 0x03 {
                failures = Self.failures(element.content)
            }
        }
        self.init(status: status, text: text, failures: failures)
    }

    /// The names of the bits that are set.
    private static func failures(_ content: ArraySlice<UInt8>) -> [String] {
        let bits = content.dropFirst()
        let names: [(bit: Int, name: String)] = [
            (0, "badAlg"), (2, "badRequest"), (5, "badDataFormat"), (14, "timeNotAvailable"), (15, "unacceptedPolicy"),
            (16, "unacceptedExtension"), (17, "addInfoNotAvailable"), (25, "systemFailure"),
        ]
        return names.filter { item in
            let place = bits.startIndex + item.bit / 8
            return place < bits.endIndex && bits[place] & (0x80 >> UInt8(item.bit % 8)) != 0
        }.map(\.name)
    }
}
