// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// The keys that the log knows: stewards and log keys of the charter in force, members, and keys revoked without having
/// been enrolled.
///
///     /log/keys?from=100      the members from the hundredth on
struct KeysPage: Page {
    /// The number of members on a page.
    static let count = 100

    /// A key within a table.
    struct Row: Sendable {
        let key: VerifierKey
        let enrolledAt: LeafIndex?
        let revokedAt: [LeafIndex]
    }

    private let stewards: [Row]
    private let logKeys: [Row]
    private let members: [Row]
    private let strangers: [Row]
    private let first: Int
    private let total: Int
    private let size: TreeSize

    init(_ view: LogView, _ query: PageQuery) throws {
        func row(_ key: VerifierKey) -> Row {
            Row(key: key, enrolledAt: view.member(key)?.enrolledAt, revokedAt: view.revocations(of: key).map(\.index))
        }
        size = view.head.size
        stewards = view.stewards.map(row)
        logKeys = view.logKeys.map(row)
        let all = view.members
        total = all.count
        first = min(Int(clamping: try query.number("from") ?? 0), all.count)
        members = all[first...].prefix(Self.count).map { row($0.key) }
        var seen: Set<[UInt8]> = Set(stewards.map(\.key.keyBytes))
        strangers = view.revocations.map(\.revocation.key).filter {
            view.member($0) == nil && seen.insert($0.keyBytes).inserted
        }.prefix(Self.count).map(row)
    }

    var section: PageSection? { .keys }

    func title(_ words: PageWords) -> String { words("Keys", "密钥") }

    func content(_ words: PageWords) -> HTML {
        HTML([
            Tag.p(.class("lead")) {
                words(
                    "Whose a key is, no log can show: a name is what the key’s holder calls themself. As of entry \(size.value - min(size.value, 1)).",
                    "密钥属于何人,任何登记册都不能说明:名称是持有者自称。截至第 \(size.value - min(size.value, 1)) 号。")
            },
            table("stewards", words("Stewards in force", "现任管理人"), stewards, words),
            table("members", words("Members", "成员"), members, words), pager(words),
            strangers.isEmpty
                ? .none
                : table("strangers", words("Revoked without having been enrolled", "未接纳而被撤销的密钥"), strangers, words),
            table("log-keys", words("Keys that sign checkpoints", "签署检查点的密钥"), logKeys, words),
        ])
    }

    private func table(_ id: String, _ heading: String, _ rows: [Row], _ words: PageWords) -> HTML {
        words.section(id, heading) {
            if rows.isEmpty {
                Tag.p { words("none", "无") }
            } else {
                Tag.table(.aria("labelledby", id)) {
                    Tag.thead {
                        Tag.tr {
                            Tag.th(.scope("col")) { words("key", "密钥") }
                            Tag.th(.scope("col")) { words("calls itself", "自称") }
                            Tag.th(.scope("col")) { words("enrolled", "接纳") }
                            Tag.th(.scope("col")) { words("revoked", "撤销") }
                        }
                    }
                    Tag.tbody { HTML(rows.map { self.row($0, words) }) }
                }
            }
        }
    }

    private func row(_ row: Row, _ words: PageWords) -> HTML {
        Tag.tr {
            Tag.th(.scope("row")) {
                Tag.a(.href(words.addresses.key(row.key))) { Tag.code { row.key.shortID } }
            }
            Tag.td(.data("label", words("calls itself", "自称"))) { words.foreign(row.key.name.utf8) }
            Tag.td(.data("label", words("enrolled", "接纳"))) {
                if let place = row.enrolledAt { words.entry(place) } else { "–" }
            }
            Tag.td(.data("label", words("revoked", "撤销"))) {
                if row.revokedAt.isEmpty {
                    "–"
                } else {
                    Tag.span(.class("warning")) {
                        words.html(.joined(row.revokedAt.map { "\(entry: $0)" }, separator: words(", ", "、")))
                    }
                }
            }
        }
    }

    private func pager(_ words: PageWords) -> HTML {
        guard first > 0 || first + members.count < total else { return .none }
        return Tag.nav(.class("pager"), .aria("label", words("More members", "更多成员"))) {
            Tag.ul {
                if first > 0 {
                    Tag.li {
                        Tag.a(.href(words.addresses.keys(from: max(first - Self.count, 0))), .rel("prev")) {
                            words("← earlier members", "← 较早接纳")
                        }
                    }
                }
                if first + members.count < total {
                    Tag.li(.class("onward")) {
                        Tag.a(.href(words.addresses.keys(from: first + members.count)), .rel("next")) {
                            words("later members →", "较晚接纳 →")
                        }
                    }
                }
            }
        }
    }
}
