// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// One entry: what it says, what others say of it, what it rests on, and its bytes.
///
///     /log/entry/12
struct EntryPage: Page {
    private let item: LogView.Item
    private let checkpoint: CosignedCheckpoint
    private let ground: EntryGround
    private let references: EntryReferences
    private let signers: EntrySigners

    init(_ view: LogView, _ number: String) async throws {
        guard let index = LeafIndex(parsing: Array(number.utf8)), view.head.size.contains(index) else {
            throw PageMissing.noEntry
        }
        item = try await view.item(index)
        checkpoint = view.reader.checkpoint
        ground = try await EntryGround(item, view)
        references = try await EntryReferences(item, view)
        signers = try await EntrySigners(item, view)
    }

    func title(_ words: PageWords) -> String {
        words("Entry \(item.index.value)", "第 \(item.index.value) 号")
    }

    func content(_ words: PageWords) -> HTML {
        HTML([
            Tag.p(.class("lead")) {
                Tag.span(.class("kind")) { EntryWords.action(item.entry.filing.action.word, words.language) }
                words("This entry ", "内容:")
                words.html(EntryWords(item.entry, language: words.language).says)
                words(".", "。")
            },
            words.facts(facts(words)), neighbours(words),
            references.content(words), signers.content(words), checked(words), bytes(words),
        ])
    }

    private func facts(_ words: PageWords) -> [(term: String, facts: [HTML])] {
        var rows: [(term: String, facts: [HTML])] = [
            (
                words("signed with", "签署密钥"), item.entry.filing.signers.map { words.key($0) }
            ),
            (
                words("log’s clock", "登记册时钟"),
                [
                    HTML([
                        words.time(item.entry.time.seconds),
                        Tag.span(.class("quiet")) { words(" (the log’s own claim)", "(登记册自称)") },
                    ])
                ]
            ),
        ]
        rows += ground.facts(words)
        rows += EntryContents(entry: item.entry).facts(words)
        rows.append((words("leaf hash", "叶散列值"), [words.code(item.entry.leafHash.base64)]))
        rows.append(
            (
                words("to keep", "可保存"),
                [
                    HTML([
                        Tag.a(.href(words.addresses.proof(of: item.index))) { words("its proof", "其登记凭证") },
                        HTML(words(", ", "、")),
                        Tag.a(.href(words.addresses.bytes(of: item.index))) { words("its bytes", "其原文") },
                    ])
                ]
            ))
        return rows
    }

    private func neighbours(_ words: PageWords) -> HTML {
        Tag.nav(.class("pager"), .aria("label", words("Neighbouring entries", "相邻条目"))) {
            Tag.ul {
                if item.index > 0, let before = LeafIndex(item.index.value - 1) {
                    Tag.li {
                        Tag.a(.href(words.addresses.entry(before)), .rel("prev")) {
                            words("← entry \(before.value)", "← 第 \(before.value) 号")
                        }
                    }
                }
                if let next = LeafIndex(item.index.value + 1), checkpoint.head.size.contains(next) {
                    Tag.li(.class("onward")) {
                        Tag.a(.href(words.addresses.entry(next)), .rel("next")) {
                            words("entry \(next.value) →", "第 \(next.value) 号 →")
                        }
                    }
                }
            }
        }
    }

    private func checked(_ words: PageWords) -> HTML {
        words.section("checked", words("What this server checked for this page", "本服务器为本页所作核对")) {
            Tag.ul {
                Tag.li {
                    words(
                        "The entry stands at \(item.index.value) of the tree of \(checkpoint.head.size.value) entries that the log has signed.",
                        "此条目在登记册所签 \(checkpoint.head.size.value) 条之树中位于第 \(item.index.value) 号。")
                }
                Tag.li {
                    signers.isVerified
                        ? words("Each of its signatures verifies under the key that it names.", "其每一签名均可用所列密钥验证。")
                        : words(
                            "NOT EVERY one of its signatures verifies under the key that it names. A log should not have entered it; audit the log.",
                            "其签名并非均可用所列密钥验证。登记册本不应收录;请审核登记册。")
                }
                Tag.li {
                    words(
                        "What refers to it was looked up as far as entry \(checkpoint.head.size.value - 1).",
                        "提及本条目的条目查至第 \(checkpoint.head.size.value - 1) 号。")
                }
            }
            Tag.p {
                words(
                    "You have this server’s word for it. The proof lets you check the first two without this server; only a replay of the whole log shows the third.",
                    "以上仅为本服务器所说。凭登记凭证可不经本服务器核对前两项;第三项只有重放整本登记册方可知晓。")
            }
        }
    }

    private func bytes(_ words: PageWords) -> HTML {
        Tag.details(.class("bytes")) {
            Tag.summary { words("The entry’s bytes, as they stand in the log", "条目原文(登记册所存)") }
            Tag.pre(.tabIndex(0), .role("region"), .aria("label", words("The entry’s bytes", "条目原文"))) {
                Tag.code { Tag.bdi { Shown.lines(item.entry.bytes) } }
            }
        }
    }
}
