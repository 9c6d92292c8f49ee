// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerService
import Synchronization
import Testing

/// Requests over real connections: through a proxy or not, answered or not.
@Suite("Requests over HTTP")
struct HTTPClientTransportTests {
    /// Runs a server that keeps the paths it was asked for, and gives its address.
    private func serving(
        _ answer: @escaping @Sendable (String) -> ServiceAnswer, _ body: @Sendable (ListenAddress) async throws -> Void
    ) async throws -> [String] {
        let paths = Mutex<[String]>([])
        let (addresses, ready) = AsyncStream.makeStream(of: ListenAddress.self)
        let service = HTTPService(at: ListenAddress(host: "127.0.0.1", port: 0), limits: .init(body: 1_000)) {
            request in
            paths.withLock { $0.append(request.path) }
            return answer(request.path)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run(untilSignalled: false) { ready.yield($0) } }
            for await address in addresses {
                try await body(address)
                break
            }
            group.cancelAll()
        }
        return paths.withLock { $0 }
    }

    private func get(_ url: String, _ environment: [String: String] = [:], limit: Int = 1_000) async throws
        -> HTTPAnswer
    {
        let request = HTTPRequest(.get, url, maximumAnswer: limit, deadline: .seconds(20))
        return try await HTTPClientTransport.with(environment: environment) { try await $0.send(request) }
    }

    @Test func anAnswerIsReadWhole() async throws {
        let asked = try await serving { _ in
            .text(200, "six\n")
        } _: { address in
            let answer = try await get("\(address.url)/checkpoint")
            #expect(answer.status == 200)
            #expect(answer.body == Array("six\n".utf8))
            await #expect(throws: HTTPFailure.self) { try await get("\(address.url)/long", limit: 3) }
        }
        #expect(asked == ["/checkpoint", "/long"])
    }

    /// Where a proxy is asked for that does not answer, nothing goes around it, whatever else is excepted: the name is
    /// looked up nowhere.
    @Test(arguments: ["", ".", " , .", "other.example"], ["http://127.0.0.1:1", "socks5h://127.0.0.1:1"])
    func aProxyIsNotGoneAround(_ direct: String, _ proxy: String) async {
        let environment = ["http_proxy": proxy, "no_proxy": direct]
        let failure = await #expect(throws: HTTPFailure.self) {
            try await get("http://witness.invalid/prefix/checkpoint", environment)
        }
        #expect(failure?.description == "the connection is refused")
    }

    @Test func whatIsExceptedGoesDirectly() async throws {
        let asked = try await serving { _ in
            .text(200, "direct\n")
        } _: { address in
            let environment = ["all_proxy": "socks5h://127.0.0.1:1", "no_proxy": "127.0.0.1"]
            let answer = try await get("\(address.url)/a", environment)
            #expect(answer.body == Array("direct\n".utf8))
        }
        #expect(asked == ["/a"])
    }

    @Test(arguments: [
        ("ftp://a.example/", "the address is neither http:// nor https://"),
        ("http:///checkpoint", "the address names no host"),
        ("http://user:word@a.example/", "an address with a password in it is refused"),
        ("http://127.0.0.1:1/", "the connection is refused"),
    ]) func failuresAreSaidInWords(url: String, words: String) async {
        let failure = await #expect(throws: HTTPFailure.self) { try await get(url) }
        #expect(failure?.description == words)
    }
}
