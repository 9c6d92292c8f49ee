// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Testing
import TransparencyLog

/// A copy beside a text, written down as a reader would: `[missing|extra]`, `{withheld|beside it}`, `+extra+`.
@Suite struct TextComparisonTests {
    private func text(_ text: String, _ withheld: [ComparedText.Withheld] = []) throws -> ComparedText {
        try ComparedText(Array(text.utf8), withheld: withheld)
    }

    private func compare(_ copy: String, with shown: String, _ withheld: [ComparedText.Withheld] = []) throws -> String
    {
        Self.written(TextComparison(of: try text(copy), with: try text(shown, withheld)))
    }

    /// A text in which `{3}` stands for a withheld part of three items.
    private func redacted(_ marked: String) throws -> ComparedText {
        var plain = ""
        var withheld: [ComparedText.Withheld] = []
        for (number, part) in marked.split(separator: "{", omittingEmptySubsequences: false).enumerated() {
            guard number > 0 else {
                plain += part
                continue
            }
            let end = try #require(part.firstIndex(of: "}"))
            let count = try #require(Int(part[..<end]))
            withheld.append(ComparedText.Withheld(position: plain.utf8.count, count: count))
            plain += part[part.index(after: end)...]
        }
        return try text(plain, withheld)
    }

    private static func written(_ comparison: TextComparison) -> String {
        func shown(_ range: Range<Int>) -> String { String(decoding: comparison.shown.text[range], as: UTF8.self) }
        func copied(_ range: Range<Int>) -> String { String(decoding: comparison.copy.text[range], as: UTF8.self) }
        return comparison.parts.map { part in
            switch part {
            case .extra(let range): return "+\(copied(range))+"
            case .paragraph(let paragraph):
                let pieces = paragraph.pieces.map { piece in
                    switch piece {
                    case .same(let range, _): shown(range)
                    case .missing(let range): "[\(shown(range))]"
                    case .extra(let range): "+\(copied(range))+"
                    case .withheld(let part, let range, let couldFit):
                        "{\(part.isExact ? "" : "<=")\(part.count)\(range.map { "|" + copied($0) } ?? "")\(couldFit ? "" : "!")}"
                    }
                }
                return "\(paragraph.result): \(pieces.joined(separator: " "))"
            }
        }.joined(separator: "\n")
    }

    // MARK: - What is the same

    @Test func foldsWhiteSpaceAndComposition() throws {
        let text = "Q. Who came to Zürich?\nA. Élodie, at five.\n答:两个人。"
        for copy in [
            text, "\r\n " + text.replacingOccurrences(of: "\n", with: "\r\n\r\n") + "\n",
            text.replacingOccurrences(of: "\n", with: " "), text.replacingOccurrences(of: " ", with: "\u{A0}\u{3000}"),
            text.decomposedStringWithCanonicalMapping, "Q. Who came to Zürich?A. Élodie, at five.答: 两 个\n人。",
        ] {
            let comparison = TextComparison(of: try self.text(copy), with: try self.text(text))
            #expect(comparison.isSame)
            #expect(comparison.count(.same) == 3)
            #expect(comparison.sameWordCount == comparison.shown.wordCount)
        }
    }

    @Test func canonicalEquivalenceIsAllThatIsFolded() throws {
        for (one, other) in [
            ("é", "e\u{301}"), ("Å", "\u{212B}"), ("한", "\u{1112}\u{1161}\u{11AB}"), ("豈", "\u{F900}"),
            ("≠", "=\u{338}"), ("a\u{323}\u{307}", "a\u{307}\u{323}"), ("が", "か\u{3099}"), (";", "\u{37E}"),
        ] {
            #expect(TextComparison(of: try text("x \(one) y"), with: try text("x \(other) y")).isSame, "\(one)")
        }
        for (one, other) in [
            ("5", "\u{FF15}"), ("fi", "\u{FB01}"), ("\u{B2}", "2"), ("a", "A"), ("a", "\u{430}"), (",", "\u{FF0C}"),
            ("\u{30A2}", "\u{FF71}"),
            ("国", "國"), ("don't", "don’t"), ("word", "wo\u{AD}rd"), ("中", "中\u{FE00}"), ("e", "é"),
            ("nowhere", "now here"),
        ] {
            let comparison = TextComparison(of: try text("x \(one) y z"), with: try text("x \(other) y z"))
            #expect(!comparison.isSame, "\(one)")
            #expect(comparison.count(.differs) == 1)
        }
    }

    /// Where words begin and end is the same however a code point is composed.
    @Test func wordsDoNotDependOnComposition() throws {
        for value in (0x20 as UInt32)...0x3FFFF {
            guard let scalar = Unicode.Scalar(value), value < 0xAC00 || value % 97 == 0 || value > 0xD7A3 else {
                continue
            }
            let properties = scalar.properties
            guard properties.generalCategory != .unassigned else { continue }
            let string = "a" + String(scalar) + "b"
            let decomposed = string.decomposedStringWithCanonicalMapping
            guard Array(decomposed.utf8) != Array(string.utf8) else { continue }
            let comparison = TextComparison(of: try text(decomposed), with: try text(string))
            #expect(
                comparison.isSame && comparison.copy.wordCount == comparison.shown.wordCount,
                "U+\(String(value, radix: 16))")
        }
    }

    // MARK: - What differs

    @Test func saysWhichWordsDiffer() throws {
        #expect(
            try compare("Q. When?\nA. At five, by three men.\n", with: "Q. When?\nA. At five, by two men.\n")
                == "same: Q. When?\ndiffers: A. At five, by [two] +three+ men.")
        #expect(
            try compare("问:谁来了?答:三个人。", with: "问:谁来了?\n答:两个人。")
                == "same: 问:谁来了?\ndiffers: 答: [两] +三+ 个人。")
        #expect(try compare("I agree not.", with: "I agree.") == "differs: I agree +not+ .")
        #expect(
            try compare("I agree not\nYou too", with: "I agree\nYou too") == "differs: I agree +not+\nsame: You too")
        #expect(
            try compare("I agree\nNot you too", with: "I agree\nyou too") == "same: I agree\ndiffers: +Not+ you too")
        #expect(try compare("I agree\nNot\nyou too", with: "I agree\nyou too") == "same: I agree\n+Not+\nsame: you too")
    }

    @Test func aMissingParagraphIsMissingFromItsBeginning() throws {
        let shown = "Q. When?\nA. At five.\nQ. Who?\nA. Two men.\nQ. Where?\nA. Here."
        #expect(
            try compare("Q. When? A. At five. Q. Where? A. Here.", with: shown)
                == "same: Q. When?\nsame: A. At five.\nmissing: [Q. Who?]\nmissing: [A. Two men.]\nsame: Q. Where?\nsame: A. Here."
        )
        #expect(
            try compare("Q. Who?\nA. Two men.\nQ. Where?\nA. Here.", with: shown).hasPrefix(
                "missing: [Q. When?]\nmissing: [A. At five.]\nsame"))
        #expect(
            try compare("Q. When?\nA. At five.\nQ. Who?\nA. Two men.", with: shown).hasSuffix(
                "same: A. Two men.\nmissing: [Q. Where?]\nmissing: [A. Here.]"))
        #expect(
            try compare("Q. Where?\nA. Here.\nQ. Why?\nA. So.", with: "Q. Where?\nA. Here.\n")
                == "same: Q. Where?\nsame: A. Here.\n+Q. Why?\nA. So.+")
        #expect(
            try compare("Q. Where?\nQ. Why?\nA. So.\nQ. Who?", with: "Q. Where?\nQ. Who?\n")
                == "same: Q. Where?\n+Q. Why?\nA. So.+\nsame: Q. Who?")
    }

    @Test func aScrapedPageHasMoreAroundTheText() throws {
        let shown = """
            Q. When were you taken from your house?
            A. At five in the morning, by two men who did not say who they were.
            问:他们给你看过文件吗?
            答:没有。他们什么也没有给我看。
            """
        let page = """
            Home | News | About us
            Search
            Interview: what the family says
            \(shown.replacingOccurrences(of: "two men", with: "three men"))

            Share this page   Home | Contact
            © Example News. All rights reserved. 版权所有
            """
        let comparison = TextComparison(of: try text(page), with: try text(shown))
        #expect(comparison.count(.same) == 3)
        #expect(comparison.count(.differs) == 1)
        #expect(comparison.extras.count == 2)
        #expect(Self.written(comparison).contains("by [two] +three+ men"))
        #expect(Self.written(comparison).hasPrefix("+Home | News"))
        #expect(Self.written(comparison).hasSuffix("版权所有+"))
    }

    @Test func whatIsAroundTheTextMayBeginAndEndAsItDoes() throws {
        let shown = "Q. When were you taken?\nA. At five in the morning."
        for separator in ["\n", " "] {
            let copy = ["Q. and A. of the week", shown, "All rights reserved."].joined(separator: "\n")
                .replacingOccurrences(of: "\n", with: separator)
            #expect(
                try compare(copy, with: shown)
                    == "+Q. and A. of the week+\nsame: Q. When were you taken?\nsame: A. At five in the morning.\n+All rights reserved.+"
            )
        }
    }

    /// The copy of the thirteenth scenario: no line break is left, and of the Chinese, every second character.
    @Test func linesAndHalfTheChineseAreLost() throws {
        let chinese = ["问:你是什么时候被带走的?", "答:早上五点钟,两个男人来敲门,没有说他们是谁。", "问:他们给你看过任何文件吗?", "答:没有,什么也没有。"]
        let english = [
            "Q. When were you taken?", "A. At five in the morning; two men knocked.", "Q. Did they show papers?",
            "A. No, nothing.",
        ]
        let shown = zip(chinese, english).map { "\($0)\n\($1)\n" }.joined()
        let half = chinese.map { String($0.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)) }
        let copy = zip(half, english).map { "\($0)\($1)" }.joined()
        let comparison = TextComparison(of: try text(copy), with: try text(shown))
        let results = comparison.paragraphs.map(\.result)
        #expect(results == [.differs, .same, .differs, .same, .differs, .same, .differs, .same])
        #expect(comparison.extras.isEmpty)
        // Of half the lines nothing is left.
        let lines = TextComparison(of: try text(english.joined(separator: " ")), with: try text(shown))
        #expect(lines.paragraphs.map(\.result) == [.missing, .same, .missing, .same, .missing, .same, .missing, .same])
    }

    @Test func aMovedParagraphIsElsewhere() throws {
        let lines = [
            "They came at five in the morning.", "Nobody was told where he was taken to.",
            "The lawyer waited at the gate for nine days.", "He was not let in on any of them, and wrote it down.",
        ]
        let moved = [lines[0], lines[2], lines[3], lines[1]].joined(separator: " ")
        let comparison = TextComparison(of: try text(moved), with: try text(lines.joined(separator: "\n")))
        #expect(comparison.paragraphs.map(\.result) == [.same, .missing, .same, .same])
        let place = try #require(comparison.paragraphs[1].elsewhere)
        #expect(String(decoding: comparison.copy.text[place], as: UTF8.self) == lines[1])
        #expect(comparison.paragraphs.count { $0.elsewhere != nil } == 1)
        #expect(rebuilt(comparison).copy == Self.words(Array(moved.utf8)))
        // All of it or nothing.
        let other = TextComparison(
            of: try text(moved.replacingOccurrences(of: "Nobody", with: "Somebody")),
            with: try text(lines.joined(separator: "\n")))
        #expect(other.paragraphs[1].result == .missing && other.paragraphs[1].elsewhere == nil)
    }

    /// Texts of a few hundred words with lines left out, doubled, moved and changed, some of them partly withheld.
    @Test func randomChangesAreRebuilt() throws {
        var state: UInt64 = 1
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let vocabulary = [
            "the", "two", "men", "came", "at", "five", ".", ",", "他", "们", "来", "了", "。", "Q.", "A.", "问:",
        ]
        for _ in 0..<400 {
            let lines = (0..<random(30) + 1).map { _ in
                (0..<random(14) + 1).map { _ in vocabulary[random(vocabulary.count)] }.joined(separator: " ")
            }
            var copy: [String] = []
            for line in lines {
                switch random(8) {
                case 0: break
                case 1: copy += [line, line]
                case 2: copy.insert(line, at: random(copy.count + 1))
                case 3: copy.append(line.replacingOccurrences(of: "two", with: "three men"))
                case 4: copy.append("Share | Print | Home")
                default: copy.append(line)
                }
            }
            let shown = lines.joined(separator: "\n")
            let circulating = copy.joined(separator: random(2) == 0 ? "\n" : " ")
            let starts = shown.utf8.indices.enumerated().filter { shown.utf8[$0.element] == 0x20 }.map(\.offset)
            let withheld = starts.filter { _ in random(10) == 0 }.map { ComparedText.Withheld(position: $0, count: 2) }
            for parts in [[], withheld] {
                let comparison = TextComparison(of: try text(circulating), with: try text(shown, parts))
                let (first, second) = rebuilt(comparison)
                #expect(first == Self.words(Array(shown.utf8)) && second == Self.words(Array(circulating.utf8)))
                let found = comparison.paragraphs.flatMap(\.pieces).count {
                    if case .withheld = $0 { true } else { false }
                }
                #expect(found == parts.count)
                // A copy of the same lines is the same; none that differs is.
                let unchanged = TextComparison(of: try text(shown), with: try text(shown, parts))
                #expect(unchanged.isSame && unchanged.sameWordCount == unchanged.shown.wordCount)
                #expect(!parts.isEmpty || comparison.isSame == (first == second))
            }
        }
    }

    @Test func wordsByChanceAreNoParagraph() throws {
        let result = try compare(
            "A recipe for soup. Take two onions and a pan, and fry them for as long as it takes to read this page to the end.",
            with: "They came to the house at five and took him away in a white van.")
        #expect(result.hasPrefix("missing: [They came"))
    }

    // MARK: - Withheld parts

    @Test func aWithheldPartMatchesNothingAndAnything() throws {
        let shown = try redacted("Q. Who came?\nA. {3}and {2}came at five.\n")
        func result(_ copy: String) throws -> String { Self.written(TextComparison(of: try text(copy), with: shown)) }
        #expect(
            try result("Q. Who came? A. Wang Li and Chen came at five.")
                == "same: Q. Who came?\nsame: A. {3|Wang Li} and {2|Chen} came at five.")
        #expect(
            try result("Q. Who came?\nA. and came at five.") == "same: Q. Who came?\nsame: A. {3} and {2} came at five."
        )
        #expect(
            try result("Q. Who came?\nA. Wang Li and Chen came at six.")
                == "same: Q. Who came?\ndiffers: A. {3|Wang Li} and {2|Chen} came at [five] +six+ .")
        let comparison = TextComparison(of: try text("Q. Who came? A. ███ and ██ came at five."), with: shown)
        #expect(comparison.isSame)
        #expect(Self.written(comparison).contains("{3|███} and {2|██}"))
    }

    @Test func withheldPartsAreNeverJoined() throws {
        let shown = try redacted("one {1}{4}two\n{2}\nthree{1}")
        #expect(
            Self.written(TextComparison(of: try text("one x two three y"), with: shown))
                == "same: one {1|x} {4} two\nwithheld: {2}\nsame: three {1|y}")
        #expect(TextComparison(of: try text("one two three"), with: shown).isSame)
        // Words on either side of a withheld part are not one.
        let split = try redacted("no{1}where")
        #expect(
            Self.written(TextComparison(of: try text("nowhere"), with: split)) == "missing: [no] {1|nowhere} [where]")
    }

    @Test func moreThanCouldBeWithheldIsSaid() throws {
        let shown = try redacted("one {1}two three four five six seven")
        let copy = "one " + String(repeating: "blah ", count: 300) + "two three four five six seven"
        let comparison = TextComparison(of: try text(copy), with: shown)
        #expect(!comparison.isSame)
        #expect(Self.written(comparison).hasPrefix("differs: one {1|blah"))
        #expect(Self.written(comparison).hasSuffix("blah!} two three four five six seven"))
    }

    @Test func textsOfAnOpeningKeepTheirWithheldParts() throws {
        let a = Array("one two three four".utf8)
        let b = Array("five six".utf8)
        let exhibit = try Exhibit(
            fields: [],
            files: [
                Exhibit.File(path: try #require(ExhibitPath(Array("a".utf8))), bytes: a),
                Exhibit.File(path: try #require(ExhibitPath(Array("b".utf8))), bytes: b),
            ])
        // Positions: 0 a, 1 bytes, 2-5 slices; 6 b, 7 bytes, 8-9 slices.
        func shown(_ positions: [Int], _ file: Int) throws -> String? {
            let opening = try exhibit.opening(
                seed: SealedSeed(SHA256.hash([])), showing: RangeSet(positions.map { $0..<($0 + 1) }))
            let view = try ExhibitOpening(opening)
            guard let text = try view.comparedText(ofFile: file) else { return nil }
            return Self.written(TextComparison(of: try self.text(""), with: text))
        }
        #expect(try shown([2, 5], 0) == "missing: [one] {1} {1} [four] {<=2} {<=2}")
        #expect(try shown([3, 6], 0) == "missing: {1} [two] {2}")
        #expect(try shown([4, 7], 0) == "missing: {2} [three] {1}")
        #expect(try shown([4, 8], 0) == "missing: {2} [three] {1}")
        #expect(try shown([4, 8], 1) == "missing: [five] {<=1}")
        #expect(try shown([1, 2, 3, 4, 5, 9], 0) == "missing: [one two three four]")
        #expect(try shown([1, 2, 3, 4, 5, 9], 1) == "missing: {1} [six]")
        #expect(try shown([0, 1], 0) == nil)
        #expect(try shown([2, 3, 4, 5], 1) == nil)
    }

    // MARK: - All small worlds

    private static func words(_ piece: [UInt8]) -> String {
        String(decoding: piece, as: UTF8.self).filter { !$0.isWhitespace }
    }

    /// What the result holds of either text, put together again.
    private func rebuilt(_ comparison: TextComparison) -> (shown: String, copy: String) {
        var shown: [UInt8] = []
        var copy: [UInt8] = []
        for part in comparison.parts {
            switch part {
            case .extra(let range): copy += comparison.copy.text[range]
            case .paragraph(let paragraph):
                for piece in paragraph.pieces {
                    switch piece {
                    case .same(let range, let copyRange):
                        #expect(
                            Self.words(Array(comparison.shown.text[range]))
                                == Self.words(Array(comparison.copy.text[copyRange])))
                        shown += comparison.shown.text[range]
                        copy += comparison.copy.text[copyRange]
                    case .missing(let range): shown += comparison.shown.text[range]
                    case .extra(let range): copy += comparison.copy.text[range]
                    case .withheld(_, let range, _): if let range { copy += comparison.copy.text[range] }
                    }
                }
            }
        }
        return (Self.words(shown), Self.words(copy))
    }

    private static func texts(of alphabet: [String], upTo length: Int) -> [String] {
        var all = [""]
        var last = [""]
        for _ in 0..<length {
            last = last.flatMap { text in alphabet.map { text + $0 } }
            all += last
        }
        return all
    }

    @Test func everyPairOfShortTextsIsRebuilt() throws {
        let texts = Self.texts(of: ["中", "国", ".", "\n"], upTo: 4)
        for shown in texts where shown.hasPrefix("中") || shown.count < 4 {
            let shownText = try text(shown)
            for copy in texts {
                let comparison = TextComparison(of: try text(copy), with: shownText)
                let (first, second) = rebuilt(comparison)
                #expect(
                    first == Self.words(Array(shown.utf8)) && second == Self.words(Array(copy.utf8)), "\(shown) \(copy)"
                )
                #expect(comparison.isSame == (first == second), "\(shown) \(copy)")
            }
        }
    }

    @Test func everyPairWithWithheldPartsIsRebuilt() throws {
        let marked = Self.texts(of: ["中", "国", "\n", "{1}"], upTo: 4).filter { $0.contains("{1}") }
        let copies = Self.texts(of: ["中", "国", "人"], upTo: 4)
        for shown in marked {
            let shownText = try redacted(shown)
            let pieces = shown.replacingOccurrences(of: "\n", with: "").components(separatedBy: "{1}")
            for copy in copies {
                let comparison = TextComparison(of: try text(copy), with: shownText)
                let (first, second) = rebuilt(comparison)
                #expect(first == Self.words(shownText.text) && second == copy, "\(shown) \(copy)")
                let withheld = comparison.paragraphs.flatMap(\.pieces).count {
                    if case .withheld = $0 { true } else { false }
                }
                #expect(withheld == pieces.count - 1)
                // Whether the shown pieces stand in the copy in order, the first at its start, the last at its end.
                #expect(comparison.isSame == Self.fits(copy, pieces), "\(shown) \(copy)")
            }
        }
    }

    private static func fits(_ copy: String, _ pieces: [String]) -> Bool {
        guard copy.hasPrefix(pieces[0]) else { return false }
        var rest = copy.dropFirst(pieces[0].count)
        for piece in pieces.dropFirst().dropLast() where !piece.isEmpty {
            guard let found = rest.range(of: piece) else { return false }
            rest = rest[found.upperBound...]
        }
        return rest.hasSuffix(pieces[pieces.count - 1])
    }

    // MARK: - Hostile texts

    @Test func stepsAreBoundedByTheLengths() throws {
        func random(_ count: Int, _ words: Int, _ seed: UInt64) -> String {
            var state = seed
            return (0..<count).map { _ in
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return "w\((state >> 33) % UInt64(words))"
            }.joined(separator: " ")
        }
        let size = 600
        let same = String(repeating: "a ", count: size)
        let pair = String(repeating: "a b ", count: size / 2)
        let lines = String(repeating: "a\n", count: size)
        let texts = [
            same, pair, lines, same + random(150, 2, 1), pair + random(150, 2, 2), random(150, 2, 3) + pair,
            random(size, 2, 4), random(size, 40, 5), random(size, 1_000_000, 6), random(size, 1_000_000, 7),
            (0..<size).map { "w\($0)" }.joined(separator: " "),
            (0..<size).reversed().map { "w\($0)" }.joined(separator: " "), "a",
        ]
        let gaps = (0..<40).map { ComparedText.Withheld(position: $0 * 40, count: 1) }
        for shown in texts {
            for shownText in [try text(shown), try text(shown, gaps.filter { $0.position <= shown.utf8.count })] {
                for copy in texts {
                    let comparison = TextComparison(of: try text(copy), with: shownText)
                    let words = comparison.shown.wordCount + comparison.copy.wordCount
                    #expect(comparison.steps <= 512 * (words + 1))
                }
            }
        }
    }

    @Test func manyMarksOnOneLetterAreNoneOfOneWord() throws {
        let marks = String(repeating: "\u{301}\u{323}", count: 50_000)
        let comparison = TextComparison(of: try text("a" + marks), with: try text("a" + marks + "\u{301}"))
        #expect(comparison.shown.wordCount > 1_000)
        #expect(!comparison.isSame)
    }

    @Test func whatIsTooDifferentIsSaidToBe() throws {
        let shown = (0..<3_000).map { $0 % 3 == 0 ? "a" : $0 % 3 == 1 ? "b" : "c" }.joined(separator: " ")
        let copy = (0..<3_000).map { $0 % 7 < 3 ? "c" : $0 % 5 == 1 ? "b" : "a" }.joined(separator: " ")
        let comparison = TextComparison(of: try text("x " + copy + " y"), with: try text("w " + shown + " z"))
        #expect(comparison.count(.tooDifferent) == 1)
        #expect(rebuilt(comparison).copy == Self.words(Array(("x " + copy + " y").utf8)))
    }

    /// However much stands around it, a short text that is not there is missing, and not too different.
    @Test func aShortTextIsLookedForInALongCopy() throws {
        let page = (0..<4_000).map { $0 % 3 == 0 ? "a" : "b" }.joined(separator: " ")
        #expect(try compare(page, with: "He came b at five today").hasPrefix("missing: [He came b at five today]"))
        #expect(try compare(page + "\nb He b came b", with: "b He b was b").contains("differs: b He b [was] +came+ b"))
        #expect(try compare(page, with: "He came").hasPrefix("missing: [He came]"))
    }

    @Test func refusesWhatIsNoText() {
        #expect(throws: ComparedText.Refusal.notUTF8) { try ComparedText([0xFF]) }
        #expect(throws: ComparedText.Refusal.tooLong) {
            try ComparedText([UInt8](repeating: 0x61, count: ComparedText.maximumByteCount + 1))
        }
    }
}
