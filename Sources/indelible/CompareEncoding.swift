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
    case big5
    case windows1252

    /// A text as it was found, in UTF-8 without a byte order mark.
    struct Decoded {
        let text: [UInt8]
        let encoding: TextEncoding
        /// Whether a byte order mark stood at its start.
        let hadMark: Bool
    }

    /// The texts that bytes can be read as, the likeliest first; none if they are no text. Each byte must be of a
    /// character. What is UTF-8 is taken for that, since hardly any other text is by chance; between older encodings
    /// nothing but the words can decide.
    static func readings(of bytes: [UInt8]) -> [Decoded] {
        for encoding in [TextEncoding.utf16LittleEndian, .utf16BigEndian] where bytes.starts(with: encoding.mark) {
            return decodeUTF16(bytes.dropFirst(2), as: encoding).map {
                [Decoded(text: $0, encoding: encoding, hadMark: true)]
            } ?? []
        }
        if bytes.contains(0) {
            // Half of each ASCII character, and of each line end, is a NUL.
            let low = bytes.enumerated().count { $0.element == 0 && $0.offset % 2 == 0 }
            let high = bytes.count { $0 == 0 } - low
            let encoding: TextEncoding = high > low ? .utf16LittleEndian : .utf16BigEndian
            return decodeUTF16(bytes[...], as: encoding).map {
                [Decoded(text: $0, encoding: encoding, hadMark: false)]
            } ?? []
        }
        if String(validating: bytes, as: UTF8.self) != nil {
            let hadMark = bytes.starts(with: TextEncoding.utf8.mark)
            return [Decoded(text: hadMark ? Array(bytes.dropFirst(3)) : bytes, encoding: .utf8, hadMark: hadMark)]
        }
        // No text of those days has controls in it; other files do.
        guard !bytes.contains(where: { $0 < 0x20 && !(0x09...0x0D).contains($0) }) else { return [] }
        return [TextEncoding.gb18030, .big5, .windows1252].compactMap { encoding in
            convert(bytes, from: encoding.libraryName, to: "UTF-8").map {
                Decoded(text: $0, encoding: encoding, hadMark: false)
            }
        }
    }

    /// A text, in UTF-8, written down in this way, with a byte order mark or without; empty where it cannot be.
    func variants(of text: [UInt8]) -> [[UInt8]] {
        switch self {
        case .utf8: return [text]
        case .utf16LittleEndian, .utf16BigEndian:
            var bytes: [UInt8] = []
            bytes.reserveCapacity(2 * text.count)
            let isBig = self == .utf16BigEndian
            for unit in String(decoding: text, as: UTF8.self).utf16 {
                bytes.append(UInt8(truncatingIfNeeded: isBig ? unit >> 8 : unit))
                bytes.append(UInt8(truncatingIfNeeded: isBig ? unit : unit >> 8))
            }
            return [mark + bytes, bytes]
        case .gb18030, .gbk, .big5, .windows1252:
            return [Self.convert(text, from: "UTF-8", to: libraryName)].compactMap(\.self)
        }
    }

    var name: String {
        switch self {
        case .utf8: "UTF-8"
        case .utf16LittleEndian, .utf16BigEndian: "UTF-16"
        case .gb18030: "GB18030"
        case .gbk: "GBK"
        case .big5: "Big5"
        case .windows1252: "Windows-1252"
        }
    }

    /// What the C library calls it.
    private var libraryName: String {
        switch self {
        case .big5: "BIG5-HKSCS"
        case .windows1252: "CP1252"
        default: name
        }
    }

    private var mark: [UInt8] {
        switch self {
        case .utf8: [0xEF, 0xBB, 0xBF]
        case .utf16LittleEndian: [0xFF, 0xFE]
        case .utf16BigEndian: [0xFE, 0xFF]
        case .gb18030, .gbk, .big5, .windows1252: []
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
        // No character of these takes more than three times the bytes in the other.
        var output = [CChar](repeating: 0, count: 3 * bytes.count + 16)
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
