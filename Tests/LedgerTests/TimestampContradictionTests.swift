// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import Testing
import TransparencyLog

/// A time-stamp that says an earlier time than what the entry quotes.
struct TimestampContradictionTests {
    /// A log whose entry 2 quotes the checkpoint of two entries, which was cosigned at `time`; and a proof of it, stamped
    /// now.
    private func verified(_ authority: TimestampTestAuthority, quotedAt time: UInt64) async throws -> VerifiedProof {
        var log = AuditTestLog()
        let signers = log.signers
        try log.charter()
        try log.enrol("ana")
        let head = TreeHead(size: 2, root: log.root(of: 2))
        let bare = try signers.checkpoint(of: head, cosigned: false)
        let older = try bare.verified(by: [signers.log.verifierKey])
        let quoted = try bare.adding(signers.witnesses.map { try $0.cosign(older, at: time) })
        let quote = try #require(Quote(size: 2, checkpointHash: quoted.noteHash))
        try log.enter(
            .register(try Registration(dossier: SHA256.hash([1]))), by: [AuditTestLog.person("ana")], after: quote)
        let reader = try await LedgerReader(log.source(), under: signers.policy)
        let proof = try ProofFile(
            inclusions: [try await reader.proof(of: 2)],
            quoted: [ProofFile.Quoted(checkpoint: quoted, consistency: try await reader.consistency(from: head))],
            timestamps: [try authority.stamp(reader.checkpoint.verified.signed.textHash).bytes])
        return try proof.verified(under: signers.policy)
    }

    @Test("Signed after the moment by which it is stamped: a contradiction, where the authority is relied on")
    func contradicts() async throws {
        let authority = try TimestampTestAuthority()
        let later = try await verified(authority, quotedAt: 4_000_000_000)
        #expect(later.signedAfter == 4_000_000_000)
        #expect(later.contradicts(later.timestamps(judgedBy: try authority.authorities)))
        #expect(!later.contradicts(later.timestamps(judgedBy: TimestampAuthorities())))
        let earlier = try await verified(authority, quotedAt: 1_000_000_000)
        #expect(!earlier.contradicts(earlier.timestamps(judgedBy: try authority.authorities)))
    }
}
