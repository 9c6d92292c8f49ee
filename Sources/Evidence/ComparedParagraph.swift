// SPDX-License-Identifier: Apache-2.0

/// A paragraph of a shown text beside what a copy has in its place.
///
///     At five, by [two|three] men.        differs: "two" is missing, "three" is extra
///
/// Its pieces, in order, are all of the paragraph's words and all that the copy has among them. Which came first, and
/// who changed it, is not known to anybody who has only the two.
public struct ComparedParagraph: Sendable, Hashable {
    /// How a paragraph compares.
    public enum Result: Sendable, Hashable {
        /// Every word of it that is shown is there, in order, with none between them.
        case same
        /// Some of its words are missing, or there are words between them, or more than could be withheld there.
        case differs
        /// The copy does not have it where it could be.
        case missing
        /// What the copy has in its place was too different to be aligned with it within bounds.
        case tooDifferent
        /// Nothing of it is shown.
        case withheld
    }

    /// One stretch of a paragraph. Ranges are of bytes, from the first of a word to the last of a word.
    public enum Piece: Sendable, Hashable {
        /// The same words in both.
        case same(shown: Range<Int>, copy: Range<Int>)
        /// Words of the shown text that the copy does not have here.
        case missing(shown: Range<Int>)
        /// Words that the copy has here, and the shown text does not.
        case extra(copy: Range<Int>)
        /// A withheld part, and the copy's words beside it, if there are any: they are not compared. `couldFit` is
        /// false where these are more than the part could possibly hold.
        case withheld(ComparedText.Withheld, copy: Range<Int>?, couldFit: Bool)
    }

    /// Its number among the paragraphs of which something is shown or withheld, from 1.
    public let number: Int
    /// How it compares.
    public let result: Result
    /// All of it.
    public let pieces: [Piece]
    /// The bytes of the copy that have all of its words in their order, but not in its place, where it is missing
    /// there.
    public let elsewhere: Range<Int>?

    /// Whether a part of it is withheld.
    public var isPartlyWithheld: Bool {
        pieces.contains { if case .withheld = $0 { true } else { false } }
    }
}
