// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Ledger
import LedgerService
import SystemPackage
import TransparencyLog

/// A log with a steward and a member, and the service that has it open.
final class LogWorld: Sendable {
    static let start: UInt64 = 1_750_000_000
    static let identity = LogIdentity(signers: [person("log.example/served")])

    let folder: TemporaryFolder
    let log: LedgerLog
    let policy: TrustPolicy
    let tokens: AccessTokens

    /// A log of a charter and the enrolment of "ana".
    init(admission: Charter.Admission = .members) async throws {
        folder = try TemporaryFolder()
        policy = try Self.identity.policy()
        tokens = AccessTokens(of: folder.path)
        log = try await LedgerLog(folder.path, identity: Self.identity, clock: { Self.start })
        let charter = try Charter(
            stewards: [Self.person("steward").verifierKey], threshold: 1, sponsors: 0, admission: admission,
            logKeys: Self.identity.verifierKeys)
        let enrolment = try Enrolment(key: Self.person("ana").verifierKey, revokers: [])
        for filing in [
            try Self.filing(.charter(charter), by: ["steward"]),
            try Self.filing(.enrol(enrolment), by: ["ana", "steward"]),
        ] { _ = try await log.sequencer.submit(filing) }
    }

    /// The service of this log.
    func service(
        perAddress: Int? = nil, perKey: Int? = nil, waiting: Int = 100, asksTokens: Bool = false
    ) async -> LogService {
        await LogService(
            log,
            as: LogService.Identity(
                policy: policy, policyName: "policy", authorities: TimestampAuthorities(), version: "1.2.3"),
            admission: LogService.Admission(
                perAddress: perAddress, perKey: perKey, waiting: waiting, tokens: asksTokens ? tokens : nil),
            now: { [instant = ContinuousClock.now] in instant }, note: { _ in })
    }

    static func person(_ name: String) -> NoteSigner {
        let seed = SHA256.hash(Array(name.utf8)).bytes
        guard let name = KeyName(name), let key = Ed25519.PrivateKey(seed: Array(seed)) else {
            preconditionFailure("a name of a key")
        }
        return NoteSigner(name: name, privateKey: key)
    }

    static func filing(_ action: Action, by names: [String], after: Quote? = nil, log: Origin = identity.origin) throws
        -> Filing
    {
        let signers = names.map { person($0) }
        let text = try FilingText(log: log, after: after, signers: signers.map(\.verifierKey), action: action)
        return try Filing(text, signedBy: signers)
    }

    static func register(_ number: Int, by name: String = "ana", after: Quote? = nil, log: Origin = identity.origin)
        throws -> Filing
    {
        let registration = try Registration(dossier: SHA256.hash(Array("dossier \(number)".utf8)))
        return try filing(.register(registration), by: [name], after: after, log: log)
    }
}

extension LogService {
    /// The answer to a request of these parts.
    func get(_ path: String, _ headers: [ServiceAnswer.Field] = []) async -> ServiceAnswer {
        await answer(ServiceRequest("GET", path, headers: headers))
    }

    /// The answer to a filing.
    func file(_ bytes: [UInt8], token: String? = nil, from client: String = "192.0.2.1") async -> ServiceAnswer {
        let headers = token.map { [ServiceAnswer.Field("authorization", "Bearer \($0)")] } ?? []
        return await answer(ServiceRequest("POST", "/entries", headers: headers, body: bytes, client: client))
    }
}

extension ServiceAnswer {
    /// The value of a header field.
    func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }
}
