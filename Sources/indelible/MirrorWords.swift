// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// What an update of a mirror came to, in words and as JSON.
struct MirrorWords {
    let folder: FilePath
    let trust: Workplace.Trust
    let language: Language

    func lines(_ report: Mirror.Report) -> [String] {
        let english = language == .english
        let head = report.checkpoint.unverified.head
        let origin = Shown.bytes(report.checkpoint.unverified.origin.utf8)
        let new = head.size.value - min(report.before.value, head.size.value)
        let count = EntryWords.count(Int(head.size.value), "entry", "entries")
        var lines = [
            english
                ? "\(Shown.path(folder)): a verified copy of \(count) of the log \"\(origin)\", \(new) of them new"
                : "\(Shown.path(folder)):登记册“\(origin)”\(head.size) 条的核验副本,其中 \(new) 条为新",
            (english ? "  root          " : "  根            ") + head.root.base64,
        ]
        if let time = report.cosignedAt {
            let moment = Moment(seconds: time).text(in: language)
            lines.append(english ? "  cosigned      by this mirror, \(moment)" : "  联署          本镜像,\(moment)")
        }
        if let size = report.sourceIsAt {
            lines.append(
                english
                    ? "  behind        the source has \(size) entries only: it is an older copy, and nothing was taken from it"
                    : "  落后          来源仅有 \(size) 条,为较旧副本,未取用")
        }
        for missing in report.attachments.missing {
            lines.append(
                (english ? "  NOT copied    " : "  未复制        ")
                    + Shown.bytes("\(missing.path): \(missing.reason)".utf8))
        }
        return lines
    }

    func json(_ report: Mirror.Report) -> JSON {
        let checkpoint = report.checkpoint.unverified
        return .object([
            JSON.Member("origin", .text(checkpoint.origin.utf8)),
            JSON.Member("entries", .number(checkpoint.head.size.value)),
            JSON.Member("entries_before", .number(report.before.value)),
            JSON.Member("root", .text(checkpoint.head.root.base64)),
            JSON.Member("changed", .bool(report.isChanged)),
            JSON.Member("source_is_at", report.sourceIsAt.map { .number($0.value) } ?? .null),
            JSON.Member("cosigned_at", report.cosignedAt.map { .text(Moment(seconds: $0).rfc3339) } ?? .null),
            JSON.Member("attachments", .array(report.attachments.copied.map { .text($0) })),
            JSON.Member(
                "not_copied",
                .array(
                    report.attachments.missing.map {
                        .object([JSON.Member("path", .text($0.path)), JSON.Member("reason", .text($0.reason))])
                    })),
            JSON.Member("trust_list_sha256", .text(trust.policy.fingerprint.hex)),
        ])
    }
}
