// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import Testing
import TransparencyLog

/// The time-stamps of a log as an audit judges them.
struct AuditTimestampTests {
    private static let log = AuditTestLog.opaque(300)
    private let authority: TimestampTestAuthority

    init() throws {
        authority = try TimestampTestAuthority()
    }

    /// The log's files with time-stamps of these sizes.
    private func source(_ sizes: [Int]) throws -> AuditTestSource {
        let source = try Self.log.source()
        for size in sizes {
            let checkpoint = try Self.log.checkpoint(at: size)
            source["timestamp/\(size).checkpoint"] = checkpoint.bytes
            source["timestamp/\(size).tsr"] = try authority.stamp(checkpoint.textHash).bytes
        }
        source["timestamp/sizes"] = Array(sizes.map { "\($0)\n" }.joined().utf8)
        return source
    }

    private func audit(
        _ source: any LedgerSource, _ authorities: TimestampAuthorities? = nil, continuing state: AuditState? = nil
    ) async throws -> Audit.Result {
        try await Audit(
            of: source, under: Self.log.signers.policy, depth: .tree, continuing: state,
            stampedBy: try authorities ?? authority.authorities
        ).run()
    }

    @Test("Those that hold are counted, by authority")
    func holds() async throws {
        let report = try await audit(try source([1, 255, 256, 257, 300])).report
        #expect(report.holds)
        #expect(report.timestamps.authorities.count == 1)
        let found = try #require(report.timestamps.authorities.first)
        #expect(found.name == Array("Test Time-Stamps".utf8))
        #expect(found.count == 5 && found.earliest.size == 1 && found.latest.size == 300)
        #expect(report.timestamps.notJudged == 0 && report.timestamps.refused.isEmpty)
    }

    @Test("Without time-stamps there is nothing to say")
    func none() async throws {
        let report = try await audit(try Self.log.source()).report
        #expect(report.holds)
        #expect(report.timestamps.authorities.isEmpty && report.timestamps.notJudged == 0)
    }

    @Test("Under nobody's certificates they are not judged, and the log holds")
    func notJudged() async throws {
        let report = try await audit(try source([20, 300]), TimestampAuthorities()).report
        #expect(report.holds)
        #expect(report.timestamps.notJudged == 2)
        #expect(report.timestamps.namesNotJudged == [Array("Test Time-Stamps".utf8)])
    }

    @Test("A file that is missing or malformed is a fault", arguments: ["20.checkpoint", "20.tsr", "sizes"])
    func damaged(_ name: String) async throws {
        let missing = try source([20])
        missing["timestamp/\(name)"] = nil
        let faults = try await audit(missing).report.faults
        #expect(faults == (name == "sizes" ? [] : [.missing(path: "timestamp/\(name)")]))
        let malformed = try source([20])
        malformed["timestamp/\(name)"] = [1, 2, 3]
        #expect(try await audit(malformed).report.faults.flatMap(\.paths) == ["timestamp/\(name)"])
        let unread = try source([20])
        unread.fail("timestamp/\(name)")
        #expect(try await !audit(unread).report.holds)
    }

    @Test("A stamped checkpoint of another tree is a fault, though the log signed it")
    func anotherTree() async throws {
        let source = try source([20, 21])
        let other = try Self.log.signers.checkpoint(of: TreeHead(size: 20, root: Self.log.root(of: 21)))
        source["timestamp/20.checkpoint"] = other.bytes
        source["timestamp/20.tsr"] = try authority.stamp(other.textHash).bytes
        let report = try await audit(source).report
        #expect(report.faults == [.timestamp(20, .anotherTree)])
        #expect(report.timestamps.authorities.first?.count == 1)
    }

    @Test("A stamped checkpoint that the log has not signed is a fault")
    func notSigned() async throws {
        let source = try source([20])
        let stranger = AuditTestLog.Signers(log: AuditTestLog.person("log.example/other"), witnesses: [])
        let head = TreeHead(size: 20, root: Self.log.root(of: 20))
        let other = try stranger.checkpoint(of: head)
        source["timestamp/20.checkpoint"] = other.bytes
        source["timestamp/20.tsr"] = try authority.stamp(other.textHash).bytes
        let report = try await audit(source).report
        #expect(report.faults == [.timestamp(20, .checkpoint(.unknownOrigin(stranger.origin)))])
        #expect(report.timestamps.authorities.isEmpty)
    }

    @Test("A response that is not of its checkpoint, or is damaged, is a fault")
    func response() async throws {
        let source = try source([20, 21])
        let good = try #require(source["timestamp/21.tsr"])
        source["timestamp/20.tsr"] = good
        #expect(try await audit(source).report.faults == [.timestamp(20, .response(.wrongImprint))])
        source["timestamp/20.tsr"] = [0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02]
        #expect(try await audit(source).report.faults == [.timestamp(20, .notGranted)])
        let restored = try self.source([20])
        var damaged = try #require(restored["timestamp/20.tsr"])
        damaged[damaged.count - 3] ^= 1
        restored["timestamp/20.tsr"] = damaged
        #expect(try await audit(restored).report.faults == [.timestamp(20, .response(.badSignature))])
    }

    @Test("One of a larger tree is of no matter to this checkpoint")
    func ahead() async throws {
        let source = try source([20])
        source["timestamp/sizes"] = Array("20\n301\n".utf8)
        let report = try await audit(source).report
        #expect(report.holds)
        #expect(report.gaps.contains(.fileAhead(path: "timestamp/301.tsr")))
    }

    @Test("A later audit judges those that are new")
    func continued() async throws {
        let source = try source([20, 300])
        var smaller = Self.log
        smaller.entries.removeLast(100)
        let state = try #require(try await audit(try smaller.source()).state)
        let report = try await audit(source, continuing: state).report
        #expect(report.holds && report.continuedFrom == 200)
        #expect(report.timestamps.authorities.first?.count == 1)
    }
}
