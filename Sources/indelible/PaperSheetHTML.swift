// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import LedgerService
import TransparencyLog

/// A revoker's sheet as one HTML file, which loads nothing, runs nothing, and prints on one page in black and white.
extension PaperSheet {
    /// The file. Nil if the words could not be made a square code.
    func html() -> SecretText? {
        let code = codeText()
        guard let square = QRCode(code.bytes) else { return nil }
        let sheet = SecretText(capacity: 1 << 17)
        sheet.append(
            """
            <!doctype html>
            <html lang="\(languages[0].rawValue)">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" \
            content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
            <meta name="viewport" content="width=device-width">
            <title>\(Markup.escaped(title(languages[0])))</title>
            <style>\(Self.style)</style>
            </head>
            <body>

            """)
        sheet.append("<header>\(each { "<h1>\(Markup.escaped(title($0)))</h1>" })</header>\n")
        sheet.append("<section class=\"secret\">\n")
        appendWords(to: sheet)
        sheet.append("<div class=\"code\">")
        square.appendSVG(to: sheet)
        sheet.append("</div>\n</section>\n<main>\n")
        for language in languages {
            sheet.append("<article lang=\"\(language.rawValue)\">\n")
            for passage in passages(language) {
                sheet.append(
                    "<p><strong>\(Markup.escaped(passage.heading))\(language == .english ? "." : "。")</strong> \(Self.marked(passage.text))</p>\n"
                )
            }
            sheet.append("</article>\n")
        }
        sheet.append("</main>\n<p class=\"command\"><code>\(Markup.escaped(command))</code></p>\n<dl>\n")
        let facts = languages.map { self.facts($0) }
        for row in facts[0].indices {
            let heading = facts.map { $0[row].heading }.joined(separator: " · ")
            sheet.append(
                "<dt>\(Markup.escaped(heading))</dt><dd><code>\(Markup.escaped(facts[0][row].text))</code></dd>\n")
        }
        sheet.append("</dl>\n</body>\n</html>\n")
        return sheet
    }

    private func each(_ part: (Language) -> String) -> String {
        languages.map { "<div lang=\"\($0.rawValue)\">\(part($0))</div>" }.joined()
    }

    /// The words, four in a row, so that whoever copies the table has them in order.
    private func appendWords(to sheet: SecretText) {
        sheet.append("<table>\n")
        key.words.forEach { number, letters in
            if number % 4 == 1 { sheet.append("<tr>") }
            sheet.append("<td><i>\(number)</i> <b>")
            sheet.append(letters)
            sheet.append("</b></td>")
            if number % 4 == 0 || number == PaperWords.count { sheet.append("</tr>\n") }
        }
        sheet.append("</table>\n")
    }

    /// A text in which commands stand between backticks.
    private static func marked(_ text: String) -> String {
        Markup.escaped(text).split(separator: "`", omittingEmptySubsequences: false).enumerated()
            .map { $0 % 2 == 0 ? String($1) : "<code>\($1)</code>" }.joined()
    }

    private static let style = """
        @page{margin:12mm}
        body{color:#000;background:#fff;font:9pt/1.35 "Noto Sans","Noto Sans CJK SC","PingFang SC","Microsoft YaHei",\
        sans-serif;max-width:180mm;margin:0 auto;padding:2mm}
        header,main{display:flex;gap:6mm}
        header>div,article{flex:1}
        h1{font-size:12pt;margin:0 0 3mm}
        p{margin:0 0 1.6mm}
        .secret{display:flex;gap:6mm;align-items:center;border:.5mm solid #000;padding:3mm;margin:0 0 4mm;\
        break-inside:avoid}
        table{flex:1;border-collapse:collapse}
        td{padding:1.2mm 0;white-space:nowrap}
        td i{display:inline-block;width:6mm;text-align:right;font:8pt sans-serif;color:#000}
        td b{font:bold 13pt "DejaVu Sans Mono",Menlo,Consolas,monospace}
        .code svg{display:block;width:46mm;height:46mm}
        code{font:8.5pt "DejaVu Sans Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
        .command{border:.25mm solid #000;padding:1.5mm;margin:2mm 0}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.5mm 4mm;margin:0}
        dt{font-size:8.5pt}
        dd{margin:0}
        """
}
