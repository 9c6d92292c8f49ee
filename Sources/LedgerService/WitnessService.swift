// SPDX-License-Identifier: Apache-2.0
public import Ledger
import NIOPosix
import TransparencyLog

/// A witness over HTTP (C2SP tlog-witness): both prefixes are one.
///
///     POST <prefix>/add-checkpoint                          the cosignature, or why there is none
///     GET  <prefix>/<hex SHA-256 of an origin>/checkpoint   the last one cosigned
///     GET  <prefix>/                                        the witness's vkey
///     GET  <prefix>/health
///
/// Nobody is asked who they are: a checkpoint that the log has not signed is refused, and so is all else.
public struct WitnessService: Sendable {
    /// The longest request that is read, in bytes: 64 signature lines of ML-DSA-44 with names of any length, a proof,
    /// and some extension lines. It is less than a note may be, since anybody can send one.
    public static let maximumRequest = 1 << 18

    private let witness: Witness
    private let prefix: String
    private let note: @Sendable (String) -> Void

    /// A witness below a path such as "/witness", or "" for none. `note` is told, in one line each, what was cosigned,
    /// refused and not done; what others wrote is escaped in it.
    public init(_ witness: Witness, prefix: String, note: @escaping @Sendable (String) -> Void) {
        self.witness = witness
        self.prefix = prefix
        self.note = note
    }

    /// Answers a request. What takes reading and writing is done away from the threads that serve connections.
    public func answer(_ request: ServiceRequest) async -> ServiceAnswer {
        do {
            let answer = try await NIOThreadPool.singleton.runIfActive { blockingAnswer(request) }
            return ServiceAnswer(answer.status, headers: answer.headers + Self.anyOrigin, body: answer.body)
        } catch {
            return .text(503, "ending\n")
        }
    }

    private func blockingAnswer(_ request: ServiceRequest) -> ServiceAnswer {
        guard request.path.hasPrefix(prefix) else { return Self.nothing }
        let path = request.path.utf8.dropFirst(prefix.utf8.count)
        let respond: ([UInt8]) -> ServiceAnswer
        let method: String
        if path.elementsEqual("/add-checkpoint".utf8) {
            (method, respond) = ("POST", addCheckpoint)
        } else if let hash = Self.originHash(in: path) {
            (method, respond) = ("GET", { _ in checkpoint(hash) })
        } else if path.elementsEqual("/".utf8) {
            (method, respond) = ("GET", { _ in .text(200, witness.verifierKey.utf8 + [0x0A]) })
        } else if path.elementsEqual("/health".utf8) {
            (method, respond) = ("GET", { _ in .text(200, "ok\n") })
        } else {
            return Self.nothing
        }
        switch request.method {
        case method: return respond(request.body)
        case "OPTIONS":
            return ServiceAnswer(
                204,
                headers: [
                    .init("access-control-allow-methods", "\(method), OPTIONS"),
                    .init("access-control-allow-headers", "content-type"), .init("access-control-max-age", "86400"),
                ])
        default: return .text(405, "\(method) only\n", headers: [.init("allow", "\(method), OPTIONS")])
        }
    }

    private func addCheckpoint(_ body: [UInt8]) -> ServiceAnswer {
        switch witness.addCheckpoint(body) {
        case .cosigned(let answer, let origin, let head):
            note("cosigned \(Shown.bytes(origin.utf8)) at size \(head.size)")
            return .text(200, answer.bytes)
        case .refused(let refusal, let origin, let conflict):
            let log = origin.map { " \(Shown.bytes($0.utf8))" } ?? ""
            note("refused\(log) with \(refusal.statusCode): \(Self.words(for: refusal))\(Self.words(for: conflict))")
            guard case .oldDiffers = refusal else { return .text(refusal.statusCode, refusal.body) }
            return ServiceAnswer(
                refusal.statusCode,
                headers: [
                    .init("content-type", WitnessRefusal.sizeType), .init("cache-control", "no-store"),
                ], body: refusal.body)
        case .unable(let error, let origin):
            note("CANNOT cosign \(Shown.bytes(origin.utf8)): \(error)")
            return Self.unable
        }
    }

    private func checkpoint(_ hash: Hash) -> ServiceAnswer {
        do {
            guard let checkpoint = try witness.store.checkpoint(ofOriginHash: hash) else { return Self.nothing }
            return .text(200, checkpoint)
        } catch {
            note("CANNOT read the checkpoint in \(hash.hex): \(error)")
            return Self.unable
        }
    }

    // MARK: -

    private static let anyOrigin = [ServiceAnswer.Field("access-control-allow-origin", "*")]
    private static let nothing = ServiceAnswer.text(404, "nothing here\n")
    private static let unable = ServiceAnswer.text(
        503, "cannot tell now\n", headers: [ServiceAnswer.Field("retry-after", "60")])

    private static func originHash(in path: Substring.UTF8View.SubSequence) -> Hash? {
        let parts = path.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].isEmpty, parts[2].elementsEqual("checkpoint".utf8) else { return nil }
        return Hash(hex: Array(parts[1]))
    }

    private static func words(for refusal: WitnessRefusal) -> String {
        if case .oldDiffers(let last) = refusal { "the size cosigned last is \(last)" } else { "\(refusal)" }
    }

    private static func words(for conflict: Witness.Conflict?) -> String {
        switch conflict {
        case nil: ""
        case .kept(let folder): "; THE LOG SIGNED TWO TREES OF ONE SIZE: evidence in \(Shown.path(folder))"
        case .tooMany: "; THE LOG SIGNED TWO TREES OF ONE SIZE, again"
        case .notKept(let error): "; THE LOG SIGNED TWO TREES OF ONE SIZE, and the evidence could not be kept: \(error)"
        }
    }
}
