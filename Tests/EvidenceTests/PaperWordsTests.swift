// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// The words of a key on paper.
@Suite("Paper words")
struct PaperWordsTests {
    private static let key = Ed25519.PrivateKey(seed: (0..<32).map { UInt8($0 * 7 + 3) })!

    private func text(_ words: PaperWords, _ separator: String = " ") -> [UInt8] {
        var text: [UInt8] = []
        words.forEach { text += (text.isEmpty ? [] : Array(separator.utf8)) + $1 }
        return text
    }

    private func seed(_ text: [UInt8]) throws -> [UInt8] {
        try PaperWords(parsing: text).privateKey.withSeed { Array($0) }
    }

    @Test(
        "The addresses of the specification",
        arguments: [
            (0x7f00_0001, "lusab babad"), (0x3f54_dcc1, "gutih tugad"), (0x3f76_0723, "gutuk bisog"),
            (0x8c62_c18d, "mudof sakat"), (0x40ff_06c8, "haguz biram"), (0x801e_342d, "mabiv gibot"),
            (0x9343_7702, "natag lisaf"), (0xd43a_fd44, "tibup zujah"), (0xd823_44d7, "tobog higil"),
            (0xd844_e815, "todah vobij"), (0xc651_8188, "sinid makam"), (0x0c6e_6ecc, "budov kuras"),
        ] as [(UInt32, String)])
    func specification(_ address: UInt32, _ words: String) {
        let halves = [UInt16(address >> 16), UInt16(address & 0xFFFF)]
        #expect(halves.map { Proquint($0).letters } == words.utf8.split(separator: 0x20).map { Array($0) })
    }

    @Test("Every number has a word of its own, in either case")
    func everyNumber() {
        for number in UInt16.min ... .max {
            let letters = Proquint(number).letters
            #expect(Proquint(letters)?.value == number)
            #expect(Proquint(letters.map { $0 ^ 0x20 })?.value == number)
        }
    }

    @Test("No other letter at any place gives a word")
    func otherLetters() {
        let allowed = [Set("bdfghjklmnprstvz".utf8), Set("aiou".utf8)]
        for place in 0..<5 {
            for byte in UInt8.min ... .max {
                var letters = Array("lusab".utf8)
                letters[place] = byte
                let isLetter = byte & 0x40 != 0 && byte < 0x80 && allowed[place % 2].contains(byte | 0x20)
                #expect((Proquint(letters) != nil) == isLetter)
            }
        }
        #expect(Proquint(Array("lusa".utf8)) == nil)
        #expect(Proquint(Array("lusabb".utf8)) == nil)
    }

    @Test(
        "The words of a key are fixed",
        arguments: [
            (
                [UInt8](repeating: 0, count: 32),
                "babab babab babab babab babab babab babab babab babab babab babab babab babab babab babab babab tigap"
            ),
            (
                Array(0..<32),
                "babad bamag bibaj bimal boban bomar bubat bumaz dabid damig dibij dimil dobin domir dubit dumiz tohuf"
            ),
        ] as [([UInt8], String)])
    func fixed(_ seed: [UInt8], _ words: String) throws {
        let key = try #require(Ed25519.PrivateKey(seed: seed))
        #expect(String(decoding: text(PaperWords(of: key)), as: UTF8.self) == words)
        #expect(try self.seed(Array(words.utf8)) == seed)
    }

    @Test("However they are typed, they give the key")
    func forgiving() throws {
        let words = PaperWords(of: Self.key)
        let plain = text(words)
        #expect(try seed(plain) == Self.key.withSeed { Array($0) })
        #expect(try seed(plain.map { $0 == 0x20 ? $0 : $0 ^ 0x20 }) == Self.key.withSeed { Array($0) })
        #expect(try seed(text(words, "\r\n\t  - ")) == Self.key.withSeed { Array($0) })
        #expect(try seed(text(words, "")) == Self.key.withSeed { Array($0) })
        #expect(try seed(text(words, ",")) == Self.key.withSeed { Array($0) })
        var numbered: [UInt8] = []
        words.forEach { numbered += Array("\($0). ".utf8) + $1 + [0x0A] }
        #expect(try seed(numbered) == Self.key.withSeed { Array($0) })
        let wide = plain.flatMap { $0 == 0x20 ? [0xE3, 0x80, 0x80] : [0xEF, 0xBD, $0 - 0x61 + 0x81] }
        #expect(try seed(wide) == Self.key.withSeed { Array($0) })
        let wideCapitals = plain.flatMap { $0 == 0x20 ? [0x20] : [0xEF, 0xBC, $0 - 0x61 + 0xA1] }
        #expect(try seed(wideCapitals) == Self.key.withSeed { Array($0) })
        // A word that was divided, and nothing else wrong.
        #expect(try seed(Array(plain[..<8] + [0x20] + plain[8...])) == Self.key.withSeed { Array($0) })
    }

    @Test("A word of another form is named by its number")
    func malformed() {
        let plain = text(PaperWords(of: Self.key))
        for number in 1...17 {
            for letter in ["x", "e", "?", "é"] {
                var typed = plain
                typed.replaceSubrange((number - 1) * 6 + 1..<(number - 1) * 6 + 2, with: Array(letter.utf8))
                let numbers = letter == "?" ? [number, number + 1] : [number]
                #expect(throws: PaperWords.ParseError.malformed(numbers, of: letter == "?" ? 18 : 17)) {
                    try PaperWords(parsing: typed)
                }
                #expect(PaperWords.look(at: typed).malformed == numbers)
            }
        }
    }

    @Test("A word left out or given twice is a wrong number of words")
    func count() {
        let plain = text(PaperWords(of: Self.key))
        for number in 0..<17 {
            var typed = plain + [0x20]
            typed.removeSubrange(number * 6..<number * 6 + 6)
            #expect(throws: PaperWords.ParseError.count(16)) { try PaperWords(parsing: typed) }
        }
        #expect(throws: PaperWords.ParseError.count(18)) { try PaperWords(parsing: plain + Array(" lusab".utf8)) }
        #expect(throws: PaperWords.ParseError.count(0)) { try PaperWords(parsing: []) }
        #expect(throws: PaperWords.ParseError.tooLong) {
            try PaperWords(parsing: plain + [UInt8](repeating: 0x20, count: 4096))
        }
    }

    @Test("Words that changed places, or two wrong ones, do not pass")
    func check() {
        let plain = text(PaperWords(of: Self.key))
        for number in 1..<17 {
            var swapped = plain
            for letter in 0..<5 { swapped.swapAt(number * 6 + letter, number * 6 - 6 + letter) }
            #expect(throws: PaperWords.ParseError.self) { try PaperWords(parsing: swapped) }
            var wrong = plain
            for start in [number * 6, number * 6 - 6] {
                wrong[start] = wrong[start] == UInt8(ascii: "b") ? UInt8(ascii: "d") : UInt8(ascii: "b")
            }
            #expect(throws: PaperWords.ParseError.self) { try PaperWords(parsing: wrong) }
        }
    }

    @Test("One wrong letter is told, and the word that it is in is among the likely ones")
    func oneLetter() throws {
        let plain = text(PaperWords(of: Self.key))
        var others = 0
        for place in plain.indices where plain[place] != 0x20 {
            let alphabet = Proquint.alphabet(at: place % 6).filter { $0 != plain[place] }
            var typed = plain
            typed[place] = alphabet[place % alphabet.count]
            do throws(PaperWords.ParseError) {
                _ = try PaperWords(parsing: typed)
                Issue.record("a wrong letter at \(place) passes")
            } catch {
                guard case .checkDiffers(let likely) = error else {
                    Issue.record("\(error)")
                    continue
                }
                #expect(likely.contains(place / 6 + 1))
                others += likely.count - 1
            }
        }
        // 866 other letters each time, of which one in 65,536 holds by chance.
        #expect(others < 10)
    }

    @Test(
        "Each likely word is named once",
        arguments: [
            // Two other letters of the fourth word would do; and one of the second, or one of the third.
            ("bimak bimak bimak simak", "bimak", "pizut", [4]), ("babab bibab babab babab", "babab", "tigap", [2, 3]),
        ])
    func likelyWords(_ first: String, _ other: String, _ last: String, _ likely: [Int]) {
        let typed = [first] + [String](repeating: other, count: 12) + [last]
        #expect(throws: PaperWords.ParseError.checkDiffers(likely: likely)) {
            try PaperWords(parsing: Array(typed.joined(separator: " ").utf8))
        }
    }

    @Test("Seventeen words that are not of five letters each are not cut anew")
    func uneven() {
        var typed = text(PaperWords(of: Self.key))
        typed.swapAt(5, 6)
        #expect(throws: PaperWords.ParseError.malformed([1, 2], of: 17)) { try PaperWords(parsing: typed) }
    }

    @Test("A text has a most length, and that may be white space")
    func mostLength() throws {
        let plain = text(PaperWords(of: Self.key))
        let space = [UInt8](repeating: 0x20, count: 4096 - plain.count)
        #expect(try seed(plain + space) == Self.key.withSeed { Array($0) })
        #expect(throws: PaperWords.ParseError.tooLong) { try PaperWords(parsing: plain + space + [0x20]) }
    }

    @Test(
        "What is no letter divides words, and takes nothing away from them",
        arguments: [
            // What stands on either side of the letters, of the full-width ones, and of letters with marks.
            "@", "[", "`", "{", "!", ":", "\u{1}", "\u{7F}", "\u{80}", "\u{BF}", "\u{280}", "\u{7FF}", "\u{800}",
            "\u{FF20}", "\u{FF3B}", "\u{FF40}", "\u{FF5B}", "\u{3F21}", "\u{3F41}", "\u{F8E1}", "\u{FE41}", "\u{FFFD}",
            "\u{10000}", "\u{10FFFF}",
        ])
    func dividers(_ character: String) {
        let looked = PaperWords.look(at: Array("lusab\(character)lusab".utf8))
        #expect(looked.malformed == [] && looked.count == 2)
    }

    @Test(
        "A letter that is in no word divides none",
        arguments: ["A", "Z", "a", "z", "\u{C0}", "\u{24F}", "\u{27F}", "\u{FF21}", "\u{FF3A}", "\u{FF41}", "\u{FF5A}"])
    func letters(_ character: String) {
        let looked = PaperWords.look(at: Array("lusab\(character)lusab".utf8))
        #expect(looked.malformed == [1] && looked.count == 1)
    }

    @Test("Between two words there may be more than one space")
    func spaces() {
        let looked = PaperWords.look(at: Array("  lusab   lusab  ".utf8))
        #expect(looked.malformed == [] && looked.count == 2)
    }

    @Test("A byte that begins a character takes as much away as that would have")
    func characterWidths() {
        for byte in 0x80...0xFF as ClosedRange<UInt8> {
            let more = byte < 0xC0 ? 0 : byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : 3
            let typed = Array("lusab".utf8) + [byte] + [UInt8](repeating: 0x78, count: more) + Array("lusab".utf8)
            let looked = PaperWords.look(at: typed)
            let isLetter = (0xC3...0xC9).contains(byte)
            #expect(looked.malformed == (isLetter ? [1] : []) && looked.count == (isLetter ? 1 : 2), "\(byte)")
            // At the end there is nothing to take.
            let end = PaperWords.look(at: Array("lusab".utf8) + [byte])
            #expect(end.malformed == [] && end.count == 1)
        }
    }

    @Test("Whatever is typed, it is refused or a key")
    func anything() {
        var state: UInt64 = 88_172_645_463_325_252
        for _ in 0..<3000 {
            var typed: [UInt8] = []
            for _ in 0..<120 {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                typed.append(UInt8(truncatingIfNeeded: state))
            }
            #expect(throws: PaperWords.ParseError.self) { try PaperWords(parsing: typed) }
        }
    }
}
