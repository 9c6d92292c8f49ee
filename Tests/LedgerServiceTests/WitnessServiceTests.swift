// SPDX-License-Identifier: Apache-2.0
import Ledger
import LedgerService
import Testing
import TransparencyLog
import TestSupport

/// conformance G, over a real connection.
@Suite("A witness over HTTP")
struct WitnessServiceTests {
    private let folder: TemporaryFolder
    private let world: WitnessWorld
    private let notes = Notes()

    init() throws {
        folder = try TemporaryFolder()
        world = try WitnessWorld()
    }

    private func serve(
        prefix: String = "", at time: UInt64 = 1_700_000_000, _ body: @escaping @Sendable (Int) throws -> Void
    ) async throws {
        let service = WitnessService(
            try world.open(folder("witness"), at: time), prefix: prefix, note: { notes.add($0) })
        try await RunningService.with(
            .init(body: WitnessService.maximumRequest), { await service.answer($0) }, body)
    }

    private static func changed(_ request: AddCheckpoint, _ old: String, _ new: String) -> [UInt8] {
        Array(String(decoding: request.bytes, as: UTF8.self).replacing(old, with: new).utf8)
    }

    @Test func statusTable() async throws {
        try await serve { [world] port in
            let connection = try RawConnection(port: port)
            func post(_ body: [UInt8]) throws -> RawConnection.Answer {
                try connection.send("POST", "/add-checkpoint", body: body)
            }
            let checkpoint = "/\(world.originHash.hex)/checkpoint"
            #expect(try connection.send("GET", checkpoint).status == 404)

            // conformance 85, 86
            let first = try world.request(0, 5)
            let answer = try post(first.bytes)
            #expect(answer.status == 200)
            #expect(try world.holds(try AddCheckpointAnswer(parsing: answer.body), for: first))
            // conformance 91
            let kept = try connection.send("GET", checkpoint)
            #expect(kept.status == 200)
            #expect(kept.headers["content-type"] == "text/plain; charset=utf-8")
            #expect(kept.headers["cache-control"] == "no-store")
            #expect(try world.policy().verify(SignedCheckpoint(parsing: kept.body)).isQuorumMet)

            let grows = try world.request(5, 9)
            let other = try WitnessWorld(origin: "other.example/log")
            let stranger = NoteSigner(name: world.signer.verifierKey.name, privateKey: try WitnessWorld.key(7))
            let fork = WitnessWorld.History(fork: 1)
            var forged = grows.note.bytes
            forged[forged.count - 9] ^= 1
            let table: [(status: Int, body: [UInt8])] = [
                (400, []), (400, Array("nonsense".utf8)), (400, Self.changed(grows, "old 5", "old 05")),
                (400, Self.changed(grows, "old 5", "old 10")),
                (
                    400,
                    Array("old 5\n\(String(repeating: "\(MerkleTree.emptyRoot)\n", count: 64))\n".utf8)
                        + grows.note.bytes
                ),
                (403, try world.request(5, 9, signers: [stranger]).bytes),
                (403, Array("old 5\n\n".utf8) + forged),
                (404, try other.request(0, 5).bytes), (422, try world.request(5, 9, of: fork).bytes),
                (422, try world.request(5, 5, of: fork).bytes), (422, Array("old 5\n\n".utf8) + grows.note.bytes),
                (200, try world.request(5, 5).bytes), (200, grows.bytes),
            ]
            for (status, body) in table {
                let answer = try post(body)
                #expect(answer.status == status, "\(answer.text)")
                #expect(answer.headers["content-type"] == "text/plain; charset=utf-8")
                #expect(answer.headers["access-control-allow-origin"] == "*")
            }
            // conformance 79
            let conflict = try post(grows.bytes)
            #expect(conflict.status == 409)
            #expect(conflict.headers["content-type"] == "text/x.tlog.size")
            #expect(conflict.text == "9\n")
        }
        #expect(notes.all.filter { $0.hasPrefix("cosigned ledger.example/witnessed at size ") }.count == 3)
        #expect(notes.all.filter { $0.hasPrefix("refused") }.count == 12)
        #expect(notes.all.filter { $0.contains("THE LOG SIGNED TWO TREES OF ONE SIZE") }.count == 1)
        #expect(notes.all.last == "refused ledger.example/witnessed with 409: the size cosigned last is 9")
    }

    // conformance 78, 80, 81, 90
    @Test func firstContact() async throws {
        try await serve { [world] port in
            let connection = try RawConnection(port: port)
            let request = try world.request(0, 5)
            let text = "\(world.origin)\n0\n\(request.head.root)\n"
            let empty = try SignedNote(text: Array(text.utf8), signatures: [world.signer.sign(Array(text.utf8))])
            for (status, body) in [
                (409, try world.request(5, 5).bytes), (409, try world.request(3, 5).bytes),
                (422, Array("old 0\n\n".utf8) + empty.bytes),
                (422, Array("old 0\n\(request.head.root)\n\n".utf8) + request.note.bytes), (200, request.bytes),
            ] {
                let answer = try connection.send("POST", "/add-checkpoint", body: body)
                #expect(answer.status == status)
                if status == 409 { #expect(answer.text == "0\n") }
            }
        }
    }

    // conformance 93
    @Test func preflightAndPaths() async throws {
        try await serve(prefix: "/w1") { [world] port in
            let connection = try RawConnection(port: port)
            let hash = world.originHash.hex
            for path in ["/w1/add-checkpoint", "/w1/\(hash)/checkpoint"] {
                let answer = try connection.send(
                    "OPTIONS", path,
                    headers: ["origin: https://viewer.example", "access-control-request-method: POST"])
                #expect(answer.status == 204)
                #expect(answer.headers["access-control-allow-origin"] == "*")
                #expect(answer.headers["access-control-allow-headers"] == "content-type")
                #expect(
                    answer.headers["access-control-allow-methods"]
                        == (path.hasSuffix("add-checkpoint") ? "POST, OPTIONS" : "GET, OPTIONS"))
            }
            #expect(try connection.send("POST", "/w1/add-checkpoint", body: world.request(0, 5).bytes).status == 200)
            for (method, path, status) in [
                ("GET", "/w1/\(hash)/checkpoint", 200), ("HEAD", "/w1/\(hash)/checkpoint", 200),
                ("GET", "/w1/\(hash)/checkpoint?query", 200), ("GET", "/w1/", 200), ("GET", "/w1/health", 200),
                ("GET", "/w1/add-checkpoint", 405), ("PUT", "/w1/add-checkpoint", 405),
                ("POST", "/w1/\(hash)/checkpoint", 405), ("DELETE", "/w1/\(hash)/checkpoint", 405),
                ("GET", "/w1", 404), ("GET", "/", 404), ("GET", "/health", 404), ("GET", "/\(hash)/checkpoint", 404),
                ("POST", "/add-checkpoint", 404), ("POST", "/w1/add-checkpoint/", 404),
                ("GET", "/w1/\(hash)", 404), ("GET", "/w1/\(hash)/log", 404), ("GET", "/w1/\(hash)/lock", 404),
                ("GET", "/w1/\(hash.uppercased())/checkpoint", 404), ("GET", "/w1//checkpoint", 404),
                ("GET", "/w1/\(hash)//checkpoint", 404), ("GET", "/w1/x/../\(hash)/checkpoint", 404),
                ("GET", "/w1/../../etc/checkpoint", 404), ("GET", "/w1/%2e%2e/checkpoint", 404),
                ("GET", "/w1/\(String(repeating: "0", count: 64))/checkpoint", 404),
            ] {
                #expect(try connection.send(method, path).status == status, "\(method) \(path)")
            }
            let root = try connection.send("GET", "/w1/")
            #expect(root.text == "\(world.witness.verifierKey)\n")
        }
    }

    /// Sixteen signature lines of the size of ML-DSA-44 are let in, and as many as a note may have; more is not read.
    @Test func bodyCap() async throws {
        try await serve { [world] port in
            func request(_ old: Int, _ size: Int, lines: Int) throws -> [UInt8] {
                let more = try (0..<lines).map { number in
                    let name = "witness.example/" + String(repeating: "w", count: 230) + "\(number)"
                    return SignedNote.Signature(
                        name: try #require(KeyName(name)), keyID: KeyID(rawValue: 7),
                        bytes: [UInt8](repeating: 5, count: 8 + 2420))
                }
                return try world.request(old, size, more: more).bytes
            }
            let connection = try RawConnection(port: port)
            #expect(try connection.send("POST", "/add-checkpoint", body: request(0, 3, lines: 16)).status == 200)
            #expect(try connection.send("POST", "/add-checkpoint", body: request(3, 4, lines: 63)).status == 200)
            let long = [UInt8](repeating: 0x78, count: WitnessService.maximumRequest + 1)
            #expect(try connection.send("POST", "/add-checkpoint", body: long).status == 413)
        }
    }

    /// A storage that fails, or a clock that is behind: no signature, and no word of why to those who ask.
    @Test func failuresAreNotAnswered() async throws {
        try await serve { [world] port in
            let answer = try RawConnection(port: port).send("POST", "/add-checkpoint", body: world.request(0, 3).bytes)
            #expect(answer.status == 200)
        }
        try await serve(at: 1_600_000_000) { [world] port in
            let answer = try RawConnection(port: port).send(
                "POST", "/add-checkpoint", body: world.request(3, 4).bytes)
            #expect(answer.status == 503)
            #expect(answer.headers["retry-after"] == "60")
            #expect(answer.text == "cannot tell now\n")
        }
        #expect(
            notes.all.last == "CANNOT cosign ledger.example/witnessed: the clock, 1600000000, is behind the last "
                + "cosignature, 1700000000")
    }

    @Test func foreignNamesAreEscaped() async throws {
        let other = try WitnessWorld(origin: "evil.example/\u{202E}log\u{7F}")
        try await serve { port in
            let answer = try RawConnection(port: port).send("POST", "/add-checkpoint", body: other.request(0, 3).bytes)
            #expect(answer.status == 404)
        }
        #expect(notes.all == ["refused evil.example/\\u{202e}log\\u{7f} with 404: unknown log"])
    }
}
