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

    /// What is kept for a size that is listed as stamped.
    private enum Stamped: Sendable {
        case judged(TreeSize, StampedCheckpoint)
        case broken(TreeSize)
    }

    private let current: CosignedCheckpoint
    private let policy: TrustPolicy
    private var stamped: [Stamped] = []
    private var quoted: [(checkpoint: CosignedCheckpoint, by: LeafIndex)] = []
    private let first: Int
    private let total: Int
    private let isListBroken: Bool

    init(_ view: LogView, _ query: PageQuery) async throws {
        current = view.reader.checkpoint
        policy = view.policy
        var sizes: [TreeSize] = []
        var isBroken = false
        do {
            sizes = try await TimestampArchive(of: view.reader.source).sizes()
        } catch is LedgerReadError {
            isBroken = true
        }
        isListBroken = isBroken
        total = sizes.count
        first = min(Int(clamping: try query.number("from") ?? 0), sizes.count)
        for size in sizes.reversed()[first...].prefix(Self.count) {
            stamped.append(try await Self.stamped(at: size, view))
        }
        var seen: Set<Quote> = []
        let end = view.head.size.value
        for place in (end - min(end, Self.lookedThrough)..<end).reversed() {
            guard let index = LeafIndex(place), let quote = try await view.item(index).entry.filing.after,
                seen.insert(quote).inserted, let kept = try await view.reader.quoted(quote)
            else { continue }
            quoted.append((try view.policy.verify(kept.checkpoint), index))
        }
    }

    private static func stamped(at size: TreeSize, _ view: LogView) async throws -> Stamped {
        guard size <= view.head.size else { return .broken(size) }
        do {
            return .judged(size, try await StampedCheckpoint(of: size, view))
        } catch let error where error is LedgerReadError || error is CheckpointError || error is ProofError {
            return .broken(size)
        }
    }

    var section: PageSection? { .checkpoints }

    func title(_ words: PageWords) -> String { words("Checkpoints", "检查点") }

    func content(_ words: PageWords) -> HTML {
        HTML([
            Tag.p(.class("lead")) {
                words(
                    "A checkpoint is what the log signs: how many entries it has, and one hash over all of them. Other servers that cosign it have seen that it only ever grew.",
                    "检查点由登记册签署:共有多少条,以及涵盖全部条目的一个散列值。其他服务器加以联署,表明所见登记册只增不改。")
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
                    Tag.li {
                        switch stamped {
                        case .judged(let size, let stamped):
                            Tag.h3 { words("Size \(size.value)", "\(size.value) 条") }
                            words.facts(
                                [(words("time-stamp", "时间戳"), stamped.lines(words))]
                                    + CheckpointFacts(checkpoint: stamped.checkpoint, policy: policy).rows(words))
                        case .broken(let size):
                            Tag.h3 { words("Size \(size.value)", "\(size.value) 条") }
                            Tag.p(.class("warning")) {
                                words(
                                    "What is kept for it cannot be read, or is no earlier state of this log. Audit the log.",
                                    "所存文件无法读取,或不是本登记册较早的状态。请审核登记册。")
                            }
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
                    Tag.li {
                        Tag.h3 {
                            words("Size \(quoted.checkpoint.head.size.value)", "\(quoted.checkpoint.head.size.value) 条")
                        }
                        words.facts(
                            [(words("quoted by", "引用者"), [words.entry(quoted.by)])]
                                + CheckpointFacts(checkpoint: quoted.checkpoint, policy: policy).rows(words))
                    }
                })
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
                    Tag.li {
                        Tag.a(.href(page(first + stamped.count)), .rel("next")) { words("older →", "较早 →") }
                    }
                }
            }
        }
    }
}
