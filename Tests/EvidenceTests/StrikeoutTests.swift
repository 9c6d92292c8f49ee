// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing

/// What is to be struck out is found, all of it, and nothing shows that was painted over.
@Suite struct StrikeoutTests {
    /// Every text of up to `count` characters.
    private static func texts(of characters: [UInt8], upTo count: Int) -> [[UInt8]] {
        var all: [[UInt8]] = [[]]
        var last = all
        for _ in 0..<count {
            last = last.flatMap { text in characters.map { text + [$0] } }
            all += last
        }
        return all
    }

    @Test func everyPlaceIsFound() {
        let characters = Array("ab ".utf8)
        let patterns = Self.texts(of: Array("ab".utf8), upTo: 3).dropFirst()
        for text in Self.texts(of: characters, upTo: 6) {
            for pattern in patterns {
                let places = text.indices.filter { text[$0...].starts(with: pattern) }
                let found = Strikeout.occurrences(of: pattern, in: text)
                #expect(found == places.map { $0..<$0 + pattern.count })
            }
        }
    }

    @Test(arguments: [
        ("Officer Wang", "said Officer\r\n  Wang to", 5..<20), (" Wang\t", "a Wang", 2..<6), ("王 警", "王\n警官", 0..<7),
    ])
    func anyWhiteSpaceStandsForAnyOther(words: String, text: String, place: Range<Int>) {
        #expect(Strikeout.occurrences(of: Array(words.utf8), in: Array(text.utf8)) == [place])
    }

    @Test func whatIsNotThereIsNotFound() {
        for words in ["", " ", "\n", "officer", "OfficerWang", "Wangx"] {
            #expect(Strikeout.occurrences(of: Array(words.utf8), in: Array("Officer Wang".utf8)) == [])
        }
    }

    /// The white space that a pattern has is there in the text, if no more than a byte of it, and up to its end.
    @Test func whiteSpaceIsThere() {
        for byte in 0...0x7F as ClosedRange<UInt8> {
            let isSpace = byte == 0x20 || (0x09...0x0D).contains(byte)
            let found = Strikeout.occurrences(of: Array("a b".utf8), in: [0x61, byte, 0x62])
            #expect(found == (isSpace ? [0..<3] : []), "\(byte)")
        }
        for text in ["ab", "a ", "a", "a \n", "xa  "] {
            #expect(Strikeout.occurrences(of: Array("a b".utf8), in: Array(text.utf8)) == [], "\(text)")
        }
        for text in ["a", "xa"] {
            #expect(Strikeout.occurrences(of: Array("ab".utf8), in: Array(text.utf8)) == [])
        }
        #expect(Strikeout.occurrences(of: Array("a  \t b".utf8), in: Array("xa b".utf8)) == [1..<4])
    }

    /// A character that begins as a block does is none, and a lone carriage return is part of the text.
    @Test func onlyBlocksAreBlocks() {
        func struck(_ copy: String, _ text: String) -> RangeSet<Int>? {
            Strikeout.painted(in: Array(copy.utf8), of: Array(text.utf8))
        }
        #expect(struck("a“b █", "a“b c") == RangeSet(6..<7))
        #expect(struck("a“b █", "a”b c") == nil)
        #expect(struck("ab", "a\rb") == nil && struck("a\rb", "a\rb") == RangeSet())
        #expect(struck("a█\r", "ab\r") == RangeSet(1..<2) && struck("a█", "ab\r") == RangeSet(1..<3))
        // What stands between two blocks is longer than what is left for it, or as long.
        #expect(struck("a█bcd█e", "axe") == nil)
        #expect(struck("a█b█e", "axbe") == nil && struck("a█b█e", "axbye") == RangeSet([1..<2, 3..<4]))
    }

    @Test func linesWithTheirNewlines() {
        for text in Self.texts(of: Array("a\n".utf8), upTo: 7) {
            var starts = [0] + text.indices.filter { text[$0] == 0x0A }.map { $0 + 1 }
            if starts.last == text.count { starts.removeLast() }
            let ends = Array(starts.dropFirst()) + [text.count]
            for first in 1...9 {
                for last in first...9 {
                    let expected = last <= starts.count ? starts[first - 1]..<ends[last - 1] : nil
                    #expect(Strikeout.lines(first...last, of: text) == expected, "\(text) \(first)-\(last)")
                }
            }
        }
    }

    /// Every way to paint every small text: what is left is what the copy shows, and never more.
    @Test func nothingPaintedOverIsLeft() throws {
        for text in Self.texts(of: Array("ab\n".utf8), upTo: 6) {
            for mask in 0..<(1 << text.count) {
                var copy: [UInt8] = []
                for (index, byte) in text.enumerated() { copy += mask >> index & 1 == 1 ? Strikeout.block : [byte] }
                let struck = try #require(Strikeout.painted(in: copy, of: text), "\(text) \(mask)")
                let left = text.indices.filter { !struck.contains($0) }.map { text[$0] }
                let shown = text.indices.filter { mask >> $0 & 1 == 0 }.map { text[$0] }
                #expect(Self.withoutNewlinesAtItsEnd(left) == Self.withoutNewlinesAtItsEnd(shown))
            }
        }
    }

    private static func withoutNewlinesAtItsEnd(_ text: [UInt8]) -> [UInt8] {
        Array(text.reversed().drop { $0 == 0x0A }.reversed())
    }

    @Test(arguments: ["\u{FEFF}a b\r\nc █\r\n", "a b\nc █", "a b\nc ███\n\n", "█\nc █", "a █ █"])
    func editorsSpellItOtherwise(copy: String) throws {
        let text = Array("a b\nc d\n".utf8)
        let struck = try #require(Strikeout.painted(in: Array(copy.utf8), of: text))
        #expect(struck.contains(6) && !struck.contains(5))
    }

    @Test(arguments: ["a b\nc e", "a b", "█x", "█a b\nc d", "a b\nc d\nmore █"])
    func anotherTextIsNoCopy(copy: String) {
        #expect(Strikeout.painted(in: Array(copy.utf8), of: Array("a b\nc d\n".utf8)) == nil)
    }

    @Test func theLineThatIsStrange() {
        let text = Array("one\ntwo\nthree\n".utf8)
        #expect(Strikeout.firstStrangeLine(in: Array("one\ntwx\n█".utf8), of: text) == 2)
        #expect(Strikeout.firstStrangeLine(in: Array("█\ntwo\nthree\nfour".utf8), of: text) == 4)
    }
}
