// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// An alert in words, and as the JSON that is handed on.
///
///     {"format": "indelible-alert/v1", "id": "revoked-57", "kind": "revoked", "time": "2026-11-22T12:58:00Z",
///      "words": "...", "entry": 57, "log_time": ..., "signers": [vkey], "key": vkey, "reason": ..., "changes": [...],
///      "seen": note, "now": note, "kept": [path], "since": ..., "faults": [...]}
///
/// Members that do not apply are left out. Foreign text in it is escaped, and never part of a command.
struct AlertWords {
    let alert: MonitorAlert
    /// Where the two checkpoints are kept.
    let kept: [FilePath]
    /// When the alert was made.
    let time: UInt64
    let language: Language

    var lines: [String] {
        let english = language == .english
        let moment = Moment(seconds: time).text(in: language)
        var lines = ["\(moment)  " + headline]
        if let (index, entry) = alert.entry {
            let words = EntryWords(entry, language: language)
            let clock = Moment(seconds: entry.time.seconds).text(in: language)
            lines.append((english ? "  entry \(index)  " : "  第 \(index) 号  ") + words.action)
            lines.append((english ? "  signed with  " : "  签署密钥  ") + words.signers)
            lines.append(
                english ? "  log's clock  \(clock) (the log's own claim)" : "  登记册时钟  \(clock)(登记册自称)")
        }
        if let (seen, now) = alert.checkpoints {
            lines.append((english ? "  seen         " : "  先前所见  ") + Self.head(seen, language))
            lines.append((english ? "  served now   " : "  现所提供  ") + Self.head(now, language))
            for path in kept { lines.append((english ? "  kept         " : "  存证  ") + Shown.path(path)) }
        }
        if case .doesNotHold(let faults, _) = alert {
            for fault in faults { lines.append("  " + Shown.bytes("\(fault)".utf8)) }
        }
        return lines
    }

    private var headline: String { language == .english ? english : chinese }

    private var english: String {
        switch alert {
        case .signed(_, _, let keys): "A KEY YOU WATCH HAS SIGNED: " + Self.names(keys)
        case .enrolled(_, _, let key): "a key was enrolled: " + Self.names([key])
        case .revoked(_, _, let revocation): "A KEY WAS REVOKED: " + Self.names([revocation.key])
        case .revokerAdded: "a member named another revoker"
        case .charter(_, _, let changes):
            "THE CHARTER WAS CHANGED: "
                + (changes.isEmpty ? "in nothing" : changes.map(\.rawValue).joined(separator: ", "))
        case .closed: "THE LOG WAS CLOSED"
        case .backwards: "THE LOG HAS GONE BACKWARDS: it is smaller than it was seen"
        case .split: "TWO HISTORIES: the log has signed both, and they cannot both be"
        case .quorumLost(let head):
            "THE QUORUM IS LOST: too few servers have cosigned the checkpoint of \(head.size) entries"
        case .doesNotHold(_, let count): "THE LOG DOES NOT HOLD: \(EntryWords.count(count, "fault"))"
        case .stalled(let since):
            "THE LOG STALLS: no entry and no cosignature that is new since \(Moment(seconds: since).text(in: .english))"
        case .unreachable(let since, let reason):
            "UNREACHABLE since \(Moment(seconds: since).text(in: .english)): " + Shown.bytes(reason.utf8)
        case .recovered: "the log is read again, and holds"
        }
    }

    private var chinese: String {
        switch alert {
        case .signed(_, _, let keys): "所监看的密钥有新签署:" + Self.names(keys)
        case .enrolled(_, _, let key): "有密钥入册:" + Self.names([key])
        case .revoked(_, _, let revocation): "有密钥被撤销:" + Self.names([revocation.key])
        case .revokerAdded: "有成员新增代撤销人"
        case .charter(_, _, let changes): "章程已变更:" + changes.map(\.chinese).joined(separator: "、")
        case .closed: "登记册已关闭"
        case .backwards: "登记册倒退:现小于先前所见"
        case .split: "登记册有两种历史:两者皆有其签名,不能并存"
        case .quorumLost(let head): "联署不足:\(head.size) 条的检查点联署服务器过少"
        case .doesNotHold(_, let count): "登记册不成立:\(count) 处"
        case .stalled(let since): "登记册停滞:自 \(Moment(seconds: since).text(in: .chinese)) 起无新条目、无新联署"
        case .unreachable(let since, let reason):
            "自 \(Moment(seconds: since).text(in: .chinese)) 起无法读取:" + Shown.bytes(reason.utf8)
        case .recovered: "登记册恢复可读,且成立"
        }
    }

    /// Keys by the names they give themselves and their first digits.
    private static func names(_ keys: [VerifierKey]) -> String {
        keys.map { "\"\(Shown.bytes($0.name.utf8))\" (\($0.shortID))" }.joined(separator: ", ")
    }

    private static func head(_ checkpoint: SignedCheckpoint, _ language: Language) -> String {
        let head = checkpoint.unverified.head
        return language == .english
            ? "\(EntryWords.count(Int(head.size.value), "entry", "entries")), root \(head.root.base64)"
            : "\(head.size) 条,根 \(head.root.base64)"
    }

    var json: JSON {
        var members = [
            JSON.Member("format", .text("indelible-alert/v1")), JSON.Member("id", .text(alert.id)),
            JSON.Member("kind", .text(alert.kind)), JSON.Member("time", .text(Moment(seconds: time).rfc3339)),
            JSON.Member("words", .text(headline)),
        ]
        if let (index, entry) = alert.entry {
            members += [
                JSON.Member("log", .text(entry.filing.log.utf8)), JSON.Member("entry", .number(index.value)),
                JSON.Member("log_time", .text(Moment(seconds: entry.time.seconds).rfc3339)),
                JSON.Member("action", .text(entry.filing.action.word)),
                JSON.Member("signers", .array(entry.filing.signers.map { .text($0.utf8) })),
            ]
        }
        switch alert {
        case .signed(_, _, let keys): members.append(JSON.Member("keys", .array(keys.map { .text($0.utf8) })))
        case .enrolled(_, _, let key): members.append(JSON.Member("key", .text(key.utf8)))
        case .revoked(_, _, let revocation):
            members += [
                JSON.Member("key", .text(revocation.key.utf8)), JSON.Member("reason", .text("\(revocation.reason)")),
            ]
        case .charter(_, _, let changes):
            members.append(JSON.Member("changes", .array(changes.map { .text($0.rawValue) })))
        case .backwards(let seen, let now), .split(let seen, let now):
            members += [
                JSON.Member("log", .text(seen.unverified.origin.utf8)), JSON.Member("seen", .text(seen.bytes)),
                JSON.Member("now", .text(now.bytes)),
                JSON.Member("kept", .array(kept.map { .text(Shown.path($0)) })),
            ]
        case .doesNotHold(let faults, _):
            members.append(JSON.Member("faults", .array(faults.map { .text(Shown.bytes("\($0)".utf8)) })))
        case .stalled(let since), .unreachable(let since, _):
            members.append(JSON.Member("since", .text(Moment(seconds: since).rfc3339)))
        case .quorumLost, .revokerAdded, .closed, .recovered: break
        }
        return .object(members)
    }
}

extension MonitorAlert.CharterChange {
    fileprivate var chinese: String {
        switch self {
        case .stewards: "管理人"
        case .threshold: "管理人法定数"
        case .sponsors: "推荐人数"
        case .admission: "登记资格"
        case .logKeys: "登记册密钥"
        case .note: "附言"
        }
    }
}
