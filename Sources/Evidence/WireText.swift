// SPDX-License-Identifier: Apache-2.0

/// A text as it may stand on one line of a filing, an attestation or a label: 1 to a set number of bytes of UTF-8.
///
/// Refused are the code points that could break a line or deceive a reader: U+0000-001F, U+007F-009F, U+061C,
/// U+200E-200F, U+2028-202E, U+2066-2069, U+FEFF (formats section 0). Nothing is normalised; texts are compared and
/// sorted as bytes.
public struct WireText: Sendable, Hashable {
    /// The longest value of a `name` or `note` line, in bytes.
    public static let lineLimit = 1024

    /// The text's bytes.
    public let utf8: [UInt8]

    /// Reads a text; nil if it is empty, longer than `limit` bytes, not UTF-8, or holds a refused code point.
    public init?(_ utf8: some Collection<UInt8>, limit: Int = WireText.lineLimit) {
        guard (1...limit).contains(utf8.count) else { return nil }
        let bytes = Array(utf8)
        guard String(validating: bytes, as: UTF8.self) != nil, Self.firstRefused(in: bytes) == nil else { return nil }
        self.utf8 = bytes
    }

    /// Reads a text; nil if it breaks the rule above.
    public init?(_ text: String, limit: Int = WireText.lineLimit) {
        self.init(Array(text.utf8), limit: limit)
    }

    /// The position of the first refused code point in `utf8`, which must be UTF-8; nil where there is none.
    ///
    /// A newline (U+000A) is refused too: texts of several lines are looked at line by line.
    public static func firstRefused(in utf8: some Collection<UInt8>) -> Int? {
        // What is refused is either one byte, or C2 80-9F, or ends in two bytes behind one of these four leads.
        var offset = 0
        var first: UInt8 = 0
        var second: UInt8 = 0
        for byte in utf8 {
            if byte < 0x20 || byte == 0x7F { return offset }
            if first == 0xC2, (0x80...0x9F).contains(byte) { return offset - 1 }
            if first == 0xD8, byte == 0x9C { return offset - 1 }
            if second == 0xE2, first == 0x80, (0x8E...0x8F).contains(byte) || (0xA8...0xAE).contains(byte) {
                return offset - 2
            }
            if second == 0xE2, first == 0x81, (0xA6...0xA9).contains(byte) { return offset - 2 }
            if second == 0xEF, first == 0xBB, byte == 0xBF { return offset - 2 }
            second = first
            first = byte
            offset += 1
        }
        return nil
    }
}

extension WireText: Comparable {
    public static func < (left: WireText, right: WireText) -> Bool {
        left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}

extension WireText: CustomStringConvertible {
    public var description: String { String(decoding: utf8, as: UTF8.self) }
}
