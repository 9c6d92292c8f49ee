// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// What an entry says in its fields, one by one.
struct EntryContents {
    let entry: Entry

    func facts(_ words: PageWords) -> [(term: String, facts: [HTML])] {
        switch entry.filing.action {
        case .charter(let charter): Self.facts(charter, words)
        case .enrol(let enrolment):
            [
                (words("enrols", "接纳"), [words.key(enrolment.key)]),
                (words("revokers, by hash", "代撤销人(散列值)"), enrolment.revokers.map { words.code($0.base64) }),
            ]
        case .addRevoker(let addition):
            [(words("revoker, by hash", "代撤销人(散列值)"), [words.code(addition.revoker.base64)])]
        case .revoke(let revocation):
            [
                (words("revokes", "撤销"), [words.key(revocation.key)]),
                (
                    words("reason, as its signers say", "理由(签署者所称)"),
                    [HTML(EntryWords.reason(revocation.reason, words.language))]
                ),
                (
                    words("since, as its signers say", "始于(签署者所称)"),
                    revocation.since.map { [words.time($0.seconds)] } ?? []
                ),
            ]
        case .register(let registration):
            [
                (
                    words("sealed digest", "密封摘要"),
                    [HTML([words.code(registration.dossier.base64), Self.sealed(words)])]
                ),
                (
                    words("published SHA-256", "公开的 SHA-256"),
                    registration.published.map { hash in
                        Tag.a(.href(words.addresses.page("/search", [("q", hash.hex)]))) { words.code(hash.hex) }
                    }
                ),
            ]
        case .custody(let custody):
            [
                (words("event", "事项"), [HTML(EntryWords.event(custody.event, words.language))]),
                (words("sealed details", "密封细节"), custody.details.map { [words.code($0.base64)] } ?? []),
            ]
        case .close(let closing): [(words("note", "附注"), closing.note.map { [words.foreign($0.utf8)] } ?? [])]
        }
    }

    private static func sealed(_ words: PageWords) -> HTML {
        Tag.p(.class("quiet small")) {
            words(
                "It shows neither what was registered nor who vouched for it; whoever holds the private file can show either.",
                "由此看不出登记了什么、何人具名;持有私存件者可出示。")
        }
    }

    /// What a charter sets.
    static func facts(_ charter: Charter, _ words: PageWords) -> [(term: String, facts: [HTML])] {
        [
            (words("stewards", "管理人"), charter.stewards.map { words.key($0) }),
            (
                words("quorum", "法定人数"),
                [
                    HTML(
                        words(
                            "\(charter.threshold) of \(EntryWords.count(charter.stewards.count, "steward")) can change the charter, enrol, revoke and close",
                            "管理人 \(charter.stewards.count) 名中须 \(charter.threshold) 名,方可修改章程、接纳、撤销、关闭"))
                ]
            ),
            (
                words("sponsors", "推荐人"),
                [
                    HTML(
                        charter.sponsors == 0
                            ? words("none: members enrol nobody", "无:成员不能接纳他人")
                            : words(
                                "\(EntryWords.count(charter.sponsors, "member")) can enrol another without the stewards",
                                "成员 \(charter.sponsors) 名可不经管理人接纳他人"))
                ]
            ),
            (
                words("may register", "可登记者"),
                [
                    HTML(
                        charter.admission == .anyone
                            ? words("anyone, with any key", "任何人,任何密钥") : words("members", "成员"))
                ]
            ),
            (words("log keys", "登记册密钥"), charter.logKeys.map { words.key($0) }),
            (
                words("continues", "承接"),
                charter.continues.map { earlier in
                    [
                        words(
                            "the log “\(foreign: earlier.origin.utf8)” of \(earlier.head.size.value) entries, root \(earlier.head.root.base64)",
                            "登记册“\(foreign: earlier.origin.utf8)”,\(earlier.head.size.value) 条,根 \(earlier.head.root.base64)"
                        )
                    ]
                } ?? []
            ),
            (words("its note", "附注"), charter.note.map { [words.foreign($0.utf8)] } ?? []),
        ]
    }
}
