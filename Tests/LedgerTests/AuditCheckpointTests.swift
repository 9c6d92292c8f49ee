// SPDX-License-Identifier: Apache-2.0
import Ledger
import Testing
import TransparencyLog

/// The checkpoint that an audit judges by, and what is left of it when lines do not verify.
struct AuditCheckpointTests {
    private static let log = AuditTestLog.opaque(300)
    private static let signers = log.signers

    private func report(
        _ checkpoint: SignedCheckpoint, under policy: TrustPolicy? = nil
    ) async throws -> AuditReport {
        let source = try Self.log.source()
        source["checkpoint"] = checkpoint.bytes
        return try await Audit(of: source, under: policy ?? Self.signers.policy, depth: .tree).run().report
    }

    /// The checkpoint with a bit of one signature's last byte altered.
    private func altering(_ line: Int) throws -> SignedCheckpoint {
        let note = try Self.log.checkpoint().note
        var lines = note.signatures
        var bytes = lines[line].bytes
        bytes[bytes.count - 1] ^= 1
        lines[line] = SignedNote.Signature(name: lines[line].name, keyID: lines[line].keyID, bytes: bytes)
        return try SignedCheckpoint(SignedNote(text: Array(note.unverifiedText), signatures: lines))
    }

    @Test func cosignersAreNamedWithTheirTimes() async throws {
        let report = try await report(Self.log.checkpoint())
        #expect(report.holds)
        #expect(report.checkpoint?.cosigners.map(\.witness.key) == Self.signers.witnesses.map(\.verifierKey))
        #expect(report.checkpoint?.cosigners.map(\.time) == [1_750_000_300, 1_750_000_300])
        #expect(report.origin == Self.signers.origin)
    }

    @Test func aDamagedCosignatureHidesNothingElse() async throws {
        for line in [1, 2] {
            let report = try await report(altering(line))
            let name = Self.signers.witnesses[line - 1].verifierKey.name
            #expect(report.faults == [.checkpoint(.invalidCosignature(name)), .quorumNotMet])
            #expect(
                report.checkpoint?.cosigners.map(\.witness.key.name) == [
                    Self.signers.witnesses[2 - line].verifierKey.name
                ])
            #expect(report.head?.size == 300 && report.gaps == [.allFilings])
        }
    }

    @Test func aDamagedLogSignatureLeavesNothingToJudgeBy() async throws {
        let report = try await report(altering(0))
        let name = Self.signers.log.verifierKey.name
        #expect(
            report.faults == [
                .checkpoint(.invalidLogSignature(name)), .checkpoint(.notSignedByLog(Self.signers.origin)),
            ])
        #expect(report.gaps == [.everythingElse])
        #expect(!report.holds && report.checkpoint == nil && report.head == nil)
    }

    @Test func withoutCosignaturesTheQuorumIsNotMet() async throws {
        let head = try Self.log.checkpoint().unverified.head
        let report = try await report(Self.signers.checkpoint(of: head, cosigned: false))
        #expect(report.faults == [.quorumNotMet])
    }

    @Test func aLogThatThePolicyDoesNotKnowIsNotJudged() async throws {
        let other = AuditTestLog.person("log.example/other").verifierKey
        let policy = try TrustPolicy(parsing: Array("log \(other)\nquorum none\n".utf8))
        let report = try await report(Self.log.checkpoint(), under: policy)
        #expect(report.faults == [.checkpoint(.unknownOrigin(Self.signers.origin))])
        #expect(report.gaps == [.everythingElse])
    }

    @Test func linesByStrangersAreCounted() async throws {
        let checkpoint = try Self.log.checkpoint()
        let line = AuditTestLog.person("stranger").sign(checkpoint.unverified.text)
        let report = try await report(checkpoint.adding([line]))
        #expect(report.holds && report.ignoredSignatures == 1)
    }

    @Test func aCheckpointOfTwoToThe32EntriesIsNotJudged() async throws {
        let head = TreeHead(size: 0x1_0000_0000, root: Self.log.root(of: 1))
        let source = try Self.log.source()
        source["checkpoint"] = try Self.signers.checkpoint(of: head).bytes
        await #expect(throws: Audit.Failure.tooLarge(head.size)) { try await Audit.report(source) }
    }
}
