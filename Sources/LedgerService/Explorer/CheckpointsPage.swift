// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// What the log has signed: the checkpoint that is served, those that were stamped, and those that entries quote; each
/// with the servers that cosigned it.
///
///     /log/checkpoints?from=20      the stamped ones from the twentieth newest on
struct CheckpointsPage: Page {
    /// The number of stamped checkpoints on a page.
    static let count = 20
    /// How many of the newest entries are looked through for what they quote.
    static let lookedThrough: UInt64 = 100

    private let current: CosignedCheckpoint
    private let policy: TrustPolicy
    private var stamped: [(size: TreeSize, checkpoint: PastCheckpoint<StampedCheckpoint>)] = []
    private var quoted: [(size: TreeSize, by: LeafIndex, checkpoint: PastCheckpoint<CosignedCheckpoint>)] = []
    private let first: Int
    private let total: Int
    private let isListBroken: Bool

    init(_ view: LogView, _ query: PageQuery) async throws {
        current = view.reader.checkpoint
        policy = view.policy
        var sizes: [TreeSize] = []
        switch try await view.stampedSizes() {
        case .kept(let listed): (sizes, isListBroken) = (listed, false)
        case .absent: isListBroken = false
        case .broken: isListBroken = true
        }
        total = sizes.count
        first = min(Int(clamping: try query.number("from") ?? 0), sizes.count)
        for size in sizes.reversed()[first...].prefix(Self.count) {
            stamped.append((size, try await view.stamped(at: size)))
        }
        var seen: Set<Quote> = []
        let end = view.head.size.value
        for place in (end - min(end, Self.lookedThrough)..<end).reversed() {
            guard let index = LeafIndex(place), let quote = try await view.item(index).entry.filing.after,
                seen.insert(quote).inserted
            else { continue }
            let kept = try await view.quoted(quote)
            if case .absent = kept { continue }
            quoted.append((quote.size, index, kept))
        }
    }

    var section: PageSection? { .checkpoints }

    func title(_ words: PageWords) -> String { words("Checkpoints", "检查点") }

    func content(_ words: PageWords) -> HTML {
        HTML([
            Tag.p(.class("lead")) {
                words(
                    "A checkpoint is what the log signs: how many entries it has, and one hash over all of them. Other servers that cosign it say that, as far as they saw, it only ever grew.",
                    "检查点由登记册签署:共有多少条,以及涵盖全部条目的一个散列值。其他服务器加以联署,称其所见登记册只增不改。")
            },
            words.section("current", words("Served now", "现行检查点")) {
                words.facts(CheckpointFacts(checkpoint: current, policy: policy).rows(words))
                Tag.p {
                    Tag.a(.href(words.addresses.file("/checkpoint"))) { words("as it is signed", "签署原文") }
                }
            },
            words.section("stamped", words("Stamped by time-stamp authorities", "时间戳机构所盖")) {
                stampedList(words)
                pager(words)
            },
            words.section("quoted", words("Quoted by the newest entries", "最新条目所引用")) {
                Tag.p(.class("quiet")) {
                    words(
                        "An entry that quotes a checkpoint was signed after its cosignatures. Those that the newest \(Self.lookedThrough) entries quote, as far as they are kept here:",
                        "引用检查点的条目,签署于其联署之后。最新 \(Self.lookedThrough) 条所引用、且存于此的检查点:")
                }
                quotedList(words)
            },
        ])
    }

    private func stampedList(_ words: PageWords) -> HTML {
        if isListBroken {
            return Tag.p(.class("warning")) { words("The list of them cannot be read.", "其清单无法读取。") }
        }
        guard !stamped.isEmpty else { return Tag.p { words("none", "无") } }
        return Tag.ul(.class("checkpoints")) {
            HTML(
                stamped.map { stamped in
                    item(stamped.size, words) {
                        if case .kept(let kept) = stamped.checkpoint {
                            words.facts(
                                [(words("time-stamp", "时间戳"), kept.lines(words))]
                                    + CheckpointFacts(checkpoint: kept.checkpoint, policy: policy).rows(words))
                        } else {
                            broken(words)
                        }
                    }
                })
        }
    }

    private func quotedList(_ words: PageWords) -> HTML {
        guard !quoted.isEmpty else { return Tag.p { words("none", "无") } }
        return Tag.ul(.class("checkpoints")) {
            HTML(
                quoted.map { quoted in
                    item(quoted.size, words) {
                        words.facts([(words("quoted by", "引用者"), [words.entry(quoted.by)])])
                        if case .kept(let kept) = quoted.checkpoint {
                            words.facts(CheckpointFacts(checkpoint: kept, policy: policy).rows(words))
                        } else {
                            broken(words)
                        }
                    }
                })
        }
    }

    private func item(_ size: TreeSize, _ words: PageWords, @HTML.Builder content: () -> HTML) -> HTML {
        let content = content()
        return Tag.li {
            Tag.h3 { words("Size \(size.value)", "\(size.value) 条") }
            content
        }
    }

    private func broken(_ words: PageWords) -> HTML {
        Tag.p(.class("warning")) {
            words(
                "What is kept for it cannot be read, or is no earlier state of this log. Audit the log.",
                "所存文件无法读取,或不是本登记册较早的状态。请审核登记册。")
        }
    }

    private func pager(_ words: PageWords) -> HTML {
        guard first > 0 || first + stamped.count < total else { return .none }
        func page(_ place: Int) -> PageAddress {
            words.addresses.page("/checkpoints", place > 0 ? [("from", String(place))] : [])
        }
        return Tag.nav(.class("pager"), .aria("label", words("More stamped checkpoints", "更多已盖时间戳的检查点"))) {
            Tag.ul {
                if first > 0 {
                    Tag.li {
                        Tag.a(.href(page(max(first - Self.count, 0))), .rel("prev")) { words("← newer", "← 较新") }
                    }
                }
                if first + stamped.count < total {
                    Tag.li(.class("onward")) {
                        Tag.a(.href(page(first + stamped.count)), .rel("next")) { words("older →", "较早 →") }
                    }
                }
            }
        }
    }
}
