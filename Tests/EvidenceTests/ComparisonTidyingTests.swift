// SPDX-License-Identifier: Apache-2.0
import Testing

@testable import Evidence

/// What is moved in an alignment, and what stops it, whatever the alignment: some of these places no alignment of ours
/// gives, but what is withheld must not be passed in any.
@Suite struct ComparisonTidyingTests {
    /// The places of a text's words in a copy, tidied; `{1}` stands for a withheld part.
    private func tidied(_ places: [Int32], of shown: String, in copy: String) throws -> [Int32] {
        let (shown, copy) = (try ComparedSample.redacted(shown), try ComparedSample.text(copy))
        var vocabulary = ComparedVocabulary(of: shown)
        let copyWords = vocabulary.numbers(of: copy)
        return ComparisonTidying(places, text: vocabulary.words, copy: copyWords, shown: shown, circulating: copy)
            .places
    }

    /// `a b` or `b a` is missing: the second is a line, unless a part is withheld between the words that would move.
    @Test(arguments: [("x a\nb a\nb y", [0, 1, -1, -1, 2, 3]), ("x a\nb a\n{1}b y", [0, -1, -1, 1, 2, 3])])
    func whatIsMissingPassesNoWithheldPart(shown: String, expected: [Int32]) throws {
        #expect(try tidied([0, -1, -1, 1, 2, 3], of: shown, in: "x a b y") == expected)
    }

    /// It passes words that stand in a row in the copy, and no others.
    @Test(arguments: [
        ("x a b y", [0, -1, -1, 1, 2, 3], [0, 1, 2, -1, -1, 3]),
        ("x a q b y", [0, -1, -1, 1, 3, 4], [0, -1, -1, 1, 3, 4]),
    ])
    func whatIsMissingPassesARow(copy: String, places: [Int32], expected: [Int32]) throws {
        #expect(try tidied(places, of: "x a b\na b\ny", in: copy) == expected)
    }

    /// `q a` or `a q` is extra: the second stands between two lines, unless a part is withheld there.
    @Test(arguments: [("x\na b", [0, 3, 4]), ("x\n{1}a b", [0, 1, 4])])
    func whatIsExtraPassesNoWithheldPartToTheLeft(shown: String, expected: [Int32]) throws {
        #expect(try tidied([0, 1, 4], of: shown, in: "x a q a b") == expected)
    }

    @Test(arguments: [("x a\nb", [0, 1, 4]), ("x a\n{1}b", [0, 3, 4])])
    func whatIsExtraPassesNoWithheldPartToTheRight(shown: String, expected: [Int32]) throws {
        #expect(try tidied([0, 3, 4], of: shown, in: "x a q a b") == expected)
    }
}
