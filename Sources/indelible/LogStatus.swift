// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// What a log is by now, in words and as JSON.
///
///     log "ledger.example/2026": 41 entries
///       root          8PDOar9CeUundCMz+P5X6957zZ4NtyWRTWlaUssYNFM=
///       charter       entry 0
///       ...
///
/// Its age is what the log says of its last entry: a checkpoint has no time of its own.
struct LogStatus {
    let checkpoint: CosignedCheckpoint
    let registry: Registry
    /// The log that this one follows, as its first charter says.
    let continues: Charter.Continuation?
    let trust: Workplace.Trust
    /// The present moment by this machine's clock, in POSIX seconds.
    let now: UInt64
    let language: Language

    private var isEnglish: Bool { language == .english }
    private var standing: [Member] { registry.members.filter { registry.isInGoodStanding(key(of: $0.key)) } }

    var lines: [String] {
        let size = registry.size.value
        let origin = Shown.bytes(registry.origin.utf8)
        var first =
            isEnglish
            ? "log \"\(origin)\": \(EntryWords.count(Int(size), "entry", "entries"))" : "登记册“\(origin)”:\(size) 条"
        if let closedAt = registry.closedAt {
            first += isEnglish ? "; CLOSED by entry \(closedAt)" : ";已由第 \(closedAt) 号关闭"
        }
        return [first]
            + rows.map { row in
                let width = row.label.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x1100 ? 2 : 1) }
                return "  " + row.label + String(repeating: " ", count: max(1, 14 - width)) + row.text
            }
    }

    private var rows: [(label: String, text: String)] {
        var rows = [(label: isEnglish ? "root" : "根", text: "\(checkpoint.head.root.base64)")]
        if let last = registry.lastTime { rows.append((isEnglish ? "last entry" : "最后一条", age(of: last))) }
        rows.append((isEnglish ? "cosigned by" : "联署", cosigners))
        if let inForce = registry.charterInForce { rows += charterRows(inForce) }
        rows.append((isEnglish ? "members" : "成员", members))
        if registry.closedAt != nil {
            rows.append(
                (
                    isEnglish ? "closed" : "已关闭",
                    isEnglish
                        ? "nothing is entered any more; what was entered can be verified and audited as before"
                        : "不再登记任何内容;已登记的仍可照旧核对、核查"
                ))
        }
        rows.append(
            (
                isEnglish ? "NOT shown" : "不说明",
                isEnglish ? "who holds the keys; whether others are shown another history" : "密钥由谁掌握;是否另有历史示人"
            ))
        return rows
    }

    private func charterRows(_ inForce: CharterInForce) -> [(label: String, text: String)] {
        let charter = inForce.charter
        let label = isEnglish ? "steward" : "管理人"
        var rows = [
            (
                label: isEnglish ? "charter" : "章程",
                text: isEnglish ? "entry \(inForce.entry.index)" : "第 \(inForce.entry.index) 号"
            )
        ]
        rows += charter.stewards.map { (label, name($0)) }
        rows.append(
            (
                isEnglish ? "quorum" : "法定人数",
                isEnglish
                    ? "\(charter.threshold) of \(EntryWords.count(charter.stewards.count, "steward")) can change the charter, enrol, revoke and close"
                    : "管理人 \(charter.stewards.count) 名中须 \(charter.threshold) 名,方可修改章程、接纳、撤销、关闭"
            ))
        let sponsors = charter.sponsors
        rows.append(
            (
                isEnglish ? "sponsors" : "推荐人",
                isEnglish
                    ? (sponsors == 0
                        ? "none: members enrol nobody"
                        : "\(EntryWords.count(sponsors, "member")) can enrol another without the stewards")
                    : (sponsors == 0 ? "无:成员不能接纳他人" : "成员 \(sponsors) 名可不经管理人接纳他人")
            ))
        rows.append(
            (
                isEnglish ? "may register" : "可登记者",
                charter.admission == .anyone
                    ? (isEnglish ? "anyone, with any key" : "任何人,任何密钥") : (isEnglish ? "members" : "成员")
            ))
        if let earlier = continues {
            let origin = Shown.bytes(earlier.origin.utf8)
            rows.append(
                (
                    isEnglish ? "continues" : "承接",
                    isEnglish
                        ? "the log \"\(origin)\" of \(earlier.head.size) entries, root \(earlier.head.root.base64)"
                        : "登记册“\(origin)”,\(earlier.head.size) 条,根 \(earlier.head.root.base64)"
                ))
        }
        if let note = charter.note {
            rows.append((isEnglish ? "its note" : "附注", Shown.bytes(note.utf8)))
        }
        return rows
    }

    private func name(_ key: VerifierKey) -> String {
        let revoked = registry.revocations(of: self.key(of: key)).first?.index
        let words =
            isEnglish
            ? "key \(key.shortID) (calls itself \"\(Shown.bytes(key.name.utf8))\")"
            : "密钥 \(key.shortID)(自称“\(Shown.bytes(key.name.utf8))”)"
        guard let revoked else { return words }
        return words + (isEnglish ? ", REVOKED in entry \(revoked)" : ",已由第 \(revoked) 号撤销")
    }

    private var members: String {
        let good = standing.count
        let revoked = registry.members.count - good
        return isEnglish ? "\(good) in good standing, \(revoked) revoked" : "有效 \(good) 名,已撤销 \(revoked) 名"
    }

    private func age(of last: EntryTime) -> String {
        let moment = Moment(seconds: last.seconds).text(in: language)
        let age = MomentAge(of: last.seconds, now: now).words(language)
        return moment + age + (isEnglish ? " (the log's own claim)" : "(登记册自称)")
    }

    private var cosigners: String {
        guard trust.policy.quorum != nil else {
            return isEnglish
                ? "nobody is asked for: the trust list \"\(trust.name)\" names no cosigning servers"
                : "信任名单“\(trust.name)”未列联署服务器"
        }
        let names = checkpoint.cosigners.map {
            Shown.bytes($0.witness.name.utf8)
                + ($0.time > 0 ? " (\(Moment(seconds: $0.time).text(in: language)))" : "")
        }
        let all = names.isEmpty ? (isEnglish ? "nobody" : "无") : names.joined(separator: ", ")
        switch (isEnglish, checkpoint.isQuorumMet) {
        case (true, true): return all + "; enough for the trust list \"\(trust.name)\""
        case (true, false): return all + "; NOT enough for the trust list \"\(trust.name)\""
        case (false, true): return all + ";符合信任名单“\(trust.name)”"
        case (false, false): return all + ";不符合信任名单“\(trust.name)”"
        }
    }

    var json: JSON {
        let charter = registry.charterInForce
        return .object([
            JSON.Member("origin", .text(registry.origin.utf8)), JSON.Member("size", .number(registry.size.value)),
            JSON.Member("root", .text(checkpoint.head.root.base64)),
            JSON.Member(
                "last_entry_log_time", registry.lastTime.map { .text(Moment(seconds: $0.seconds).rfc3339) } ?? .null),
            JSON.Member("cosigned_by", .array(checkpoint.cosigners.map { .text($0.witness.key.utf8) })),
            JSON.Member("quorum_met", .bool(checkpoint.isQuorumMet)),
            JSON.Member("charter_entry", charter.map { .number($0.entry.index.value) } ?? .null),
            JSON.Member("stewards", .array(registry.stewards.map { .text($0.utf8) })),
            JSON.Member("threshold", .number(UInt64(registry.threshold))),
            JSON.Member("sponsors", .number(UInt64(registry.sponsors))),
            JSON.Member("admission", charter.map { .text("\($0.charter.admission)") } ?? .null),
            JSON.Member("log_keys", .array(registry.logKeys.map { .text($0.utf8) })),
            JSON.Member("continues", continuation),
            JSON.Member("members", .number(UInt64(standing.count))),
            JSON.Member("revoked_members", .number(UInt64(registry.members.count - standing.count))),
            JSON.Member("closed_by", registry.closedAt.map { .number($0.value) } ?? .null),
            JSON.Member("trust_list_sha256", .text(trust.policy.fingerprint.hex)),
        ])
    }

    private var continuation: JSON {
        guard let earlier = continues else { return .null }
        return .object([
            JSON.Member("origin", .text(earlier.origin.utf8)), JSON.Member("size", .number(earlier.head.size.value)),
            JSON.Member("root", .text(earlier.head.root.base64)),
        ])
    }

    private func key(of key: VerifierKey) -> Ed25519.PublicKey {
        guard let publicKey = key.publicKey else { preconditionFailure("a registry holds keys of type 0x01 alone") }
        return publicKey
    }
}
