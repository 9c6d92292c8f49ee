// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger

/// A stretch of one of two compared texts, as it is shown to a reader.
struct CompareStretch {
    enum Kind: Equatable {
        /// Both have it.
        case same
        /// This text has it and the other does not.
        case differs
        /// Something is withheld here.
        case withheld(ComparedText.Withheld)
        /// The copy has it where something is withheld.
        case beside(couldFit: Bool)
    }

    let kind: Kind
    /// Its words on one line, with all that could be obeyed written out.
    let text: String
    /// Whether there is white space behind it.
    let isFollowedBySpace: Bool

    init(_ kind: Kind, _ source: ComparedText, _ range: Range<Int>) {
        self.kind = kind
        text = Self.shown(source.text[range])
        let next = String(decoding: source.text[range.upperBound...].prefix(4), as: UTF8.self).unicodeScalars.first
        isFollowedBySpace = next?.properties.isWhitespace ?? false
    }

    private init(_ part: ComparedText.Withheld, isFollowedBySpace: Bool) {
        kind = .withheld(part)
        text = ""
        self.isFollowedBySpace = isFollowedBySpace
    }

    /// A paragraph as the proof shows it.
    static func shown(_ paragraph: ComparedParagraph, _ comparison: TextComparison) -> [CompareStretch] {
        paragraph.pieces.compactMap { piece in
            switch piece {
            case .same(let range, _): CompareStretch(.same, comparison.shown, range)
            case .missing(let range): CompareStretch(.differs, comparison.shown, range)
            case .extra: nil
            case .withheld(let part, _, _): CompareStretch(part, isFollowedBySpace: true)
            }
        }
    }

    /// What the copy has of a paragraph.
    static func copied(_ paragraph: ComparedParagraph, _ comparison: TextComparison) -> [CompareStretch] {
        paragraph.pieces.compactMap { piece in
            switch piece {
            case .same(_, let range): CompareStretch(.same, comparison.copy, range)
            case .missing: nil
            case .extra(let range): CompareStretch(.differs, comparison.copy, range)
            case .withheld(_, let range, let couldFit):
                range.map { CompareStretch(.beside(couldFit: couldFit), comparison.copy, $0) }
            }
        }
    }

    /// Folds white space, and writes out what could be obeyed, what is not seen, and the brackets of a report.
    static func shown(_ bytes: ArraySlice<UInt8>) -> String {
        var folded = String.UnicodeScalarView()
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if !scalar.properties.isWhitespace {
                folded.append(scalar)
            } else if folded.last != " " {
                folded.append(" ")
            }
        }
        var shown = ""
        for scalar in Shown.bytes(String(folded).utf8).unicodeScalars {
            if "⟦⟧⟪⟫".unicodeScalars.contains(scalar) || scalar.properties.isDefaultIgnorableCodePoint {
                shown += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }
}
