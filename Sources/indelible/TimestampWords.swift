// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// What is said of the time-stamps that a proof carries.
struct TimestampWords {
    let timestamps: [VerifiedProof.JudgedTimestamp]
    /// The present moment, in POSIX seconds.
    let now: UInt64

    /// One row each.
    func rows(_ language: Language) -> [(label: String, text: String)] {
        timestamps.map { timestamp in
            switch timestamp.judgement {
            case .valid(let valid): (language == .english ? "time-stamp" : "时间戳", text(valid, language))
            case .refused(let reason):
                (
                    language == .english
                        ? "time-stamp NOT \(Self.isJudged(reason) ? "valid" : "judged")"
                        : Self.isJudged(reason) ? "时间戳无效" : "时间戳未核查",
                    text(timestamp.token, reason, language)
                )
            }
        }
    }

    /// `2026-11-22 13:04 UTC by X (certificate expired 2031-01-02, valid then)`
    private func text(_ valid: ValidTimestamp, _ language: Language) -> String {
        let moment = Moment(seconds: valid.token.bound).text(in: language)
        let name = Shown.bytes(valid.authority)
        var notes: [String] = []
        let end = Moment(seconds: valid.certificateEnd).day
        if valid.certificateEnd < now {
            notes.append(language == .english ? "certificate expired \(end), valid then" : "证书已于 \(end) 过期,当时有效")
        }
        if let since = valid.revokedSince {
            let day = Moment(seconds: since).day
            notes.append(language == .english ? "certificate revoked \(day), valid then" : "证书已于 \(day) 撤销,当时有效")
        }
        if valid.revocationLookedAt == nil {
            notes.append(language == .english ? "revocation not looked at" : "未查撤销")
        }
        switch language {
        case .english: return "\(moment) by \(name)" + (notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))")
        case .chinese: return "\(moment),\(name)" + (notes.isEmpty ? "" : "(\(notes.joined(separator: ";")))")
        }
    }

    private func text(_ token: TimestampToken, _ reason: TimestampRefusal, _ language: Language) -> String {
        let name = token.name.map { Shown.bytes($0) }
        let reason = Self.reason(reason, language)
        switch language {
        case .english: return (name.map { "calling itself \"\($0)\": " } ?? "") + reason
        case .chinese: return (name.map { "自称“\($0)”:" } ?? "") + reason
        }
    }

    /// Whether a time-stamp was judged at all, rather than left for want of a certificate.
    static func isJudged(_ reason: TimestampRefusal) -> Bool {
        switch reason {
        case .unknownAuthority, .certificateMissing: false
        default: true
        }
    }

    /// Why a time-stamp counts for nothing.
    static func reason(_ reason: TimestampRefusal, _ language: Language) -> String {
        switch (language, reason) {
        case (.english, .unknownAuthority): "no certificate that stands behind its authority is given (--tsa-ca)"
        case (.english, .revoked(let moment)):
            "a certificate of its authority was revoked (\(Moment(seconds: moment).day)), which leaves it not valid"
        case (.english, _): "\(reason)"
        case (.chinese, .wrongImprint): "所盖的是另一检查点"
        case (.chinese, .malformed): "格式有误"
        case (.chinese, .certificateMissing): "其中及手边均无签署它的证书(--tsa-ca)"
        case (.chinese, .unsupportedHash): "所用散列算法不可靠"
        case (.chinese, .badSignature): "签名不成立"
        case (.chinese, .certificateNotBound): "未与签署证书绑定"
        case (.chinese, .wrongPurpose): "证书并非专用于时间戳"
        case (.chinese, .unknownAuthority): "未给出其颁发机构的证书(--tsa-ca)"
        case (.chinese, .notYetValid): "当时其证书尚未生效"
        case (.chinese, .expired): "当时其证书已过期"
        case (.chinese, .weakCertificate): "其证书的密钥或散列过弱"
        case (.chinese, .brokenChain(let words)): "证书链不成立:\(words)"
        case (.chinese, .revoked(let moment)): "其证书已被撤销(\(Moment(seconds: moment).day)),故无效"
        }
    }

    /// For programs, one object each.
    var json: JSON {
        .array(
            timestamps.map { timestamp in
                let token = timestamp.token
                var members = [
                    JSON.Member("time", .text(Moment(seconds: token.time.seconds).rfc3339)),
                    JSON.Member("logged_by", timestamp.bound.map { .text(Moment(seconds: $0).rfc3339) } ?? .null),
                    JSON.Member("tree_size", .number(timestamp.size.value)),
                    JSON.Member("policy", .text(token.policy)),
                ]
                switch timestamp.judgement {
                case .valid(let valid):
                    members.append(JSON.Member("valid", .bool(true)))
                    members.append(JSON.Member("by", .text(Shown.bytes(valid.authority))))
                    members.append(
                        JSON.Member("certificate_end", .text(Moment(seconds: valid.certificateEnd).rfc3339)))
                    members.append(
                        JSON.Member(
                            "certificate_revoked_since",
                            valid.revokedSince.map { .text(Moment(seconds: $0).rfc3339) } ?? .null))
                    members.append(
                        JSON.Member(
                            "revocation_looked_at",
                            valid.revocationLookedAt.map { .text(Moment(seconds: $0).rfc3339) } ?? .null))
                case .refused(let reason):
                    members.append(JSON.Member("valid", Self.isJudged(reason) ? .bool(false) : .null))
                    members.append(JSON.Member("calls_itself", token.name.map { .text(Shown.bytes($0)) } ?? .null))
                    members.append(JSON.Member("reason", .text("\(reason)")))
                }
                return .object(members)
            })
    }
}
