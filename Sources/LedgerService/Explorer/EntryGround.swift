// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// Between which moments an entry was signed and logged, and under which charter.
struct EntryGround: Sendable {
    private let charter: LeafIndex?
    private let quote: Quote?
    private let quoted: PastCheckpoint<CosignedCheckpoint>
    private let checkpoint: CosignedCheckpoint
    private let hasQuorum: Bool
    private let stamped: PastCheckpoint<StampedCheckpoint>

    init(_ item: LogView.Item, _ view: LogView) async throws {
        charter = try view.places(under: .charter).last { $0 < item.index }
        checkpoint = view.reader.checkpoint
        hasQuorum = view.policy.quorum != nil
        quote = item.entry.filing.after
        if let quote { quoted = try await view.quoted(quote) } else { quoted = .absent }
        stamped = try await view.stamped(covering: item.index)
    }

    func facts(_ words: PageWords) -> [(term: String, facts: [HTML])] {
        [
            (words("signed after", "签署不早于"), after(words)),
            (words("in the log before", "入册不晚于"), before(words)),
            (words("time-stamp", "时间戳"), timestamps(words)),
            (
                words("entered under", "所依章程"),
                charter.map { [words("the charter in \(entry: $0)", "\(entry: $0)的章程")] } ?? []
            ),
        ]
    }

    private func after(_ words: PageWords) -> [HTML] {
        guard let quote else { return [] }
        switch quoted {
        case .absent:
            return [
                words(
                    "not known: it quotes a checkpoint of size \(quote.size.value), which is not kept here" as Phrase,
                    "不详:所引检查点(\(quote.size.value) 条)未存于此")
            ]
        case .broken:
            return [
                words(
                    "not known: the checkpoint of size \(quote.size.value) that it quotes is no earlier state of this log. Audit the log."
                        as Phrase, "不详:所引检查点(\(quote.size.value) 条)不是本登记册较早的状态。请审核登记册。")
            ]
        case .kept(let checkpoint):
            guard let bound = checkpoint.lowerBound else {
                return [
                    words(
                        "not known: the checkpoint of \(quote.size.value) entries that it quotes is not cosigned by a quorum"
                            as Phrase, "不详:所引 \(quote.size.value) 条之检查点未由法定数目联署")
                ]
            }
            return [
                HTML([
                    words.time(bound),
                    words(
                        " (it quotes the checkpoint of \(quote.size.value) entries, cosigned then by a quorum)"
                            as Phrase,
                        "(引用了当时已由法定数目联署的 \(quote.size.value) 条之检查点)"),
                ])
            ]
        }
    }

    private func before(_ words: PageWords) -> [HTML] {
        guard let bound = checkpoint.upperBound else {
            return [
                HTML(
                    hasQuorum
                        ? words("not known: the checkpoint that is served lacks cosignatures", "不详:现行检查点的联署不足")
                        : words("not known: no servers that cosign are asked for", "不详:未要求联署服务器"))
            ]
        }
        return [
            HTML([
                words.time(bound),
                words(
                    " (cosigned by then under the checkpoint that is served now; a proof of an earlier day can say earlier)",
                    "(据现行检查点的联署;较早取得的登记凭证可说明更早)"),
            ])
        ]
    }

    private func timestamps(_ words: PageWords) -> [HTML] {
        switch stamped {
        case .absent: []
        case .broken:
            [
                HTML(
                    words(
                        "what the log keeps of them cannot be read, or is no earlier state of this log. Audit the log.",
                        "登记册所存时间戳无法读取,或不是其较早的状态。请审核登记册。"))
            ]
        case .kept(let stamped): stamped.lines(words)
        }
    }
}
