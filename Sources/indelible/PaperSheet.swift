// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// What stands on a revoker's sheet of paper, for somebody who may never have heard of any of this.
///
///     words         seventeen, numbered; and as a square code, in capitals with a space between
///     passages      what it is, what it can do, when, who may see it, how
///     facts         whose key, which log, the sheet's own vkey and its hash
///
/// The words and the code are the secret half of the sheet's key; all else could be shown to anybody.
struct PaperSheet {
    /// A heading with what is under it.
    typealias Passage = (heading: String, text: String)

    let key: PaperKey
    /// The key that is to be revoked, where it is known.
    let owner: VerifierKey?
    let log: Origin?
    let reason: RevocationReason
    /// The name of the file that holds the revocation, signed.
    let filing: String?
    let languages: [Language]
    /// Whether the square code is on it: not on a sheet of plain text.
    let hasCode: Bool

    /// The command that uses the sheet. It is the same in every language.
    var command: String {
        let revoked = owner.map { Shown.bytes($0.utf8) } ?? "VKEY"
        let log = log.map { " --log " + Shown.bytes($0.utf8) } ?? ""
        return "indelible key revoke \(revoked) --reason \(reason) --paper\(log)"
    }

    /// What a telephone reads from the square code.
    func codeText() -> SecretText {
        let text = SecretText(capacity: 256)
        key.words.forEach { number, letters in
            if number > 1 { text.append(" ") }
            text.append(letters.map { $0 & ~0x20 })
        }
        return text
    }

    func title(_ language: Language) -> String {
        language == .english ? "Sheet of a revoker: let nobody see it" : "代撤销人用纸:请妥善保管,勿示他人"
    }

    func facts(_ language: Language) -> [Passage] {
        let english = language == .english
        var facts: [Passage] = [
            (
                english ? "Whose key" : "谁的密钥",
                owner.map { Shown.bytes($0.utf8) } ?? String(repeating: "_", count: 40)
            )
        ]
        if let log { facts.append((english ? "In the log" : "登记册", Shown.bytes(log.utf8))) }
        facts.append((english ? "This sheet's key" : "本纸的密钥", "\(key.verifierKey)"))
        facts.append((english ? "Its hash in the log" : "其在册中的散列值", SHA256.hash(key.verifierKey.utf8).base64))
        return facts
    }

    func passages(_ language: Language) -> [Passage] {
        language == .english ? englishPassages : chinesePassages
    }

    private var englishPassages: [Passage] {
        var passages: [Passage] = [
            (
                "What this is",
                "A key on paper, for somebody whom the owner of the key named below trusts. With it you can say in a public log that the owner's key is revoked."
            ),
            (
                "What it can do",
                "Revoke that key, and nothing else. It vouches for nothing, opens no file and changes no entry. Entries made before stay as they are. A revocation cannot be taken back."
            ),
            (
                "When to use it",
                "When the owner is held, or others may have the key. It also works after somebody has revoked the key as \"retired\": the log then shows both, with who, when and why."
            ),
            (
                "Who may see it",
                "Nobody but you. Whoever reads, copies or photographs the words\(hasCode ? " or the square code" : "") can do what you can. Keep it away from the owner's home. The log does not name you; once it is used, the log shows the name \"\(Shown.bytes(key.verifierKey.name.utf8))\" and the time."
            ),
            (
                "How to use it",
                "On any computer that has the tool, type the command below and then the words when they are asked for. Capitals, numbers and spaces do not matter.\(hasCode ? " A telephone reads the same words from the square code." : "") If the answer is that it is not yet logged, anybody may carry the file that it leaves to the log."
            ),
        ]
        if let filing {
            passages.append(
                (
                    "Or without the words",
                    "Give the file \(filing) to anybody who can submit it: `indelible submit \(filing)`. It is this revocation, signed already, for the reason \"\(reason)\". Whoever has the file can enter it: keep it as safe as this sheet."
                ))
        }
        passages.append(
            ("Before it counts", "The owner must have named this sheet's key as a revoker of theirs."))
        return passages
    }

    private var chinesePassages: [Passage] {
        var passages: [Passage] = [
            ("这是什么", "写在纸上的一把密钥,交给下列密钥的持有人所信任的人。凭它可在公开的登记册中声明:持有人的密钥已撤销。"),
            ("能做什么", "只能撤销该密钥。不能代任何人作证,不能打开文件,不能改动条目。此前登记的条目保持原样。撤销不能收回。"),
            ("何时使用", "持有人被羁押,或密钥可能落入他人之手时。即使他人已先以“停用”为由撤销该密钥,仍可使用:登记册会一并显示两者由何密钥、于何时、以何理由作出。"),
            (
                "谁可以看",
                "只有您本人。看到、抄下或拍下这些词\(hasCode ? "或方块码" : "")的人,都能做您能做的事。请勿放在持有人家中。登记册中没有您的姓名;使用后,册中显示名称“\(Shown.bytes(key.verifierKey.name.utf8))”和时间。"
            ),
            (
                "如何使用",
                "在装有本工具的任何电脑上输入下列命令,再按提示输入这些词。大小写、编号、空格均无妨。\(hasCode ? "手机扫描方块码可得到相同的词。" : "")如果回答尚未入册,任何人都可把它留下的文件带到登记册递交。"
            ),
        ]
        if let filing {
            passages.append(
                (
                    "也可不用这些词",
                    "把文件 \(filing) 交给任何能递交的人:`indelible submit \(filing)`。其中是已签署的撤销,理由为“\(EntryWords.reason(reason, .chinese))”。持有该文件的人都能递交:请与本纸同样保管。"
                ))
        }
        passages.append(("生效条件", "须由持有人先将本纸的密钥指定为代撤销人。"))
        return passages
    }
}
