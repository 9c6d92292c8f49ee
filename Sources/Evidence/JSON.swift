// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// A value of the strict JSON that proof files and private files are made of.
///
///     {"count": 16, "tree": {"hash": "WCSg9tClnnznEu9+Jc17ZB5i02GREsr5udx3V00oyTo="}}
///
/// It is RFC 8259 in UTF-8 without a byte order mark. Refused besides what is not JSON: a duplicate member, a lone
/// surrogate, a number that is not an integer from 0 to 2^53 - 1, nesting deeper than 100. White space and the order of
/// members are free, and members keep their order. Texts are bytes and compare as bytes. (Formats section 0.)
public enum JSON: Sendable, Hashable {
    /// `null`, which no format here uses.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// An integer below 2^53.
    case number(UInt64)
    /// A string, as UTF-8 with every escape resolved. It may hold any code point, U+0000 too.
    case text([UInt8])
    /// An array.
    case array([JSON])
    /// An object; no two members have one name.
    case object([Member])

    /// One member of an object.
    public struct Member: Sendable, Hashable {
        /// The name, as UTF-8.
        public let name: [UInt8]
        /// The value.
        public let value: JSON

        /// Joins a name, as UTF-8, and a value.
        public init(name: [UInt8], value: JSON) {
            self.name = name
            self.value = value
        }

        /// Joins a name and a value.
        public init(_ name: StaticString, _ value: JSON) {
            self.init(name: name.withUTF8Buffer { Array($0) }, value: value)
        }
    }

    /// How deep arrays and objects may be nested.
    public static let maximumDepth = 100
    /// Numbers are below this, 2^53.
    public static let numberLimit: UInt64 = 1 << 53
    /// The longest proof file or private file's JSON that is read, in bytes: 256 MiB.
    public static let maximumByteCount = 1 << 28

    /// Reads one value with nothing but white space around it. Errors bear the name of `format`, a line and a byte.
    ///
    /// A text of mostly tiny values would take many times its size in memory; it is refused when it has more than a
    /// million values and one in every 16 bytes, which no format here comes near.
    public init(
        parsing bytes: [UInt8], format: String = "JSON", maximumByteCount: Int = JSON.maximumByteCount
    ) throws(FormatError) {
        guard bytes.count <= maximumByteCount else {
            throw FormatError(format, "longer than \(maximumByteCount) bytes")
        }
        var parser = JSONParser(bytes, format: format)
        self = try parser.document()
    }

    /// A string of the bytes of `text`.
    public static func text(_ text: String) -> JSON { .text(Array(text.utf8)) }

    /// A string that holds `bytes` in padded base64.
    public static func base64(_ bytes: some Collection<UInt8>) -> JSON { .text(Base64.encodedBytes(bytes)) }

    /// A string that holds `hash` in padded base64.
    public static func base64(_ hash: Hash) -> JSON { .text(Base64.encodedBytes(hash.bytes)) }
}
