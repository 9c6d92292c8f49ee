// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// Between which moments an entry was signed and logged, and under which charter.
struct EntryGround: Sendable {
    /// The checkpoint that the filing quotes, as the log keeps it.
    private enum Quoted: Sendable {
        case nothing
        case absent(Quote)
        case kept(Quote, CosignedCheckpoint)
    }

    private let charter: LeafIndex?
    private let quoted: Quoted
    private let checkpoint: CosignedCheckpoint
    private let hasQuorum: Bool
    private let stamped: StampedCheckpoint?
    /// Whether what the log keeps of time-stamps could not be read.
    private let isArchiveBroken: Bool

    init(_ item: LogView.Item, _ view: LogView) async throws {
        charter = try view.places(under: .charter).last { $0 < item.index }
        checkpoint = view.reader.checkpoint
        hasQuorum = view.policy.quorum != nil
        if let quote = item.entry.filing.after {
            quoted = try await Self.quoted(quote, view)
        } else {
            quoted = .nothing
        }
        var stamped: StampedCheckpoint?
        var isBroken = false
        do {
            stamped = try await StampedCheckpoint.earliest(covering: item.index, view)
        } catch is LedgerReadError {
            isBroken = true
        }
        (self.stamped, isArchiveBroken) = (stamped, isBroken)
    }

    private static func quoted(_ quote: Quote, _ view: LogView) async throws -> Quoted {
        guard let kept = try await view.reader.quoted(quote) else { return .absent(quote) }
        return .kept(quote, try view.policy.verify(kept.checkpoint))
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
        switch quoted {
        case .nothing: []
        case .absent(let quote):
            [
                words(
                    "not known: it quotes a checkpoint of size \(quote.size.value), which is not kept here",
                    "不详:所引检查点(\(quote.size.value) 条)未存于此")
            ]
        case .kept(let quote, let checkpoint):
            if let bound = checkpoint.lowerBound {
                [
                    HTML([
                        words.time(bound),
                        words(
                            " (it quotes the checkpoint of \(quote.size.value) entries, cosigned then by a quorum)",
                            "(引用了当时已由法定数目联署的 \(quote.size.value) 条之检查点)"),
                    ])
                ]
            } else {
                [
                    words(
                        "not known: the checkpoint of \(quote.size.value) entries that it quotes is not cosigned by a quorum",
                        "不详:所引 \(quote.size.value) 条之检查点未由法定数目联署")
                ]
            }
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
        if isArchiveBroken {
            return [HTML(words("what the log keeps of them cannot be read", "登记册所存时间戳无法读取"))]
        }
        return stamped?.lines(words) ?? []
    }
}
