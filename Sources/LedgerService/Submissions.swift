// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import Synchronization
import TransparencyLog

/// The filings that are offered to a log over HTTP: what is asked of them before they reach it, and what became of each.
///
/// What costs nothing is asked first: how many wait, the address, the form, the signatures, the key. A limit by key counts
/// only what the key has signed, so that nobody can use up another's, and each filing once, however often it is offered.
/// That by address counts every try: each costs the server the same.
final class Submissions: Sendable {
    typealias Receipt = Sequencer<FilingRules>.Receipt

    /// What became of a filing.
    enum Outcome: Sendable {
        /// It is in the log, from now on or from before.
        case logged(Receipt)
        /// It is in the log, and not published yet.
        case heldBack(CheckpointPublisher.HeldBack)
        /// It is not, by this request, with a status, the reason in words, and the seconds to wait before another try.
        case refused(status: Int, words: String, wait: Int?)

        /// What it is counted as.
        var name: String {
            switch self {
            case .logged(let receipt): receipt.wasPresent ? "present" : "logged"
            case .heldBack: "held_back"
            case .refused(429, _, _): "limited"
            case .refused(let status, _, _): status < 500 ? "refused" : "unable"
            }
        }
    }

    private struct State {
        var waiting = 0
        var isClosed = false
        var tokens: Set<Hash> = []
        var tokensReadAt: ContinuousClock.Instant?
    }

    private let log: LedgerLog
    private let admission: LogService.Admission
    private let addresses: RateLimit
    private let keys: RateLimit
    private let caches = FilingKeyCaches()
    private let state = Mutex(State())
    /// The SHA-256 of filings that the limits of their keys have counted: who tries again is not counted again.
    private let counted = Mutex(BoundedMemory<Hash, Bool>(capacity: 8192))

    private let now: @Sendable () -> ContinuousClock.Instant

    init(
        _ log: LedgerLog, _ admission: LogService.Admission, now: @escaping @Sendable () -> ContinuousClock.Instant
    ) {
        self.log = log
        self.now = now
        self.admission = admission
        addresses = RateLimit(perSecond: admission.perAddress)
        keys = RateLimit(perSecond: admission.perKey)
    }

    /// How many wait for an answer.
    var waiting: Int { state.withLock { $0.waiting } }

    /// Takes no more.
    func close() {
        state.withLock { $0.isClosed = true }
    }

    /// Offers what a request holds to the log.
    func offer(_ request: ServiceRequest) async -> Outcome {
        // Where too many wait, saying so must cost nothing: those who are told come again at once.
        if let refusal = state.withLock({ refusal($0) }) { return refusal }
        guard addresses.allows(request.client, at: now()) else {
            return .refused(status: 429, words: "too many filings from this address; try again later", wait: 5)
        }
        let verified: VerifiedFiling
        switch self.verified(request.body) {
        case .success(let filing): verified = filing
        case .failure(let refusal): return refusal.outcome
        }
        if let refusal = limit(verified.filing.signers, for: request.body) { return refusal }
        if let refusal = await judgeTokens(of: verified.filing, request) { return refusal }
        if let refusal = enter() { return refusal }
        defer { state.withLock { $0.waiting -= 1 } }
        do {
            return .logged(try await log.sequencer.submit(verified))
        } catch {
            return Self.outcome(of: error)
        }
    }

    private struct Refusal: Error {
        let outcome: Outcome
    }

    private func verified(_ bytes: [UInt8]) -> Result<VerifiedFiling, Refusal> {
        let filing: Filing
        var known = caches.borrow()
        defer { caches.giveBack(known) }
        do {
            filing = try Filing(parsing: bytes, keys: &known)
        } catch {
            return .failure(Refusal(outcome: .refused(status: 400, words: "this is no filing: \(error)", wait: nil)))
        }
        do {
            return .success(try filing.verified())
        } catch {
            return .failure(Refusal(outcome: .refused(status: 403, words: "\(error)", wait: nil)))
        }
    }

    /// Asks those who are not enrolled for a token, where tokens are asked for.
    private func judgeTokens(of filing: Filing, _ request: ServiceRequest) async -> Outcome? {
        guard let tokens = admission.tokens else { return nil }
        return judge(filing, request, tokens, under: await log.registry)
    }

    /// Whether those who sign a filing come too often.
    private func limit(_ signers: [VerifierKey], for filing: [UInt8]) -> Outcome? {
        guard keys.isSet else { return nil }
        let attempt = SHA256.hash(filing)
        guard counted.withLock({ $0[attempt] == nil }) else { return nil }
        for signer in signers where !keys.allows(Hex.encode(signer.publicKey?.bytes ?? []), at: now()) {
            return .refused(status: 429, words: "too many filings by this key; try again later", wait: 5)
        }
        counted.withLock { $0.keep(true, for: attempt) }
        return nil
    }

    /// Asks for a token where one is needed.
    private func judge(
        _ filing: Filing, _ request: ServiceRequest, _ tokens: AccessTokens, under registry: Registry
    ) -> Outcome? {
        guard registry.admitsAnyone else { return nil }
        for signer in filing.signers {
            if let key = signer.publicKey, registry.isInGoodStanding(key) { return nil }
        }
        switch filing.action {
        case .register, .custody: break
        // The stewards, sponsors and revokers of a log need no token; others are refused by its rules.
        case .charter, .enrol, .addRevoker, .revoke, .close: return nil
        }
        let words = (request.header("authorization") ?? "").split(separator: " ")
        guard words.count == 2, words[0].lowercased() == "bearer", words[1].utf8.count <= 256 else {
            return .refused(
                status: 401, words: "this server asks for an access token of keys that are not enrolled", wait: nil)
        }
        do {
            if try knows(AccessTokens.hash(String(words[1])), tokens) { return nil }
        } catch {
            return .refused(status: 503, words: "cannot tell now who may file", wait: 30)
        }
        return .refused(status: 403, words: "this access token is not one of this server, or was revoked", wait: nil)
    }

    /// Whether a token is one of those that are kept; they are read again at most once a second.
    private func knows(_ hash: Hash, _ tokens: AccessTokens) throws -> Bool {
        try state.withLock { state in
            let now = now()
            if state.tokensReadAt.map({ now - $0 > .seconds(1) }) ?? true {
                state.tokens = Set(try tokens.all().map(\.hash))
                state.tokensReadAt = now
            }
            return state.tokens.contains(hash)
        }
    }

    private func enter() -> Outcome? {
        state.withLock { state in
            if let refusal = refusal(state) { return refusal }
            state.waiting += 1
            return nil
        }
    }

    /// Why nothing can be taken now; nil if something can.
    private func refusal(_ state: State) -> Outcome? {
        if state.isClosed { return .refused(status: 503, words: "this server is ending; try again", wait: 10) }
        guard state.waiting >= admission.waiting else { return nil }
        return .refused(status: 503, words: "too many filings are waiting; try again", wait: 1)
    }

    private static func outcome(of error: any Error) -> Outcome {
        switch error {
        case let error as CheckpointPublisher.HeldBack: .heldBack(error)
        case let error as RegistryError:
            .refused(status: 403, words: "the log's rules refuse this: \(error)", wait: nil)
        case FilingRulesError.unknownQuote(let quote):
            .refused(
                status: 409, words: "this filing quotes a checkpoint of size \(quote.size) that this log has not kept",
                wait: nil)
        case SequencerError.entryTooLong:
            .refused(status: 413, words: "an entry is at most 65535 bytes", wait: nil)
        default: .refused(status: 503, words: "the log cannot take this now; try again", wait: 30)
        }
    }
}
