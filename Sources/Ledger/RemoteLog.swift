// SPDX-License-Identifier: Apache-2.0
public import Evidence
public import TransparencyLog

/// A log that is filed in over HTTP, by the address of the service that has it open.
///
///     POST <prefix>/entries        a filing; answered with its tlog-proof
///     GET  <prefix>/find?charter=  where its charters stand
///
/// Nothing it answers is trusted: whoever files verifies the proof. The same filing is answered the same, so that one whose
/// answer was lost is offered again. An answer that does not come, or says that the server cannot now (408, 429 and 5xx), is
/// asked for again, a little later each time.
public struct RemoteLog: Sendable {
    /// The log's rules, or those who run it, refuse the filing. It is not in the log.
    public struct Refused: Error, Sendable, Hashable {
        /// The status of the answer: 400, 401, 403 or 413.
        public let status: Int
        /// What the server says, in one line.
        public let words: String
    }

    /// The filing is signed by the log, and is published once enough servers have cosigned it.
    public struct HeldBack: Error, Sendable, Hashable {
        /// What the server says, in one line.
        public let words: String
    }

    /// No answer came that says what became of the filing.
    public struct Unreachable: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
    }

    /// The answer is no proof that the filing is in the log.
    public struct Misanswered: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
    }

    private static let maximumLine = 1024
    private let prefix: String
    private let token: String?
    private let transport: HTTPTransport
    private let wait: @Sendable (Duration) async throws -> Void

    /// The log below `prefix`, an `http` or `https` address. `token` is shown to it where one is given.
    public init(
        _ prefix: String, token: String? = nil, over transport: HTTPTransport,
        waiting wait: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.prefix = String(prefix.prefix(prefix.utf8.count - prefix.utf8.reversed().prefix { $0 == 0x2F }.count))
        self.token = token
        self.transport = transport
        self.wait = wait
    }

    /// Offers a filing, and gives the proof that it is in the log, with the checkpoint of it, which meets the policy.
    public func submit(
        _ filing: Filing, under policy: TrustPolicy
    ) async throws -> (proof: LogProof, checkpoint: CosignedCheckpoint) {
        var headers: [(name: String, value: String)] = [("Content-Type", "text/plain; charset=utf-8")]
        if let token { headers.append(("Authorization", "Bearer \(token)")) }
        let request = HTTPRequest(
            .post, prefix + "/entries", headers: headers, body: filing.bytes,
            maximumAnswer: 2 * SignedNote.maximumByteCount, deadline: HTTPLedgerSource.deadline)
        let answer = try await answer(to: request)
        switch answer.status {
        case 200: return try Self.proof(of: filing, in: answer.body, under: policy)
        case 202: throw HeldBack(words: Self.line(answer.body))
        case 400, 401, 403, 413: throw Refused(status: answer.status, words: Self.line(answer.body))
        case 409:
            guard let quote = filing.after else { throw Misanswered(description: "the server answers with status 409") }
            throw FilingRulesError.unknownQuote(quote)
        case 404, 405, 501: throw Misanswered(description: "the server takes no filings at this address")
        default: throw Misanswered(description: "the server answers with status \(answer.status)")
        }
    }

    /// The entries that set the log's charter, as the server says; nil where it does not tell.
    public func charters() async throws -> [LeafIndex]? {
        let request = HTTPRequest(
            .get, prefix + "/find?charter=", maximumAnswer: 1 << 20, deadline: HTTPLedgerSource.deadline)
        let answer = try await answer(to: request)
        guard answer.status == 200, case .object(let members)? = try? JSON(parsing: answer.body),
            case .array(let numbers)? = members.first(where: { $0.name.elementsEqual("entries".utf8) })?.value
        else { return nil }
        return numbers.compactMap { if case .number(let number) = $0 { LeafIndex(number) } else { nil } }
    }

    private func answer(to request: HTTPRequest) async throws -> HTTPAnswer {
        var waits = HTTPLedgerSource.waits[...]
        while true {
            let failure: Unreachable
            do {
                let answer = try await transport.send(request)
                guard [408, 429].contains(answer.status) || (answer.status >= 500 && answer.status != 501) else {
                    return answer
                }
                failure = Unreachable(description: "the server cannot take it now: \(Self.line(answer.body))")
            } catch let error as HTTPFailure {
                if error.isTooLong { throw Misanswered(description: "\(error)") }
                failure = Unreachable(description: "the server cannot be reached: \(error)")
            }
            guard let next = waits.popFirst() else { throw failure }
            try await wait(next)
        }
    }

    private static func proof(
        of filing: Filing, in body: [UInt8], under policy: TrustPolicy
    ) throws -> (proof: LogProof, checkpoint: CosignedCheckpoint) {
        let proof: LogProof
        let entry: Entry
        do {
            proof = try LogProof(parsing: body)
            entry = try Entry(parsing: proof.extra ?? [])
        } catch {
            throw Misanswered(description: "what the server answers is no proof: \(error)")
        }
        guard entry.filing.text == filing.text else {
            throw Misanswered(description: "the server answers with the proof of another filing")
        }
        do {
            try entry.filing.verifySignatures()
            return (proof, try proof.verify(entry.leafHash, under: policy))
        } catch {
            throw Misanswered(description: "the proof that the server answers with does not hold: \(error)")
        }
    }

    /// What a server says, bounded and escaped.
    private static func line(_ body: [UInt8]) -> String {
        Shown.bytes(body.prefix(maximumLine).prefix { $0 != 0x0A })
    }
}
