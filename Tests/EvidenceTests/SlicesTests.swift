// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

@Suite struct SlicesTests {
    private func cut(_ text: String) throws -> [String] {
        let slices = try #require(Slices(cutting: Array(text.utf8)))
        #expect(Slices(text: slices.text, lengths: slices.lengths) == slices)
        return pieces(slices)
    }

    private func pieces(_ slices: Slices) -> [String] {
        var start = 0
        return slices.lengths.map { length in
            defer { start += Int(length) }
            return String(decoding: slices.text[start..<(start + Int(length))], as: UTF8.self)
        }
    }

    static let cuts: [[String]] = [
        [], ["a"], [" "], ["\n"], ["\n", "\n"], ["a\n", "b"], ["a\r\n", "b"], ["a\r", "b"], ["a\n", "'", "b"],
        ["Q. ", "When ", "were ", "you "],
        ["taken?\n", "A. "], ["this.\n", "\n", "问:", "他", "们"], ["吗?\r\n", "答:", "没"], ["有。\n", "\t", "Read "],
        ["“", "Hello,” ", "he ", "said. "], ["don't ", "won’t "], ["'", "quoted' ", "word"], ["dogs' ", "x"],
        ["a''", "b"],
        ["138-", "0013-", "8000"], ["3.", "14 "], ["lin_yue@", "example.", "org "],
        ["他", "abc ", "们"], ["a", "中", "b"], ["e\u{301}te\u{301} ", "x"], ["中\u{FE00}", "文"],
        ["\u{20BB7}", "\u{30000}", "々", "〇"],
        ["서울 ", "대한민국"], ["東", "京", "へ", "行", "きました"], ["привет, ", "мир"], ["سلام ", "عليكم"], ["བཀྲ་", "ཤིས།"],
        ["x😀 ", "y"], ["👩‍👩‍👧 ", "a"], ["\u{FEFF}", "a"], ["\u{E000}", "\u{E001}"], ["\n", "中"], ["\n", "\u{301}", "a"],
        ["½ ", "²"], ["\0\0", "a"], ["a\u{7F}", "b"], ["\u{7CA}bc"], ["\u{2FFF}\u{3000}", "a"], ["中'", "文"],
        ["a'", "文"],
    ]

    @Test(arguments: cuts) func cutsAtWordsIdeographsAndLines(pieces: [String]) throws {
        #expect(try cut(pieces.joined()).map { Array($0.utf8) } == pieces.map { Array($0.utf8) })
    }

    @Test func cutsLongSlicesBetweenCodePoints() throws {
        #expect(try cut(String(repeating: "a", count: 255)).map(\.utf8.count) == [255])
        #expect(try cut(String(repeating: "a", count: 256)).map(\.utf8.count) == [255, 1])
        #expect(try cut(String(repeating: "é", count: 200)).map(\.utf8.count) == [254, 146])
        #expect(try cut(String(repeating: "😀", count: 100)).map(\.utf8.count) == [252, 148])
        #expect(try cut(String(repeating: "ก", count: 200)).map(\.utf8.count) == [255, 255, 90])
        #expect(try cut("a" + String(repeating: " ", count: 300) + "b").map(\.utf8.count) == [255, 46, 1])
        // A word goes on behind such a cut.
        #expect(try cut(String(repeating: "a", count: 300) + " b").map(\.utf8.count) == [255, 46, 1])
    }

    @Test func doesNotCutWhatIsNotUTF8() {
        for bytes: [UInt8] in [[0xFF], [0x61, 0x80], [0xED, 0xA0, 0x80], [0xE4, 0xB8], [0xC0, 0x80]] {
            #expect(Slices(cutting: bytes) == nil)
            #expect(Slices(text: bytes, lengths: [UInt8(bytes.count)]) == nil)
        }
        #expect(Slices(cutting: [])?.count == 0)
    }

    @Test func takesUpOnlyACutOfTheText() {
        let text = Array("aé中😀".utf8)
        func isCut(_ lengths: UInt8...) -> Bool { Slices(text: text, lengths: lengths) != nil }
        #expect(isCut(1, 2, 3, 4))
        #expect(isCut(10))
        #expect(isCut(3, 7))
        #expect(!isCut())
        #expect(!isCut(9))
        #expect(!isCut(11))
        #expect(!isCut(1, 1, 8))
        #expect(!isCut(1, 2, 3, 3, 1))
        #expect(!isCut(0, 10))
        #expect(!isCut(10, 0))
        #expect(!isCut(1, 0, 9))
        #expect(Slices(text: [], lengths: []) != nil)
        #expect(Slices(text: [], lengths: [0]) == nil)
    }

    /// Every code point, alone and between letters: slices are of 1 to 255 bytes and make up the text again.
    @Test func cutsEveryCodePoint() throws {
        var text: [UInt8] = []
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            text += Array("a\(scalar)b".utf8)
        }
        let slices = try #require(Slices(cutting: text))
        #expect(slices.text == text)
        #expect(Slices.isCut(text, into: slices.lengths))
    }

    @Test func findsTheSlicesThatABytesRangeTouches() throws {
        let slices = try #require(Slices(cutting: Array("one two three four".utf8)))
        func numbers(_ ranges: Range<Int>...) -> RangeSet<Int> { slices.numbers(touching: RangeSet(ranges)) }
        #expect(numbers() == RangeSet())
        #expect(numbers(0..<1) == RangeSet(0..<1))
        #expect(numbers(3..<4) == RangeSet(0..<1))
        #expect(numbers(4..<5) == RangeSet(1..<2))
        #expect(numbers(3..<5) == RangeSet(0..<2))
        #expect(numbers(0..<18) == RangeSet(0..<4))
        #expect(numbers(17..<18) == RangeSet(3..<4))
        #expect(numbers(1..<2, 2..<3, 15..<16) == RangeSet([0..<1, 3..<4]))
        #expect(numbers(18..<40) == RangeSet())
        for start in 0..<18 {
            for end in (start + 1)...18 {
                let starts = [0, 4, 8, 14, 18]
                let expected = (0..<4).filter { starts[$0] < end && start < starts[$0 + 1] }
                #expect(numbers(start..<end) == RangeSet(expected.map { $0..<($0 + 1) }))
            }
        }
    }

    @Test(.enabled(if: JSONVectors.arePresent)) func vectors() throws {
        let vectors = try JSONVectors.json("proofs.json")
        let text = try vectors.at("file").bytes()
        let shown = try vectors.at("shown").at("full").members().compactMap { try $0.value.elements() }
        let expected = try shown.filter { try $0[0].bytes().contains(UInt8(ascii: "#")) }.map { try $0[1].bytes() }
        #expect(expected.count == 51)
        #expect(pieces(try #require(Slices(cutting: text))).map { Array($0.utf8) } == expected)
    }
}
