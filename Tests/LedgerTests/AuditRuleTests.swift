// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import Testing
import TransparencyLog

/// Entries that the log should not have entered, and what their neighbours are judged by.
struct AuditRuleTests {
    private static func person(_ name: String) -> NoteSigner { AuditTestLog.person(name) }

    @Test func aRefusedEntryChangesNothingAndTheReplayGoesOn() async throws {
        var log = try AuditTestLog.filings(5)
        try log.register(100, by: "stranger")
        try log.enter(
            .enrol(Enrolment(key: Self.person("cleo").verifierKey)), by: [Self.person("cleo"), Self.person("dora")])
        try log.register(101, by: "cleo")
        try log.enrol("dora")
        try log.register(102, by: "dora", relating: [5, 8])
        try log.enter(.custody(Custody(of: log.reference(9), event: .copied)), by: [Self.person("ana")])
        try log.enter(.custody(Custody(of: log.reference(5), event: .copied)), by: [Self.person("ana")])
        try log.enterAgain(9)
        try log.register(103)

        let result = try await Audit.result(log.source())
        let faults = result.report.faults
        #expect(faults.map(\.entry) == [5, 6, 7, 11, 12])
        guard faults.count == 5 else { return }
        #expect(faults[0] == .rule(5, .noMemberSigned))
        #expect(faults[2] == .rule(7, .noMemberSigned))
        #expect(faults[3] == .rule(11, .custodyOfNoRegistration(5)))
        #expect(faults[4] == .rule(12, .duplicate(9)))
        #expect(
            faults[0].description
                == "entry 5 DOES NOT HOLD: no signer is a member: enrol first, or have a member sign too")
        #expect(result.report.isComplete)
        let registry = try #require(result.report.registry)
        #expect(registry.size == 14)
        #expect(registry.member(named: KeyName("dora")!)?.enrolledAt == 8)
        #expect(registry.member(named: KeyName("cleo")!) == nil)
        #expect(result.report.tally.total == 9)
        #expect(result.state == nil)
    }

    @Test func formSignaturesAndRulesAreToldApart() async throws {
        var log = try AuditTestLog.filings(5)
        log.entries.append(Array("time 1800000000\nno filing\n".utf8))
        try log.register(100)
        let last = log.entries[6]
        log.entries[6][last.count - 20] = last[last.count - 20] == 0x41 ? 0x42 : 0x41
        try log.register(101)
        let report = try await Audit.report(log.source())
        #expect(report.faults.map(\.entry) == [5, 6])
        guard report.faults.count == 2 else { return }
        if case .form = report.faults[0] {} else { Issue.record("\(report.faults[0])") }
        if case .signatures(6, .invalidSignature(Self.person("ana").verifierKey)) = report.faults[1] {
        } else {
            Issue.record("\(report.faults[1])")
        }
    }

    @Test func timeMustNotRunBackwards() async throws {
        var log = try AuditTestLog.filings(5)
        try log.enter(
            .register(Registration(dossier: log.root(of: 1))), by: [Self.person("ana")], time: 1_700_000_000)
        let report = try await Audit.report(log.source())
        #expect(report.faults.map(\.entry) == [5])
        #expect(report.tally.lastTime == EntryTime(seconds: 1_750_000_004))
    }

    @Test func quotesAreWithinTheLog() async throws {
        var log = try AuditTestLog.filings(5)
        for size in [4, 6, 7, 9] as [TreeSize] {
            let quote = try #require(Quote(size: size, checkpointHash: log.root(of: 1)))
            try log.enter(
                .register(Registration(dossier: log.root(of: log.entries.count))), by: [Self.person("ana")],
                after: quote)
        }
        // Quoted are 4 by entry 5, 6 by entry 6, 7 by entry 7, and 9 by entry 8.
        let report = try await Audit.report(log.source())
        #expect(report.faults == [.rule(8, .quoteOfLaterTree(9))])
    }

    @Test func nothingIsEnteredBehindTheClosing() async throws {
        var log = try AuditTestLog.filings(4)
        try log.enter(.close(Closing()), by: [Self.person("steward")])
        try log.register(100)
        let report = try await Audit.report(log.source())
        #expect(report.faults == [.rule(5, .closed(4))])
        #expect(report.registry?.closedAt == 4)
    }

    @Test func referencesReachAcrossBundles() async throws {
        var log = try AuditTestLog.filings(520)
        try log.register(9_000, relating: [0, 255, 256, 511, 512, 519])
        try log.enter(.custody(Custody(of: log.reference(3), event: .copied)), by: [Self.person("ana")])
        try log.enter(.custody(Custody(of: log.reference(4), event: .copied)), by: [Self.person("ana")])
        for index in [3, 300, 519, 523, 524, 100_000] {
            let wrong = EntryReference(index: LeafIndex(UInt64(index))!, leafHash: log.root(of: 1))!
            try log.enter(
                .register(
                    Registration(
                        dossier: log.root(of: log.entries.count), relations: [.init(.excerpts, wrong)])),
                by: [Self.person("ana")])
        }
        let report = try await Audit.report(log.source())
        #expect(report.faults.map(\.entry) == [522, 523, 524, 525, 526, 527, 528])
        #expect(report.faults.first == .rule(522, .custodyOfNoRegistration(4)))
    }

    @Test func theCharterNamesTheKeyOfTheCheckpoint() async throws {
        var log = AuditTestLog()
        try log.charter()
        let first = log.reference(0)
        let other = VerifierKey(
            name: log.signers.log.verifierKey.name, publicKey: Self.person("x").verifierKey.publicKey!)
        try log.enter(
            .charter(
                Charter(
                    amends: first, stewards: [Self.person("steward").verifierKey], threshold: 1, sponsors: 1,
                    admission: .members, logKeys: [other])), by: [Self.person("steward")])
        #expect(try await Audit.report(log.source()).faults == [.checkpointKeyNotChartered(1)])
    }

    // MARK: - Entries that are not read

    @Test func whatALostEntryCouldDecideIsNotJudged() async throws {
        var log = try AuditTestLog.filings(12)
        try log.register(100, by: "stranger")
        try log.enter(
            .custody(Custody(of: log.reference(3), event: .handedOver)), by: [Self.person("ben")])
        try log.enter(
            .custody(Custody(of: log.reference(8), event: .copied)), by: [Self.person("ben")])
        let source = try log.source()
        let length = log.entries[0].count + 2
        // Entry 1 enrols ana, who registers most.
        source["tile/entries/000.p/15"]?[length + 100] ^= 1
        let report = try await Audit.report(source)
        #expect(report.faults == [.entry(1), .rule(13, .handOverByOne)])
        #expect(report.gaps.first == .filings(of: 1...1))
        let unjudged = report.gaps.compactMap { gap -> LeafIndex? in
            if case .rule(let index, .noMemberSigned, unread: 1) = gap { index } else { nil }
        }
        #expect(unjudged == [3, 5, 6, 7, 8, 10, 11, 12])
        #expect(report.gaps.contains(.reference(14, to: 8)))
        #expect(report.gaps.count == 1 + unjudged.count + 4)
        #expect(!report.holds && !report.isComplete)
        #expect(report.registry?.size == 15)
    }

    @Test func runsOfUnreadEntriesEndWhereOneWasRead() async throws {
        var log = try AuditTestLog.filings(6)
        log.entries[4] = Array("no filing".utf8)
        let source = try log.source()
        var entries = log.entries
        for index in [2, 3, 5] { entries[index][0] ^= 1 }
        source["tile/entries/000.p/6"] = try EntryBundle(entries).bytes
        let report = try await Audit.report(source)
        #expect(report.faults.map(\.entry) == [2, 3, 4, 5])
        #expect(report.gaps == [.filings(of: 2...3), .filings(of: 5...5)])
    }

    @Test func withoutItsCharterNoRuleIsJudged() async throws {
        let log = try AuditTestLog.filings(12)
        let source = try log.source()
        source["tile/entries/000.p/12"]?[40] ^= 1
        let report = try await Audit.report(source)
        #expect(report.faults == [.entry(0)])
        #expect(Set(report.gaps) == [.filings(of: 0...0), .rulesWithoutCharter, .checkpointKey])
        #expect(report.registry == nil)
    }

    @Test func aMissingBundleIsNamedOnce() async throws {
        let log = try AuditTestLog.filings(600)
        let source = try log.source()
        source["tile/entries/001"] = nil
        let report = try await Audit.report(source)
        #expect(report.faults == [.missing(path: "tile/entries/001")])
        #expect(report.gaps.contains(.filings(of: 256...511)))
        // The entries behind refer to some that were not read: their leaf hashes are in the tile.
        #expect(report.registry?.size == 600)
    }

    @Test func aDamagedTileDoesNotHideWhatIsReferredTo() async throws {
        let log = try AuditTestLog.filings(600)
        let source = try log.source()
        source["tile/0/000"]?[7] ^= 1
        source["tile/0/001"] = nil
        let report = try await Audit.report(source)
        #expect(Set(report.faults) == [.tile(path: "tile/0/000"), .missing(path: "tile/0/001")])
        #expect(report.gaps == [])
        #expect(report.tally.total == 600)
    }
}
