// SPDX-License-Identifier: Apache-2.0
import Evidence
import Glibc

/// How a text is written down as bytes.
enum TextEncoding: CaseIterable {
    case utf8
    case utf16LittleEndian
    case utf16BigEndian
    case gb18030
    case gbk

    /// A text as it was found, in UTF-8 without a byte order mark.
    struct Decoded {
        let text: [UInt8]
        let encoding: TextEncoding
        /// Whether a byte order mark stood at its start.
        let hadMark: Bool
    }

    /// Reads bytes as a text; nil if they are none. Nothing is guessed that is not whole: each byte must be of a
    /// character. What is UTF-8 is taken for that, since hardly any other text is by chance.
    static func decode(_ bytes: [UInt8]) -> Decoded? {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]), !bytes.contains(0) {
            let text = Array(bytes.dropFirst(3))
            guard String(validating: text, as: UTF8.self) != nil else { return nil }
            return Decoded(text: text, encoding: .utf8, hadMark: true)
        }
        for encoding in [TextEncoding.utf16LittleEndian, .utf16BigEndian] where bytes.starts(with: encoding.mark) {
            return decodeUTF16(bytes.dropFirst(2), as: encoding).map {
                Decoded(text: $0, encoding: encoding, hadMark: true)
            }
        }
        if bytes.contains(0) {
            // Half of each ASCII character, and of each line end, is a NUL.
            let low = bytes.enumerated().count { $0.element == 0 && $0.offset % 2 == 0 }
            let high = bytes.count { $0 == 0 } - low
            let encoding: TextEncoding = high > low ? .utf16LittleEndian : .utf16BigEndian
            return decodeUTF16(bytes[...], as: encoding).map {
                Decoded(text: $0, encoding: encoding, hadMark: false)
            }
        }
        if String(validating: bytes, as: UTF8.self) != nil {
            return Decoded(text: bytes, encoding: .utf8, hadMark: false)
        }
        return convert(bytes, from: "GB18030", to: "UTF-8").map {
            Decoded(text: $0, encoding: .gb18030, hadMark: false)
        }
    }

    /// A text, in UTF-8, written down in this way, with a byte order mark or without; empty where it cannot be.
    func variants(of text: [UInt8]) -> [[UInt8]] {
        switch self {
        case .utf8: return [text]
        case .utf16LittleEndian, .utf16BigEndian:
            var bytes: [UInt8] = []
            bytes.reserveCapacity(2 * text.count)
            for unit in String(decoding: text, as: UTF8.self).utf16 {
                let (high, low) = (UInt8(unit >> 8), UInt8(unit & 0xFF))
                bytes += self == .utf16BigEndian ? [high, low] : [low, high]
            }
            return [mark + bytes, bytes]
        case .gb18030, .gbk:
            return [Self.convert(text, from: "UTF-8", to: self == .gbk ? "GBK" : "GB18030")].compactMap(\.self)
        }
    }

    var name: String {
        switch self {
        case .utf8: "UTF-8"
        case .utf16LittleEndian, .utf16BigEndian: "UTF-16"
        case .gb18030: "GB18030"
        case .gbk: "GBK"
        }
    }

    private var mark: [UInt8] {
        switch self {
        case .utf8: [0xEF, 0xBB, 0xBF]
        case .utf16LittleEndian: [0xFF, 0xFE]
        case .utf16BigEndian: [0xFE, 0xFF]
        case .gb18030, .gbk: []
        }
    }

    private static func decodeUTF16(_ bytes: ArraySlice<UInt8>, as encoding: TextEncoding) -> [UInt8]? {
        guard bytes.count % 2 == 0 else { return nil }
        let first = encoding == .utf16BigEndian ? 0 : 1
        let units = stride(from: bytes.startIndex, to: bytes.endIndex, by: 2).map {
            UInt16(bytes[$0 + first]) << 8 | UInt16(bytes[$0 + 1 - first])
        }
        guard !units.contains(0), let text = String(validating: units, as: UTF16.self) else { return nil }
        return Array(text.utf8)
    }

    /// Converts bytes by the C library; nil if it does not know the encodings, or a byte is of no character.
    private static func convert(_ bytes: [UInt8], from: String, to: String) -> [UInt8]? {
        guard let converter = iconv_open(to, from), converter != iconv_t(bitPattern: -1) else { return nil }
        defer { iconv_close(converter) }
        var input = bytes.map { CChar(bitPattern: $0) }
        // No character of these takes more than twice the bytes in the other.
        var output = [CChar](repeating: 0, count: 2 * bytes.count + 16)
        var inputLeft = input.count
        var outputLeft = output.count
        let result = input.withUnsafeMutableBufferPointer { source in
            output.withUnsafeMutableBufferPointer { target in
                var from = source.baseAddress
                var to = target.baseAddress
                return iconv(converter, &from, &inputLeft, &to, &outputLeft)
            }
        }
        guard result == 0, inputLeft == 0 else { return nil }
        return output.prefix(output.count - outputLeft).map { UInt8(bitPattern: $0) }
    }
}
