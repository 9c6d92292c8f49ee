// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import Synchronization
import Testing
import TransparencyLog

/// What a log's client makes of whatever a server answers.
@Suite("Filing over HTTP")
struct RemoteLogTests {
    /// A log of a charter and a member, the filing that was entered last, and its proof.
    private static func world() async throws -> (filing: Filing, proof: LogProof, folder: TemporaryFolder) {
        let folder = try TemporaryFolder()
        let log = try await FilingWorld.open(folder.path)
        let filing = try FilingWorld.register(1)
        for filing in [try FilingWorld.charter(), try FilingWorld.enrol("ana"), filing] {
            _ = try await log.sequencer.submit(filing)
        }
        return (filing, try await FilingWorld.reader(folder.path).proof(of: 2), folder)
    }

    /// A client of a server that gives these answers, one after the other, and what was asked of it.
    private static func log(
        _ answers: [(status: Int, body: [UInt8])?], token: String? = nil, prefix: String = "http://log.example/"
    ) -> (log: RemoteLog, asked: AskedRequests) {
        let asked = AskedRequests()
        let transport = HTTPTransport { request in
            let number = asked.add(request)
            guard let answer = answers[min(number, answers.count - 1)] else {
                throw HTTPFailure("the connection is refused")
            }
            return HTTPAnswer(status: answer.status, contentType: nil, body: answer.body)
        }
        return (RemoteLog(prefix, token: token, over: transport, waiting: { _ in }), asked)
    }

    @Test func aProofIsTakenThatHolds() async throws {
        let world = try await Self.world()
        let (log, asked) = Self.log([(200, world.proof.bytes)], token: "ind_0")
        let answer = try await log.submit(world.filing, under: FilingWorld.identity.policy())
        #expect(answer.proof == world.proof)
        #expect(answer.checkpoint.head.size == 3)
        #expect(asked.all.map(\.url) == ["http://log.example/entries"])
        #expect(asked.all[0].body == world.filing.bytes)
        #expect(asked.all[0].headers.contains { $0.name == "Authorization" && $0.value == "Bearer ind_0" })
    }

    @Test("What does not come, or not now, is asked for again, and then told")
    func itIsAskedForAgain() async throws {
        let world = try await Self.world()
        let policy = try FilingWorld.identity.policy()
        let (patient, asked) = Self.log([nil, (503, []), (429, []), (200, world.proof.bytes)])
        #expect(try await patient.submit(world.filing, under: policy).proof == world.proof)
        #expect(asked.all.count == 4)
        let (away, tries) = Self.log([nil])
        await #expect(throws: RemoteLog.Unreachable.self) { try await away.submit(world.filing, under: policy) }
        #expect(tries.all.count == HTTPLedgerSource.waits.count + 1)
    }

    @Test("Each refusal is told as what it is, and asked for once")
    func refusals() async throws {
        let world = try await Self.world()
        let policy = try FilingWorld.identity.policy()
        for status in [400, 401, 403, 413] {
            let (log, asked) = Self.log([(status, Array("no\u{1B}[2J\nmore".utf8))])
            let refused = await #expect(throws: RemoteLog.Refused.self) {
                try await log.submit(world.filing, under: policy)
            }
            #expect(refused?.status == status)
            #expect(refused?.words.utf8.allSatisfy { $0 >= 0x20 } == true && refused?.words.hasPrefix("no") == true)
            #expect(asked.all.count == 1)
        }
        let (held, _) = Self.log([(202, Array("later\n".utf8))])
        let later = await #expect(throws: RemoteLog.HeldBack.self) {
            try await held.submit(world.filing, under: policy)
        }
        #expect(later?.words == "later")
        for status in [204, 302, 404, 405, 409, 410, 501] {
            let (log, asked) = Self.log([(status, [])])
            await #expect(throws: RemoteLog.Misanswered.self, "\(status)") {
                try await log.submit(world.filing, under: policy)
            }
            #expect(asked.all.count == 1)
        }
    }

    @Test("No proof is taken of another filing, under another key, or that does not hold")
    func liars() async throws {
        let world = try await Self.world()
        let policy = try FilingWorld.identity.policy()
        let other = try FilingWorld.register(2)
        let stranger = try LogIdentity(signers: [FilingWorld.person("log.example/another")]).policy()
        let entry = try #require(world.proof.extra)
        let moved = try LogProof(
            extra: entry, index: 1, inclusion: world.proof.inclusion, checkpoint: world.proof.checkpoint)
        var unsigned = entry
        unsigned[entry.count - 10] ^= 4
        let forged = try LogProof(
            extra: unsigned, index: 2, inclusion: world.proof.inclusion, checkpoint: world.proof.checkpoint)
        let bare = try LogProof(
            extra: nil, index: 2, inclusion: world.proof.inclusion, checkpoint: world.proof.checkpoint)
        let table: [(filing: Filing, policy: TrustPolicy, body: [UInt8])] = [
            (other, policy, world.proof.bytes), (world.filing, stranger, world.proof.bytes),
            (world.filing, policy, moved.bytes), (world.filing, policy, forged.bytes),
            (world.filing, policy, bare.bytes), (world.filing, policy, []),
            (world.filing, policy, world.proof.bytes + [0x0A]),
        ]
        for (number, (filing, policy, body)) in table.enumerated() {
            let (log, _) = Self.log([(200, body)])
            await #expect(throws: RemoteLog.Misanswered.self, "\(number)") {
                try await log.submit(filing, under: policy)
            }
        }
    }

    @Test func chartersAreWhereTheServerSays() async throws {
        let (log, asked) = Self.log([(200, Array("{\"entries\":[0,7]}\n".utf8))], prefix: "http://log.example/a//")
        #expect(try await log.charters() == [0, 7])
        #expect(asked.all.map(\.url) == ["http://log.example/a/find?charter="])
        for body in ["", "[]", "{}", "{\"entries\":7}", "{\"entries\":[0]"] {
            #expect(try await Self.log([(200, Array(body.utf8))]).log.charters() == nil)
        }
        #expect(try await Self.log([(404, [])]).log.charters() == nil)
    }
}

/// Keeps what was asked of a server.
private final class AskedRequests: Sendable {
    private let requests = Mutex<[HTTPRequest]>([])

    /// Adds a request; how many there were before.
    func add(_ request: HTTPRequest) -> Int {
        requests.withLock { requests in
            requests.append(request)
            return requests.count - 1
        }
    }

    var all: [HTTPRequest] { requests.withLock { $0 } }
}
