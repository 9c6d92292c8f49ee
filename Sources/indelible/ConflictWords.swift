// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Two checkpoints of one log that cannot both be, in words: what was seen, what is served, and where both are kept.
struct ConflictWords {
    let seen: SignedCheckpoint
    let now: SignedCheckpoint
    /// Where they are kept; nil where there were too many already.
    let paths: [FilePath]?
    /// The first size at which the two differ, where that is known.
    var firstDifference: TreeSize?
    let language: Language

    /// Says so, and gives what the command ends with.
    func said(asJSON: Bool) -> Ended {
        if asJSON {
            Console.data(json)
        } else {
            lines.forEach { Console.data($0) }
        }
        return Ended(code: .doesNotHold)
    }

    var lines: [String] {
        let english = language == .english
        let origin = Shown.bytes(seen.unverified.origin.utf8)
        var lines = [
            english
                ? "TWO HISTORIES of the log \"\(origin)\": it has signed both, and they cannot both be"
                : "登记册“\(origin)”有两种历史:两者皆有其签名,不能并存",
            (english ? "  seen          " : "  先前所见      ") + head(seen),
            (english ? "  served now    " : "  现所提供      ") + head(now),
        ]
        if let firstDifference {
            let entry = firstDifference.value - 1
            lines.append(
                english
                    ? "  they differ   from size \(firstDifference) on: entry \(entry) is another"
                    : "  始异之处      大小 \(firstDifference):第 \(entry) 号不同")
        }
        if let paths {
            for path in paths { lines.append((english ? "  kept          " : "  存证          ") + Shown.path(path)) }
        } else {
            lines.append(english ? "  NOT kept      there are too many already" : "  未存          已存过多")
        }
        lines.append(english ? "  This shows what was signed, not who did it." : "  此处只说明签署了什么,不说明何人所为。")
        return lines
    }

    private func head(_ checkpoint: SignedCheckpoint) -> String {
        let head = checkpoint.unverified.head
        return language == .english
            ? "\(EntryWords.count(Int(head.size.value), "entry", "entries")), root \(head.root.base64)"
            : "\(head.size) 条,根 \(head.root.base64)"
    }

    var json: JSON {
        .object([
            JSON.Member("conflict", .bool(true)),
            JSON.Member("origin", .text(seen.unverified.origin.utf8)),
            JSON.Member("seen", .text(seen.bytes)), JSON.Member("now", .text(now.bytes)),
            JSON.Member("first_differing_size", firstDifference.map { .number($0.value) } ?? .null),
            JSON.Member("kept", .array((paths ?? []).map { .text(Shown.path($0)) })),
        ])
    }
}
