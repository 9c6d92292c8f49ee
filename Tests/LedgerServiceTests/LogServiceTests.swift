// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Ledger
import LedgerService
import SystemPackage
import Testing
import TransparencyLog

@Suite("A log over HTTP")
struct LogServiceTests {
    // MARK: - Filing

    @Test("A filing is answered with its proof, again and again with that of the same entry")
    func filing() async throws {
        let world = try await LogWorld()
        let service = await world.service()
        for number in 0..<3 {
            let filing = try LogWorld.register(number)
            var indices: Set<LeafIndex> = []
            for _ in 0..<2 {
                let answer = await service.file(filing.bytes)
                #expect(answer.status == 200)
                let proof = try LogProof(parsing: answer.body)
                let entry = try Entry(parsing: try #require(proof.extra))
                #expect(entry.filing == filing)
                _ = try proof.verify(entry.leafHash, under: world.policy)
                #expect(answer.header("location") == "/entries/\(proof.index)")
                indices.insert(proof.index)
            }
            #expect(indices == [LeafIndex(UInt64(number) + 2)!])
        }
        #expect(await world.log.sequencer.head?.size == TreeSize(5))
    }

    @Test("What the log refuses is refused in one line, and nothing is logged")
    func refusals() async throws {
        let world = try await LogWorld()
        let service = await world.service()
        let good = try LogWorld.register(1)
        var unsigned = good.bytes
        unsigned[unsigned.count - 10] ^= 4
        let quote = try #require(Quote(size: 1, checkpointHash: SHA256.hash([1])))
        let other = try #require(Origin("other.example/log".utf8))
        let table: [(bytes: [UInt8], status: Int)] = [
            ([], 400), (Array("no filing".utf8), 400), (Array(good.bytes.dropLast()), 400), (good.bytes + [0x0A], 400),
            ([0xFF] + good.bytes, 400), (unsigned, 403), (try LogWorld.register(1, by: "stranger").bytes, 403),
            (try LogWorld.register(1, log: other).bytes, 403), (try LogWorld.register(1, after: quote).bytes, 409),
        ]
        for (bytes, status) in table {
            let answer = await service.file(bytes)
            #expect(answer.status == status, "\(answer.text)")
            #expect(answer.text.hasSuffix("\n") && answer.text.dropLast().utf8.allSatisfy { $0 >= 0x20 })
            #expect(answer.header("cache-control") == "no-store")
        }
        #expect(await world.log.sequencer.head?.size == TreeSize(2))
    }

    @Test("Where the log admits anyone, keys that are not enrolled need a token, and members none")
    func tokens() async throws {
        let world = try await LogWorld(admission: .anyone)
        let service = await world.service(asksTokens: true)
        let random = [UInt8](repeating: 7, count: AccessTokens.randomByteCount)
        let token = try world.tokens.make(label: "a group", from: random, at: 1)
        let stranger = try LogWorld.register(1, by: "stranger").bytes
        #expect(await service.file(stranger).status == 401)
        #expect(await service.file(stranger, token: token + "0").status == 403)
        #expect(await service.file(stranger, token: token).status == 200)
        #expect(await service.file(try LogWorld.register(2).bytes).status == 200)
        // A revocation by its own key, which nobody enrolled, needs none: it may be all that somebody can do.
        let revocation = try Revocation(key: LogWorld.person("stranger").verifierKey, reason: .compromised)
        #expect(await service.file(try LogWorld.filing(.revoke(revocation), by: ["stranger"]).bytes).status == 200)
        // Nothing of the token is in the ledger's files but its hash, in the private part.
        for path in try world.folder.files() {
            let text = String(decoding: try world.folder.read(path), as: UTF8.self)
            #expect(!text.contains(token.dropFirst(4)), "\(path)")
        }
        // Without tokens asked for, anyone may.
        let open = await world.service()
        #expect(await open.file(try LogWorld.register(3, by: "another").bytes).status == 200)
    }

    @Test("Limits count addresses, and keys only by what they have signed")
    func limits() async throws {
        let world = try await LogWorld()
        // Ten seconds' worth at once.
        let byAddress = await world.service(perAddress: 1)
        for number in 0..<10 { #expect(await byAddress.file(try LogWorld.register(number).bytes).status == 200) }
        let limited = await byAddress.file(try LogWorld.register(10).bytes)
        #expect(limited.status == 429)
        #expect(limited.header("retry-after") != nil)
        #expect(await byAddress.file(try LogWorld.register(10).bytes, from: "192.0.2.2").status == 200)
        let byKey = await world.service(perKey: 1)
        var forged = try LogWorld.register(20).bytes
        forged[forged.count - 10] ^= 4
        for _ in 0..<30 { #expect(await byKey.file(forged).status == 403) }
        for number in 20..<30 { #expect(await byKey.file(try LogWorld.register(number).bytes).status == 200) }
        #expect(await byKey.file(try LogWorld.register(30).bytes, from: "192.0.2.2").status == 429)
        for _ in 0..<30 { #expect(await byKey.file(try LogWorld.register(29).bytes).status == 200) }
    }

    @Test("Who tries again because an answer was lost uses up nothing")
    func tryingAgain() async throws {
        let world = try await LogWorld()
        let service = await world.service(perKey: 1)
        for number in 0..<10 {
            let filing = try LogWorld.register(number).bytes
            for _ in 0..<10 { #expect(await service.file(filing).status == 200) }
        }
        #expect(await service.file(try LogWorld.register(10).bytes).status == 429)
    }

    @Test("More than may wait are asked to come again, and nothing that was answered is lost")
    func waiting() async throws {
        let world = try await LogWorld()
        let service = await world.service(waiting: 4)
        let filings = try (0..<200).map { try LogWorld.register($0) }
        let answers = await withTaskGroup(of: (Int, ServiceAnswer).self) { group in
            for (number, filing) in filings.enumerated() {
                group.addTask { (number, await service.file(filing.bytes)) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for (number, answer) in answers where answer.status != 503 {
            #expect(answer.status == 200)
            let proof = try LogProof(parsing: answer.body)
            #expect(try Entry(parsing: proof.extra ?? []).filing == filings[number])
        }
        let taken = answers.count { $0.1.status == 200 }
        #expect(taken >= 4 && taken < 200)
        #expect(await world.log.sequencer.head?.size == TreeSize(UInt64(taken) + 2))
    }

    @Test("Once it is ending, nothing new is taken, and all is read as before")
    func ending() async throws {
        let world = try await LogWorld()
        let service = await world.service()
        service.close()
        #expect(await service.file(try LogWorld.register(1).bytes).status == 503)
        #expect(await service.get("/checkpoint").status == 200)
        #expect(await world.log.sequencer.head?.size == TreeSize(2))
    }

    // MARK: - Reading

    @Test("Entries and proofs are those of the log; what is not there is said so")
    func entriesAndProofs() async throws {
        let world = try await LogWorld()
        let service = await world.service()
        _ = await service.file(try LogWorld.register(1).bytes)
        for index in UInt64(0)..<3 {
            let entry = await service.get("/entries/\(index)")
            #expect(entry.header("cache-control") == "public, max-age=31536000, immutable")
            let proof = try LogProof(parsing: await service.get("/proof/\(index)").body)
            #expect(proof.extra == entry.body)
            _ = try proof.verify(MerkleTree.leafHash(entry.body), under: world.policy)
        }
        for path in ["/entries/3", "/proof/3", "/entries/9007199254740991"] {
            let answer = await service.get(path)
            #expect(answer.status == 404 && answer.header("cache-control") == "no-store")
        }
        for path in [
            "/entries/", "/entries/-1", "/entries/01", "/entries/1/", "/proof/1e1", "/proof/18446744073709551616",
        ] {
            #expect(await service.get(path).status == 404)
        }
    }

    @Test("Things are found by what they are; what is asked for badly is refused")
    func finding() async throws {
        let world = try await LogWorld()
        let service = await world.service()
        let filing = try LogWorld.register(1)
        _ = await service.file(filing.bytes)
        let ana = LogWorld.person("ana").verifierKey
        let vkey = String(decoding: ana.utf8, as: UTF8.self)
        let escaped = vkey.replacing("+", with: "%2B").replacing("/", with: "%2F").replacing("=", with: "%3D")
        let digest = SHA256.hash(Array("dossier 1".utf8))
        let table: [(query: String, entries: String)] = [
            ("text=\(filing.text.hash.hex)", "[2]"), ("digest=\(digest.hex)", "[2]"), ("key=\(escaped)", "[1,2]"),
            ("key=\(vkey)", "[1,2]"), ("key=\(Hex.encode(ana.publicKey?.bytes ?? []))", "[1,2]"), ("charter=", "[0]"),
            ("refers=0", "[]"), ("key=\(vkey)&from=2", "[2]"), ("key=\(vkey)&from=3", "[]"),
            ("sha256=\(digest.hex)", "[]"),
        ]
        for (query, entries) in table {
            #expect(await service.get("/find?\(query)").text == "{\"entries\":\(entries)}\n", "\(query)")
        }
        for query in [
            "", "text=", "text=\(digest.hex.uppercased())", "key=x", "refers=-1", "charter=1", "charter=&text=",
            "charter=&from=x", "from=0", "charter=&from=x", "from=0",
        ] {
            #expect(await service.get("/find?\(query)").status == 400, "\(query)")
        }
    }

    @Test("Files are served as tlog-tiles asks: types, caching, tags, ranges, compressed for those who take it")
    func files() async throws {
        let world = try await LogWorld()
        let service = await world.service()
        for number in 0..<20 { _ = await service.file(try LogWorld.register(number).bytes) }
        let checkpoint = await service.get("/checkpoint")
        #expect(checkpoint.body == (try world.folder.read("checkpoint")))
        #expect(checkpoint.header("content-type") == "text/plain; charset=utf-8")
        #expect(checkpoint.header("cache-control") == "no-cache")
        let path = "/tile/entries/000.p/22"
        let bundle = try world.folder.read(String(path.dropFirst()))
        let plain = await service.get(path)
        #expect(plain.body == bundle)
        #expect(plain.header("content-type") == "application/octet-stream")
        #expect(plain.header("cache-control") == "public, max-age=31536000, immutable")
        #expect(plain.header("vary") == "accept-encoding")
        let tag = try #require(plain.header("etag"))
        for known in [tag, "\"x\", W/\(tag)", "*"] {
            let answer = await service.get(path, [.init("if-none-match", known)])
            #expect(answer.status == 304 && answer.body.isEmpty)
        }
        #expect(await service.get(path, [.init("if-none-match", "\"x\"")]).status == 200)
        for (range, expected) in [("0-9", 0..<10), ("5-", 5..<bundle.count), ("-7", bundle.count - 7..<bundle.count)] {
            let answer = await service.get(path, [.init("range", "bytes=\(range)")])
            #expect(answer.status == 206 && answer.body == Array(bundle[expected]))
            #expect(
                answer.header("content-range")
                    == "bytes \(expected.lowerBound)-\(expected.upperBound - 1)/\(bundle.count)")
        }
        for range in ["\(bundle.count)-", "9-5", "-0", "x-y", ""] {
            #expect(await service.get(path, [.init("range", "bytes=\(range)")]).status == 416)
        }
        #expect(await service.get(path, [.init("range", "bytes=0-1"), .init("if-range", "\"x\"")]).status == 200)
        let zipped = await service.get(path, [.init("accept-encoding", "br, gzip;q=1.0")])
        #expect(zipped.header("content-encoding") == "gzip")
        #expect(zipped.header("etag") != tag)
        #expect(zipped.body.count < bundle.count && zipped.body.starts(with: [0x1F, 0x8B]))
        #expect(try Gunzip.bytes(zipped.body) == bundle)
        #expect(await service.get(path, [.init("accept-encoding", "gzip;q=0")]).body == bundle)
        #expect(await service.get("/tile/0/000.p/22").header("content-encoding") == nil)
    }

    @Test("Nothing else of the ledger's folder is served, however it is asked for")
    func nothingElse() async throws {
        let world = try await LogWorld()
        let service = await world.service()
        try world.folder.write("secret", to: "tile/secret")
        for path in [
            "/.state/signed", "/tile/../.state/signed", "/tile/%2e%2e/.state/signed", "//checkpoint", "/checkpoint/",
            "/tile/secret", "/tile/0/0", "/tile/0/000.p/0", "/tile/0/000.p/256", "/tile/64/000", "/tile/entries",
            "/cosigned/../.state/signed", "/cosigned/00/\(String(repeating: "0", count: 64))", "/timestamp/1.pem",
            "/timestamp/../checkpoint", "/favicon.ico", "checkpoint", "",
        ] {
            let answer = await service.get(path)
            #expect(answer.status == 404, "\(path)")
            #expect(answer.header("cache-control") == "no-store")
        }
    }

    @Test("Every tile and bundle that any size asks for is there")
    func everySize() async throws {
        let world = try await LogWorld()
        let service = await world.service()
        for number in 0..<6 {
            _ = await service.file(try LogWorld.register(number).bytes)
            let source = ServiceSource(service: service)
            let reader = try await LedgerReader(source, under: world.policy)
            let index = try await LookupIndex(following: reader)
            #expect(try index.size() == reader.head.size)
            #expect(reader.head.size.value == UInt64(number) + 3)
        }
    }
}

/// Reads a ledger through a service.
private struct ServiceSource: LedgerSource {
    let service: LogService

    func read(_ path: String, limit: Int) async throws -> [UInt8]? {
        let answer = await service.get("/" + path)
        return answer.status == 200 ? answer.body : nil
    }
}
