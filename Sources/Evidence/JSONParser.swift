// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// Reads the bytes of a JSON text, once, from left to right.
///
/// It recurses once for each level of nesting, which is bounded before it descends.
struct JSONParser {
    private let bytes: [UInt8]
    private let format: String
    private let maximumValues: Int
    private var at = 0
    private var depth = 0
    private var values = 0
    private var known = KnownNames()

    init(_ bytes: [UInt8], format: String) {
        self.bytes = bytes
        self.format = format
        maximumValues = 1_000_000 + bytes.count / 16
    }

    /// The one value of the text.
    mutating func document() throws(FormatError) -> JSON {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw failure("begins with a byte order mark") }
        if let invalid = bytes.firstInvalidUTF8 {
            at = invalid
            throw failure("not UTF-8")
        }
        skipSpace()
        let value = try value()
        skipSpace()
        guard at == bytes.count else { throw failure("something follows the value") }
        return value
    }

    private mutating func value() throws(FormatError) -> JSON {
        values += 1
        guard values <= maximumValues else { throw failure("too many values for its length") }
        switch next {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .text(try string())
        case .some(UInt8(ascii: "0")...UInt8(ascii: "9")), UInt8(ascii: "-"): return .number(try number())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case nil: throw failure("ends where a value should be")
        default: throw failure("want a value")
        }
    }

    private mutating func object() throws(FormatError) -> JSON {
        try descend()
        defer { depth -= 1 }
        var members: [JSON.Member] = []
        var names = MemberNames()
        if skip(UInt8(ascii: "}")) { return .object([]) }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw failure("want the name of a member") }
            let start = at
            let name = known.shared(try string())
            guard names.insert(name, beside: members) else {
                at = start
                throw failure("duplicate member")
            }
            guard skip(UInt8(ascii: ":")) else { throw failure("want a colon") }
            skipSpace()
            members.append(JSON.Member(name: name, value: try value()))
        } while skip(UInt8(ascii: ","))
        guard skip(UInt8(ascii: "}")) else { throw failure("want a comma or the end of an object") }
        return .object(members)
    }

    private mutating func array() throws(FormatError) -> JSON {
        try descend()
        defer { depth -= 1 }
        var elements: [JSON] = []
        if skip(UInt8(ascii: "]")) { return .array([]) }
        repeat {
            skipSpace()
            elements.append(try value())
        } while skip(UInt8(ascii: ","))
        guard skip(UInt8(ascii: "]")) else { throw failure("want a comma or the end of an array") }
        return .array(elements)
    }

    private mutating func descend() throws(FormatError) {
        guard depth < JSON.maximumDepth else { throw failure("nested deeper than \(JSON.maximumDepth)") }
        depth += 1
        at += 1
    }

    private mutating func string() throws(FormatError) -> [UInt8] {
        at += 1
        let start = at
        skipPlain()
        if next == UInt8(ascii: "\"") {
            at += 1
            return Array(bytes[start..<(at - 1)])
        }
        var text = Array(bytes[start..<at])
        while true {
            switch next {
            case UInt8(ascii: "\""):
                at += 1
                return text
            case UInt8(ascii: "\\"):
                at += 1
                try escape(into: &text)
            case nil: throw failure("ends inside a string")
            default: throw failure("control character in a string")
            }
            let plain = at
            skipPlain()
            text += bytes[plain..<at]
        }
    }

    /// Goes on to the next quotation mark, backslash or control character.
    private mutating func skipPlain() {
        bytes.withUnsafeBufferPointer { bytes in
            var index = at
            while index < bytes.count, bytes[index] >= 0x20, bytes[index] != UInt8(ascii: "\""),
                bytes[index] != UInt8(ascii: "\\")
            {
                index += 1
            }
            at = index
        }
    }

    private mutating func escape(into text: inout [UInt8]) throws(FormatError) {
        let escaped: UInt8
        switch next {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): escaped = bytes[at]
        case UInt8(ascii: "b"): escaped = 0x08
        case UInt8(ascii: "f"): escaped = 0x0C
        case UInt8(ascii: "n"): escaped = 0x0A
        case UInt8(ascii: "r"): escaped = 0x0D
        case UInt8(ascii: "t"): escaped = 0x09
        case UInt8(ascii: "u"):
            text += Array(String(Character(try escapedScalar())).utf8)
            return
        default: throw failure("unknown escape")
        }
        at += 1
        text.append(escaped)
    }

    /// The scalar of `uXXXX`, or of a surrogate pair `uXXXX\uXXXX`.
    private mutating func escapedScalar() throws(FormatError) -> Unicode.Scalar {
        let start = at
        let high = try hexadecimal()
        if let scalar = Unicode.Scalar(high) { return scalar }
        if high < 0xDC00, next == UInt8(ascii: "\\") {
            at += 1
            if next == UInt8(ascii: "u") {
                let low = try hexadecimal()
                if (0xDC00..<0xE000).contains(low),
                    let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
                {
                    return scalar
                }
            }
        }
        at = start
        throw failure("lone surrogate")
    }

    private mutating func hexadecimal() throws(FormatError) -> UInt32 {
        at += 1
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw failure("want four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            at += 1
        }
        return value
    }

    private mutating func number() throws(FormatError) -> UInt64 {
        let start = at
        while let byte = next, Self.isPartOfNumber(byte) { at += 1 }
        guard let value = Decimal.parse(bytes[start..<at], below: JSON.numberLimit) else {
            at = start
            throw failure("want an integer from 0 to 2^53 - 1")
        }
        return value
    }

    private static func isPartOfNumber(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"),
            UInt8(ascii: "e"), UInt8(ascii: "E"):
            true
        default: false
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSON) throws(FormatError) -> JSON {
        let matches = word.withUTF8Buffer { bytes[at...].starts(with: $0) }
        guard matches else { throw failure("want a value") }
        at += word.utf8CodeUnitCount
        return value
    }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    /// Steps over white space and then `byte`, if it is there.
    private mutating func skip(_ byte: UInt8) -> Bool {
        skipSpace()
        guard next == byte else { return false }
        at += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { at += 1 }
    }

    private func failure(_ reason: String) -> FormatError {
        FormatError(format, line: 1 + bytes[..<at].count(where: { $0 == 0x0A }), "byte \(at): \(reason)")
    }
}

/// Short names that were read lately, each kept once: a list of a million items has as many members of one name, and a
/// copy of it in each would take more than the text.
private struct KnownNames {
    private var names = [[UInt8]](repeating: [], count: 64)

    /// The name as it was read before, if it was.
    mutating func shared(_ name: [UInt8]) -> [UInt8] {
        guard let first = name.first, let last = name.last, name.count <= 16 else { return name }
        let place = (Int(first) &* 31 &+ Int(last) &* 7 &+ name.count) & 63
        if names[place] != name { names[place] = name }
        return names[place]
    }
}

/// The names that an object has so far: compared one by one while they are few, and kept in a set from then on, so
/// that an object of a million members does not take a million million comparisons.
private struct MemberNames {
    private static let few = 16
    private var many: Set<[UInt8]> = []

    /// Whether `name` is new beside those of `members`.
    mutating func insert(_ name: [UInt8], beside members: [JSON.Member]) -> Bool {
        guard members.count >= Self.few else { return !members.contains { $0.name == name } }
        if many.isEmpty { many = Set(members.map(\.name)) }
        return many.insert(name).inserted
    }
}

extension [UInt8] {
    /// The position of the first byte that is not UTF-8; nil where all are.
    var firstInvalidUTF8: Int? {
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: span)
            return nil
        } catch {
            return error.byteOffsets.lowerBound
        }
    }
}
