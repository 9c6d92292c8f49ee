// SPDX-License-Identifier: Apache-2.0
import Ledger
import Synchronization
import Testing

/// A log's files as a web server gives them.
@Suite struct HTTPLedgerSourceTests {
    /// A server that answers from a list, one after the other, and remembers what it was asked.
    private final class Server: Sendable {
        let answers: Mutex<[Result<HTTPAnswer, HTTPFailure>]>
        let asked = Mutex<[HTTPRequest]>([])
        let waited = Mutex<[Duration]>([])

        init(_ answers: [Result<HTTPAnswer, HTTPFailure>]) { self.answers = Mutex(answers) }

        convenience init(statuses: Int...) {
            self.init(statuses.map { .success(HTTPAnswer(status: $0, contentType: nil, body: [1, 2, 3])) })
        }

        func source(_ prefix: String = "http://log.example/2026") -> HTTPLedgerSource {
            let transport = HTTPTransport { request in
                self.asked.withLock { $0.append(request) }
                return try self.answers.withLock { $0.removeFirst() }.get()
            }
            return HTTPLedgerSource(prefix, over: transport) { time in self.waited.withLock { $0.append(time) } }
        }

        var urls: [String] { asked.withLock { $0.map(\.url) } }
        var waits: [Duration] { waited.withLock { $0 } }
    }

    @Test(arguments: ["http://log.example/2026", "http://log.example/2026/", "http://log.example/2026//"])
    func pathsAreBelowTheAddress(_ prefix: String) async throws {
        let server = Server(statuses: 200)
        #expect(try await server.source(prefix).read("tile/0/000.p/5", limit: 160) == [1, 2, 3])
        #expect(server.urls == ["http://log.example/2026/tile/0/000.p/5"])
        #expect(server.asked.withLock { $0[0].maximumAnswer } == 160)
    }

    @Test(arguments: [404, 410]) func absenceIsNoError(_ status: Int) async throws {
        let server = Server(statuses: status)
        #expect(try await server.source().read("checkpoint", limit: 10) == nil)
        #expect(server.waits.isEmpty)
    }

    @Test(arguments: [408, 429, 500, 503, 599]) func whatPassesIsAskedAgain(_ status: Int) async throws {
        let server = Server(statuses: status, status, 200)
        #expect(try await server.source().read("checkpoint", limit: 10) == [1, 2, 3])
        #expect(server.waits == Array(HTTPLedgerSource.waits.prefix(2)))
    }

    @Test func noAnswerIsAskedForAgainAndThenTold() async throws {
        let failure = HTTPFailure("no answer in time")
        let server = Server(Array(repeating: .failure(failure), count: 4))
        await #expect(throws: HTTPLedgerSource.ReadError.unreachable(failure)) {
            try await server.source().read("checkpoint", limit: 10)
        }
        #expect(server.urls.count == 4)
        #expect(server.waits == HTTPLedgerSource.waits)
        let busy = Server(statuses: 503, 503, 503, 503)
        await #expect(throws: HTTPLedgerSource.ReadError.refused(status: 503)) {
            try await busy.source().read("checkpoint", limit: 10)
        }
    }

    @Test(arguments: [204, 301, 302, 400, 401, 403]) func otherAnswersAreErrors(_ status: Int) async throws {
        let server = Server(statuses: status)
        await #expect(throws: HTTPLedgerSource.ReadError.refused(status: status)) {
            try await server.source().read("checkpoint", limit: 10)
        }
        #expect(server.waits.isEmpty)
    }

    @Test func whatIsTooLongIsNotAskedForAgain() async throws {
        let told = Server([.failure(HTTPFailure("the answer is longer than 2 bytes", isTooLong: true))])
        await #expect(throws: FileError.self) { try await told.source().read("checkpoint", limit: 2) }
        let given = Server(statuses: 200)
        await #expect(throws: FileError.self) { try await given.source().read("checkpoint", limit: 2) }
        #expect(told.waits.isEmpty && given.waits.isEmpty)
    }

    /// A whole audit over such a source.
    @Test func aServedLogIsAudited() async throws {
        let files = try AuditTestLog.filings(300).files()
        let transport = HTTPTransport { request in
            let path = String(request.url.dropFirst("http://log.example/".count))
            return HTTPAnswer(status: files[path] == nil ? 404 : 200, contentType: nil, body: files[path] ?? [])
        }
        let report = try await Audit.report(HTTPLedgerSource("http://log.example", over: transport))
        #expect(report.holds)
        #expect(report.gaps == [.otherFiles])
    }
}
