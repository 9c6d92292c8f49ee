// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// What comparisons came to when they were last looked at, hashed.
///
/// A comparison has no one right result: of two texts, several alignments may be as good as one another, and where a
/// search ends is a choice. But what one release reports, the next must report of the same two texts, unless a change
/// is meant. Where one is, look at what has changed, and put the new hashes here.
@Suite struct TextComparisonRecordTests {
    /// Numbers that come again.
    private struct Random {
        var state: UInt64

        mutating func below(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }

        mutating func words(_ count: Int, of vocabulary: Int) -> [String] {
            (0..<count).map { _ in "w\(below(vocabulary))" }
        }
    }

    /// The first eight digits of the hash over all that is said of some pairs.
    private struct Record {
        private var hasher = SHA256()

        mutating func compare(
            _ copy: String, with shown: String, _ withheld: [ComparedText.Withheld] = []
        ) throws {
            let comparison = TextComparison(
                of: try ComparedSample.text(copy), with: try ComparedSample.text(shown, withheld))
            let elsewhere = comparison.paragraphs.map { $0.elsewhere.map { "\($0)" } ?? "-" }.joined(separator: ",")
            let counts = "\(comparison.sameWordCount) \(comparison.isSame) \(comparison.steps)"
            hasher.update(Array("\(ComparedSample.written(comparison))\n\(elsewhere)\n\(counts)\n".utf8))
        }

        mutating func end() -> String { String(hasher.finish().hex.prefix(8)) }
    }

    /// Withheld parts before words, here and there.
    private func withheld(of text: String, one chance: Int, _ random: inout Random) -> [ComparedText.Withheld] {
        var parts: [ComparedText.Withheld] = []
        for (position, byte) in text.utf8.enumerated() where byte == 0x20 || byte == 0x0A {
            guard random.below(chance) == 0 else { continue }
            parts.append(ComparedText.Withheld(position: position + 1, count: 1 + random.below(2)))
            if random.below(4) == 0 { parts.append(ComparedText.Withheld(position: position + 1, count: 1)) }
        }
        return parts
    }

    /// Texts of so few words that what is missing or extra can be moved either way.
    @Test(arguments: [
        (2, 33, "3045aa04"), (2, 57, "80aa13e2"), (2, 81, "54a8c0f9"), (3, 10, "ad8548f4"),
    ])
    func alike(vocabulary: Int, seed: Int, expected: String) throws {
        var random = Random(state: UInt64(seed))
        var record = Record()
        for number in 0..<800 {
            let (shown, copy) = (
                text(of: vocabulary, upTo: 24, &random), text(of: vocabulary, upTo: 24, &random)
            )
            let parts = number % 2 == 0 ? withheld(of: shown, one: 4, &random) : []
            try record.compare(copy, with: shown, parts)
        }
        #expect(record.end() == expected)
    }

    private func text(of vocabulary: Int, upTo count: Int, _ random: inout Random) -> String {
        let marks = ["a", "b", ".", "中", "d"]
        return (0..<random.below(count)).map { _ in
            marks[random.below(vocabulary)] + [" ", " ", " ", "\n", "\n\n"][random.below(5)]
        }.joined()
    }

    /// Texts of a few words, of which there are few.
    @Test(arguments: [(2, "3c884508"), (3, "f1f2e6de"), (5, "38ce1186")]) func small(vocabulary: Int, expected: String)
        throws
    {
        var random = Random(state: UInt64(vocabulary))
        var record = Record()
        for number in 0..<800 {
            let (shown, copy) = (
                text(of: vocabulary, upTo: 12, &random), text(of: vocabulary, upTo: 12, &random)
            )
            let parts = number % 3 == 0 ? withheld(of: shown, one: 4, &random) : []
            try record.compare(copy, with: shown, parts)
        }
        #expect(record.end() == expected)
    }

    /// A conversation of which lines are left out, doubled, moved, joined and changed.
    @Test(arguments: [(1, "53230516"), (2, "8c81c7c2"), (3, "f27d9e28"), (4, "c708b724")]) func edited(
        seed: Int, expected: String
    ) throws {
        var random = Random(state: UInt64(seed))
        var record = Record()
        for number in 0..<90 {
            let vocabulary = [6, 20, 60, 200][random.below(4)]
            let lines = (0..<1 + random.below(14)).map { line in
                ([line % 2 == 0 ? "Q." : "A."] + random.words(1 + random.below(14), of: vocabulary)
                    + [[".", "?", "。", "…", ", and", ""][random.below(6)]]).joined(separator: " ")
            }
            var copy: [String] = []
            for line in lines {
                switch random.below(10) {
                case 0: break
                case 1: copy += [line, line]
                case 2: copy.insert(line, at: random.below(copy.count + 1))
                case 3: copy.append(line.split(separator: " ").dropFirst(random.below(4)).joined(separator: " "))
                case 4: copy.append(line.split(separator: " ").dropLast(random.below(4)).joined(separator: " "))
                case 5:
                    var words = line.split(separator: " ").map(String.init)
                    for _ in 0...random.below(3) { words[random.below(words.count)] = "x\(random.below(9))" }
                    copy.append(words.joined(separator: " "))
                case 6: copy.append(random.words(random.below(30), of: vocabulary).joined(separator: " "))
                default: copy.append(line)
                }
            }
            let shown = lines.joined(separator: "\n")
            let separator = ["\n", "\n", " ", "\n\n", "\u{2028}"][random.below(5)]
            let parts = number % 3 == 0 ? withheld(of: shown, one: 12, &random) : []
            try record.compare(copy.joined(separator: separator), with: shown, parts)
        }
        #expect(record.end() == expected)
    }

    /// Long texts, at the borders of what is looked for.
    @Test(arguments: [(2, "6db946d3"), (40, "f7518897"), (900, "31694623")]) func long(
        vocabulary: Int, expected: String
    ) throws {
        var random = Random(state: UInt64(vocabulary))
        var record = Record()
        for width in stride(from: 96, through: 144, by: 12) {
            for height in [width - 30, width + 64, width + 1_024, width + 1_025, 2_000] {
                let copy = random.words(height, of: vocabulary)
                var shown = random.words(width, of: vocabulary)
                if random.below(2) == 0 { shown[width / 3..<width / 2] = copy[height / 3..<height / 3 + 10] }
                let text = shown.joined(separator: " ")
                try record.compare(copy.joined(separator: " "), with: text)
                try record.compare(copy.joined(separator: " "), with: text, withheld(of: text, one: 40, &random))
            }
        }
        // A line of which as many words, or one fewer or more, have gone elsewhere, or stand there beside others.
        for count in [4, 5, 6, 7, 8, 63, 64, 65, 66] {
            let words = random.words(count, of: 1_000_000)
            let around = random.words(200, of: vocabulary)
            let lines = [around[..<80], words[...], around[80...]].map { $0.joined(separator: " ") }
            for order in [[0, 2, 1], [1, 0, 2], [1, 0, 1, 2, 1], [0, 2]] {
                try record.compare(order.map { lines[$0] }.joined(separator: "\n"), with: lines.joined(separator: "\n"))
            }
        }
        #expect(record.end() == expected)
    }

    /// Texts that have nothing in common, of as many words as are compared one by one, and of more: 128 steps are made
    /// for each word, and it takes (n + 1)(m + 1).
    @Test(arguments: [
        (252, 252, false, 73_833, 73_586), (253, 253, false, 74_379, 74_131), (253, 255, false, 74_927, 74_677),
        (254, 254, true, 74_927, 9_653), (254, 255, true, 75_075, 9_672), (255, 255, true, 75_222, 9_691),
    ])
    func strangers(width: Int, height: Int, isTooDifferent: Bool, steps: Int, withWithheld: Int) throws {
        let shown = (0..<width).map { "a\($0 % 3)" }.joined(separator: " ")
        let copy = (0..<height).map { "b\($0 % 5)" }.joined(separator: " ")
        for (parts, steps) in [([], steps), ([ComparedText.Withheld(position: 30, count: 1)], withWithheld)] {
            let comparison = TextComparison(
                of: try ComparedSample.text(copy), with: try ComparedSample.text(shown, parts))
            #expect(comparison.paragraphs.map(\.result) == [isTooDifferent ? .tooDifferent : .missing])
            #expect(comparison.steps == steps)
        }
    }

    /// Many paragraphs that begin alike are missing, and the copy has that beginning many times: it is not looked for
    /// any longer than 64 steps for each word.
    @Test func crowded() throws {
        var record = Record()
        let anchor = (0..<10).map { "x\($0)" }.joined(separator: " ")
        for count in 55...75 {
            for more in [1, 2, 5] {
                let rest = (0..<more).map { "v\($0)" }.joined(separator: " ")
                let shown = (0..<count).map { "s1 s2 s3 s4 s5 s6 u\($0)" } + ["s1 s2 s3 s4 s5 s6 " + rest]
                let copy = [String](repeating: "s1 s2 s3 s4 s5 s6 v", count: 60) + ["s1 s2 s3 s4 s5 s6 " + rest]
                try record.compare(
                    (copy + [anchor]).joined(separator: "\n"), with: ([anchor] + shown).joined(separator: "\n"))
            }
        }
        #expect(record.end() == "df2890a3")
    }

    // MARK: - What is moved, and what is there by chance

    /// What is missing is moved to the beginning of its paragraph over 64 words, and no more.
    @Test(arguments: [(64, true), (65, false)]) func reach(count: Int, isMoved: Bool) throws {
        func a(_ count: Int) -> String { [String](repeating: "a", count: count).joined(separator: " ") }
        #expect(
            try ComparedSample.compare("x \(a(count)) y", with: "x\n\(a(count + 1)) y")
                == "same: x\ndiffers: " + (isMoved ? "[a] \(a(count)) y" : "\(a(count)) [a] y"))
        #expect(
            try ComparedSample.compare("x\n\(a(count + 1)) y", with: "x\n\(a(count)) y").hasPrefix("same: x\ndiffers: ")
        )
    }

    /// Six words of a paragraph in a row are not there by chance.
    @Test(arguments: [(5, false), (6, true)]) func telling(count: Int, isFound: Bool) throws {
        let shown = (0..<30).map { "a\($0)" }
        let copy = (0..<10).map { "b\($0)" } + shown[12..<(12 + count)] + (10..<20).map { "b\($0)" }
        let comparison = TextComparison(
            of: try ComparedSample.text(copy.joined(separator: " ")),
            with: try ComparedSample.text(shown.joined(separator: " ")))
        #expect(comparison.paragraphs.map(\.result) == [isFound ? .differs : .missing])
    }

    // MARK: - Words

    /// Single code points, just below and at the end of the table that a short text has.
    @Test func codePointsAreNumbered() throws {
        for text in ["\u{7E} \u{7F} \u{80} \u{81}", "\u{3FFF0}\u{E0100} \u{F0000}"] {
            #expect(try ComparedSample.compare(text, with: text).hasPrefix("same: "))
            let long = String(repeating: text + " ", count: 400)
            #expect(try ComparedSample.compare(long, with: long).hasPrefix("same: "))
        }
    }

    /// Whether a paragraph has a withheld part.
    @Test func paragraphsArePartlyWithheld() throws {
        let comparison = TextComparison(
            of: try ComparedSample.text("one two"), with: try ComparedSample.redacted("one\ntwo {1}\n{2}"))
        #expect(comparison.paragraphs.map(\.isPartlyWithheld) == [false, true, true])
    }

    /// Which code points end a line, and which belong to the word before.
    @Test func newlinesAreThese() throws {
        for value in (0x20 as UInt32)...0x30FF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let comparison = TextComparison(
                of: try ComparedSample.text(""), with: try ComparedSample.text("a\(Character(scalar))b"))
            #expect((comparison.paragraphs.count == 2) == [0x85, 0x2028, 0x2029].contains(value), "\(value)")
        }
        for value in (0 as UInt8)...0x1F {
            let text = try ComparedText([0x61, value, 0x62])
            let comparison = TextComparison(of: try ComparedSample.text(""), with: text)
            #expect((comparison.paragraphs.count == 2) == (0x0A...0x0D).contains(value), "\(value)")
        }
    }

    @Test(arguments: [
        ("กข", 2), ("ກຂ", 2), ("ကခ", 2), ("កខ", 2), ("ぁあ", 2), ("ㄅㄆ", 2), ("ㇰㇱ", 2), ("ｦﾟ", 2), ("한국", 1), ("中国", 2),
        ("ab1", 1), ("a\u{E000}b", 3), ("、。", 2), ("〇〡", 2), ("a\u{3000}b", 2), ("\u{2FFF}a", 2), ("a\u{301}b", 1),
        ("\u{301}\u{301}", 1), ("。\u{301}\u{301}", 1), ("", 0), (" \n ", 0),
    ]) func wordsAreCounted(text: String, count: Int) throws {
        #expect(try ComparedSample.text(text).wordCount == count)
    }

    /// Up to 64 marks are of one word, and each beyond begins another.
    @Test func marksOnOneLetter() throws {
        for (count, words) in [(63, 1), (64, 1), (65, 2), (128, 2), (129, 2), (130, 3)] {
            let text = "a" + String(String.UnicodeScalarView(repeatElement("\u{301}", count: count)))
            #expect(try ComparedSample.text(text).wordCount == words, "\(count)")
        }
    }
}
