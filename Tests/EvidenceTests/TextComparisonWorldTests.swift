// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Testing
import TransparencyLog

/// Comparisons of all small texts, of changes at random, and of texts made to take long.
@Suite struct TextComparisonWorldTests {
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
                let comparison = TextComparison(
                    of: try ComparedSample.text(circulating), with: try ComparedSample.text(shown, parts))
                let (first, second) = ComparedSample.rebuilt(comparison)
                #expect(
                    first == ComparedSample.words(Array(shown.utf8))
                        && second == ComparedSample.words(Array(circulating.utf8)))
                let found = comparison.paragraphs.flatMap(\.pieces).count {
                    if case .withheld = $0 { true } else { false }
                }
                #expect(found == parts.count)
                // A copy of the same lines is the same; none that differs is.
                let unchanged = TextComparison(
                    of: try ComparedSample.text(shown), with: try ComparedSample.text(shown, parts))
                #expect(unchanged.isSame && unchanged.sameWordCount == unchanged.shown.wordCount)
                #expect(!parts.isEmpty || comparison.isSame == (first == second))
            }
        }
    }

    // MARK: - All small worlds

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
            let shownText = try ComparedSample.text(shown)
            for copy in texts {
                let comparison = TextComparison(of: try ComparedSample.text(copy), with: shownText)
                let (first, second) = ComparedSample.rebuilt(comparison)
                #expect(
                    first == ComparedSample.words(Array(shown.utf8))
                        && second == ComparedSample.words(Array(copy.utf8)), "\(shown) \(copy)"
                )
                #expect(comparison.isSame == (first == second), "\(shown) \(copy)")
            }
        }
    }

    /// What is extra in the copy is moved as far as its beginning, and no further: in front of its first word there is
    /// none, for which a word that is missing must not pass.
    @Test func whatIsExtraIsNotMovedInFrontOfTheCopy() throws {
        for (shown, copy) in [("x a b", "a a b a b q"), ("x a b", "a a b q a b q"), (". a b", "a a b a b")] {
            let (first, second) = ComparedSample.rebuilt(
                TextComparison(of: try ComparedSample.text(copy), with: try ComparedSample.text(shown)))
            #expect(first == ComparedSample.words(Array(shown.utf8)))
            #expect(second == ComparedSample.words(Array(copy.utf8)))
        }
    }

    @Test func everyPairWithWithheldPartsIsRebuilt() throws {
        let marked = Self.texts(of: ["中", "国", "\n", "{1}"], upTo: 4).filter { $0.contains("{1}") }
        let copies = Self.texts(of: ["中", "国", "人"], upTo: 4)
        for shown in marked {
            let shownText = try ComparedSample.redacted(shown)
            let pieces = shown.replacingOccurrences(of: "\n", with: "").components(separatedBy: "{1}")
            for copy in copies {
                let comparison = TextComparison(of: try ComparedSample.text(copy), with: shownText)
                let (first, second) = ComparedSample.rebuilt(comparison)
                #expect(first == ComparedSample.words(shownText.text) && second == copy, "\(shown) \(copy)")
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
            for shownText in [
                try ComparedSample.text(shown),
                try ComparedSample.text(shown, gaps.filter { $0.position <= shown.utf8.count }),
            ] {
                for copy in texts {
                    let comparison = TextComparison(of: try ComparedSample.text(copy), with: shownText)
                    let words = comparison.shown.wordCount + comparison.copy.wordCount
                    #expect(comparison.steps <= 512 * (words + 1))
                }
            }
        }
    }

    @Test func manyMarksOnOneLetterAreNoneOfOneWord() throws {
        let marks = String(repeating: "\u{301}\u{323}", count: 50_000)
        let comparison = TextComparison(
            of: try ComparedSample.text("a" + marks), with: try ComparedSample.text("a" + marks + "\u{301}"))
        #expect(comparison.shown.wordCount > 1_000)
        #expect(!comparison.isSame)
    }

    @Test func whatIsTooDifferentIsSaidToBe() throws {
        let shown = (0..<3_000).map { $0 % 3 == 0 ? "a" : $0 % 3 == 1 ? "b" : "c" }.joined(separator: " ")
        let copy = (0..<3_000).map { $0 % 7 < 3 ? "c" : $0 % 5 == 1 ? "b" : "a" }.joined(separator: " ")
        let comparison = TextComparison(
            of: try ComparedSample.text("x " + copy + " y"), with: try ComparedSample.text("w " + shown + " z"))
        #expect(comparison.count(.tooDifferent) == 1)
        #expect(ComparedSample.rebuilt(comparison).copy == ComparedSample.words(Array(("x " + copy + " y").utf8)))
    }

    /// What is too different is said of each paragraph by itself, and not of those around it.
    @Test func severalAreTooDifferent() throws {
        func words(_ letters: [String], _ factor: Int) -> String {
            (0..<2_000).map { letters[$0 % factor % letters.count] }.joined(separator: " ")
        }
        let middle = "the one line that is the same in both of these two texts"
        let shown = [
            "w " + words(["a", "b", "c"], 3) + " x", middle, "y " + words(["d", "e", "f"], 3) + " z", middle + "!",
        ]
        let copy = [words(["c", "b", "b", "a"], 7), middle, words(["f", "e", "e", "d"], 7), middle + "!"]
        let comparison = TextComparison(
            of: try ComparedSample.text(copy.joined(separator: "\n")),
            with: try ComparedSample.text(shown.joined(separator: "\n")))
        #expect(comparison.paragraphs.map(\.result) == [.tooDifferent, .same, .tooDifferent, .same])
        // What stands elsewhere word for word is missing, and not too different from what is in its place.
        let moved = TextComparison(
            of: try ComparedSample.text([copy[0], middle, shown[0]].joined(separator: "\n")),
            with: try ComparedSample.text(shown[..<2].joined(separator: "\n")))
        #expect(moved.paragraphs.map(\.result) == [.missing, .same] && moved.paragraphs[0].elsewhere != nil)
        // What is missing in front of it is missing.
        let less = TextComparison(
            of: try ComparedSample.text(([middle] + copy[2...]).joined(separator: "\n")),
            with: try ComparedSample.text((["not there at all"] + shown[1...]).joined(separator: "\n")))
        #expect(less.paragraphs.map(\.result) == [.missing, .same, .tooDifferent, .same])
    }

    /// What is too different may end just where the next paragraph begins, of which nothing is left but a word.
    @Test func oneBehindTheOtherIsTooDifferent() throws {
        let shown = (0..<300).map { "a\($0 % 3)" }.joined(separator: " ")
        let copy = (0..<300).map { "b\($0 % 5)" }.joined(separator: " ")
        let comparison = TextComparison(
            of: try ComparedSample.text("\(copy) x \(copy)"), with: try ComparedSample.text("\(shown)\nx \(shown)"))
        #expect(comparison.paragraphs.map(\.result) == [.tooDifferent, .tooDifferent])
    }

    /// A way of as many steps as are looked for, and of one more.
    @Test(arguments: [(1_023, 0), (1_024, 0), (1_025, 0), (1_024, 400), (1_025, 400)])
    func theLongestWay(distance: Int, extra: Int) throws {
        var state: UInt64 = 7
        let words = (0..<6_000).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 40 & 1 == 0 ? "a" : "b"
        }
        // Each with words that the other does not have, here and there: as many in all as the way is long.
        func with(_ count: Int, _ strange: String) -> [String] {
            words.enumerated().flatMap { number, word in
                number % 5 == 0 && number / 5 < count ? [strange, word] : [word]
            }
        }
        let (shown, copy) = (with(distance - extra, "c"), with(extra, "d"))
        let comparison = TextComparison(
            of: try ComparedSample.text(copy.joined(separator: " ")),
            with: try ComparedSample.text(shown.joined(separator: " ")))
        #expect((comparison.sameWordCount == words.count) == (distance <= 1_024))
    }

    /// A word that has its place is not looked at for a paragraph that is missing.
    @Test func whatHasItsPlaceIsNotElsewhere() throws {
        let lines = "one two three four five six seven eight nine ten"
        for (first, isElsewhere) in [("a", false), ("z", true)] {
            let comparison = TextComparison(
                of: try ComparedSample.text("a b c d e f\n" + lines),
                with: try ComparedSample.text([first, lines, "a b c d e f"].joined(separator: "\n")))
            #expect((comparison.paragraphs[2].elsewhere != nil) == isElsewhere)
        }
    }

    /// An item is at most 255 bytes, and letters take up at most three times as many where they are decomposed.
    @Test(arguments: [(765, true), (766, false)]) func asMuchAsCouldBeWithheld(count: Int, couldFit: Bool) throws {
        let shown = try ComparedSample.redacted("one two {1}three four")
        let word = String(repeating: "x", count: count)
        let comparison = TextComparison(of: try ComparedSample.text("one two \(word) three four"), with: shown)
        #expect(comparison.isSame == couldFit)
    }

    /// However much stands around it, a short text that is not there is missing, and not too different.
    @Test func aShortTextIsLookedForInALongCopy() throws {
        let page = (0..<4_000).map { $0 % 3 == 0 ? "a" : "b" }.joined(separator: " ")
        #expect(
            try ComparedSample.compare(page, with: "He came b at five today").hasPrefix(
                "missing: [He came b at five today]"))
        #expect(
            try ComparedSample.compare(page + "\nb He b came b", with: "b He b was b").contains(
                "differs: b He b [was] +came+ b"))
        #expect(try ComparedSample.compare(page, with: "He came").hasPrefix("missing: [He came]"))
    }

    @Test func refusesWhatIsNoText() throws {
        #expect(throws: ComparedText.Refusal.notUTF8) { try ComparedText([0xFF]) }
        #expect(throws: ComparedText.Refusal.tooLong) {
            try ComparedText([UInt8](repeating: 0x61, count: ComparedText.maximumByteCount + 1))
        }
        #expect(throws: ComparedText.Refusal.notUTF8) {
            try ComparedText([UInt8](repeating: 0xFF, count: ComparedText.maximumByteCount))
        }
        let end = ComparedText.Withheld(position: 6, count: 1)
        let most = try ComparedText(Array("a b c ".utf8), withheld: [end], maximumWordCount: 3)
        #expect(most.wordCount == 3)
        #expect(
            ComparedSample.written(TextComparison(of: try ComparedSample.text("a b c d"), with: most))
                == "same: a b c {1|d}")
        for text in ["a b c", "a b c d "] {
            #expect(throws: ComparedText.Refusal.tooLong) {
                try ComparedText(Array(text.utf8), withheld: [], maximumWordCount: 2)
            }
        }
    }
}
