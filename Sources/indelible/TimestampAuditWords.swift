// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// What is said of the time-stamps that a log keeps.
struct TimestampAuditWords {
    private let audited: AuditedTimestamps

    init(_ audited: AuditedTimestamps) {
        self.audited = audited
    }

    /// A row for each authority, one for those that were not judged, one for each that counts for nothing.
    func rows(_ language: Language) -> [(label: String, text: String)] {
        let english = language == .english
        var rows = audited.authorities.map { authority in
            (label: english ? "time-stamps" : "时间戳", text: text(authority, language))
        }
        if audited.notJudged > 0 {
            let names = audited.namesNotJudged.map { Shown.bytes($0) }
            let count = EntryWords.count(audited.notJudged, "time-stamp")
            rows.append(
                (
                    english ? "NOT judged" : "未核查",
                    english
                        ? "\(count) by \(names.map { "\"\($0)\"" }.joined(separator: ", ")): "
                            + TimestampWords.reason(.unknownAuthority, language)
                        : "\(audited.notJudged) 个时间戳(自称\(names.map { "“\($0)”" }.joined(separator: "、"))):"
                            + TimestampWords.reason(.unknownAuthority, language)
                ))
        }
        for refused in audited.refused {
            let name = refused.name.map { Shown.bytes($0) } ?? "?"
            let reason = TimestampWords.reason(refused.reason, language)
            rows.append(
                (
                    english ? "NOT valid" : "无效",
                    english
                        ? "time-stamp of size \(refused.size), calling itself \"\(name)\": \(reason)"
                        : "大小 \(refused.size) 的时间戳,自称“\(name)”:\(reason)"
                ))
        }
        return rows
    }

    private func text(_ authority: AuditedTimestamps.Authority, _ language: Language) -> String {
        let name = Shown.bytes(authority.name)
        func words(_ moment: AuditedTimestamps.Moment) -> String {
            let time = Moment(seconds: moment.bound).text(in: language)
            return language == .english
                ? "\(EntryWords.count(Int(moment.size.value), "entry", "entries")) by \(time)"
                : "\(time) 时 \(moment.size) 条"
        }
        let isOne = authority.earliest == authority.latest
        let range = isOne ? words(authority.latest) : "\(words(authority.earliest)) … \(words(authority.latest))"
        return language == .english
            ? "\(authority.count) by \(name): \(range)" : "\(name) \(authority.count) 个:\(range)"
    }

    /// For programs.
    var json: JSON {
        .object([
            JSON.Member("valid", .array(audited.authorities.map { Self.json($0) })),
            JSON.Member("not_judged", .number(UInt64(audited.notJudged))),
            JSON.Member(
                "not_valid",
                .array(
                    audited.refused.map {
                        .object([
                            JSON.Member("tree_size", .number($0.size.value)),
                            JSON.Member("reason", .text("\($0.reason)")),
                        ])
                    })),
        ])
    }

    private static func json(_ authority: AuditedTimestamps.Authority) -> JSON {
        .object([
            JSON.Member("by", .text(Shown.bytes(authority.name))),
            JSON.Member("count", .number(UInt64(authority.count))),
            JSON.Member("first_tree_size", .number(authority.earliest.size.value)),
            JSON.Member("first_logged_by", .text(Moment(seconds: authority.earliest.bound).rfc3339)),
            JSON.Member("last_tree_size", .number(authority.latest.size.value)),
            JSON.Member("last_logged_by", .text(Moment(seconds: authority.latest.bound).rfc3339)),
        ])
    }
}
