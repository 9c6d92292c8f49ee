// SPDX-License-Identifier: Apache-2.0
public import Evidence
public import Ledger
public import TransparencyLog

/// A log over HTTP: its files as any web server would serve them, and one address to file at.
///
///     POST /entries           a filing; answered with its tlog-proof, whose `extra` is the entry
///     GET  /entries/<i>       an entry, as it stands
///     GET  /proof/<i>         its tlog-proof under the newest checkpoint
///     GET  /find?...          where things stand: text, key, sha256, digest, refers
///     GET  /policy            the trust list that the server was begun with
///     GET  /health  /metrics  /openapi.json
///     GET  /checkpoint  /tile/...  /cosigned/...  /timestamp/...        the ledger's files (`LedgerFiles`)
///     GET  /log/...  /verify.html  /register  /revoke                   web pages (`Explorer`, `ServicePages`)
///
/// Who may file is the log's own rules: signatures, judged by its registry. Where the log admits anyone, whoever runs it
/// may ask for an access token. Nobody who is answered with a proof has been promised more than the proof says.
public final class LogService: Sendable {
    /// What the service asks of clients, and how much it takes.
    public struct Admission: Sendable {
        /// Filings a second from one address; nil for any number.
        public let perAddress: Int?
        /// Filings a second by one key; nil for any number.
        public let perKey: Int?
        /// How many filings may wait at a time; more are asked to come again.
        public let waiting: Int
        /// Where access tokens are kept, without which keys that are not enrolled may not file; nil to ask for none.
        public let tokens: AccessTokens?

        /// What is asked and taken.
        public init(perAddress: Int?, perKey: Int?, waiting: Int, tokens: AccessTokens?) {
            self.perAddress = perAddress
            self.perKey = perKey
            self.waiting = waiting
            self.tokens = tokens
        }
    }

    /// The longest request that is read, in bytes: no filing in an entry is longer.
    public static let maximumRequest = EntryBundle.maximumEntryByteCount

    /// How many entries one answer names; `next` is then where the rest begins.
    private static let maximumFound = 10_000

    let log: LedgerLog
    let policy: TrustPolicy
    let metrics = ServiceMetrics()
    private let files: LedgerFiles
    private let submissions: Submissions
    private let newest: Newest
    /// What the pages say of who may file follows the log's charter.
    private let pages: (forMembers: ServicePages, forAnyone: ServicePages)
    private let explorer: Explorer

    /// What a service is told of itself.
    public struct Identity: Sendable {
        /// The trust list under which its checkpoints are read.
        public let policy: TrustPolicy
        /// What people call that list.
        public let policyName: String
        /// Whose time-stamps are judged.
        public let authorities: TimestampAuthorities
        /// The program's version.
        public let version: String

        /// What a service is told.
        public init(policy: TrustPolicy, policyName: String, authorities: TimestampAuthorities, version: String) {
            self.policy = policy
            self.policyName = policyName
            self.authorities = authorities
            self.version = version
        }
    }

    /// A service of a log that is open. `now` is the time that rates are measured by. `note` is told, in one line each,
    /// what could not be read.
    public init(
        _ log: LedgerLog, as identity: Identity, admission: Admission,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }, note: @escaping @Sendable (String) -> Void
    ) async {
        let policy = identity.policy
        self.log = log
        self.policy = policy
        let source = UnblockedSource(store: log.files)
        files = LedgerFiles(cache: FileCache(log.files))
        submissions = Submissions(log, admission, now: now)
        let newest = Newest(log, source, policy)
        self.newest = newest
        let registry = await log.registry
        let page = { (admission: Charter.Admission) in
            ServicePages(of: registry.origin, policy: policy, named: identity.policyName, admission: admission)
        }
        pages = (page(.members), page(.anyone))
        explorer = Explorer(
            Explorer.Ground(
                index: log.index, policy: policy, authorities: identity.authorities, reader: newest.reader,
                registry: { await log.registry }),
            version: identity.version, note: note)
    }

    /// Takes no more filings: those that wait are still answered.
    public func close() {
        submissions.close()
    }

    /// Answers a request.
    public func answer(_ request: ServiceRequest) async -> ServiceAnswer {
        let route = Route(request.path)
        let began = ContinuousClock.now
        let answer = await answer(request, route)
        metrics.answered(route.name, answer.status, in: .now - began)
        return answer
    }

    private func answer(_ request: ServiceRequest, _ route: Route) async -> ServiceAnswer {
        guard request.method == route.method else {
            if request.method == "OPTIONS" { return Self.preflight(route) }
            return .text(405, "\(route.method) only\n", headers: [.init("allow", "\(route.method), OPTIONS")])
        }
        do {
            switch route {
            case .file(let path): return await files.answer(request, path) ?? Self.nothing
            case .submit: return try await submit(request)
            case .entry(let index): return try await entry(index)
            case .proof(let index): return try await proof(index)
            case .find: return try find(request)
            case .policy: return Self.shared(.text(200, policy.bytes, headers: []))
            case .health: return try await health()
            case .metrics: return .text(200, metrics.text(await gauges()))
            case .description: return Self.description
            case .page(let name):
                let pages = await log.registry.admitsAnyone ? pages.forAnyone : pages.forMembers
                return pages.answer(name, to: request)
            case .explorer(let path):
                return await explorer.answer(
                    path, query: request.parameters.map { ($0.name, $0.value) },
                    languages: request.header("accept-language"))
            case .root:
                return ServiceAnswer(303, headers: [.init("location", "/log"), .init("cache-control", "no-store")])
            case .nothing: return Self.nothing
            }
        } catch LedgerReadError.noCheckpoint {
            return .text(404, "the log has no entry yet\n")
        } catch LedgerReadError.beyondSize(_, let size) {
            return .text(404, "the log has \(size) entries\n")
        } catch {
            return .text(503, "cannot tell now\n", headers: [.init("retry-after", "10")])
        }
    }

    // MARK: - Reading

    private func entry(_ index: LeafIndex) async throws -> ServiceAnswer {
        let reader = try await newest.reader()
        let entry = try await reader.entry(at: index)
        return Self.shared(
            ServiceAnswer(
                200,
                headers: [
                    .init("content-type", "text/plain; charset=utf-8"),
                    .init("cache-control", "public, max-age=31536000, immutable"),
                ], body: entry.bytes))
    }

    private func proof(_ index: LeafIndex) async throws -> ServiceAnswer {
        let reader = try await newest.reader()
        let proof = try await reader.proof(of: index)
        return Self.shared(.text(200, proof.bytes))
    }

    private func find(_ request: ServiceRequest) throws -> ServiceAnswer {
        guard let query = FindQuery(request.parameters) else { return .text(400, FindQuery.usage) }
        let found = try log.index.entries(under: query.key, from: query.first, limit: Self.maximumFound + 1)
        var members = [
            JSON.Member("entries", .array(found.prefix(Self.maximumFound).map { JSON.number($0.value) }))
        ]
        if found.count > Self.maximumFound {
            members.append(JSON.Member("next", .number(found[found.count - 1].value)))
        }
        let json = JSON.object(members)
        return Self.shared(
            ServiceAnswer(
                200, headers: [.init("content-type", "application/json"), .init("cache-control", "no-store")],
                body: json.encoded() + [0x0A]))
    }

    private func health() async throws -> ServiceAnswer {
        guard let head = await log.sequencer.head else { return .text(503, "the log is halted\n") }
        let published = await log.sequencer.published.flatMap { try? SignedCheckpoint($0) }?.unverified.head
        guard published == nil || published == head else {
            return .text(503, "\(head.size) entries are signed, and \(published?.size ?? 0) published\n")
        }
        return .text(200, "ok\n")
    }

    private func gauges() async -> [(name: String, help: String, value: UInt64)] {
        let head = await log.sequencer.head
        let published = await log.sequencer.published.flatMap { try? SignedCheckpoint($0) }?.unverified.head
        return [
            ("indelible_signed_entries", "Entries under the signed checkpoint.", head?.size.value ?? 0),
            ("indelible_published_entries", "Entries under the checkpoint that is served.", published?.size.value ?? 0),
            ("indelible_halted", "1 while the log signs nothing.", head == nil ? 1 : 0),
            ("indelible_filings_waiting", "Filings that wait for an answer.", UInt64(submissions.waiting)),
        ]
    }

    // MARK: - Filing

    private func submit(_ request: ServiceRequest) async throws -> ServiceAnswer {
        let outcome = await submissions.offer(request)
        metrics.filed(outcome.name)
        switch outcome {
        case .logged(let receipt):
            let reader = try newest.reader(at: receipt.checkpoint)
            let proof = try await reader.proof(of: receipt.index)
            return Self.shared(
                .text(200, proof.bytes, headers: [.init("location", "/entries/\(receipt.index)")]))
        case .heldBack(let error):
            return Self.shared(
                .text(
                    202,
                    "it is among the \(error.size) entries that are signed, and held back until more servers cosign them\n",
                    headers: [.init("retry-after", "30")]))
        case .refused(let status, let words, let wait):
            return Self.shared(
                .text(status, words + "\n", headers: wait.map { [.init("retry-after", String($0))] } ?? []))
        }
    }

    // MARK: - Answers

    private static let nothing = ServiceAnswer.text(404, "nothing here\n")

    private static let description = ServiceAnswer(
        200, headers: [.init("content-type", "application/json"), .init("cache-control", "max-age=3600")],
        body: Array(WebFiles.text("openapi.json").utf8))

    /// An answer that pages from anywhere may read: all of it is public.
    private static func shared(_ answer: ServiceAnswer) -> ServiceAnswer {
        ServiceAnswer(
            answer.status,
            headers: answer.headers + [
                .init("access-control-allow-origin", "*"), .init("x-content-type-options", "nosniff"),
            ], body: answer.body)
    }

    private static func preflight(_ route: Route) -> ServiceAnswer {
        ServiceAnswer(
            204,
            headers: [
                .init("access-control-allow-origin", "*"),
                .init("access-control-allow-methods", "\(route.method), OPTIONS"),
                .init("access-control-allow-headers", "content-type, authorization"),
                .init("access-control-max-age", "86400"),
            ])
    }
}
