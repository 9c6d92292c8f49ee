// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

extension CompareReport {
    /// The comparison for programs.
    var json: JSON {
        func number(_ value: Int) -> JSON { .number(UInt64(value)) }
        let isWhole = proof.exhibit?.wholeTexts.contains(file) == true
        return .object([
            JSON.Member("holds", .bool(holds)),
            JSON.Member("copy", .text(Shown.path(copy.path))),
            JSON.Member("copy_encoding", .text(copy.encoding.name)),
            JSON.Member("copy_byte_order_mark", .bool(copy.hadMark)),
            JSON.Member("copy_is_web_page", .bool(copy.isWebPage)),
            JSON.Member("origin", .text(Shown.bytes(proof.checkpoint.verified.origin.utf8))),
            JSON.Member("entry", .number(proof.index.value)),
            JSON.Member("file", number(file + 1)),
            JSON.Member(
                "file_name", proof.exhibit?.path(ofFile: file).map { .text(Shown.bytes($0.utf8)) } ?? .null),
            JSON.Member("whole_text_of_file_shown", .bool(isWhole)),
            JSON.Member("logged_before", proof.loggedBefore.map { .text(Moment(seconds: $0).rfc3339) } ?? .null),
            JSON.Member("contradicts_itself", .bool(proof.contradictsItself)),
            JSON.Member("trust_list", .text(trust.name)),
            JSON.Member("trust_list_sha256", .text(trust.policy.fingerprint.hex)),
            JSON.Member("paragraphs", number(comparison.paragraphs.count)),
            JSON.Member("paragraphs_same", number(comparison.count(.same))),
            JSON.Member("paragraphs_different", number(comparison.count(.differs))),
            JSON.Member("paragraphs_missing", number(comparison.count(.missing))),
            JSON.Member("paragraphs_too_different_to_align", number(comparison.count(.tooDifferent))),
            JSON.Member("paragraphs_withheld", number(comparison.count(.withheld))),
            JSON.Member("places_in_no_paragraph", number(comparison.extras.count)),
            JSON.Member("withheld_parts", number(withheldParts)),
            JSON.Member("words_shown", number(comparison.shown.wordCount)),
            JSON.Member("words_of_copy", number(comparison.copy.wordCount)),
            JSON.Member("words_in_common", number(comparison.sameWordCount)),
            JSON.Member("parts", .array(comparison.parts.map(json))),
            JSON.Member(
                "not_compared", .array([.text("white space"), .text("line breaks"), .text("composition of letters")])),
            JSON.Member(
                "not_shown",
                .array([
                    .text("which came first"), .text("who changed it"), .text("that the contents are accurate"),
                    .text("who holds the keys"), .text("when it was written"),
                ])),
        ])
    }

    private func json(_ part: TextComparison.Part) -> JSON {
        switch part {
        case .extra(let range): return .object([JSON.Member("in_no_paragraph", copied(range))])
        case .paragraph(let paragraph):
            let result: JSON
            switch paragraph.result {
            case .same: result = .text("same")
            case .differs: result = .text("differs")
            case .missing: result = .text("missing")
            case .tooDifferent: result = .text("too different to align")
            case .withheld: result = .text("withheld")
            }
            var members = [
                JSON.Member("paragraph", .number(UInt64(paragraph.number))), JSON.Member("result", result),
            ]
            if let elsewhere = paragraph.elsewhere { members.append(JSON.Member("elsewhere", copied(elsewhere))) }
            if paragraph.result != .same || paragraph.isPartlyWithheld {
                members.append(JSON.Member("pieces", .array(paragraph.pieces.map(json))))
            }
            return .object(members)
        }
    }

    private func json(_ piece: ComparedParagraph.Piece) -> JSON {
        switch piece {
        case .same(let range, _): return .object([JSON.Member("same", shown(range))])
        case .missing(let range): return .object([JSON.Member("missing", shown(range))])
        case .extra(let range): return .object([JSON.Member("extra", copied(range))])
        case .withheld(let part, let range, let couldFit):
            var members = [
                JSON.Member("withheld_items", .number(UInt64(part.count))),
                JSON.Member("items_are_the_most_possible", .bool(!part.isExact)),
            ]
            if let range {
                members.append(JSON.Member("beside_not_compared", copied(range)))
                members.append(JSON.Member("could_fit", .bool(couldFit)))
            }
            return .object(members)
        }
    }

    private func shown(_ range: Range<Int>) -> JSON { .text(CompareStretch.shown(comparison.shown.text[range])) }
    private func copied(_ range: Range<Int>) -> JSON { .text(CompareStretch.shown(comparison.copy.text[range])) }
}
