// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing

/// A copy beside a text, written down as a reader would: `[missing|extra]`, `{withheld|beside it}`, `+extra+`.
enum ComparedSample {
    /// A text with parts withheld at some places.
    static func text(_ text: String, _ withheld: [ComparedText.Withheld] = []) throws -> ComparedText {
        try ComparedText(Array(text.utf8), withheld: withheld)
    }

    /// What a comparison gives, written down.
    static func compare(_ copy: String, with shown: String, _ withheld: [ComparedText.Withheld] = []) throws -> String {
        Self.written(TextComparison(of: try text(copy), with: try text(shown, withheld)))
    }

    /// A text in which `{3}` stands for a withheld part of three items.
    static func redacted(_ marked: String) throws -> ComparedText {
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

    /// A comparison as a reader would write it down.
    static func written(_ comparison: TextComparison) -> String {
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

    /// A piece of text without its white space.
    static func words(_ piece: [UInt8]) -> String {
        String(decoding: piece, as: UTF8.self).filter { !$0.isWhitespace }
    }

    /// What the result holds of either text, put together again.
    static func rebuilt(_ comparison: TextComparison) -> (shown: String, copy: String) {
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
}
