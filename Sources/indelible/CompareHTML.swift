// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import LedgerService

extension CompareReport {
    /// The comparison as a page of its own: one file that loads nothing and runs nothing, for a telephone and for
    /// paper.
    var html: String {
        let title = isEnglish ? "Comparison with entry \(proof.index)" : "与第 \(proof.index) 号的对照"
        var page = """
            <!doctype html>
            <html lang="\(language.rawValue)">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <title>\(title)</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <h1>\(title)</h1>
            <p class="claim">\(Markup.escaped(headline))</p>
            <dl>

            """
        for row in rows { page += "<dt>\(Markup.escaped(row.label))</dt><dd>\(Markup.escaped(row.text))</dd>\n" }
        page += "</dl>\n<p class=\"key\">\(key)</p>\n"
        for part in comparison.parts { page += section(part) }
        return page + "<p class=\"claim\">\(limit)</p>\n</body>\n</html>\n"
    }

    /// How the page marks what it shows.
    private var key: String {
        isEnglish
            ? "Words that only one of the two has are <b>boxed</b>; what stands where something is withheld is <i>in italics</i>, and was not compared."
            : "仅一方所有的文字加<b>方框</b>;位于未显示处的文字为<i>斜体</i>,未予比对。"
    }

    private func section(_ part: TextComparison.Part) -> String {
        switch part {
        case .extra(let range):
            let title = isEnglish ? "In no paragraph" : "不在任何段落之内"
            return "<section class=\"extra\"><h2>\(title)</h2>\n"
                + line(isEnglish ? "copy" : "副本", [CompareStretch(.differs, comparison.copy, range)]) + "</section>\n"
        case .paragraph(let paragraph):
            let title =
                isEnglish
                ? "Paragraph \(paragraph.number): \(words(paragraph))" : "第 \(paragraph.number) 段:\(words(paragraph))"
            let isSame = paragraph.result == .same
            var section = "<section class=\"\(isSame ? "same" : "other")\"><h2>\(title)</h2>\n"
            section += line(isEnglish ? "proof" : "凭证", CompareStretch.shown(paragraph, comparison))
            // Where all is shown and the same, once is enough.
            let copied = CompareStretch.copied(paragraph, comparison)
            if !copied.isEmpty, !isSame || paragraph.isPartlyWithheld {
                section += line(isEnglish ? "copy" : "副本", copied)
            }
            return section + "</section>\n"
        }
    }

    private func line(_ label: String, _ stretches: [CompareStretch]) -> String {
        let text = stretches.map { stretch in
            let text = "<bdi>\(Markup.escaped(words(stretch, stretch.text)))</bdi>"
            let marked =
                switch stretch.kind {
                case .same: text
                case .differs: "<b>\(text)</b>"
                case .withheld, .beside: "<i>[\(text)]</i>"
                }
            return marked + (stretch.isFollowedBySpace ? " " : "")
        }
        return "<p><span>\(label)</span> \(text.joined())</p>\n"
    }

    private static let style = """
        body{max-width:46rem;margin:0 auto;padding:1rem;font:1rem/1.6 serif;color:#000;background:#fff;\
        overflow-wrap:anywhere}
        h1{font-size:1.3rem}h2{font-size:1rem;margin:0}
        .claim{font-weight:bold}.key{font-size:.9rem}
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{font-weight:bold}dd{margin:0}
        section{border-left:.25rem solid #999;padding:0 0 0 .8rem;margin:1rem 0;break-inside:avoid}
        section.other,section.extra{border-left:.25rem double #000}section p{margin:.2rem 0}
        section span{font-size:.8rem;border-bottom:1px dotted #000;margin-right:.4rem}
        b{border:1px solid #000;padding:0 .15rem;background:#fd8;box-decoration-break:clone;\
        -webkit-box-decoration-break:clone}
        @media (max-width:30rem){dl{display:block}dd{margin:0 0 .5rem}}
        @media print{body{max-width:none;padding:0}b{background:none}}
        """
}
