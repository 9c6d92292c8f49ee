// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// What became of a registration, in words and as JSON.
struct Registered {
    enum State: String {
        case now = "logged"
        case before = "logged before"
        case pending = "not yet logged"
        case held = "logged and held back"
    }

    /// What the proof hides, by number.
    struct Hidden {
        let names: Int
        let fields: Int
        let words: Int
        let attestations: Int
        /// Whether the private file holds the documents too.
        let isCarried: Bool

        init(_ contents: PrivateContents) {
            let files = contents.exhibit?.files ?? []
            names = files.count
            fields = contents.exhibit?.fields.count ?? 0
            words = files.reduce(0) { $0 + ($1.lengths?.count ?? 0) }
            attestations = contents.dossier?.attestations.count ?? 0
            isCarried = files.contains { $0.isCarried }
        }
    }

    let place: RegisteredPlace
    let entry: LeafIndex?
    let state: State
    /// What anybody can read in the log.
    var filing: Filing?
    var hides: Hidden?
    var time: UInt64?
    /// The checkpoint of the proof, with those who have cosigned it.
    var cosigned: CosignedCheckpoint?
    /// Of what is held back: which servers have cosigned it, and which have not.
    var missing = ""

    func lines(in language: Language) -> [String] {
        let document = Shown.path(place.path)
        switch (language, state) {
        case (.english, .before):
            return ["\(document): registered before, as entry \(entryText); nothing was done"]
        case (.chinese, .before): return ["\(document):先前已登记为第 \(entryText) 号;未作任何改动"]
        case (.english, .pending):
            return [
                "\(document): NOT YET LOGGED; the log cannot be written to from here",
                "  \(Shown.path(place.filing))   holds no secret: anybody may carry or mail it to the log, and enter it with `indelible submit`",
                "  \(Shown.path(place.draft))    keep it: it is encrypted, and only with it can the proof be made",
                "  when the log can be reached, or has sent \(Shown.path(place.filingProof)), run the same command again",
            ]
        case (.chinese, .pending):
            return [
                "\(document):尚未入册;此处无法写入登记册",
                "  \(Shown.path(place.filing))   不含秘密,任何人都可代为递交(indelible submit)",
                "  \(Shown.path(place.draft))    请自行保存:已加密,缺它无法制作凭证",
                "  能连上登记册后,或收到 \(Shown.path(place.filingProof)) 后,再运行同一命令即可",
            ]
        case (.english, .held):
            return [
                "\(document): LOGGED, BUT NOT YET PUBLISHED: too few servers of the trust list have cosigned",
                "  \(missing)",
                "  no proof is made without them; nothing is lost: \(Shown.path(place.draft)) keeps what it takes",
                "  run the same command again later: it makes the proof once enough servers answer",
            ]
        case (.chinese, .held):
            return [
                "\(document):已入册,但尚未公布:信任清单中联署的服务器不足",
                "  \(missing)",
                "  未经联署不出具凭证;没有任何丢失:\(Shown.path(place.draft)) 保存着所需内容",
                "  稍后再运行同一命令;有足够的服务器应答后即出具凭证",
            ]
        case (.english, .now):
            let several = (hides?.names ?? 1) > 1
            return [
                "\(document): registered as entry \(entryText)",
                "  log's clock  \(moment(language)) (the log's own claim)",
            ] + bound(language) + [
                "  in the log   \(published(language)); nothing of the text, no file name",
                "  the proof    \(Shown.path(place.proof))",
                "               goes only to those who may have the document\(several ? "s" : ""): it shows \(several ? "the hash of each" : "the document's hash")",
                "               it hides \(hidden(language))",
                "  keep         \(Shown.path(place.private))",
                "               encrypted; only with it\(needsDocument ? " and the document\(several ? "s" : "")" : "") can what is hidden be shown later\(isCut ? ", or a word struck out" : ""). Nobody can restore it",
            ]
        case (.chinese, .now):
            return [
                "\(document):已登记为第 \(entryText) 号",
                "  登记册时钟  \(moment(language))(登记册自称)",
            ] + bound(language) + [
                "  册中内容    \(published(language));没有正文,没有文件名",
                "  登记凭证    \(Shown.path(place.proof))",
                "              只交给可以持有该材料的人:其中有该材料的散列值",
                "              未显示:\(hidden(language))",
                "  私存件      \(Shown.path(place.private))",
                "              已加密;只有凭它\(needsDocument ? "与原件" : ""),日后才能显示未显示的部分\(isCut ? "、遮去字词" : "")。丢失后无人能恢复",
            ]
        }
    }

    var json: JSON {
        var members = [
            JSON.Member("document", .text(Shown.path(place.path))), JSON.Member("state", .text(state.rawValue)),
        ]
        if let entry { members.append(JSON.Member("entry", .number(entry.value))) }
        if let time { members.append(JSON.Member("log_time", .text(Moment(seconds: time).rfc3339))) }
        if state == .pending || state == .held {
            members.append(JSON.Member("filing", .text(Shown.path(place.filing))))
            members.append(JSON.Member("draft", .text(Shown.path(place.draft))))
        } else {
            members.append(JSON.Member("proof", .text(Shown.path(place.proof))))
            members.append(JSON.Member("private", .text(Shown.path(place.private))))
        }
        return .object(members)
    }

    private var entryText: String { entry.map { "\($0)" } ?? "?" }

    private func moment(_ language: Language) -> String {
        time.map { Moment(seconds: $0).text(in: language) } ?? "?"
    }

    /// Before when it was in the log, by whose cosignatures.
    private func bound(_ language: Language) -> [String] {
        guard let cosigned, let before = cosigned.upperBound else { return [] }
        let names = cosigned.cosigners.map { Shown.bytes($0.witness.name.utf8) }
        let moment = Moment(seconds: before).text(in: language)
        switch language {
        case .english: return ["  before       \(moment) (cosigned by \(names.joined(separator: ", ")))"]
        case .chinese: return ["  入册不晚于  \(moment)(联署:\(names.joined(separator: "、")))"]
        }
    }

    private var needsDocument: Bool { hides?.isCarried != true }
    private var isCut: Bool { (hides?.words ?? 0) > 0 }

    /// What anybody who reads the log sees of it.
    private func published(_ language: Language) -> String {
        guard let filing, case .register(let registration) = filing.action else { return "-" }
        let name = filing.signers.map { Shown.bytes($0.name.utf8) }.joined(separator: ", ")
        let relations = registration.relations.map {
            language == .english
                ? "that it \($0.verb) entry \($0.entry.index)"
                : "称其\(EntryWords.verb($0.verb, language))第 \($0.entry.index) 号"
        }
        let hashes = registration.published.count
        switch language {
        case .english:
            let digests = hashes == 0 ? [] : [hashes == 1 ? "the document's SHA-256" : "the SHA-256 of each document"]
            return
                (["a sealed digest", "the time", "the registering key by its name \"\(name)\""] + digests + relations)
                .joined(separator: ", ")
        case .chinese:
            let digests = hashes == 0 ? [] : ["材料的 SHA-256"]
            return (["一个密封摘要", "时间", "登记密钥及其名称“\(name)”"] + digests + relations).joined(separator: "、")
        }
    }

    private func hidden(_ language: Language) -> String {
        guard let hides else { return "-" }
        var parts: [String] = []
        switch language {
        case .english:
            parts.append(hides.names == 1 ? "the file's name" : "the names of \(hides.names) files")
            if hides.words > 0 { parts.append(EntryWords.count(hides.words, "word") + " one by one") }
            if hides.fields > 0 { parts.append(EntryWords.count(hides.fields, "field")) }
            parts.append(
                hides.attestations == 0
                    ? "whether anybody vouched for it (nobody did)" : "who vouched for it (\(hides.attestations))")
            return parts.joined(separator: ", ")
        case .chinese:
            parts.append("\(hides.names) 个文件名")
            if hides.words > 0 { parts.append("\(hides.words) 个逐一密封的字词") }
            if hides.fields > 0 { parts.append("\(hides.fields) 个附注") }
            parts.append(hides.attestations == 0 ? "有无具名(现无)" : "\(hides.attestations) 份具名声明")
            return parts.joined(separator: "、")
        }
    }
}
