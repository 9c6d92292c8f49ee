// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// What a comparison says, in words: what is the same, what is not, and what was not compared. Never which was first.
///
///     copy.txt: NOT THE SAME as the text shown of entry 2: of 3 paragraphs 1 is the same, 1 differs, 1 is missing. ...
///       paragraph 1   same
///       paragraph 2   differs
///         proof | At five, by ⟦two⟧ men.
///         copy  | At five, by ⟦three⟧ men.
///
/// Words that only one of the two has stand in double brackets, and what is withheld in double angles; such brackets in
/// either text are written out, as is whatever could be obeyed or is not seen.
struct CompareReport {
    let copy: CirculatingCopy
    let comparison: TextComparison
    let proof: VerifiedProof
    /// The number of the file whose text was compared, from 0.
    let file: Int
    let trust: Workplace.Trust
    let language: Language

    /// The longest stretch that is shown whole on a terminal, in characters.
    private static let longestShown = 240

    /// Whether the copy has all that is shown, and nothing more.
    var holds: Bool { comparison.isSame && !proof.contradictsItself }

    var isEnglish: Bool { language == .english }

    /// The report, line by line.
    var lines: [String] {
        let rows = rows
        let width = rows.map { Self.width($0.label) }.max() ?? 0
        return [headline]
            + rows.map { "  \($0.label)\(String(repeating: " ", count: width - Self.width($0.label) + 2))\($0.text)" }
            + partLines
    }

    // MARK: - The whole

    var headline: String {
        let name = Shown.path(copy.path)
        let (all, same) = (comparison.paragraphs.count, count(.same))
        let isPart = withheldParts > 0
        if comparison.isSame {
            return isEnglish
                ? "\(name): THE SAME WORDS as the text shown of entry \(proof.index)\(isPart ? ", as far as it is shown" : "")"
                : "\(name):与第 \(proof.index) 号所显示的文字一致\(isPart ? "(以所显示者为限)" : "")"
        }
        guard isEnglish else {
            var parts = ["\(all) 段中 \(same) 段一致\(isPart ? "(以所显示者为限)" : "")"]
            if count(.differs) > 0 { parts.append("\(count(.differs)) 段不同") }
            if count(.missing) > 0 { parts.append("缺 \(count(.missing)) 段") }
            if count(.tooDifferent) > 0 { parts.append("\(count(.tooDifferent)) 段相差过大,无法逐词对照") }
            if count(.withheld) > 0 { parts.append("\(count(.withheld)) 段未显示") }
            if !comparison.extras.isEmpty { parts.append("段落之外另有 \(comparison.extras.count) 处文字") }
            return "\(name):与第 \(proof.index) 号所显示的文字不一致:\(parts.joined(separator: ","))。\(limit)"
        }
        var parts = [
            "of \(EntryWords.count(all, "paragraph")) \(same) \(same == 1 ? "is" : "are") the same\(isPart ? " as far as shown" : "")"
        ]
        if count(.differs) > 0 { parts.append("\(count(.differs)) \(count(.differs) == 1 ? "differs" : "differ")") }
        if count(.missing) > 0 { parts.append("\(count(.missing)) \(count(.missing) == 1 ? "is" : "are") missing") }
        if count(.tooDifferent) > 0 { parts.append("\(count(.tooDifferent)) too different to align") }
        if count(.withheld) > 0 { parts.append("\(count(.withheld)) withheld") }
        if !comparison.extras.isEmpty {
            parts.append("words in \(EntryWords.count(comparison.extras.count, "place")) are in none of them")
        }
        return
            "\(name): NOT THE SAME as the text shown of entry \(proof.index): \(parts.joined(separator: ", ")). \(limit)"
    }

    /// What nobody learns from a comparison.
    var limit: String {
        isEnglish ? "Which came first, or who changed it, is not shown." : "不说明孰先孰后、何人所改。"
    }

    /// How many parts are withheld.
    var withheldParts: Int { comparison.shown.withheld.count }

    private func count(_ result: ComparedParagraph.Result) -> Int { comparison.count(result) }

    /// What was compared with what, and what was not.
    var rows: [(label: String, text: String)] {
        var rows: [(label: String, text: String)] = [
            (isEnglish ? "compared with" : "对照", shownText),
            (isEnglish ? "entry" : "登记", entry),
            (isEnglish ? "in the log before" : "入册不晚于", before),
            (isEnglish ? "copy read as" : "副本读作", copy.form(language)),
            (
                isEnglish ? "not compared" : "未比对",
                isEnglish
                    ? "white space, line breaks, and whether letters are composed (Unicode NFC)"
                    : "空白、换行及字母的组合形式(Unicode NFC)"
            ),
        ]
        if withheldParts > 0 {
            let items = comparison.shown.withheld.reduce(0) { $0 + $1.count }
            let atMost = comparison.shown.withheld.contains { !$0.isExact }
            rows.append(
                (
                    isEnglish ? "withheld" : "未显示",
                    isEnglish
                        ? "\(EntryWords.count(withheldParts, "part")) of\(atMost ? " at most" : "") \(EntryWords.count(items, "sealed item")); what the copy has in their place is not compared"
                        : "\(withheldParts) 处,\(atMost ? "至多" : "")共 \(items) 个密封项;副本在该处的文字不予比对"
                ))
        }
        rows.append(
            (
                isEnglish ? "not looked at" : "未查",
                isEnglish
                    ? "who registered and vouched for it, and later entries; `indelible verify --proof` tells"
                    : "登记者、具名声明及后续条目;请用 indelible verify --proof 查看"
            ))
        if proof.contradictsItself {
            rows.append(
                (
                    isEnglish ? "CONTRADICTION" : "自相矛盾",
                    isEnglish
                        ? "it was signed after the moment before which it was logged" : "签署时间晚于入册时间"
                ))
        }
        rows.append(
            (
                isEnglish ? "NOT shown" : "不说明",
                isEnglish
                    ? "that the contents are accurate; who holds the keys; when it was written"
                    : "内容是否属实;密钥由谁掌握;文件写于何时"
            ))
        return rows
    }

    private var shownText: String {
        let isWhole = proof.exhibit?.wholeTexts.contains(file) == true
        let name = proof.exhibit?.path(ofFile: file).map { Shown.bytes($0.utf8) }
        switch (language, isWhole) {
        case (.english, true):
            return "all of the text of \(name.map { "\"\($0)\"" } ?? "document \(file + 1), its name not shown")"
        case (.english, false):
            return
                "text that was sealed as \(name.map { "\"\($0)\"" } ?? "document \(file + 1), its name not shown"); that it is that file's text is not shown"
        case (.chinese, true): return "\(name.map { "“\($0)”" } ?? "材料 \(file + 1)(文件名未显示)")的全部文字"
        case (.chinese, false):
            return "作为\(name.map { "“\($0)”" } ?? "材料 \(file + 1)(文件名未显示)")密封的文字;是否即该文件的文字,未显示"
        }
    }

    private var entry: String {
        let origin = Shown.bytes(proof.checkpoint.verified.origin.utf8)
        return isEnglish
            ? "\(proof.index) of the log \"\(origin)\" (trust list \"\(trust.name)\", \(trust.shortFingerprint))"
            : "登记册“\(origin)”第 \(proof.index) 号(信任名单“\(trust.name)”,\(trust.shortFingerprint))"
    }

    private var before: String {
        guard trust.policy.quorum != nil, let bound = proof.loggedBefore else {
            return isEnglish ? "not claimed: no cosigning servers state a time" : "无从说明:没有联署服务器注明时间"
        }
        return Moment(seconds: bound).text(in: language)
    }

    // MARK: - The parts

    /// What a paragraph's result is called.
    func words(_ paragraph: ComparedParagraph) -> String {
        let isPart = paragraph.isPartlyWithheld
        switch (language, paragraph.result) {
        case (.english, .same): return isPart ? "same as far as it is shown" : "same"
        case (.english, .differs): return "DIFFERS"
        case (.english, .missing):
            return paragraph.elsewhere == nil ? "MISSING" : "MISSING HERE; the copy has it elsewhere"
        case (.english, .tooDifferent): return "TOO DIFFERENT TO ALIGN"
        case (.english, .withheld): return "withheld"
        case (.chinese, .same): return isPart ? "一致(以所显示者为限)" : "一致"
        case (.chinese, .differs): return "不同"
        case (.chinese, .missing): return paragraph.elsewhere == nil ? "缺" : "此处缺;副本另有一处与之相同"
        case (.chinese, .tooDifferent): return "相差过大,无法逐词对照"
        case (.chinese, .withheld): return "未显示"
        }
    }

    private var partLines: [String] {
        var lines: [String] = []
        var same: ClosedRange<Int>?
        func endSame() {
            guard let range = same else { return }
            let isOne = range.count == 1
            lines.append(
                isEnglish
                    ? "  \(isOne ? "paragraph \(range.lowerBound)" : "paragraphs \(range.lowerBound)-\(range.upperBound)"): same"
                    : "  第 \(isOne ? "\(range.lowerBound)" : "\(range.lowerBound)-\(range.upperBound)") 段:一致")
            same = nil
        }
        for part in comparison.parts {
            if case .paragraph(let paragraph) = part, paragraph.result == .same, !paragraph.isPartlyWithheld {
                same = (same?.lowerBound ?? paragraph.number)...paragraph.number
                continue
            }
            endSame()
            switch part {
            case .paragraph(let paragraph):
                lines.append(
                    isEnglish
                        ? "  paragraph \(paragraph.number): \(words(paragraph))"
                        : "  第 \(paragraph.number) 段:\(words(paragraph))")
                lines.append("    \(isEnglish ? "proof" : "凭证") | \(text(CompareStretch.shown(paragraph, comparison)))")
                let copied = CompareStretch.copied(paragraph, comparison)
                if !copied.isEmpty { lines.append("    \(isEnglish ? "copy " : "副本") | \(text(copied))") }
            case .extra(let range):
                lines.append(isEnglish ? "  in no paragraph" : "  不在任何段落之内")
                lines.append(
                    "    \(isEnglish ? "copy " : "副本") | \(text([CompareStretch(.differs, comparison.copy, range)]))")
            }
        }
        endSame()
        return lines
    }

    private func text(_ stretches: [CompareStretch]) -> String {
        var line = ""
        for (number, stretch) in stretches.enumerated() {
            let text = shortened(stretch.text)
            switch stretch.kind {
            case .same: line += text
            case .differs: line += "⟦\(text)⟧"
            case .withheld, .beside: line += "⟪\(words(stretch, text))⟫"
            }
            if stretch.isFollowedBySpace, number + 1 < stretches.count { line += " " }
        }
        return line
    }

    /// What stands in the place of a withheld part.
    func words(_ stretch: CompareStretch, _ text: String) -> String {
        switch (language, stretch.kind) {
        case (.english, .withheld(let part)): "\(part.isExact ? "" : "up to ")\(part.count) withheld"
        case (.chinese, .withheld(let part)): "未显示\(part.isExact ? "" : "至多") \(part.count) 项"
        case (.english, .beside(couldFit: true)): "beside a withheld part, not compared: \(text)"
        case (.chinese, .beside(couldFit: true)): "位于未显示处,未比对:\(text)"
        case (.english, .beside(couldFit: false)): "more than the withheld part can hold: \(text)"
        case (.chinese, .beside(couldFit: false)): "超出未显示处所能容纳:\(text)"
        case (_, .same), (_, .differs): text
        }
    }

    private func shortened(_ text: String) -> String {
        guard text.count > Self.longestShown else { return text }
        return "\(text.prefix(Self.longestShown / 2)) … \(text.suffix(Self.longestShown / 3))"
    }

    /// How many columns a text takes on a terminal: two for a wide character.
    private static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x1100 ? 2 : 1) }
    }
}
