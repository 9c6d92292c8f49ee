// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Testing
import TransparencyLog

/// A copy beside a text: what is the same, what differs, and what is withheld.
@Suite struct TextComparisonTests {
    // MARK: - What is the same

    @Test func foldsWhiteSpaceAndComposition() throws {
        let text = "Q. Who came to Zürich?\nA. Élodie, at five.\n答:两个人。"
        for copy in [
            text, "\r\n " + text.replacingOccurrences(of: "\n", with: "\r\n\r\n") + "\n",
            text.replacingOccurrences(of: "\n", with: " "), text.replacingOccurrences(of: " ", with: "\u{A0}\u{3000}"),
            text.decomposedStringWithCanonicalMapping, "Q. Who came to Zürich?A. Élodie, at five.答: 两 个\n人。",
        ] {
            let comparison = TextComparison(of: try ComparedSample.text(copy), with: try ComparedSample.text(text))
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
            #expect(
                TextComparison(of: try ComparedSample.text("x \(one) y"), with: try ComparedSample.text("x \(other) y"))
                    .isSame, "\(one)")
        }
        for (one, other) in [
            ("5", "\u{FF15}"), ("fi", "\u{FB01}"), ("\u{B2}", "2"), ("a", "A"), ("a", "\u{430}"), (",", "\u{FF0C}"),
            ("\u{30A2}", "\u{FF71}"),
            ("国", "國"), ("don't", "don’t"), ("word", "wo\u{AD}rd"), ("中", "中\u{FE00}"), ("e", "é"),
            ("nowhere", "now here"),
        ] {
            let comparison = TextComparison(
                of: try ComparedSample.text("x \(one) y z"), with: try ComparedSample.text("x \(other) y z"))
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
            let comparison = TextComparison(
                of: try ComparedSample.text(decomposed), with: try ComparedSample.text(string))
            #expect(
                comparison.isSame && comparison.copy.wordCount == comparison.shown.wordCount,
                "U+\(String(value, radix: 16))")
        }
    }

    // MARK: - What differs

    @Test func saysWhichWordsDiffer() throws {
        #expect(
            try ComparedSample.compare(
                "Q. When?\nA. At five, by three men.\n", with: "Q. When?\nA. At five, by two men.\n")
                == "same: Q. When?\ndiffers: A. At five, by [two] +three+ men.")
        #expect(
            try ComparedSample.compare("问:谁来了?答:三个人。", with: "问:谁来了?\n答:两个人。")
                == "same: 问:谁来了?\ndiffers: 答: [两] +三+ 个人。")
        #expect(try ComparedSample.compare("I agree not.", with: "I agree.") == "differs: I agree +not+ .")
        #expect(
            try ComparedSample.compare("I agree not\nYou too", with: "I agree\nYou too")
                == "differs: I agree +not+\nsame: You too")
        #expect(
            try ComparedSample.compare("I agree\nNot you too", with: "I agree\nyou too")
                == "same: I agree\ndiffers: +Not+ you too")
        #expect(
            try ComparedSample.compare("I agree\nNot\nyou too", with: "I agree\nyou too")
                == "same: I agree\n+Not+\nsame: you too")
    }

    @Test func aMissingParagraphIsMissingFromItsBeginning() throws {
        let shown = "Q. When?\nA. At five.\nQ. Who?\nA. Two men.\nQ. Where?\nA. Here."
        #expect(
            try ComparedSample.compare("Q. When? A. At five. Q. Where? A. Here.", with: shown)
                == "same: Q. When?\nsame: A. At five.\nmissing: [Q. Who?]\nmissing: [A. Two men.]\nsame: Q. Where?\nsame: A. Here."
        )
        #expect(
            try ComparedSample.compare("Q. Who?\nA. Two men.\nQ. Where?\nA. Here.", with: shown).hasPrefix(
                "missing: [Q. When?]\nmissing: [A. At five.]\nsame"))
        #expect(
            try ComparedSample.compare("Q. When?\nA. At five.\nQ. Who?\nA. Two men.", with: shown).hasSuffix(
                "same: A. Two men.\nmissing: [Q. Where?]\nmissing: [A. Here.]"))
        #expect(
            try ComparedSample.compare("Q. Where?\nA. Here.\nQ. Why?\nA. So.", with: "Q. Where?\nA. Here.\n")
                == "same: Q. Where?\nsame: A. Here.\n+Q. Why?\nA. So.+")
        #expect(
            try ComparedSample.compare("Q. Where?\nQ. Why?\nA. So.\nQ. Who?", with: "Q. Where?\nQ. Who?\n")
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
        let comparison = TextComparison(of: try ComparedSample.text(page), with: try ComparedSample.text(shown))
        #expect(comparison.count(.same) == 3)
        #expect(comparison.count(.differs) == 1)
        #expect(comparison.extras.count == 2)
        #expect(ComparedSample.written(comparison).contains("by [two] +three+ men"))
        #expect(ComparedSample.written(comparison).hasPrefix("+Home | News"))
        #expect(ComparedSample.written(comparison).hasSuffix("版权所有+"))
    }

    @Test func whatIsAroundTheTextMayBeginAndEndAsItDoes() throws {
        let shown = "Q. When were you taken?\nA. At five in the morning."
        for separator in ["\n", " "] {
            let copy = ["Q. and A. of the week", shown, "All rights reserved."].joined(separator: "\n")
                .replacingOccurrences(of: "\n", with: separator)
            #expect(
                try ComparedSample.compare(copy, with: shown)
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
        let comparison = TextComparison(of: try ComparedSample.text(copy), with: try ComparedSample.text(shown))
        let results = comparison.paragraphs.map(\.result)
        #expect(results == [.differs, .same, .differs, .same, .differs, .same, .differs, .same])
        #expect(comparison.extras.isEmpty)
        // Of half the lines nothing is left.
        let lines = TextComparison(
            of: try ComparedSample.text(english.joined(separator: " ")), with: try ComparedSample.text(shown))
        #expect(lines.paragraphs.map(\.result) == [.missing, .same, .missing, .same, .missing, .same, .missing, .same])
    }

    @Test func aMovedParagraphIsElsewhere() throws {
        let lines = [
            "They came at five in the morning.", "Nobody was told where he was taken to.",
            "The lawyer waited at the gate for nine days.", "He was not let in on any of them, and wrote it down.",
        ]
        let moved = [lines[0], lines[2], lines[3], lines[1]].joined(separator: " ")
        let comparison = TextComparison(
            of: try ComparedSample.text(moved), with: try ComparedSample.text(lines.joined(separator: "\n")))
        #expect(comparison.paragraphs.map(\.result) == [.same, .missing, .same, .same])
        let place = try #require(comparison.paragraphs[1].elsewhere)
        #expect(String(decoding: comparison.copy.text[place], as: UTF8.self) == lines[1])
        #expect(comparison.paragraphs.count { $0.elsewhere != nil } == 1)
        #expect(ComparedSample.rebuilt(comparison).copy == ComparedSample.words(Array(moved.utf8)))
        // All of it or nothing.
        let other = TextComparison(
            of: try ComparedSample.text(moved.replacingOccurrences(of: "Nobody", with: "Somebody")),
            with: try ComparedSample.text(lines.joined(separator: "\n")))
        #expect(other.paragraphs[1].result == .missing && other.paragraphs[1].elsewhere == nil)
    }

    @Test func wordsByChanceAreNoParagraph() throws {
        let result = try ComparedSample.compare(
            "A recipe for soup. Take two onions and a pan, and fry them for as long as it takes to read this page to the end.",
            with: "They came to the house at five and took him away in a white van.")
        #expect(result.hasPrefix("missing: [They came"))
    }

    // MARK: - Withheld parts

    @Test func aWithheldPartMatchesNothingAndAnything() throws {
        let shown = try ComparedSample.redacted("Q. Who came?\nA. {3}and {2}came at five.\n")
        func result(_ copy: String) throws -> String {
            ComparedSample.written(TextComparison(of: try ComparedSample.text(copy), with: shown))
        }
        #expect(
            try result("Q. Who came? A. Wang Li and Chen came at five.")
                == "same: Q. Who came?\nsame: A. {3|Wang Li} and {2|Chen} came at five.")
        #expect(
            try result("Q. Who came?\nA. and came at five.") == "same: Q. Who came?\nsame: A. {3} and {2} came at five."
        )
        #expect(
            try result("Q. Who came?\nA. Wang Li and Chen came at six.")
                == "same: Q. Who came?\ndiffers: A. {3|Wang Li} and {2|Chen} came at [five] +six+ .")
        let comparison = TextComparison(
            of: try ComparedSample.text("Q. Who came? A. ███ and ██ came at five."), with: shown)
        #expect(comparison.isSame)
        #expect(ComparedSample.written(comparison).contains("{3|███} and {2|██}"))
    }

    @Test func withheldPartsAreNeverJoined() throws {
        let shown = try ComparedSample.redacted("one {1}{4}two\n{2}\nthree{1}")
        #expect(
            ComparedSample.written(TextComparison(of: try ComparedSample.text("one x two three y"), with: shown))
                == "same: one {1|x} {4} two\nwithheld: {2}\nsame: three {1|y}")
        #expect(TextComparison(of: try ComparedSample.text("one two three"), with: shown).isSame)
        // Words on either side of a withheld part are not one.
        let split = try ComparedSample.redacted("no{1}where")
        #expect(
            ComparedSample.written(TextComparison(of: try ComparedSample.text("nowhere"), with: split))
                == "missing: [no] {1|nowhere} [where]")
    }

    @Test func moreThanCouldBeWithheldIsSaid() throws {
        let shown = try ComparedSample.redacted("one {1}two three four five six seven")
        let copy = "one " + String(repeating: "blah ", count: 300) + "two three four five six seven"
        let comparison = TextComparison(of: try ComparedSample.text(copy), with: shown)
        #expect(!comparison.isSame)
        #expect(ComparedSample.written(comparison).hasPrefix("differs: one {1|blah"))
        #expect(ComparedSample.written(comparison).hasSuffix("blah!} two three four five six seven"))
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
            return ComparedSample.written(TextComparison(of: try ComparedSample.text(""), with: text))
        }
        #expect(try shown([2, 5], 0) == "missing: [one] {1} {1} [four] {<=2} {<=2}")
        #expect(try shown([3, 6], 0) == "missing: {1} [two] {2}")
        #expect(try shown([4, 7], 0) == "missing: {2} [three] {1}")
        #expect(try shown([4, 8], 0) == "missing: {2} [three] {1}")
        #expect(try shown([4, 8], 1) == "missing: [five] {<=1}")
        #expect(try shown([1, 2, 3, 4, 5, 9], 0) == "missing: [one two three four]")
        #expect(try shown([1, 2, 3, 4, 5, 9], 1) == "missing: {1} [six]")
        #expect(try shown([0, 1], 0) == nil)
        func files(_ positions: [Int]) throws -> [Int] {
            try ExhibitOpening(
                exhibit.opening(seed: SealedSeed(SHA256.hash([])), showing: RangeSet(positions.map { $0..<($0 + 1) }))
            ).filesWithText
        }
        #expect(try files([2, 4, 8]) == [0, 1] && files([0, 9]) == [1] && files([0, 1, 6]) == [])
        #expect(try shown([2, 3, 4, 5], 1) == nil)
    }
}
