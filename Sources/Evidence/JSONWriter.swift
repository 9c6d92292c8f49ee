// SPDX-License-Identifier: Apache-2.0

extension JSON {
    /// The value as JSON: the same bytes for the same value, always.
    ///
    /// Containers nested less than `lines` deep have a line for each of their members or elements, indented by two
    /// spaces, and a newline ends the text; deeper ones stand on one line, a space behind colons and commas. With
    /// `lines` 0 there is no white space at all. Control characters and direction marks are escaped, so that a terminal
    /// shows them and does not obey them; every text must be UTF-8.
    public func encoded(lines: Int = 0) -> [UInt8] {
        var writer = JSONWriter(lines: lines)
        writer.write(self, depth: 0)
        if lines > 0 { writer.output.append(0x0A) }
        return writer.output
    }
}

/// Puts the bytes of a JSON text together.
private struct JSONWriter {
    let lines: Int
    var output: [UInt8] = []

    init(lines: Int) {
        self.lines = lines
    }

    mutating func write(_ value: JSON, depth: Int) {
        switch value {
        case .null: output += "null".utf8
        case .bool(let value): output += (value ? "true" : "false").utf8
        case .number(let value):
            precondition(value < JSON.numberLimit)
            output += String(value).utf8
        case .text(let text): write(text)
        case .array(let elements):
            writeContainer(of: elements, between: "[", and: "]", depth: depth) { writer, element in
                writer.write(element, depth: depth + 1)
            }
        case .object(let members):
            writeContainer(of: members, between: "{", and: "}", depth: depth) { writer, member in
                writer.write(member.name)
                writer.output.append(UInt8(ascii: ":"))
                if writer.lines > 0 { writer.output.append(0x20) }
                writer.write(member.value, depth: depth + 1)
            }
        }
    }

    private mutating func writeContainer<Element>(
        of elements: [Element], between open: Unicode.Scalar, and close: Unicode.Scalar, depth: Int,
        _ writeElement: (inout JSONWriter, Element) -> Void
    ) {
        output.append(UInt8(ascii: open))
        let isOneLine = depth >= lines || elements.isEmpty
        for (index, element) in elements.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            if !isOneLine {
                writeNewline(depth + 1)
            } else if index > 0, lines > 0 {
                output.append(0x20)
            }
            writeElement(&self, element)
        }
        if !isOneLine { writeNewline(depth) }
        output.append(UInt8(ascii: close))
    }

    private mutating func writeNewline(_ depth: Int) {
        output.append(0x0A)
        output.append(contentsOf: repeatElement(0x20, count: 2 * depth))
    }

    private mutating func write(_ text: [UInt8]) {
        output.append(UInt8(ascii: "\""))
        var rest = text[...]
        while let index = rest.firstIndex(where: Self.mayNeedEscape) {
            output += rest[..<index]
            rest = rest[index...]
            let (scalar, count) = Self.escape(at: rest)
            if let scalar {
                writeEscape(scalar)
            } else {
                output += rest.prefix(count)
            }
            rest = rest.dropFirst(count)
        }
        output += rest
        output.append(UInt8(ascii: "\""))
    }

    private static func mayNeedEscape(_ byte: UInt8) -> Bool {
        switch byte {
        case 0..<0x20, UInt8(ascii: "\""), UInt8(ascii: "\\"), 0x7F, 0xC2, 0xD8, 0xE2, 0xEF: true
        default: false
        }
    }

    /// The code point that `text` begins with where it must be escaped, and the number of bytes to go on by.
    private static func escape(at text: ArraySlice<UInt8>) -> (code: UInt16?, count: Int) {
        let first = text[text.startIndex]
        guard first >= 0x80 else { return (UInt16(first), 1) }
        let count = first < 0xE0 ? 2 : 3
        let character = text.prefix(count)
        guard WireText.firstRefused(in: character) != nil else { return (nil, count) }
        let code = character.dropFirst().reduce(UInt16(first & (count == 2 ? 0x1F : 0x0F))) {
            $0 << 6 | UInt16($1 & 0x3F)
        }
        return (code, count)
    }

    private mutating func writeEscape(_ code: UInt16) {
        output.append(UInt8(ascii: "\\"))
        switch code {
        case 0x22, 0x5C: output.append(UInt8(code))
        case 0x08: output.append(UInt8(ascii: "b"))
        case 0x09: output.append(UInt8(ascii: "t"))
        case 0x0A: output.append(UInt8(ascii: "n"))
        case 0x0C: output.append(UInt8(ascii: "f"))
        case 0x0D: output.append(UInt8(ascii: "r"))
        default:
            let digits = String(code, radix: 16)
            output.append(UInt8(ascii: "u"))
            output.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 4 - digits.utf8.count))
            output += digits.utf8
        }
    }
}
