// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import Testing
import TransparencyLog

/// The times that entries claim, against those of cosignatures; and the checkpoints that they quote.
struct AuditTimeTests {
    /// Entries claim 1,750,000,000 and one second more each.
    private static let start: UInt64 = 1_750_000_000

    /// The checkpoint of a log's beginning as both witnesses cosigned it at a time.
    private func checkpoint(_ log: AuditTestLog, _ size: Int, at time: UInt64) throws -> SignedCheckpoint {
        let head = TreeHead(size: TreeSize(UInt64(size))!, root: log.root(of: size))
        let signed = try log.signers.checkpoint(of: head, cosigned: false)
        let verified = try signed.verified(by: [log.signers.log.verifierKey])
        return try signed.adding(log.signers.witnesses.map { try $0.cosign(verified, at: time) })
    }

    /// A log of five entries whose last quotes the checkpoint of four, cosigned at `quoted`; the whole is cosigned at
    /// `whole`.
    private func source(
        quoted time: UInt64, whole: UInt64, entry: UInt64 = start + 4, keeping keeps: Bool = true,
        note change: (SignedCheckpoint) throws -> SignedCheckpoint = { $0 }
    ) throws -> AuditTestSource {
        var log = try AuditTestLog.filings(4)
        let note = try change(try checkpoint(log, 4, at: time))
        let registration = try Registration(dossier: SHA256.hash(Array("the last".utf8)))
        let quote = try #require(Quote(size: 4, checkpointHash: note.noteHash))
        try log.enter(.register(registration), by: [AuditTestLog.person("ana")], after: quote, time: entry)
        var files = try log.files()
        files["checkpoint"] = try checkpoint(log, 5, at: whole).bytes
        if keeps { files[quote.path] = note.bytes }
        return AuditTestSource(files)
    }

    private func faults(_ source: AuditTestSource, tolerance: UInt64 = 600) async throws -> [AuditFault] {
        try await Audit(of: source, under: AuditTestLog.Signers.sample.policy, tolerance: tolerance).run().report.faults
    }

    @Test func timesInOrderHold() async throws {
        let report = try await Audit.report(try source(quoted: Self.start + 3, whole: Self.start + 5))
        #expect(report.holds)
        #expect(report.gaps == [])
    }

    /// A second beyond the tolerance is named, and one at it is not: behind the cosignatures of the whole, before those
    /// of what is quoted, behind those.
    @Test(arguments: [0, 1, 600] as [UInt64]) func eachRuleAtItsEdge(tolerance: UInt64) async throws {
        let last = Self.start + 4
        for late in [tolerance, tolerance + 1] {
            let found = try await faults(
                try source(quoted: Self.start + 3 - late, whole: last - late), tolerance: tolerance)
            let isNamed = found.contains {
                $0 == .timeAfterCosignatures(4, time: last, cosigned: last - late, size: 5)
            }
            #expect(isNamed == (late > tolerance))
            let beforeIsNamed = found.contains {
                $0 == .timeAfterCosignatures(3, time: Self.start + 3, cosigned: Self.start + 3 - late, size: 4)
            }
            #expect(beforeIsNamed == (late > tolerance))
            let early = try await faults(try source(quoted: last + late, whole: last + late), tolerance: tolerance)
            #expect(
                early
                    == (late > tolerance
                        ? [
                            .timeBeforeQuoted(4, time: last, cosigned: last + late),
                            .timeBeforeCosignatures(4, time: last, cosigned: last + late, size: 4),
                        ] : []))
        }
    }

    /// One of two witnesses that states another time moves nothing where both are asked for.
    @Test func oneWitnessMovesNothing() async throws {
        let early = try source(quoted: Self.start + 3, whole: Self.start + 5) { note in
            let verified = try note.verified(by: [AuditTestLog.Signers.sample.log.verifierKey])
            let liar = AuditTestLog.Signers.sample.witnesses[0]
            return try SignedCheckpoint(note.note.replacing([try liar.cosign(verified, at: Self.start + 900_000)]))
        }
        #expect(try await faults(early) == [])
    }

    @Test func aQuoteThatIsNotKeptIsNotJudged() async throws {
        let report = try await Audit.report(
            try source(quoted: Self.start + 900_000, whole: Self.start + 5, keeping: false))
        #expect(report.holds)
        #expect(report.gaps == [.quotedNotKept(1)])
    }

    /// Another note at the quote's place is as good as none: its hash is not the one that is quoted.
    @Test func anotherNoteInItsPlaceIsNotJudged() async throws {
        let source = try source(quoted: Self.start + 3, whole: Self.start + 5)
        let log = try AuditTestLog.filings(4)
        let other = try checkpoint(log, 4, at: Self.start + 2)
        let quoted = try #require(Quote(of: try checkpoint(log, 4, at: Self.start + 3)))
        source[quoted.path] = other.bytes
        #expect(try await Audit.report(source).gaps == [.quotedNotKept(1)])
    }

    /// What is quoted is not of this history: another root of the size, signed by the log; or the root, signed by
    /// somebody else.
    @Test func aQuoteOfAnotherHistoryIsNamed() async throws {
        let signers = AuditTestLog.Signers.sample
        let other = try signers.checkpoint(of: TreeHead(size: 4, root: MerkleTree.leafHash([7])))
        let root = try AuditTestLog.filings(4).root(of: 4)
        let stranger = NoteSigner(
            name: signers.log.verifierKey.name, privateKey: AuditTestLog.person("somebody").privateKey)
        let forged = try Checkpoint(origin: signers.origin, head: TreeHead(size: 4, root: root)).signed(by: [stranger])
        for note in [other, forged] {
            let source = try source(quoted: Self.start + 3, whole: Self.start + 5) { _ in note }
            #expect(try await faults(source) == [.quoteOfAnotherHistory(4, note)])
        }
    }

    @Test func amendmentsAreTold() async throws {
        var log = try AuditTestLog.filings(4)
        #expect(try await Audit.report(try log.source()).amendments == [])
        try log.enter(
            .charter(
                Charter(
                    amends: log.reference(0), stewards: [AuditTestLog.person("steward").verifierKey], threshold: 1,
                    sponsors: 2, admission: .members, logKeys: [log.signers.log.verifierKey])),
            by: [AuditTestLog.person("steward")])
        let report = try await Audit.report(try log.source())
        #expect(report.holds)
        #expect(report.amendments == [4])
    }

    /// Damage to the tree is named where it lies, and keeps nobody from being told: of the quote nothing is said.
    @Test func aDamagedTreeIsNamedAllTheSame() async throws {
        for path in ["tile/0/000.p/5", "tile/entries/000.p/5"] {
            let source = try source(quoted: Self.start + 3, whole: Self.start + 5)
            source[path] = nil
            let report = try await Audit.report(source)
            #expect(report.faults.contains(.missing(path: path)))
            #expect(!report.faults.contains { if case .quoteOfAnotherHistory = $0 { true } else { false } })
        }
    }
}
