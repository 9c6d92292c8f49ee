// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import Testing
import TransparencyLog

/// What somebody who watches a log is told, and what is told once only.
@Suite struct MonitorTests {
    private static let start: UInt64 = 1_900_000_000

    /// A monitor that keeps its state, as one does whose alerts are delivered.
    private final class Watch {
        let source: AuditTestSource
        let monitor: Monitor
        var state: AuditState?
        var memory = MonitorMemory(beginningAt: MonitorTests.start)
        var last: Monitor.Step?

        init(_ log: AuditTestLog, watching names: [String] = [], patience: UInt64? = 100, silence: UInt64? = nil) throws
        {
            source = try log.source()
            monitor = Monitor(
                of: source, under: try AuditTestLog.Signers.sample.policy,
                watching: names.map { AuditTestLog.person($0).verifierKey }, patience: patience, silence: silence)
        }

        /// The source serves this log now.
        func serve(_ log: AuditTestLog) throws {
            let files = try log.files()
            for path in source.files.keys { source[path] = nil }
            for (path, bytes) in files { source[path] = bytes }
        }

        func look(_ seconds: UInt64 = 0) async throws -> [String] {
            let step = try await monitor.step(from: state, memory, at: MonitorTests.start + seconds)
            (state, memory, last) = (step.state, step.memory, step)
            return step.alerts.map { alert in
                if let entry = alert.entry { "\(alert.kind) \(entry.index)" } else { alert.kind }
            }
        }
    }

    @Test func theFirstLookTellsNothingOfWhatWas() async throws {
        let watch = try Watch(AuditTestLog.filings(8), watching: ["ana"])
        #expect(try await watch.look() == [])
        #expect(watch.last?.signedBefore == [1, 3, 5, 6, 7])
        #expect(watch.state?.head.size == 8)
        #expect(try await watch.look() == [])
        #expect(watch.last?.signedBefore == [])
    }

    @Test func entriesAreToldOnceEach() async throws {
        var log = try AuditTestLog.filings(4)
        let watch = try Watch(log, watching: ["ana", "cleo"])
        #expect(try await watch.look() == [])
        try log.enrol("cleo")
        try log.register(5, by: "ben")
        try log.register(6, by: "ana")
        try log.enter(
            .addRevoker(RevokerAddition(revoker: SHA256.hash([1]))), by: [AuditTestLog.person("ben")])
        let revocation = try Revocation(key: AuditTestLog.person("ana").verifierKey, reason: .coerced)
        try log.enter(.revoke(revocation), by: [AuditTestLog.person("steward")])
        try watch.serve(log)
        let unsaved = watch.state
        #expect(
            try await watch.look() == ["signed 4", "enrolled 4", "signed 6", "revoker-added 7", "revoked 8"])
        let ids = watch.last?.alerts.map(\.id)
        // The alerts were not delivered: they come again, with the same ids.
        watch.state = unsaved
        #expect(try await watch.look().count == 5)
        #expect(watch.last?.alerts.map(\.id) == ids)
        #expect(Set(ids ?? []).count == 5)
        #expect(try await watch.look() == [])
    }

    @Test func theCharterAndTheEndAreTold() async throws {
        var log = try AuditTestLog.filings(4)
        let watch = try Watch(log)
        #expect(try await watch.look() == [])
        try log.enter(
            .charter(
                Charter(
                    amends: log.reference(0),
                    stewards: [AuditTestLog.person("steward").verifierKey, AuditTestLog.person("second").verifierKey],
                    threshold: 1, sponsors: 1, admission: .anyone, logKeys: [log.signers.log.verifierKey])),
            by: [AuditTestLog.person("steward"), AuditTestLog.person("second")])
        try log.enter(.close(Closing()), by: [AuditTestLog.person("steward")])
        try watch.serve(log)
        #expect(try await watch.look() == ["charter 4", "closed 5"])
        guard case .charter(_, _, let changes)? = watch.last?.alerts.first else {
            Issue.record("no charter")
            return
        }
        #expect(changes == [.stewards, .admission])
    }

    @Test func aSecondHistoryIsToldOnceAndThatItIsOver() async throws {
        let log = try AuditTestLog.filings(6)
        let watch = try Watch(log)
        #expect(try await watch.look() == [])
        var fork = log
        fork.entries.removeLast()
        try fork.register(99, by: "ben")
        for size in [6, 7] {
            while fork.entries.count < size { try fork.register(fork.entries.count, by: "ben") }
            try watch.serve(fork)
            #expect(try await watch.look() == ["split"])
            let pair = try #require(watch.last?.alerts.first?.checkpoints)
            let expected = (seen: try log.checkpoint(), now: try fork.checkpoint())
            #expect(pair == expected)
            #expect(try await watch.look() == [])
            #expect(watch.last?.isInTrouble == true)
            #expect(watch.state?.head == expected.seen.unverified.head)
        }
        try watch.serve(log)
        #expect(try await watch.look() == ["recovered"])
        #expect(try await watch.look() == [])
    }

    @Test func goingBackwardsIsTold() async throws {
        let log = try AuditTestLog.filings(6)
        let watch = try Watch(log)
        #expect(try await watch.look() == [])
        var older = log
        older.entries.removeLast(2)
        try watch.serve(older)
        #expect(try await watch.look() == ["backwards"])
        #expect(watch.state?.head.size == 6)
    }

    @Test func aLostQuorumIsTold() async throws {
        let log = try AuditTestLog.filings(6)
        let watch = try Watch(log)
        #expect(try await watch.look() == [])
        let head = try log.checkpoint().unverified.head
        watch.source["checkpoint"] = try log.signers.checkpoint(of: head, cosigned: false).bytes
        #expect(try await watch.look() == ["quorum-lost"])
        #expect(try await watch.look() == [])
        watch.source["checkpoint"] = try log.checkpoint().bytes
        #expect(try await watch.look() == ["recovered"])
    }

    @Test func whatDoesNotHoldIsTold() async throws {
        var log = try AuditTestLog.filings(4)
        let watch = try Watch(log)
        #expect(try await watch.look() == [])
        // The operator enters what the rules refuse.
        try log.register(4, by: "stranger")
        try watch.serve(log)
        #expect(try await watch.look() == ["does-not-hold"])
        #expect(watch.state?.head.size == 4)
    }

    @Test func alogThatCannotBeReadIsToldAfterAWhile() async throws {
        let log = try AuditTestLog.filings(4)
        let watch = try Watch(log)
        #expect(try await watch.look() == [])
        watch.source.fail("checkpoint")
        #expect(try await watch.look(10) == [])
        #expect(watch.last?.obstacle != nil)
        #expect(try await watch.look(109) == [])
        #expect(try await watch.look(110) == ["unreachable"])
        #expect(try await watch.look(500) == [])
        #expect(watch.state?.head.size == 4)
        // A checkpoint that is gone, and a file that cannot be read, are the same.
        let gone = try Watch(log, patience: 0)
        #expect(try await gone.look() == [])
        gone.source["checkpoint"] = nil
        #expect(try await gone.look(1) == ["unreachable"])
        try gone.serve(log)
        #expect(try await gone.look(2) == ["recovered"])
    }

    @Test func silenceIsToldAndACosignatureEndsIt() async throws {
        let log = try AuditTestLog.filings(4)
        let watch = try Watch(log, silence: 100)
        #expect(try await watch.look() == [])
        #expect(try await watch.look(99) == [])
        #expect(try await watch.look(100) == ["stalled"])
        #expect(try await watch.look(300) == [])
        let signed = try Checkpoint(origin: log.signers.origin, head: log.checkpoint().unverified.head)
            .signed(by: [log.signers.log])
        let verified = try signed.verified(by: [log.signers.log.verifierKey])
        watch.source["checkpoint"] = try signed.adding(
            log.signers.witnesses.map { try $0.cosign(verified, at: 1_800_000_001) }
        ).bytes
        #expect(try await watch.look(310) == [])
        #expect(try await watch.look(409) == [])
        #expect(try await watch.look(410) == ["stalled"])
    }

    @Test func memoryIsReadAsWritten() throws {
        let folder = try TemporaryFolder()
        var memory = MonitorMemory(beginningAt: 77)
        memory.unreachableSince = 78
        try memory.write(to: folder("memory"))
        #expect(try MonitorMemory(reading: folder("memory")) == memory)
        #expect(try MonitorMemory(reading: folder("none")) == nil)
        for altered in [
            "", "indelible-monitor/v2\nnews 7\n", "indelible-monitor/v1\nnews 07\n", "indelible-monitor/v1\n",
        ] {
            try folder.write(altered, to: "altered")
            #expect(throws: FormatError.self) { try MonitorMemory(reading: folder("altered")) }
        }
    }
}
