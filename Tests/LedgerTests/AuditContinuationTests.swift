// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Ledger
import SystemPackage
import Testing
import TransparencyLog

/// Audits that go on from where an earlier one ended.
struct AuditContinuationTests {
    private static let log: AuditTestLog? = {
        do {
            return try AuditTestLog.filings(700)
        } catch {
            Issue.record("\(error)")
            return nil
        }
    }()

    private static func log(_ size: Int) throws -> AuditTestLog {
        var log = try #require(log)
        log.entries.removeLast(log.entries.count - size)
        return log
    }

    private func state(at size: Int, depth: Audit.Depth = .filings) async throws -> AuditState {
        try #require(try await Audit.result(Self.log(size).source(), depth: depth).state)
    }

    @Test func itEndsWhereAFullAuditEnds() async throws {
        let sizes = [0, 1, 5, 255, 256, 257, 300, 511, 512, 513]
        var full: [Int: AuditState] = [:]
        for size in sizes { full[size] = try await state(at: size) }
        for older in sizes {
            for newer in sizes where newer >= older && (newer <= 300 || older >= 256) {
                let start = try AuditState(parsing: #require(full[older]).bytes)
                let result = try await Audit.result(Self.log(newer).source(), continuing: start)
                #expect(result.report.faults == [] && result.report.holds, "\(older) \(newer)")
                #expect(result.report.continuedFrom == start.head.size, "\(older) \(newer)")
                #expect(result.report.gaps == [.earlierEntries(below: start.head.size)], "\(older) \(newer)")
                #expect(result.state?.bytes == full[newer]?.bytes, "\(older) \(newer)")
                #expect(result.report.registry == full[newer]?.registry, "\(older) \(newer)")
            }
        }
    }

    @Test func itReadsOnlyWhatIsNew() async throws {
        let source = try Self.log(600).source()
        _ = try await Audit.report(source, continuing: state(at: 513))
        let read = Set(source.reads.keys)
        #expect(read.contains("tile/entries/002.p/88") && !read.contains("tile/entries/000"))
        #expect(!read.contains("tile/entries/001"))
        let again = try Self.log(600).source()
        _ = try await Audit.report(again, continuing: state(at: 600))
        #expect(!again.reads.keys.contains { $0.hasPrefix("tile/entries") })
    }

    /// What lies about among the files of what was seen is not looked for again; among those of what is new it is.
    @Test func itListsOnlyWhatIsNew() async throws {
        let folder = try TemporaryFolder()
        for (path, bytes) in try Self.log(600).source().files { try folder.write(bytes, to: path) }
        for path in ["tile/0/000.p/x", "tile/entries/002.p/x", "tile/0/002.p/x"] { try folder.write([0], to: path) }
        let source = DirectoryStore.reading(folder.path)
        let strays = try await Audit.report(source, continuing: state(at: 513)).strays
        #expect(Set(strays) == ["tile/entries/002.p/x", "tile/0/002.p/x"])
        #expect(try await Audit.report(source).strayCount == 3)
    }

    @Test func whatIsNewIsJudgedAsInAFullAudit() async throws {
        var log = try Self.log(600)
        let start = try await state(at: 600)
        try log.enterAgain(3)
        try log.register(9_000, by: "stranger")
        try log.register(9_001, relating: [3, 255, 256, 599])
        try log.enter(
            .custody(Custody(of: log.reference(4), event: .copied)), by: [AuditTestLog.person("ana")])
        try log.enter(
            .custody(Custody(of: log.reference(3), event: .copied)), by: [AuditTestLog.person("ana")])
        let source = try log.source()
        let full = try await Audit.report(source)
        let continued = try await Audit.report(source, continuing: start)
        #expect(
            full.faults == [
                .rule(600, .duplicate(3)), .rule(601, .noMemberSigned), .rule(603, .custodyOfNoRegistration(4)),
            ])
        #expect(continued.faults == full.faults)
        #expect(continued.continuedFrom == 600)
        // Entry 512 is in the bundle that has grown: its bytes are judged again, its filing is not.
        source["tile/entries/002.p/93"]?[10] ^= 1
        let altered = try await Audit.report(source, continuing: start)
        #expect(altered.faults == [.entry(512)] + full.faults)
    }

    @Test func anEntryReferredToThatCannotBeReadIsNotJudged() async throws {
        var log = try Self.log(600)
        let start = try await state(at: 600)
        try log.register(9_001, relating: [3])
        let source = try log.source()
        source["tile/0/000"]?[0] ^= 1
        #expect(try await Audit.report(source, continuing: start).holds)
        source["tile/entries/000"] = nil
        let report = try await Audit.report(source, continuing: start)
        #expect(report.faults == [] && !report.holds)
        #expect(report.gaps.contains(.reference(600, to: 3)))
    }

    @Test func anotherHistoryIsShownByBothCheckpoints() async throws {
        for (seen, now) in [(5, 5), (5, 6), (256, 256), (256, 300), (257, 512)] {
            let start = try await state(at: seen)
            // Entry 4 is another one; every log is whole in itself.
            var other = try AuditTestLog.filings(4)
            while other.entries.count < now { try other.register(other.entries.count + 5_000) }
            let report = try await Audit.report(other.source(), continuing: start)
            let both = try AuditFault.rewritten(
                seen: Self.log(seen).checkpoint(), now: other.checkpoint())
            #expect(report.faults == [both], "\(seen) \(now)")
            #expect(report.continuedFrom == nil && report.tally.total == UInt64(now))
            #expect(both.description.contains("size \(seen) was seen with root \(start.head.root)"))
        }
    }

    @Test func aSmallerLogIsShownByBothCheckpoints() async throws {
        let start = try await state(at: 600)
        let smaller = try Self.log(512)
        let result = try await Audit.result(smaller.source(), continuing: start)
        #expect(
            try result.report.faults == [.shrunk(seen: Self.log(600).checkpoint(), now: smaller.checkpoint())])
        #expect(result.state == nil)
    }

    @Test func damageIsNotTakenForAnotherHistory() async throws {
        let start = try await state(at: 400)
        let log = try Self.log(700)
        for path in ["tile/1/000.p/2", "tile/0/002.p/188"] {
            let source = try log.source()
            source[path]?[5] ^= 1
            let report = try await Audit.report(source, continuing: start)
            #expect(report.faults == [.tile(path: path)])
            #expect(report.continuedFrom == nil)
        }
        let source = try log.source()
        source["tile/1/000.p/2"]?[33] ^= 1
        source["tile/0/001"] = nil
        source["tile/entries/001"]?[5] ^= 1
        let report = try await Audit.report(source, continuing: start)
        #expect(report.gaps.contains(.appendOnly(since: 400)))
        #expect(!report.faults.contains { if case .rewritten = $0 { true } else { false } })
        #expect(!report.holds)
    }

    /// Entries 256 to 299 were judged before, those from 300 on are new; neither tile nor bundle is left of them.
    @Test func damageAcrossTheSeamIsNamedAsInAFullAudit() async throws {
        let start = try await state(at: 300)
        let source = try Self.log(600).source()
        source["tile/0/001"] = nil
        source["tile/entries/001"] = nil
        let lost: [AuditFault] = [.missing(path: "tile/0/001"), .missing(path: "tile/entries/001")]
        let report = try await Audit.report(source, continuing: start)
        #expect(report.faults == lost)
        // Nothing says any more that the log begins with those 300.
        #expect(report.continuedFrom == nil)
        #expect(report.gaps.contains(.appendOnly(since: 300)))
        #expect(report.gaps.contains(.filings(of: 256...511)))

        // Where the tile goes away once that has been seen, what was judged before stays judged.
        source["tile/0/001"] = try Self.log(600).files()["tile/0/001"]
        source.keep("tile/0/001", forReads: 1 + source.reads["tile/0/001", default: 0])
        let later = try await Audit.report(source, continuing: start)
        #expect(later.faults == lost)
        #expect(later.continuedFrom == 300)
        #expect(later.gaps.contains(.filings(of: 300...511)))
        #expect(later.registry?.size == 600)
    }

    @Test func aLargeTreeIsGoneOnFromToo() async throws {
        let result = try await Audit.result(AuditTestLog.opaque(65_900).source(), depth: .tree)
        let source = try AuditTestLog.opaque(66_400).source()
        let onward = try await Audit.result(source, depth: .tree, continuing: result.state)
        #expect(onward.report.holds && onward.report.continuedFrom == 65_900)
        #expect(onward.state?.head == onward.report.head)
        #expect(!source.reads.keys.contains("tile/1/000") && !source.reads.keys.contains("tile/entries/000"))
    }

    @Test func anAuditOfTheTreeLeavesTheFilingsToALaterOne() async throws {
        let tree = try await state(at: 400, depth: .tree)
        #expect(tree.depth == .tree && tree.registry == nil)
        let onward = try await Audit.result(Self.log(700).source(), depth: .tree, continuing: tree)
        #expect(onward.report.holds && onward.report.continuedFrom == 400)
        #expect(onward.state?.depth == .tree)

        let filings = try await Audit.result(Self.log(700).source(), continuing: tree)
        #expect(filings.report.holds && filings.report.continuedFrom == nil)
        #expect(filings.report.tally.total == 700)

        var other = try AuditTestLog.filings(4)
        while other.entries.count < 700 { try other.register(other.entries.count + 5_000) }
        let rewritten = try await Audit.report(other.source(), continuing: tree)
        #expect(rewritten.faults.count == 1 && !rewritten.holds)
    }

    @Test func aStateOfAnotherLogIsRefused() async throws {
        var log = AuditTestLog.opaque(3)
        log.signers = AuditTestLog.Signers(log: AuditTestLog.person("log.example/other"), witnesses: [])
        let policy = try TrustPolicy(parsing: Array("log \(log.signers.log.verifierKey)\nquorum none\n".utf8))
        let state = try await Audit(of: log.source(), under: policy, depth: .tree).run().state
        await #expect(throws: Audit.Failure.stateOfAnotherLog(log.signers.origin)) {
            try await Audit.report(Self.log(5).source(), continuing: state)
        }
    }

    // MARK: - The file

    @Test func aStateComesBackFromItsFile() async throws {
        let folder = try TemporaryFolder()
        for depth in [Audit.Depth.filings, .tree] {
            var state = try await state(at: 600, depth: depth)
            let path = folder("state")
            try state.write(to: path)
            let read = try AuditState.read(path)
            #expect(read.bytes == state.bytes)
            #expect(read.head == state.head && read.depth == depth && read.registry == state.registry)
        }
    }

    @Test func aDamagedStateIsRefused() async throws {
        for depth in [Audit.Depth.filings, .tree] {
            let bytes = try await state(at: 12, depth: depth).bytes
            for place in bytes.indices {
                var altered = bytes
                altered[place] ^= 1 << UInt8(place % 8)
                #expect(throws: FormatError.self) { try AuditState(parsing: altered) }
            }
            for count in 0..<bytes.count {
                #expect(throws: FormatError.self) { try AuditState(parsing: Array(bytes[..<count])) }
            }
            #expect(throws: FormatError.self) { try AuditState(parsing: bytes + [0x0A]) }
        }
    }

    /// The state with one part in the place of another, and a last line that agrees.
    private func replacing(_ part: [UInt8], with other: [UInt8], in bytes: [UInt8]) throws -> [UInt8] {
        let body = Array(bytes[..<(bytes.count - 49)])
        let start = try #require(
            (0...(body.count - part.count)).first { body[$0..<$0 + part.count].elementsEqual(part) })
        let altered = body[..<start] + other + body[(start + part.count)...]
        return altered + Array("end \(SHA256.hash(Array(altered)).base64)\n".utf8)
    }

    @Test func partsThatDoNotBelongTogetherAreRefused() async throws {
        let state = try await state(at: 12)
        let bytes = state.bytes
        #expect(try AuditState(parsing: replacing([], with: [], in: bytes)).bytes == bytes)
        let texts = try Self.log(12).entries.map { try Entry(parsing: $0).filing.text.hash.bytes }
        let snapshot = try #require(state.registry).snapshot()
        let smaller = try #require(try await self.state(at: 11).registry).snapshot()
        let others = try [
            replacing(texts[3], with: texts[4], in: bytes),
            replacing(Array("counts 1 2 0 0 7 ".utf8), with: Array("counts 1 2 0 0 6 ".utf8), in: bytes),
            replacing(
                Array("registry \(snapshot.count)\n".utf8) + snapshot,
                with: Array("registry \(smaller.count)\n".utf8) + smaller, in: bytes),
            replacing(
                Array("times 1750000000 1750000011".utf8), with: Array("times 1750000000 1750000010".utf8), in: bytes),
            replacing(Array("log log.example/audit\n".utf8), with: Array("log log.example/other\n".utf8), in: bytes),
            replacing(Array("indelible-audit/v1\n".utf8), with: Array("indelible-audit/v2\n".utf8), in: bytes),
        ]
        for other in others {
            #expect(throws: FormatError.self) { try AuditState(parsing: other) }
        }
    }
}
