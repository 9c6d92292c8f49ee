// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// How a response is judged.
struct TimestampRule: Sendable {
    /// The hash that should be stamped.
    let imprint: Hash
    /// The policy that was asked for.
    let policy: String?
    let authorities: TimestampAuthorities
    /// Whether one is kept that cannot be judged.
    let isUnchecked: Bool
}

/// What came of asking one authority, or of reading its response from a file.
struct TimestampOutcome {
    /// A response that may be stored.
    struct Accepted {
        let response: TimestampResponse
        let token: TimestampToken
        /// The judgement; nil where it was left out, with `--unchecked`.
        let valid: ValidTimestamp?
        /// Whether it was stored, or one by this authority was there already; nil while it is not known.
        var isNew: Bool?
    }

    /// The address or the file.
    let place: String
    let result: Result<Accepted, Failure>

    /// Judges a response that came from `place`.
    ///
    /// - Parameter nonce: the nonce of the request; nil where the request is not at hand.
    init(_ bytes: [UInt8], from place: String, nonce: UInt64?, by rule: TimestampRule) {
        self.place = place
        do {
            let response = try TimestampResponse(parsing: bytes)
            let token = try response.checked(imprint: rule.imprint, nonce: nonce, policy: rule.policy)
            switch rule.authorities.judge(token, covering: rule.imprint) {
            case .valid(let valid): result = .success(Accepted(response: response, token: token, valid: valid))
            case .refused(.unknownAuthority) where rule.isUnchecked,
                .refused(.certificateMissing) where rule.isUnchecked:
                result = .success(Accepted(response: response, token: token, valid: nil))
            case .refused(let reason): result = .failure(Failure(timestamp: reason, by: token.name))
            }
        } catch let error as TimestampMismatch {
            result = .failure(Failure(timestamp: error))
        } catch {
            result = .failure(
                Failure(
                    .doesNotHold, "what came is no response of a time-stamp authority: \(error)",
                    hint: "look at the address: it should take application/timestamp-query"))
        }
    }

    /// Nothing came.
    init(_ failure: Failure, from place: String) {
        self.place = place
        result = .failure(failure)
    }

    /// The same with what is known of its storing.
    func stored(isNew: Bool) -> TimestampOutcome {
        guard case .success(var accepted) = result else { return self }
        accepted.isNew = isNew
        return TimestampOutcome(place: place, result: .success(accepted))
    }

    private init(place: String, result: Result<Accepted, Failure>) {
        self.place = place
        self.result = result
    }

    var accepted: Accepted? { if case .success(let accepted) = result { accepted } else { nil } }
    var failure: Failure? { if case .failure(let failure) = result { failure } else { nil } }

    /// The line for a person; nil where nothing was stored.
    func line(size: TreeSize, _ language: Language) -> String? {
        guard let accepted else { return nil }
        let moment = Moment(seconds: accepted.token.bound).text(in: language)
        let name = Shown.bytes(accepted.valid?.authority ?? accepted.token.name ?? [])
        let entries = EntryWords.count(Int(size.value), "entry", "entries")
        switch (language, accepted.isNew ?? true, accepted.valid != nil) {
        case (.english, false, _): return "\(place): a time-stamp by \(name) of these \(entries) is kept already"
        case (.english, true, true): return "\(place): time-stamp \(moment) by \(name), of \(entries)"
        case (.english, true, false):
            return "\(place): time-stamp \(moment), calling itself \"\(name)\", of \(entries); kept, NOT judged"
        case (.chinese, false, _): return "\(place):\(name) 对这 \(size) 条的时间戳已存有"
        case (.chinese, true, true): return "\(place):时间戳 \(moment),\(name),覆盖 \(size) 条"
        case (.chinese, true, false): return "\(place):时间戳 \(moment),自称“\(name)”,覆盖 \(size) 条;已保存,未核查"
        }
    }

    var json: JSON {
        var members = [JSON.Member("from", .text(Shown.bytes(place.utf8)))]
        switch result {
        case .success(let accepted):
            members.append(JSON.Member("stored", .bool(accepted.isNew ?? true)))
            members.append(JSON.Member("kept_already", .bool(accepted.isNew == false)))
            members.append(JSON.Member("judged", .bool(accepted.valid != nil)))
            members.append(JSON.Member("time", .text(Moment(seconds: accepted.token.time.seconds).rfc3339)))
            members.append(
                JSON.Member("by", .text(Shown.bytes(accepted.valid?.authority ?? accepted.token.name ?? []))))
        case .failure(let failure):
            members.append(JSON.Member("stored", .bool(false)))
            members.append(JSON.Member("reason", .text(failure.message)))
        }
        return .object(members)
    }
}

extension Failure {
    /// Why a time-stamp counts for nothing.
    fileprivate init(timestamp reason: TimestampRefusal, by name: [UInt8]?) {
        let by = name.map { " by \"\(Shown.bytes($0))\"" } ?? ""
        let message = "the time-stamp\(by): \(TimestampWords.reason(reason, .english))"
        switch reason {
        case .unknownAuthority, .certificateMissing:
            self.init(
                .cannotTell, message,
                hint: "give the certificate that stands behind it with --tsa-ca, or put it into keys/tsa as NAME.pem; "
                    + "--unchecked keeps a time-stamp that nobody has judged")
        case .revoked, .expired, .notYetValid, .weakCertificate, .unsupportedHash, .wrongPurpose:
            self.init(.doesNotHold, message, hint: "nothing was stored; ask another authority")
        default: self.init(.doesNotHold, message, hint: "nothing was stored; ask again, or another authority")
        }
    }

    /// Why a response does not answer its request.
    fileprivate init(timestamp mismatch: TimestampMismatch) {
        switch mismatch {
        case .notGranted(let rejection):
            let words = rejection.text.isEmpty ? "" : ": \"\(Shown.bytes(rejection.text))\""
            let failures = rejection.failures.isEmpty ? "" : " (\(rejection.failures.joined(separator: ", ")))"
            self.init(
                .cannotTell, "the authority gave no time-stamp\(words)\(failures)", hint: "ask another authority")
        case .wrongImprint:
            self.init(
                .doesNotHold, "the response is for another checkpoint", hint: "nothing was stored; ask again")
        case .wrongNonce:
            self.init(
                .doesNotHold, "the response answers another request: its nonce is not the one that was sent",
                hint: "nothing was stored; ask again, and look at what stands between here and the authority")
        case .wrongPolicy(let policy):
            self.init(
                .doesNotHold, "the response is under the policy \(policy), which was not asked for",
                hint: "nothing was stored; leave --tsa-policy out, or name that one")
        }
    }
}
