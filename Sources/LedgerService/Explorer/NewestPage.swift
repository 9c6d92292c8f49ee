// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// The entries in words, the newest first, some to a page.
///
///     /log?before=26        those below entry 26
struct NewestPage: Page {
    /// The number of entries on a page.
    static let count: UInt64 = 25

    private let items: [LogView.Item]
    private let size: TreeSize
    private let end: UInt64
    private let first: UInt64
    /// For each of them, where a signer's key is revoked.
    private let revocations: [[LeafIndex]]
    private let origin: [UInt8]

    init(_ view: LogView, _ query: PageQuery) async throws {
        size = view.head.size
        origin = view.reader.checkpoint.verified.origin.utf8
        end = min(try query.number("before") ?? size.value, size.value)
        first = end - min(end, Self.count)
        let items = try await view.items((first..<end).reversed().compactMap { LeafIndex($0) })
        self.items = items
        revocations = items.map { item in
            item.entry.filing.signers.flatMap { view.revocations(of: $0) }.map(\.index).filter { $0 != item.index }
        }
    }

    var section: PageSection? { .newest }

    func title(_ words: PageWords) -> String {
        end == size.value
            ? words("The newest entries", "最新条目")
            : words("Entries \(first) to \(end - min(end, 1))", "第 \(first) 至 \(end - min(end, 1)) 号")
    }

    func content(_ words: PageWords) -> HTML {
        HTML([
            Tag.p(.class("lead")) {
                words(
                    "Log “\(foreign: origin)”: \(EntryWords.count(Int(clamping: size.value), "entry", "entries")).",
                    "登记册“\(foreign: origin)”:共 \(size.value) 条。")
                " "
                words(
                    "An entry shows that a key signed a filing, and where it stands. What is registered is sealed: neither text nor names of documents are in the log.",
                    "条目说明某密钥签署了某登记单,及其所在位置。所登记的内容密封:文件的文字和名称均不在登记册内。")
            },
            list(words), pager(words),
        ])
    }

    private func list(_ words: PageWords) -> HTML {
        guard !items.isEmpty else { return Tag.p { words("There are no entries here.", "此处没有条目。") } }
        return Tag.ol(.class("entries"), .reversed, .start(end - 1)) {
            HTML(zip(items, revocations).map { EntryLine(item: $0, revocations: $1).html(words) })
        }
    }

    private func pager(_ words: PageWords) -> HTML {
        Tag.nav(.class("pager"), .aria("label", words("More entries", "更多条目"))) {
            Tag.ul {
                if end < size.value {
                    let newer = min(end + Self.count, size.value)
                    Tag.li {
                        Tag.a(.href(words.addresses.entries(below: newer == size.value ? nil : newer)), .rel("prev")) {
                            words("← newer", "← 较新")
                        }
                    }
                }
                if first > 0 {
                    Tag.li(.class("onward")) {
                        Tag.a(.href(words.addresses.entries(below: first)), .rel("next")) {
                            words("older →", "较早 →")
                        }
                    }
                }
            }
        }
    }
}
