// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

extension ClaimsReport {
    /// The shown fields and text, set apart, every hidden part in its place.
    var shownLines: [String] {
        var lines: [String] = []
        for piece in proof.exhibit.map(ShownParts.init)?.pieces ?? [] {
            switch piece {
            case .field(let field):
                lines += field.lines(as: language == .english ? "field" : "附注")
            case .path(_, let path):
                lines.append("  \(language == .english ? "file name" : "文件名"): \(Shown.bytes(path.utf8))")
            case .text(let file, let stretches):
                let number = (proof.exhibit?.wholeTexts.contains(file) ?? false) ? "" : Self.partial(language)
                lines.append((language == .english ? "  shown text" : "  显示的文字") + number)
                var text = stretches.map { stretch in
                    switch stretch {
                    // No text can look as if something were hidden in it.
                    case .shown(let text):
                        Shown.lines(text).replacing("\u{27EA}", with: "\\u{27ea}").replacing(
                            "\u{27EB}", with: "\\u{27eb}")
                    case .withheld(let count):
                        language == .english ? "\u{27EA}\(count) withheld\u{27EB}" : "\u{27EA}未显示 \(count) 项\u{27EB}"
                    }
                }.joined()
                if text.hasSuffix("\n") { text.removeLast() }
                lines += text.split(separator: "\n", omittingEmptySubsequences: false).map { "    | " + $0 }
            }
        }
        for part in (proof.details?.parts ?? []).map(\.content) {
            if case .field(let field) = part {
                lines += field.lines(as: language == .english ? "detail" : "细节")
            }
        }
        return lines
    }

    /// Text that is shown without its file's hash is what the registrant sealed, and no more is known of it.
    private static func partial(_ language: Language) -> String {
        language == .english
            ? ", as whoever registered it sealed it (that it is the document's text shows only with the document's hash)"
            : "(登记者所密封;是否即文件原文,须连同文件散列值方可核对)"
    }
}
