// SPDX-License-Identifier: Apache-2.0
import Evidence
import TransparencyLog

/// A revoker's sheet as plain text, to be printed by whatever prints text, or copied by hand.
extension PaperSheet {
    /// The text, in lines of 78 columns.
    func text() -> SecretText {
        let sheet = SecretText(capacity: 1 << 16)
        for language in languages { sheet.append(title(language) + "\n") }
        sheet.append("\n")
        key.words.forEach { number, letters in
            sheet.append(number < 10 ? "    \(number)  " : "   \(number)  ")
            sheet.append(letters)
            if number % 4 == 0 || number == PaperWords.count { sheet.append("\n") }
        }
        for language in languages {
            sheet.append("\n")
            for passage in passages(language) {
                sheet.append(passage.heading + "\n")
                for line in Self.wrapped(passage.text, columns: 74) { sheet.append("    \(line)\n") }
            }
        }
        sheet.append("\n    \(command)\n\n")
        let facts = languages.map { self.facts($0) }
        for row in facts[0].indices {
            sheet.append(facts.map { $0[row].heading }.joined(separator: " · ") + "\n    \(facts[0][row].text)\n")
        }
        return sheet
    }

    /// Breaks a text at spaces, and between ideographs, which are two columns wide.
    private static func wrapped(_ text: String, columns: Int) -> [String] {
        var lines: [String] = []
        var (line, width) = ("", 0)
        var (word, wordWidth) = ("", 0)
        func take(breaking: Bool) {
            if breaking, width + wordWidth > columns {
                lines.append(line.last == " " ? String(line.dropLast()) : line)
                (line, width) = ("", 0)
            }
            line += word
            width += wordWidth
            (word, wordWidth) = ("", 0)
        }
        for character in text {
            let isWide = character.unicodeScalars.contains { $0.value >= 0x2E80 }
            if character == " " {
                take(breaking: true)
                if width > 0 { (line, width) = (line + " ", width + 1) }
            } else if isWide, !",。:;)”、".contains(character) {
                take(breaking: true)
                (word, wordWidth) = (String(character), 2)
            } else {
                word.append(character)
                wordWidth += isWide ? 2 : 1
            }
        }
        take(breaking: true)
        return lines + [line]
    }
}
