// SPDX-License-Identifier: Apache-2.0

/// A circulating copy beside the text that a proof shows, paragraph by paragraph of that text.
///
///     1  same
///     2  differs: "two" is missing, "three" is extra
///        extra: "Share this page"
///     3  missing
///
/// What is compared is words in their order (`ComparedText`): not white space, not line breaks, and not how letters are
/// composed. A copy that has lost its line breaks compares as well as any. A withheld part matches nothing and
/// anything: what the copy has in its place is reported and not judged. The time it takes is bounded by the lengths of
/// the two.
public struct TextComparison: Sendable {
    /// One part of the result, in the order of both texts.
    public enum Part: Sendable, Hashable {
        /// A paragraph of the shown text.
        case paragraph(ComparedParagraph)
        /// Bytes of the copy that are between paragraphs, and in none of them.
        case extra(copy: Range<Int>)
    }

    /// The text that is shown.
    public let shown: ComparedText
    /// The copy.
    public let copy: ComparedText
    /// Every paragraph of the one, and every word of the other.
    public let parts: [Part]
    /// How many words the two have in common.
    public let sameWordCount: Int
    /// How many steps it took, for tests of the bound.
    package let steps: Int

    /// Compares a copy with a text.
    public init(of copy: ComparedText, with shown: ComparedText) {
        var vocabulary = ComparedVocabulary(of: shown)
        let copyWords = vocabulary.numbers(of: copy)
        let alignment = ComparisonAlignment(text: vocabulary.words, copy: copyWords, gaps: shown.gaps)
        let tidy = ComparisonTidying(
            alignment.places, text: vocabulary.words, copy: copyWords, shown: shown, circulating: copy)
        var assembly = ComparisonAssembly(
            shown: shown, copy: copy, places: tidy.places, givenUp: alignment.givenUp,
            search: ComparisonSearch(text: vocabulary.words, copy: copyWords))
        parts = assembly.parts()
        sameWordCount = tidy.places.count { $0 >= 0 }
        self.shown = shown
        self.copy = copy
        steps = alignment.steps + tidy.steps + assembly.steps
    }

    /// The paragraphs.
    public var paragraphs: [ComparedParagraph] {
        parts.compactMap { if case .paragraph(let paragraph) = $0 { paragraph } else { nil } }
    }

    /// How many paragraphs compare so.
    public func count(_ result: ComparedParagraph.Result) -> Int {
        paragraphs.count { $0.result == result }
    }

    /// The stretches of the copy that are in no paragraph.
    public var extras: [Range<Int>] {
        parts.compactMap { if case .extra(let range) = $0 { range } else { nil } }
    }

    /// Whether the copy has every word that is shown, in order, and no word but these and those beside withheld parts.
    public var isSame: Bool {
        parts.allSatisfy { part in
            guard case .paragraph(let paragraph) = part else { return false }
            return paragraph.result == .same || paragraph.result == .withheld
        }
    }
}
