// SPDX-License-Identifier: Apache-2.0
import Ledger
import Synchronization
import TransparencyLog

/// Witnesses in memory that answer requests as a transport gives them: honest ones by the product's own decision, others
/// as a test has them lie.
final class WitnessDouble: Sendable {
    /// How a witness behaves.
    enum Conduct: Sendable {
        case honest
        case refusedConnection
        /// Never answers; ends when it is given up.
        case silent
        /// Answers every request with this.
        case saying(Int, [UInt8])
        /// Answers the honest answer as changed.
        case changing(@Sendable (HTTPAnswer) -> HTTPAnswer)
        /// Refuses with 409 and this size, and shows this checkpoint, if any.
        case claiming(TreeSize, [UInt8]?)
        /// Refuses with 422, and shows this checkpoint.
        case knowingAnother([UInt8])
    }

    let signer: WitnessSigner
    let name: TrustPolicy.Name
    let url: String
    private let logKeys: [VerifierKey]
    private let state: Mutex<(conduct: Conduct, last: SignedCheckpoint?, requests: Int, time: UInt64)>

    init(_ name: String, of logKeys: [VerifierKey], _ conduct: Conduct = .honest) {
        signer = WitnessSigner(
            name: KeyName("witness.example/\(name)")!, privateKey: SequencerWorld.person(name).privateKey)
        self.name = TrustPolicy.Name(Array(name.utf8))!
        url = "http://\(name).example/prefix"
        self.logKeys = logKeys
        state = Mutex((conduct, nil, 0, 1_700_000_000))
    }

    var conduct: Conduct {
        get { state.withLock { $0.conduct } }
        set { state.withLock { $0.conduct = newValue } }
    }

    var last: SignedCheckpoint? { state.withLock { $0.last } }
    var requests: Int { state.withLock { $0.requests } }

    /// A policy with these witnesses, of which so many are a quorum.
    static func policy(_ witnesses: [WitnessDouble], quorum: Int) throws -> TrustPolicy {
        var text = PolicyText()
        for key in SequencerWorld.identity.verifierKeys { text.log(key) }
        for witness in witnesses { text.witness(witness.name, witness.signer.verifierKey, url: witness.url) }
        let group = TrustPolicy.Name(Array("enough".utf8))!
        text.group(group, .atLeast(quorum), of: witnesses.map(\.name))
        text.quorum(group)
        return try text.policy()
    }

    /// A transport that reaches these witnesses alone.
    static func transport(_ witnesses: [WitnessDouble]) -> HTTPTransport {
        HTTPTransport { request in
            for witness in witnesses where request.url.hasPrefix(witness.url + "/") {
                return try await witness.answer(request)
            }
            throw HTTPFailure("no such host")
        }
    }

    private func answer(_ request: HTTPRequest) async throws -> HTTPAnswer {
        state.withLock { $0.requests += 1 }
        switch conduct {
        case .honest: return honest(request)
        case .refusedConnection: throw HTTPFailure("the connection is refused")
        case .silent:
            try await Task.sleep(for: .seconds(3_600))
            throw HTTPFailure("no answer in time")
        case .saying(let status, let body): return HTTPAnswer(status: status, contentType: nil, body: body)
        case .changing(let change): return change(honest(request))
        case .claiming(let size, let shown):
            guard request.method == .get else { return Self.answer(409, "\(size)\n") }
            return shown.map { HTTPAnswer(status: 200, contentType: nil, body: $0) } ?? Self.answer(404, "none\n")
        case .knowingAnother(let shown):
            return request.method == .get
                ? HTTPAnswer(status: 200, contentType: nil, body: shown) : Self.answer(422, "another root\n")
        }
    }

    private static func answer(_ status: Int, _ text: String) -> HTTPAnswer {
        HTTPAnswer(status: status, contentType: nil, body: Array(text.utf8))
    }

    private func honest(_ request: HTTPRequest) -> HTTPAnswer {
        state.withLock { state in
            guard request.method == .post else {
                return state.last.map { HTTPAnswer(status: 200, contentType: nil, body: $0.bytes) }
                    ?? Self.answer(404, "none\n")
            }
            do {
                let log = try WitnessedLog(keys: logKeys, last: state.last?.unverified.head)
                switch log.decide(try AddCheckpoint(parsing: request.body)) {
                case .accept(let accepted):
                    state.time += 1
                    let line = try accepted.cosignature(by: signer, at: state.time)
                    state.last = try accepted.record(with: [line])
                    return HTTPAnswer(status: 200, contentType: nil, body: try AddCheckpointAnswer([line]).bytes)
                case .refuse(let refusal, _):
                    return HTTPAnswer(status: refusal.statusCode, contentType: nil, body: refusal.body)
                }
            } catch {
                return Self.answer(400, "malformed\n")
            }
        }
    }
}
