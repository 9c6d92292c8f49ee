// SPDX-License-Identifier: Apache-2.0

/// Text in an SVG, which neither breaks lines nor says how wide its letters are.
enum SVGText {
    /// The text in lines of at most `room` ems, broken at spaces and between ideographs where that can be, and within
    /// words where not; the last of `lines` ends in an ellipsis if there is more.
    static func broken(_ text: String, room: Double, lines: Int) -> [String] {
        var broken: [String] = []
        var line: [Character] = []
        var width = 0.0
        // Behind which character the line can be broken.
        var gap: Int?
        for character in tamed(text) {
            let own = Self.width(character)
            if width + own > room, !line.isEmpty {
                // A line that would be left nearly empty is filled with a part of the word instead.
                let isFull = gap.map { line[..<$0].reduce(0) { $0 + Self.width($1) } > room / 3 } ?? false
                let kept = isFull ? gap ?? line.count : line.count
                broken.append(String(line[..<kept]))
                line.removeFirst(kept)
                while line.first == " " { line.removeFirst() }
                width = line.reduce(0) { $0 + Self.width($1) }
                gap = nil
                if line.isEmpty, character == " " { continue }
            }
            if isIdeograph(character), !line.isEmpty { gap = line.count }
            line.append(character)
            width += own
            if character == " " || isIdeograph(character) { gap = line.count }
        }
        if !line.isEmpty || broken.isEmpty { broken.append(String(line)) }
        guard broken.count > lines, lines > 0 else { return broken }
        var last = broken[lines - 1]
        while !last.isEmpty, last.reduce(0, { $0 + Self.width($1) }) + 1 > room { last.removeLast() }
        return broken[..<(lines - 1)] + [last + "…"]
    }

    /// The text without heaps of marks, which would cover the lines above it: from the fifth on they are written out.
    private static func tamed(_ text: String) -> String {
        var tamed = ""
        var marks = 0
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .nonspacingMark, .enclosingMark: marks += 1
            default: marks = 0
            }
            if marks > 4 {
                tamed += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                tamed.unicodeScalars.append(scalar)
            }
        }
        return tamed
    }

    /// How wide a character is at most in common fonts, in ems.
    private static func width(_ character: Character) -> Double {
        var width = 0.0
        for scalar in character.unicodeScalars {
            switch scalar {
            case "i", "j", "l", ".", ",", ":", ";", "'", "|", " ", "!", "(", ")": width += 0.4
            case "m", "w", "M", "W", "%", "@": width += 1
            case "A"..."Z": width += 0.78
            case " "..."~": width += 0.65
            default:
                switch scalar.properties.generalCategory {
                case .nonspacingMark, .enclosingMark, .format: break
                default: width += scalar.value < 0x1100 ? 0.8 : 1
                }
            }
        }
        return width
    }

    private static func isIdeograph(_ character: Character) -> Bool {
        guard let scalar = character.unicodeScalars.first else { return false }
        return 0x2E80...0x9FFF ~= scalar.value || 0xF900...0xFAFF ~= scalar.value || 0x20000...0x3FFFF ~= scalar.value
    }
}
