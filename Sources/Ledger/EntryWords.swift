// SPDX-License-Identifier: Apache-2.0
package import Evidence
package import TransparencyLog

/// An entry in a reader's words. Names are the signers' own; nobody vouches for them here.
package struct EntryWords {
    package let entry: Entry
    package let language: Language

    package init(_ entry: Entry, language: Language) {
        self.entry = entry
        self.language = language
    }

    /// What the entry says, in one line.
    package var action: String { says.text(in: language) }

    /// Who signed, each key with what it calls itself.
    package var signers: String { signedBy.text(in: language) }

    /// Who signed, each key with what it calls itself.
    package var signedBy: Phrase {
        .joined(entry.filing.signers.map { "\(key: $0)" }, separator: language == .english ? ", " : "、")
    }

    /// What the entry says.
    package var says: Phrase {
        let english = language == .english
        switch entry.filing.action {
        case .charter(let charter):
            let who = charter.admission == .anyone ? (english ? "anyone" : "任何人") : (english ? "members" : "成员")
            let rules: Phrase =
                english
                ? "sets the charter: \(Self.count(charter.stewards.count, "steward")), quorum \(charter.threshold), sponsors \(charter.sponsors), \(who) may register"
                : "章程:管理人 \(charter.stewards.count) 名,须 \(charter.threshold) 名同意,推荐人 \(charter.sponsors) 名,\(who)可登记"
            return rules + signing(charter) + continuation(charter)
        case .enrol(let enrolment):
            let revokers = enrolment.revokers.count
            return english
                ? "enrols \(key: enrolment.key), with \(Self.count(revokers, "revoker"))"
                : "接纳 \(key: enrolment.key),代撤销人 \(revokers) 名"
        case .addRevoker: return english ? "names one more revoker of its signer's key" : "为签署密钥增加一名代撤销人"
        case .revoke(let revocation):
            let since = revocation.since.map { Moment(seconds: $0.seconds).text(in: language) }
            return english
                ? "says that \(key: revocation.key) is revoked: \(revocation.reason.word)\(since.map { ", by its account since \($0)" } ?? "")"
                : "称 \(key: revocation.key) 已撤销:\(Self.reason(revocation.reason, language))\(since.map { ",自称始于 \($0)" } ?? "")"
        case .register(let registration): return registering(registration)
        case .custody(let custody):
            return english
                ? "says of what \(entry: custody.entry.index) registers: \(custody.event.word)"
                : "就\(entry: custody.entry.index)的材料称:\(Self.event(custody.event, language))"
        case .close: return english ? "closes the log" : "登记册就此关闭"
        }
    }

    /// What the entry says about another, or about a key, where that is shown.
    package func says(_ bearing: Bearing) -> Phrase {
        let english = language == .english
        switch bearing {
        case .relation(let verb):
            return english
                ? "says that something \(verb.word) this" : "称有材料\(Self.verb(verb, language))本件"
        case .custody(let event): return "\(Self.ofIt(event, language))"
        case .charter, .enrolment, .revoker, .revocation: return says
        }
    }

    /// What a custody entry says of the entry that it is shown with.
    package static func ofIt(_ event: CustodyEvent, _ language: Language) -> String {
        language == .english ? "says of it: \(event)" : "就本件称:\(Self.event(event, language))"
    }

    private func registering(_ registration: Registration) -> Phrase {
        let english = language == .english
        let published = registration.published.count
        var parts: [Phrase] = [english ? "registers documents under seal" : "密封登记文件"]
        if published > 0 {
            parts.append(
                english
                    ? "publishes \(Self.count(published, "hash", "hashes"))" : "公开 \(published) 个散列值")
        }
        parts += registration.relations.map {
            english
                ? "says that it \($0.verb.word) \(entry: $0.entry.index)"
                : "称其\(Self.verb($0.verb, language))\(entry: $0.entry.index)"
        }
        return .joined(parts, separator: english ? "; " : ";")
    }

    /// That two keys sign the log's checkpoints; nothing where one does.
    private func signing(_ charter: Charter) -> Phrase {
        guard charter.logKeys.count > 1 else { return "" }
        return language == .english ? "; two keys sign the log" : ";由两把密钥签署本登记册"
    }

    /// Which log a first charter goes on from; nothing where it names none.
    private func continuation(_ charter: Charter) -> Phrase {
        guard let earlier = charter.continues else { return "" }
        let (size, root) = (earlier.head.size.value, earlier.head.root.base64)
        return language == .english
            ? "; continues the log \"\(foreign: earlier.origin.utf8)\" of \(size) entries, root \(root)"
            : ";承接登记册“\(foreign: earlier.origin.utf8)”,\(size) 条,根 \(root)"
    }

    /// A number with what is counted: "1 copy", "2 copies".
    package static func count(_ number: Int, _ one: String, _ several: String? = nil) -> String {
        "\(number) \(number == 1 ? one : several ?? one + "s")"
    }

    /// An entry by its index.
    package static func entry(_ index: LeafIndex, _ language: Language) -> String {
        language == .english ? "entry \(index)" : "第 \(index) 号"
    }

    /// A key with what it calls itself.
    package static func name(_ key: VerifierKey, _ language: Language) -> String {
        language == .english
            ? "key \(key.shortID) (calls itself \"\(Shown.bytes(key.name.utf8))\")"
            : "密钥 \(key.shortID)(自称“\(Shown.bytes(key.name.utf8))”)"
    }

    package func name(_ key: VerifierKey) -> String { Self.name(key, language) }
}

extension EntryWords {
    /// The word of an action, for counting entries by it.
    package static func action(_ word: String, _ language: Language) -> String {
        guard language == .chinese else { return word }
        return [
            "charter": "章程", "enrol": "接纳", "add-revoker": "增加代撤销人", "revoke": "撤销", "register": "登记", "custody": "保管",
            "close": "关闭",
        ][word] ?? word
    }

    package static func role(_ role: Role, _ language: Language) -> String {
        guard language == .chinese else { return role.word }
        return [
            "author": "作者", "interviewer": "询问人", "interviewee": "受访人", "interpreter": "口译", "translator": "译者",
            "transcriber": "誊录人", "recorder": "记录人", "signatory": "署名人", "eyewitness": "目击者", "counsel": "律师",
            "relative": "亲属", "expert": "专家", "custodian": "保管人", "observer": "见到者",
        ][role.word] ?? role.word
    }

    package static func verb(_ verb: RelationVerb, _ language: Language) -> String {
        guard language == .chinese else { return verb.word }
        return [
            "translates": "译自", "supersedes": "取代", "transcribes": "誊录自", "redacts": "遮盖自", "excerpts": "摘自",
            "attaches": "附于", "rebuts": "反驳", "corroborates": "佐证", "corrects": "更正", "contests": "质疑", "answers": "答复",
        ][verb.word] ?? verb.word
    }

    package static func event(_ event: CustodyEvent, _ language: Language) -> String {
        guard language == .chinese else { return event.word }
        return [
            "collected": "收集", "received": "收到", "handed-over": "移交", "copied": "复制", "opened": "启封", "sealed": "封存",
            "returned": "归还", "seized": "被扣押", "lost": "遗失", "destroyed": "销毁",
        ][event.word] ?? event.word
    }

    package static func reason(_ reason: RevocationReason, _ language: Language) -> String {
        guard language == .chinese else { return reason.word }
        return [
            "retired": "停用", "superseded": "已更换", "lost": "遗失", "compromised": "泄露", "coerced": "受胁迫",
            "detained": "被羁押",
        ][reason.word] ?? reason.word
    }
}

extension VerifierKey {
    /// The first eight digits of the key's 32 bytes, to tell keys apart at a glance.
    package var shortID: String { String(Hex.encode(keyBytes).prefix(8)) + "…" }
}
