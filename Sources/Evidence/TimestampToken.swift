// SPDX-License-Identifier: Apache-2.0
import COpenSSL
public import TransparencyLog

/// What an authority states in a time-stamp, as its token has it: nothing of it is verified by reading it.
///
///     ContentInfo, SignedData with the content TSTInfo ::= SEQUENCE {
///         version 1,  policy,  messageImprint { SHA-256, hash },  serialNumber,  genTime,
///         accuracy (0 or 1),  ordering,  nonce (0 or 1),  tsa (0 or 1),  extensions (0 or 1) }
///
/// `TimestampAuthorities` judges it. (RFC 3161 section 2.4.2.)
public struct TimestampToken: Sendable, Hashable {
    /// The token: a CMS ContentInfo, DER.
    public let bytes: [UInt8]
    /// The hash that was stamped, a SHA-256.
    public let imprint: Hash
    /// When, by the authority's clock.
    public let time: TimestampTime
    /// By how many nanoseconds that clock may be off, as the authority states it; nil where it states nothing.
    public let accuracy: UInt64?
    /// The request's nonce, as the bytes of the number without leading zeros; nil where the response repeats none.
    public let nonce: [UInt8]?
    /// The authority's policy, an object identifier in dotted form.
    public let policy: String
    /// The number that the authority gave the token, without leading zeros.
    public let serial: [UInt8]
    /// Who signed, by the name in the certificate that the token carries: its own words until it is judged.
    public let name: [UInt8]?

    /// The earliest whole second by which what was stamped existed, if the statement is relied on: the time and the
    /// accuracy.
    public var bound: UInt64 { time.roundedUp(adding: accuracy ?? 0) }

    /// Reads a token.
    init(parsing bytes: [UInt8]) throws(FormatError) {
        func refused(_ reason: String) -> FormatError { FormatError("time-stamp", reason) }
        defer { ERR_clear_error() }
        guard let signed = SignedTimestamp(parsing: bytes) else { throw refused("not signed data with a TSTInfo") }
        let content = signed.content
        guard let fields = DER.elements(of: content, tag: 0x30), fields.count >= 5 else {
            throw refused("its TSTInfo is malformed")
        }
        guard fields[0].bytes.elementsEqual([0x02, 0x01, 0x01]) else { throw refused("not of version 1") }
        guard fields[1].tag == 0x06, let policy = Self.dotted(element: fields[1].bytes) else {
            throw refused("its policy is malformed")
        }
        guard let imprint = Self.imprint(fields[2]) else { throw refused("it is not of a SHA-256") }
        guard fields[3].tag == 0x02, fields[3].content.count <= 64 else { throw refused("its serial is malformed") }
        guard fields[4].tag == 0x18, let time = TimestampTime(fields[4].content) else {
            throw refused("its time is malformed")
        }
        var rest = fields[5...]
        func next(_ tag: UInt8) -> DER.Element? { rest.first?.tag == tag ? rest.removeFirst() : nil }
        if let accuracy = next(0x30) {
            guard let nanoseconds = Self.nanoseconds(accuracy.content) else {
                throw refused("its accuracy is malformed")
            }
            self.accuracy = nanoseconds
        } else {
            accuracy = nil
        }
        if let ordering = next(0x01), ordering.content.count != 1 { throw refused("its ordering is malformed") }
        let nonce = next(0x02)
        guard nonce?.content.count ?? 0 <= 64 else { throw refused("its nonce is malformed") }
        _ = next(0xA0)
        if let extensions = next(0xA1), !Self.areUncritical(extensions.content) {
            throw refused("it has an extension that this version does not know")
        }
        guard rest.isEmpty else { throw refused("its TSTInfo is malformed") }
        self.bytes = bytes
        self.imprint = imprint
        self.time = time
        self.nonce = (nonce?.content).map { Array($0.drop { $0 == 0 }) }
        self.policy = policy
        serial = Array(fields[3].content.drop { $0 == 0 })
        name = signed.embeddedSigner().flatMap { X509Name.display(X509_get_subject_name($0)) }
    }

    private static func imprint(_ element: DER.Element) -> Hash? {
        guard element.tag == 0x30, let parts = DER.elements(of: element.content), parts.count == 2,
            parts[0].tag == 0x30, let algorithm = DER.elements(of: parts[0].content), (1...2).contains(algorithm.count),
            algorithm[0].bytes.elementsEqual([
                0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01,
            ]), algorithm.count == 1 || algorithm[1].bytes.elementsEqual([0x05, 0x00]), parts[1].tag == 0x04
        else { return nil }
        return Hash(parts[1].content)
    }

    /// The nanoseconds of seconds, [0] milliseconds and [1] microseconds, each of which may be left out.
    private static func nanoseconds(_ content: ArraySlice<UInt8>) -> UInt64? {
        guard let parts = DER.elements(of: content) else { return nil }
        var rest = parts[...]
        var nanoseconds: UInt64 = 0
        let units: [(tag: UInt8, unit: UInt64, limit: UInt64)] = [
            (0x02, 1_000_000_000, 1 << 32), (0x80, 1_000_000, 1_000), (0x81, 1_000, 1_000),
        ]
        for (tag, unit, limit) in units where rest.first?.tag == tag {
            guard let number = DER.number(rest.removeFirst().content), number < limit else { return nil }
            nanoseconds += number * unit
        }
        return rest.isEmpty ? nanoseconds : nil
    }

    /// Whether no extension is critical: what a token says besides must not be passed over where it says so.
    private static func areUncritical(_ content: ArraySlice<UInt8>) -> Bool {
        guard let extensions = DER.elements(of: content) else { return false }
        return extensions.allSatisfy { item in
            guard item.tag == 0x30, let parts = DER.elements(of: item.content) else { return false }
            return !parts.contains { $0.tag == 0x01 && $0.content.contains { $0 != 0 } }
        }
    }

    private static func dotted(element: ArraySlice<UInt8>) -> String? {
        Array(element).withUnsafeBufferPointer { buffer -> String? in
            var start = buffer.baseAddress
            guard let object = d2i_ASN1_OBJECT(nil, &start, buffer.count) else { return nil }
            defer { ASN1_OBJECT_free(object) }
            return dotted(object)
        }
    }

    /// An object identifier in dotted form.
    static func dotted(_ object: OpaquePointer) -> String? {
        var text = [CChar](repeating: 0, count: 512)
        let count = OBJ_obj2txt(&text, Int32(text.count), object, 1)
        guard count > 0, count < text.count else { return nil }
        return String(decoding: text.prefix(Int(count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
