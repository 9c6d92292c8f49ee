// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// What the log is by now: size and root, who cosigned that, its charter, its members, what is in it.
struct StatusPage: Page {
    private let view: LogView
    private let counted: EntryTally.Counted
    private let version: String
    private let inGoodStanding: Int
    private let revoked: Int
    private let newest: LogView.Item

    init(_ view: LogView, _ counted: EntryTally.Counted, _ version: String) async throws {
        self.view = view
        self.counted = counted
        self.version = version
        let members = view.members
        revoked = members.count { !view.revocations(of: $0.key).isEmpty }
        inGoodStanding = members.count - revoked
        newest = try await view.item(view.last)
    }

    private var closedAt: LeafIndex? { view.registry.closedAt.flatMap { view.head.size.contains($0) ? $0 : nil } }

    var section: PageSection? { .status }

    func title(_ words: PageWords) -> String { words("Status", "状况") }

    func content(_ words: PageWords) -> HTML {
        HTML([
            Tag.p(.class("lead")) {
                words(
                    "Log “\(foreign: view.registry.origin.utf8)”", "登记册“\(foreign: view.registry.origin.utf8)”")
                if let closed = closedAt {
                    words(", CLOSED by \(entry: closed): nothing is entered after it.", ",已由\(entry: closed)关闭:此后不再收录。")
                }
            },
            words.section("checkpoint", words("Checkpoint", "检查点")) {
                words.facts(
                    CheckpointFacts(checkpoint: view.reader.checkpoint, policy: view.policy).rows(words) + age(words))
            },
            words.section("charter", words("Charter in force", "现行章程")) {
                words.facts(charter(words))
            },
            words.section("members", words("Members", "成员")) {
                Tag.p {
                    words(
                        "\(inGoodStanding) in good standing, \(revoked) revoked",
                        "有效 \(inGoodStanding) 名,已撤销 \(revoked) 名")
                    " · "
                    Tag.a(.href(words.addresses.keys())) { words("all keys", "全部密钥") }
                }
            },
            kinds(words),
            words.section("software", words("Software", "软件")) {
                Tag.p { "Indelible \(version)" }
            },
        ])
    }

    private func age(_ words: PageWords) -> [(term: String, facts: [HTML])] {
        var rows: [(term: String, facts: [HTML])] = []
        if let bound = view.reader.checkpoint.upperBound {
            rows.append((words("it existed by", "其存在不晚于"), [aged(bound, words)]))
        }
        rows.append(
            (
                words("newest entry, by the log’s clock", "最新条目(登记册时钟)"),
                [HTML([aged(newest.entry.time.seconds, words), HTML(words(" (the log’s own claim)", "(登记册自称)"))])]
            ))
        rows.append((words("this server’s clock", "本服务器时钟"), [words.time(view.now)]))
        return rows
    }

    private func aged(_ moment: UInt64, _ words: PageWords) -> HTML {
        HTML([words.time(moment), words.html(MomentAge(of: moment, now: view.now).phrase(words.language))])
    }

    private func charter(_ words: PageWords) -> [(term: String, facts: [HTML])] {
        guard let inForce = view.rules else { return [] }
        return [(words("charter", "章程"), [words.entry(inForce.index)])]
            + EntryContents.facts(inForce.charter, words)
    }

    private func kinds(_ words: PageWords) -> HTML {
        words.section("kinds", words("Entries by kind", "各类条目")) {
            Tag.table(.aria("labelledby", "kinds"), .class("numbers")) {
                Tag.thead {
                    Tag.tr {
                        Tag.th(.scope("col")) { words("kind", "类别") }
                        Tag.th(.scope("col"), .class("number")) { words("entries", "条数") }
                    }
                }
                Tag.tbody {
                    HTML(
                        counted.kinds.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { kind in
                            Tag.tr {
                                Tag.th(.scope("row")) { EntryWords.action(kind.key, words.language) }
                                Tag.td(.class("number")) { String(kind.value) }
                            }
                        })
                }
            }
            if counted.size < view.head.size {
                Tag.p(.class("quiet")) {
                    words(
                        "Counted so far: the first \(counted.size.value) entries of \(view.head.size.value).",
                        "目前统计至前 \(counted.size.value) 条,共 \(view.head.size.value) 条。")
                }
            }
        }
    }
}
