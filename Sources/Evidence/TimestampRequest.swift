// SPDX-License-Identifier: Apache-2.0
import COpenSSL
public import TransparencyLog

/// A request for a time-stamp of one hash, as it is sent to an authority (RFC 3161 section 2.4.1, DER).
///
///     TimeStampReq ::= SEQUENCE {
///         version 1,  messageImprint { SHA-256, the hash },  reqPolicy (0 or 1),  nonce,  certReq TRUE }
///
/// `application/timestamp-query`; a file of it is a `.tsq`. The authority learns the hash and nothing else.
public struct TimestampRequest: Sendable, Hashable {
    /// The longest request that is read, in bytes.
    public static let maximumByteCount = 4_096

    /// The hash that is to be stamped.
    public let imprint: Hash
    /// The number that the response must repeat: drawn at random for each request, so that no old response answers it.
    public let nonce: UInt64
    /// The policy that is asked for, as an object identifier in dotted form; nil leaves it to the authority.
    public let policy: String?
    /// The request, DER.
    public let bytes: [UInt8]

    /// A request for `imprint`. Throws where `policy` is no object identifier.
    public init(imprint: Hash, nonce: UInt64, policy: String? = nil) throws(FormatError) {
        self.imprint = imprint
        self.nonce = nonce
        self.policy = policy
        var body = Self.version + Self.imprintPrefix + imprint.bytes
        if let policy { body += try Self.objectIdentifier(policy) }
        body += DER.element(0x02, DER.integer(nonce)) + DER.element(0x01, [0xFF])
        bytes = DER.element(0x30, body)
    }

    /// Reads a request that this type has written, such as a `.tsq` file that went to an authority by other means.
    public init(parsing bytes: [UInt8]) throws(FormatError) {
        func refused(_ reason: String) -> FormatError { FormatError("time-stamp request", reason) }
        guard bytes.count <= Self.maximumByteCount else { throw refused("longer than 4,096 bytes") }
        guard var fields = DER.elements(of: bytes, tag: 0x30), fields.count >= 4 else {
            throw refused("not a sequence")
        }
        guard fields.removeFirst().bytes.elementsEqual(Self.version) else { throw refused("not of version 1") }
        let first = fields.removeFirst().bytes
        guard first.starts(with: Self.imprintPrefix), let imprint = Hash(first.dropFirst(Self.imprintPrefix.count))
        else {
            throw refused("want the SHA-256 of what is to be stamped")
        }
        var policy: String?
        if fields[0].tag == 0x06 { policy = Self.text(ofObjectIdentifier: fields.removeFirst().bytes) }
        guard fields.count == 2, fields[0].tag == 0x02, let nonce = DER.number(fields[0].content) else {
            throw refused("want a nonce of 64 bits at most, and certReq")
        }
        try self.init(imprint: imprint, nonce: nonce, policy: policy)
        guard self.bytes == bytes else { throw refused("not as this program writes it") }
    }

    private static let version: [UInt8] = [0x02, 0x01, 0x01]

    /// What stands before the hash: SHA-256 with NULL parameters, as every authority reads it.
    private static let imprintPrefix: [UInt8] = [
        0x30, 0x31, 0x30, 0x0D, 0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01, 0x05, 0x00, 0x04,
        0x20,
    ]

    private static func objectIdentifier(_ dotted: String) throws(FormatError) -> [UInt8] {
        defer { ERR_clear_error() }
        guard dotted.utf8.count <= 256, let object = OBJ_txt2obj(dotted, 1) else {
            throw FormatError("time-stamp policy", "want an object identifier such as 1.2.3.4")
        }
        defer { ASN1_OBJECT_free(object) }
        // OpenSSL passes over an empty number, takes spaces for points, and ends at a zero byte.
        guard let read = TimestampToken.dotted(object), read.utf8.elementsEqual(dotted.utf8) else {
            throw FormatError("time-stamp policy", "want an object identifier such as 1.2.3.4")
        }
        let content = UnsafeBufferPointer(start: OBJ_get0_data(object), count: OBJ_length(object))
        return DER.element(0x06, Array(content))
    }

    private static func text(ofObjectIdentifier element: ArraySlice<UInt8>) -> String? {
        let bytes = Array(element)
        return bytes.withUnsafeBufferPointer { buffer -> String? in
            var start = buffer.baseAddress
            guard let object = d2i_ASN1_OBJECT(nil, &start, buffer.count) else { return nil }
            defer { ASN1_OBJECT_free(object) }
            return TimestampToken.dotted(object)
        }
    }
}
