// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// A strict reader of the text of a filing or an attestation: lines of `keyword SP value` in a set order.
///
///     indelible-filing/v1
///     log ledger.example
///     close
///
/// The whole text is looked at first: it is UTF-8, ends in a newline, and holds no refused code point. Then the caller
/// asks for each line in the order of its format; what is not asked for is refused by `finish()`. Errors name the line,
/// counted from 1. (Formats sections 0, 1 and 4.)
public struct LineReader: Sendable {
    /// Numbers in filings and attestations are below this, 2^53.
    public static let numberLimit: UInt64 = 1 << 53

    /// The format's own name, as errors give it.
    public let format: String
    /// The line that is read next, counted from 1.
    public private(set) var line = 1

    /// Vkeys that need not be checked again.
    var keys = FilingKeyCache()

    private let text: ArraySlice<UInt8>
    private var next: Int
    /// Where the line that begins at `next` ends, its newline left out.
    private var end: Int

    /// Begins at the first line of `text`, which ends in a newline.
    public init(_ text: ArraySlice<UInt8>, format: String) throws(FormatError) {
        self.text = text
        self.format = format
        next = text.startIndex
        end = text.firstIndex(of: 0x0A) ?? text.endIndex
        guard text.last == 0x0A else { throw FormatError(format, "does not end in a newline") }
        // Nearly every text is of printing ASCII, in which nothing is refused.
        let isPlain = text.withUnsafeBufferPointer { $0.allSatisfy { 0x20 <= $0 && $0 <= 0x7E || $0 == 0x0A } }
        if isPlain { return }
        guard text.isUTF8 else { throw FormatError(format, "not UTF-8") }
        var number = 1
        var start = text.startIndex
        while let end = text[start...].firstIndex(of: 0x0A) {
            guard WireText.firstRefused(in: text[start..<end]) == nil else {
                throw FormatError(format, line: number, "refused code point")
            }
            number += 1
            start = end + 1
        }
    }

    /// Whether every line has been read.
    public var isAtEnd: Bool { next == text.endIndex }

    /// Reads the first line, the name of a format with its version.
    ///
    /// A line of the same name and another version throws an error that is `isOtherVersion`.
    public mutating func header(_ expected: String) throws(FormatError) {
        let found = peek() ?? []
        let bytes = Array(expected.utf8)
        guard found.elementsEqual(bytes) else {
            let slash = (bytes.lastIndex(of: UInt8(ascii: "/")) ?? bytes.endIndex - 1) + 1
            if found.starts(with: bytes[..<slash]) {
                throw FormatError(format, line: line, FormatError.otherVersion)
            }
            throw error("want \(expected)")
        }
        advance()
    }

    /// Reads one line `keyword SP value` and gives its value.
    public mutating func value(_ keyword: String) throws(FormatError) -> ArraySlice<UInt8> {
        guard let value = try optional(keyword) else { throw error("want a \(keyword) line") }
        return value
    }

    /// Reads a line `keyword SP value` if it stands next, and gives its value; otherwise nil.
    public mutating func optional(_ keyword: String) throws(FormatError) -> ArraySlice<UInt8>? {
        guard let content = peek(), content.starts(with: keyword.utf8) else { return nil }
        let value = content.dropFirst(keyword.utf8.count)
        guard value.first == 0x20 else { return nil }
        guard value.count > 1 else { throw error("\(keyword) has no value") }
        advance()
        return value.dropFirst()
    }

    /// Reads as many lines of one keyword as stand next, and gives their values with the line of each.
    ///
    /// Their number must be in `range`.
    public mutating func values(
        _ keyword: String, _ range: ClosedRange<Int>
    ) throws(FormatError) -> [(value: ArraySlice<UInt8>, line: Int)] {
        var values: [(value: ArraySlice<UInt8>, line: Int)] = []
        var number = line
        while let value = try optional(keyword) {
            guard values.count < range.upperBound else {
                throw FormatError(format, line: number, "more than \(range.upperBound) \(keyword) lines")
            }
            values.append((value, number))
            number = line
        }
        guard values.count >= range.lowerBound else {
            throw error("fewer than \(range.lowerBound) \(keyword) lines")
        }
        return values
    }

    /// Reads a whole line, whatever it is; nil at the end.
    public mutating func wholeLine() -> ArraySlice<UInt8>? {
        guard let content = peek() else { return nil }
        advance()
        return content
    }

    /// Throws unless every line has been read.
    public func finish() throws(FormatError) {
        guard isAtEnd else { throw error("unexpected line") }
    }

    /// An error at the line that is read next; `back` lines earlier for one that has been read.
    public func error(_ reason: String, back: Int = 0) -> FormatError {
        FormatError(format, line: line - back, reason)
    }

    private func peek() -> ArraySlice<UInt8>? {
        guard !isAtEnd else { return nil }
        return text[next..<end]
    }

    private mutating func advance() {
        // Only behind a line that was there: its newline is at `end`.
        next = end + 1
        end = text[next...].firstIndex(of: 0x0A) ?? text.endIndex
        line += 1
    }
}

extension LineReader {
    /// Reads a vkey of type 0x01; `value` was on line `number`, or on the line read last.
    public mutating func signingKey(
        _ value: ArraySlice<UInt8>, line number: Int? = nil
    ) throws(FormatError) -> VerifierKey {
        let number = number ?? line - 1
        let key: VerifierKey
        do {
            key = try keys.key(parsing: value)
        } catch {
            throw FormatError(format, line: number, "\(error.format): \(error.reason)")
        }
        guard key.type == .ed25519 else { throw FormatError(format, line: number, FormatError.wrongKeyType) }
        return key
    }

    /// Reads lines of one keyword, each a vkey of type 0x01.
    public mutating func signingKeys(
        _ keyword: String, _ range: ClosedRange<Int>
    ) throws(FormatError) -> [VerifierKey] {
        var keys: [VerifierKey] = []
        for (value, number) in try values(keyword, range) { keys.append(try signingKey(value, line: number)) }
        return keys
    }

    /// Reads 32 bytes in base64; `value` was on line `number`, or on the line read last.
    public func hash(_ value: ArraySlice<UInt8>, line number: Int? = nil) throws(FormatError) -> Hash {
        guard let hash = Hash(base64: value) else {
            throw FormatError(format, line: number ?? line - 1, "want 32 bytes in canonical base64")
        }
        return hash
    }

    /// Reads one line whose value is a number below 2^53.
    public mutating func number(_ keyword: String) throws(FormatError) -> UInt64 {
        guard let number = Decimal.parse(try value(keyword), below: Self.numberLimit) else {
            throw error("\(keyword) is not a number below 2^53", back: 1)
        }
        return number
    }

    /// Reads a line whose value is text of at most 1,024 bytes, such as `note`, if it stands next.
    public mutating func text(_ keyword: String) throws(FormatError) -> WireText? {
        guard let value = try optional(keyword) else { return nil }
        guard let text = WireText(value) else { throw error("\(keyword) is longer than 1,024 bytes", back: 1) }
        return text
    }

    /// Reads one line whose value is a word of a list.
    public mutating func word<Word: WireWord>(_ keyword: String) throws(FormatError) -> Word {
        guard let word = Word(try value(keyword)) else { throw error("unknown \(keyword)", back: 1) }
        return word
    }
}

extension FormatError {
    /// The reason given where a vkey is not of type 0x01.
    static let wrongKeyType = "key is not of type 0x01"

    /// The reason given where a first line or a `format` member is of a version that is not read here.
    public static let otherVersion = "made by another version"

    /// Whether the input is of another version of its format: it may well be whole (formats section 8).
    public var isOtherVersion: Bool { reason == FormatError.otherVersion }
}
