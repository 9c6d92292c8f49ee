// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// What a verification says, in words: claims with their limits, never a verdict.
struct ClaimsReport {
    let proof: VerifiedProof
    let trust: Workplace.Trust
    let comparisons: [DocumentComparison]
    /// The folder that was given, where it was one: then its files are counted, and only those that differ are named.
    let folder: FilePath?
    /// What later entries of a ledger say, where one was looked at.
    let later: LaterEntries?
    /// The time-stamps that the proof carries.
    let timestamps: TimestampWords
    let language: Language

    /// Whether every document that was given is a registered one.
    var holds: Bool {
        !isContradictory && comparisons.allSatisfy(\.isSame) && missingFiles == 0 && surplusCopies == 0
    }

    /// Whether something was signed after the moment before which it is shown to have been logged.
    var isContradictory: Bool { proof.contradictsItself || proof.contradicts(timestamps.timestamps) }

    /// How many of the registered files a folder lacks.
    var missingFiles: Int { balance.values.reduce(0) { $0 + max($1, 0) } }

    /// How many copies of registered files a folder holds beyond those that were registered.
    var surplusCopies: Int { balance.values.reduce(0) { $0 + max(-$1, 0) } }

    /// For each content, how many more files have it in the entry than in the folder. Several files of a folder may
    /// be equal, and the proof hides which name is whose.
    private var balance: [Hash: Int] {
        guard folder != nil else { return [:] }
        var balance: [Hash: Int] = [:]
        var hashes: [Int: Hash] = [:]
        for part in proof.exhibit?.parts ?? [] {
            guard case .file(let file, let hash) = part.content else { continue }
            hashes[file] = hash
            balance[hash, default: 0] += 1
        }
        for comparison in comparisons {
            if case .same(let file) = comparison.result, let hash = hashes[file] { balance[hash, default: 0] -= 1 }
        }
        return balance
    }

    /// The report, line by line.
    var lines: [String] {
        var lines = folder.map { [summary(of: $0)] } ?? []
        lines += comparisons.filter { folder == nil || !$0.isSame }.map(verdict)
        if comparisons.isEmpty { lines.append(headline) }
        // Nothing is claimed of a document that is not the registered one.
        guard holds || comparisons.isEmpty || isContradictory else { return lines }
        let rows = rows
        let width = rows.map { Self.width($0.label) }.max() ?? 0
        for row in rows {
            lines.append("  " + row.label + String(repeating: " ", count: width - Self.width(row.label) + 2) + row.text)
        }
        return lines + shownLines
    }

    // MARK: - Documents

    private func verdict(_ comparison: DocumentComparison) -> String {
        let name = Shown.path(comparison.path)
        let index = proof.index
        switch (language, comparison.result) {
        case (.english, .same): return "\(name): THE SAME, byte for byte, as the document in entry \(index)"
        case (.chinese, .same): return "\(name):与第 \(index) 号登记的文件逐字节一致"
        case (.english, .sameText(_, let spellings)):
            let words = spellings.map { $0.words(language) }.joined(separator: ", and ")
            return "\(name): NOT THE SAME bytes as entry \(index); the same text, which differs only in \(words)"
        case (.chinese, .sameText(_, let spellings)):
            let words = spellings.map { $0.words(language) }.joined(separator: "、")
            return "\(name):与第 \(index) 号字节不一致:仅\(words)不同,文字相同"
        case (.english, .differs(let line)):
            let place = line.map { "first difference: line \($0)" } ?? "this proof does not show where they differ"
            return
                "\(name): NOT THE SAME as entry \(index); \(place). Which came first, or who changed it, is not shown."
        case (.chinese, .differs(let line)):
            let place = line.map { "首处不同:第 \($0) 行" } ?? "此凭证不显示何处不同"
            return "\(name):与第 \(index) 号不一致;\(place)。不说明孰先孰后、何人所改。"
        case (.english, .nothingToCompare):
            return "\(name): CANNOT BE COMPARED: this proof of entry \(index) shows no document"
        case (.chinese, .nothingToCompare): return "\(name):无法比对:第 \(index) 号的此凭证未显示任何文件"
        }
    }

    private func summary(of folder: FilePath) -> String {
        let name = Shown.path(folder)
        let same = comparisons.count(where: \.isSame)
        let all = comparisons.count
        switch language {
        case .english:
            var rest = missingFiles > 0 ? "; \(EntryWords.count(missingFiles, "registered file")) missing" : ""
            if surplusCopies > 0 {
                rest += "; \(EntryWords.count(surplusCopies, "copy", "copies")) more than registered"
            }
            return holds
                ? "\(name): \(all == 1 ? "ITS ONE FILE" : "ALL \(all) FILES") THE SAME, byte for byte, as registered in entry \(proof.index)"
                : "\(name): NOT THE SAME as entry \(proof.index): \(same) of \(all) files are the same\(rest)"
        case .chinese:
            var rest = missingFiles > 0 ? ";缺 \(missingFiles) 个已登记的文件" : ""
            if surplusCopies > 0 { rest += ";比登记时多 \(surplusCopies) 份副本" }
            return holds
                ? "\(name):\(all) 个文件均与第 \(proof.index) 号登记的文件逐字节一致"
                : "\(name):与第 \(proof.index) 号不一致:\(all) 个文件中 \(same) 个一致\(rest)"
        }
    }

    private var headline: String {
        switch language {
        case .english:
            "entry \(proof.index) of the log \"\(proof.checkpoint.verified.origin)\" holds: it is in the log, and signed"
        case .chinese: "登记册“\(proof.checkpoint.verified.origin)”第 \(proof.index) 号成立:在册,且签名无误"
        }
    }

    // MARK: - Rows

    private var rows: [(label: String, text: String)] {
        let english = language == .english
        var rows: [(label: String, text: String)] = []
        if comparisons.isEmpty { rows.append((english ? "this entry" : "内容", action)) }
        for relation in relations { rows.append((english ? "says that it" : "称本件", relation)) }
        for signer in proof.filing.filing.signers {
            rows.append((signedWith, key(signer)))
        }
        for vouching in proof.attestations { rows.append((english ? "vouched for by" : "具名", self.vouching(vouching))) }
        if let after = proof.signedAfter {
            let note = english ? " (quotes a checkpoint cosigned then)" : "(引用了当时已联署的检查点)"
            rows.append((english ? "signed after" : "签署不早于", moment(after) + note))
        }
        rows.append((english ? "in the log before" : "入册不晚于", before))
        rows += timestamps.rows(language)
        let clock = english ? " (the log's own claim)" : "(登记册自称)"
        rows.append((english ? "log's clock" : "登记册时钟", moment(proof.entry.time.seconds) + clock))
        if isContradictory {
            rows.append(
                (
                    english ? "CONTRADICTION" : "自相矛盾",
                    english ? "it was signed after the moment before which it was logged" : "签署时间晚于入册时间"
                ))
        }
        rows.append((english ? "not shown" : "未显示", withheld))
        for entry in laterRows { rows.append((english ? "later" : "后续", entry)) }
        rows.append(
            (
                english ? "NOT shown" : "不说明",
                english
                    ? "that the contents are accurate; who holds the keys; when it was written"
                    : "内容是否属实;密钥由谁掌握;文件写于何时"
            ))
        return rows
    }

    private var action: String {
        if case .register = proof.filing.filing.action {
            return language == .english ? "registers documents under seal" : "密封登记文件"
        }
        return EntryWords(proof.entry, language: language).action
    }

    private var signedWith: String {
        if case .register = proof.filing.filing.action {
            return language == .english ? "registered with" : "登记密钥"
        }
        return language == .english ? "signed with" : "签署密钥"
    }

    private var relations: [String] {
        guard case .register(let registration) = proof.filing.filing.action else { return [] }
        return registration.relations.map {
            language == .english
                ? "\($0.verb) entry \($0.entry.index)" : "\(EntryWords.verb($0.verb, language))第 \($0.entry.index) 号"
        }
    }

    private func key(_ key: VerifierKey) -> String {
        let enrolled = proof.related.first { related in
            if case .enrol(let enrolment) = related.entry.filing.action { enrolment.key == key } else { false }
        }
        let name = Shown.bytes(key.name.utf8)
        switch (language, enrolled) {
        case (.english, let enrolled?):
            return "key \(key.shortID) (calls itself \"\(name)\"; enrolled in entry \(enrolled.index))"
        case (.english, nil): return "key \(key.shortID) (calls itself \"\(name)\")"
        case (.chinese, let enrolled?): return "\(key.shortID)(自称“\(name)”,见第 \(enrolled.index) 号)"
        case (.chinese, nil): return "\(key.shortID)(自称“\(name)”)"
        }
    }

    private func vouching(_ vouching: VerifiedProof.Vouching) -> String {
        let attestation = vouching.attestation
        let name = Shown.bytes(attestation.text.name?.utf8 ?? attestation.signer.name.utf8)
        let after =
            vouching.signedAfter.map { (language == .english ? ", signed after " : ",签署不早于 ") + moment($0) } ?? ""
        return language == .english
            ? "key \(attestation.signer.shortID), calling itself \"\(name)\", as \(attestation.role); identity not checked\(after)"
            : "密钥 \(attestation.signer.shortID),自称“\(name)”,身份:\(EntryWords.role(attestation.role, language));持有人身份未核查\(after)"
    }

    private var before: String {
        let english = language == .english
        guard trust.policy.quorum != nil else {
            return english
                ? "not claimed: the trust list \"\(trust.name)\" (\(trust.shortFingerprint)) names no cosigning servers"
                : "无从说明:信任名单“\(trust.name)”(\(trust.shortFingerprint))未列联署服务器"
        }
        guard let bound = proof.loggedBefore else {
            return english ? "not claimed: the cosigning servers state no time" : "无从说明:联署服务器未注明时间"
        }
        let count = proof.checkpoint.cosigners.count
        let all = trust.policy.witnesses.count
        let names = proof.checkpoint.cosigners.map { Shown.bytes($0.witness.name.utf8) }.joined(separator: ", ")
        return english
            ? "\(moment(bound)) (\(count) of \(all) servers of trust list \"\(trust.name)\", \(trust.shortFingerprint): \(names))"
            : "\(moment(bound))(信任名单“\(trust.name)”\(trust.shortFingerprint) 的 \(all) 个服务器中 \(count) 个:\(names))"
    }

    private var withheld: String {
        let english = language == .english
        var parts: [String] = []
        if let exhibit = proof.exhibit {
            let isNameShown = exhibit.parts.contains { if case .path = $0.content { true } else { false } }
            let isOne = exhibit.parts.count { if case .file = $0.content { true } else { false } } < 2
            if !isNameShown { parts.append(english ? (isOne ? "file name" : "file names") : "文件名") }
            let words = ShownParts(exhibit).withheldInTexts
            if words > 0 {
                parts.append(
                    english
                        ? EntryWords.count(words, "word or ideograph", "words or ideographs") + " of the text"
                        : "正文中 \(words) 个词或字")
            }
            parts.append(
                english
                    ? "\(words > 0 ? "in all " : "")\(exhibit.withheldCount) of \(exhibit.opening.count) sealed items"
                    : "\(words > 0 ? "共计 " : "")\(exhibit.opening.count) 个密封项中的 \(exhibit.withheldCount) 个")
        } else if case .register = proof.filing.filing.action {
            parts.append(english ? "the documents" : "文件本身")
        }
        if let dossier = proof.dossier {
            parts.append(
                dossier.showsEverySlot
                    ? (english ? "no attestation is hidden" : "没有未显示的具名声明")
                    : (english ? "other attestations may exist" : "可能另有具名声明"))
        } else if case .register = proof.filing.filing.action {
            parts.append(english ? "who vouched" : "具名声明")
        }
        if let details = proof.details, details.withheldCount > 0 {
            parts.append(
                english ? EntryWords.count(details.withheldCount, "detail") : "\(details.withheldCount) 项细节")
        } else if proof.details == nil, case .custody(let custody) = proof.filing.filing.action, custody.details != nil
        {
            parts.append(english ? "the details" : "细节")
        }
        if parts.isEmpty { parts.append(english ? "nothing is withheld" : "没有隐藏内容") }
        return parts.joined(separator: english ? "; " : ";")
    }

    private var laterRows: [String] {
        let english = language == .english
        if let later { return later.lines(language) }
        let size = proof.checkpoint.head.size
        let carried = LaterEntries(in: proof)
        let tail =
            english
            ? "as of entry \(size.value - 1), from this proof alone: it may omit some; later entries were not looked at"
            : "截至第 \(size.value - 1) 号,仅凭此凭证:可能有遗漏;其后条目未查"
        if carried.entries.isEmpty {
            return [english ? "this proof shows no revocation or objection; \(tail)" : "此凭证未显示撤销或异议;\(tail)"]
        }
        return carried.lines(language, tail: tail)
    }

    private func moment(_ seconds: UInt64) -> String { Moment(seconds: seconds).text(in: language) }

    /// How many columns a text takes on a terminal: two for a wide character.
    private static func width(_ text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x1100 ? 2 : 1) }
    }
}
