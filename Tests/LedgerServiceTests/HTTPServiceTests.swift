// SPDX-License-Identifier: Apache-2.0
import Foundation
import LedgerService
import Testing
import TestSupport

@Suite("Services over HTTP")
struct HTTPServiceTests {
    private static func echo(_ request: ServiceRequest) async -> ServiceAnswer {
        .text(200, Array("\(request.method) \(request.path) ".utf8) + request.body)
    }

    @Test func requestsAreAnswered() async throws {
        try await RunningService.with(.init(body: 1000), Self.echo) { port in
            let connection = try RawConnection(port: port)
            // conformance 93: one connection for all of them
            for _ in 0..<3 {
                let answer = try connection.send("POST", "/a%2Fb?query", body: Array("body".utf8))
                #expect(answer.status == 200)
                #expect(answer.text == "POST /a%2Fb body")
                #expect(answer.headers["content-type"] == "text/plain; charset=utf-8")
                #expect(answer.headers["cache-control"] == "no-store")
                #expect(answer.headers["content-length"] == "16")
            }
            let head = try connection.send("HEAD", "/x")
            #expect(head.headers["content-length"] == "7")
            #expect(try connection.send("GET", "/x").text == "GET /x ")
        }
    }

    /// A body up to the limit is read, a longer one is not, whether its length is said before or not.
    @Test func longBodiesAreRefused() async throws {
        try await RunningService.with(.init(body: 100_000, bodyTime: .seconds(1)), Self.echo) { port in
            let whole = [UInt8](repeating: 0x78, count: 100_000)
            #expect(try RawConnection(port: port).send("POST", "/", body: whole).body.count == 7 + whole.count)
            #expect(try RawConnection(port: port).send("POST", "/", body: whole + [0x78]).status == 413)
            let chunked = try RawConnection(port: port)
            try chunked.write(Array("POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n".utf8))
            try chunked.write(Array("186A0\r\n".utf8) + whole + Array("\r\n1\r\nx\r\n".utf8))
            #expect(try chunked.answer().status == 413)
            // It does not end: the connection is closed all the same.
            #expect(chunked.isClosed())
        }
    }

    /// A client that sends a byte at a time, or nothing, is cut off.
    @Test func slowClientsAreCutOff() async throws {
        let limits = HTTPService.Limits(body: 1000, bodyTime: .milliseconds(400), idleTime: .milliseconds(800))
        try await RunningService.with(limits, Self.echo) { port in
            let silent = try RawConnection(port: port)
            let partial = try RawConnection(port: port)
            try partial.write(Array("POST / HTTP/1.1\r\nhost".utf8))
            let slow = try RawConnection(port: port)
            try slow.write(Array("POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\n".utf8))
            let start = ContinuousClock.now
            var isCut = false
            while !isCut, start.duration(to: .now) < .seconds(10) {
                do { try slow.write([0x78]) } catch { isCut = true }
                poll(nil, 0, 20)
            }
            #expect(isCut)
            #expect(silent.isClosed())
            #expect(partial.isClosed())
            #expect(start.duration(to: .now) < .seconds(10))
        }
    }

    @Test func moreConnectionsWait() async throws {
        try await RunningService.with(.init(body: 1000, connections: 2), Self.echo) { port in
            var first: RawConnection? = try RawConnection(port: port)
            let second = try RawConnection(port: port)
            #expect(try first?.send("GET", "/1").status == 200)
            #expect(try second.send("GET", "/2").status == 200)
            let third = try RawConnection(port: port)
            try third.write(Array("GET /3 HTTP/1.1\r\nhost: x\r\n\r\n".utf8))
            first = nil
            #expect(try third.answer().text == "GET /3 ")
        }
    }

    /// One address has so many connections and no more; those that go make room.
    @Test func oneAddressDoesNotTakeAll() async throws {
        try await RunningService.with(.init(body: 1000, connectionsPerAddress: 3), Self.echo) { port in
            var open = try (0..<3).map { _ in try RawConnection(port: port) }
            for connection in open { #expect(try connection.send("GET", "/").status == 200) }
            #expect(throws: RawConnection.Broken.self) { try RawConnection(port: port).send("GET", "/") }
            for connection in open { #expect(try connection.send("GET", "/").status == 200) }
            open.removeFirst()
            let start = ContinuousClock.now
            var isIn = false
            while !isIn, start.duration(to: .now) < .seconds(10) {
                isIn = (try? RawConnection(port: port).send("GET", "/").status) == 200
            }
            #expect(isIn)
        }
    }

    /// A client that asks and does not take the answer is cut off; hundreds that say nothing keep nobody waiting.
    @Test func whoDoesNotReadIsCutOff() async throws {
        let limits = HTTPService.Limits(body: 1000, answerTime: .milliseconds(500), connections: 1000)
        let long: @Sendable (ServiceRequest) async -> ServiceAnswer = { request in
            .text(200, [UInt8](repeating: 0x78, count: request.path == "/long" ? 40_000_000 : 1))
        }
        try await RunningService.with(limits, long) { port in
            let idle = try (0..<400).map { _ in try RawConnection(port: port) }
            let lazy = try RawConnection(port: port)
            try lazy.write(Array("GET /long HTTP/1.1\r\nhost: x\r\n\r\n".utf8))
            #expect(try RawConnection(port: port).send("GET", "/").status == 200)
            let start = ContinuousClock.now
            var isCut = false
            while !isCut, start.duration(to: .now) < .seconds(10) {
                do { try lazy.write(Array("GET / HTTP/1.1\r\nhost: x\r\n\r\n".utf8)) } catch { isCut = true }
                poll(nil, 0, 20)
            }
            #expect(isCut)
            #expect(try idle[399].send("GET", "/").status == 200)
        }
    }

    @Test func nonsenseIsRefused() async throws {
        try await RunningService.with(.init(body: 1000), Self.echo) { port in
            for text in ["nonsense\r\n\r\n", "GET / HTTP/1.1\r\nx: \(String(repeating: "y", count: 100_000))\r\n\r\n"] {
                let connection = try RawConnection(port: port)
                try connection.write(Array(text.utf8))
                #expect(try connection.answer().status == 400)
            }
            #expect(try RawConnection(port: port).send("GET", "/").status == 200)
        }
    }

    @Test func portsInUse() async throws {
        try await RunningService.with(.init(body: 1000), Self.echo) { port in
            let done = DispatchSemaphore(value: 0)
            Task {
                let second = HTTPService(
                    at: ListenAddress(host: "127.0.0.1", port: port), limits: .init(body: 10), respond: Self.echo)
                await #expect(throws: HTTPService.StartError.self) {
                    try await second.run(untilSignalled: false) { _ in }
                }
                done.signal()
            }
            done.wait()
        }
    }

    @Test func addresses() {
        for (text, host, port) in [
            ("127.0.0.1:8001", "127.0.0.1", 8001), ("localhost:0", "localhost", 0), ("[::1]:65535", "::1", 65_535),
        ] {
            let address = ListenAddress(text)
            #expect(address?.host == host)
            #expect(address?.port == port)
            #expect(address?.description == text)
        }
        for text in [
            "", ":", ":80", "8001", "host", "host:", "host:65536", "host:-1", "host:+1", "host:1 ", "::1:80", "[::1]",
            "[host]:80", "[]:80", "a/b:80", "a b:80", "host:٨",
        ] {
            #expect(ListenAddress(text) == nil, "\(text)")
        }
    }
}
