// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Foundation
import Ledger
import LedgerService
import SystemPackage
import TransparencyLog

/// Has the newest checkpoint stamped by authorities of trusted time, and keeps what they answer.
struct TimestampCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timestamp",
        abstract: "Have the log's newest checkpoint time-stamped, so that every entry so far existed by then.",
        discussion: """
            Sends the SHA-256 of the checkpoint, and nothing else, to each authority (RFC 3161), judges what it answers, \
            and keeps it in the ledger; `indelible share` puts it into proofs. The addresses are those of keys/tsa/urls, \
            one a line, and the certificates that are relied on those of keys/tsa/*.pem, unless others are named. One \
            authority that fails does not lose what another answered: the command ends with 1 where an answer does not \
            hold, with 3 where there is none, and running it again asks again.

            Without a network: `timestamp --request` writes the request to a file, and `timestamp --response FILE.tsr` \
            takes the answer that came by other means; the request is looked for beside it, as FILE.tsq.
            """)

    @OptionGroup var options: WorkplaceOptions
    @OptionGroup(title: "Whose time-stamps are relied on") var authorities: TimestampAuthorityOptions
    @Option(
        name: .customLong("tsa"), parsing: .singleValue,
        help: ArgumentHelp("Ask this authority (default: those of keys/tsa/urls).", valueName: "url"))
    var addresses: [String] = []
    @Option(
        name: .customLong("tsa-policy"),
        help: ArgumentHelp("Ask for a time-stamp under this policy, such as 1.2.3.4.", valueName: "oid"))
    var policy: String?
    @Flag(help: "Write the request to a file, for another machine to send.") var request = false
    @Option(
        help: ArgumentHelp("Take the answer to a request from a file.", valueName: "file"),
        completion: .file(extensions: ["tsr"])) var response: String?
    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Write the request here (default: checkpoint-SIZE.tsq).", valueName: "file"))
    var output: String?
    @Flag(help: "Keep a time-stamp though no certificate at hand stands behind it: nobody has judged it then.")
    var unchecked = false

    private func refuseContradictions() throws {
        guard !request || response == nil, addresses.isEmpty || !(request || response != nil) else {
            throw Failure(.usage, "--tsa, --request and --response exclude each other")
        }
        guard output == nil || request else { throw Failure(.usage, "-o belongs to --request") }
    }

    func run() async throws {
        try refuseContradictions()
        let workplace = try Workplace(options)
        try workplace.requireFolder()
        let trust = try workplace.trust(nil).policy
        guard DurableFile.isFolder(workplace.ledger) else { throw DirectoryStore.OpenError.absent(workplace.ledger) }
        let reader = try await LedgerReader(DirectoryStore.reading(workplace.ledger), under: trust)
        guard reader.head.size > 0 else {
            throw Failure(
                .usage, "the log has no entries yet", hint: "begin it first: `indelible submit` enters its charter")
        }
        let work = TimestampWork(
            workplace: workplace, trust: trust, newest: reader.checkpoint.verified.signed, policy: policy,
            isUnchecked: unchecked)
        if request {
            try work.writeRequest(to: output)
        } else if let response {
            try work.take(response, under: try relied(workplace))
        } else {
            let relied = try relied(workplace)
            let addresses = try workplace.timestampAddresses(addresses)
            try await ask(addresses, work, relied)
        }
    }

    private func relied(_ workplace: Workplace) throws -> TimestampAuthorities {
        let relied = try workplace.timestampAuthorities(authorities)
        guard !relied.isEmpty || unchecked else {
            throw Failure(
                .cannotTell, "no certificate is at hand that stands behind a time-stamp authority",
                hint:
                    "put the authority's CA certificate into \(Shown.path(workplace.timestampFolder)) as NAME.pem, or "
                    + "name it with --tsa-ca; --unchecked keeps what nobody has judged")
        }
        return relied
    }

    private func ask(_ addresses: [String], _ work: TimestampWork, _ relied: TimestampAuthorities) async throws {
        var random = SystemRandomNumberGenerator()
        let questions = try addresses.map { address in
            (address, try work.request(nonce: UInt64.random(in: .min ... .max, using: &random)))
        }
        let rule = work.rule(for: work.newest, relied)
        let outcomes = try await HTTPClientTransport.with(environment: ProcessInfo.processInfo.environment) {
            await TimestampAsking(transport: $0, rule: rule).ask(questions)
        }
        try work.store(outcomes, of: work.newest)
    }
}

/// Asks time-stamp authorities over HTTP, all at once.
struct TimestampAsking: Sendable {
    /// How long an authority may take.
    static let patience = Duration.seconds(30)

    let transport: HTTPTransport
    let rule: TimestampRule

    /// What each comes to, in the order of the questions.
    func ask(_ questions: [(address: String, request: TimestampRequest)]) async -> [TimestampOutcome] {
        await withTaskGroup(of: (Int, TimestampOutcome).self) { group in
            for (place, question) in questions.enumerated() {
                group.addTask {
                    let shown = Shown.bytes(question.address.utf8)
                    switch await answer(to: question.request, from: question.address) {
                    case .success(let bytes):
                        let nonce = question.request.nonce
                        return (place, TimestampOutcome(bytes, from: shown, nonce: nonce, by: rule))
                    case .failure(let failure): return (place, TimestampOutcome(failure, from: shown))
                    }
                }
            }
            var outcomes: [(Int, TimestampOutcome)] = []
            for await outcome in group { outcomes.append(outcome) }
            return outcomes.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }

    private func answer(to request: TimestampRequest, from address: String) async -> Result<[UInt8], Failure> {
        let question = HTTPRequest(
            .post, address, headers: [("Content-Type", "application/timestamp-query")], body: request.bytes,
            maximumAnswer: TimestampResponse.maximumByteCount, deadline: Self.patience)
        do {
            return Self.body(of: try await transport.send(question))
        } catch {
            return .failure(
                Failure(
                    .cannotTell, "cannot be asked: \(error)",
                    hint: "look at the address and the network; nothing was lost, run the command again"))
        }
    }

    private static func body(of answer: HTTPAnswer) -> Result<[UInt8], Failure> {
        guard answer.status == 200 else {
            return .failure(
                Failure(
                    .cannotTell, "the authority answered with HTTP \(answer.status)",
                    hint: "look at the address: it should take application/timestamp-query"))
        }
        let type = (answer.contentType ?? "").prefix { $0 != ";" }.lowercased()
        guard type.trimmingSuffix(" ") == "application/timestamp-reply" else {
            return .failure(
                Failure(
                    .doesNotHold, "what came is no time-stamp, but \(Shown.bytes(type.utf8))",
                    hint: "look at the address: it should take application/timestamp-query"))
        }
        return .success(answer.body)
    }
}

extension String {
    fileprivate func trimmingSuffix(_ character: Character) -> Substring {
        var rest = self[...]
        while rest.last == character { rest.removeLast() }
        return rest
    }
}
