// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// Each check of a proof that the vectors do not single out: a proof that breaks that one rule is refused for it.
@Suite struct ProofCheckTests {
    /// A filing with the signature of another one.
    private static func missigned() throws -> Filing {
        let (text, other) = (try SmallLog.registration(7).text, try SmallLog.registration(8).note)
        return try Filing(parsing: SignedNote(text: text.bytes, signatures: other.signatures).bytes)
    }

    private static func refusal(_ proof: ProofFile) throws -> ProofVerificationError? {
        let policy = try SmallLog.policy
        do throws(ProofVerificationError) {
            _ = try proof.verified(under: policy)
            return nil
        } catch {
            return error
        }
    }

    @Test func whatHoldsIsVerified() throws {
        var log = SmallLog()
        for number in 0..<5 { try log.add(SmallLog.registration(UInt8(number))) }
        let seen = try log.checkpoint(of: 5)
        let quote = try #require(Quote(size: seen.unverified.head.size, checkpointHash: seen.noteHash))
        try log.add(SmallLog.registration(5, after: quote))
        try log.add(SmallLog.registration(6))
        let quoted = ProofFile.Quoted(checkpoint: seen, consistency: log.consistency(from: 5))
        let proof = try log.proof(of: 5, quoted: [quoted], related: [log.related(0), log.related(6)])
        #expect(try Self.refusal(proof) == nil)
    }

    @Test func aFilingForAnotherLog() throws {
        var log = SmallLog()
        try log.add(SmallLog.registration(0, log: "other.example/log"))
        #expect(try Self.refusal(log.proof(of: 0)) == .filingForAnotherLog)
    }

    @Test func detailsOfAnotherEvent() throws {
        let fields = ["one", "two"].compactMap { SealedField(name: "place".utf8, text: Array($0.utf8)) }
        let seed = SealedSeed(SHA256.hash([1]))
        let details = try fields.map { try Details(fields: [$0]) }
        var log = SmallLog()
        try log.add(SmallLog.registration(0))
        let about = try #require(EntryReference(index: 0, leafHash: log.entries[0].leafHash))
        let custody = Custody(of: about, event: .received, details: details[0].sealed(with: seed).digest)
        try log.add(RegistryWorld.filing(.custody(custody), by: [SmallLog.lin]))
        let all = RangeSet(0..<1)
        #expect(try Self.refusal(log.proof(of: 1, details: details[0].opening(seed: seed, showing: all))) == nil)
        #expect(
            try Self.refusal(log.proof(of: 1, details: details[1].opening(seed: seed, showing: all)))
                == .detailsDigest)
    }

    @Test func aQuotedCheckpointOfAnotherLog() throws {
        var log = SmallLog()
        try log.add(SmallLog.registration(0))
        let seen = try log.checkpoint(of: 1, by: SmallLog.other)
        let quote = try #require(Quote(size: seen.unverified.head.size, checkpointHash: seen.noteHash))
        try log.add(SmallLog.registration(1, after: quote))
        let quoted = ProofFile.Quoted(checkpoint: seen, consistency: log.consistency(from: 1))
        #expect(try Self.refusal(log.proof(of: 1, quoted: [quoted])) == .quotedOfAnotherLog(0))
    }

    @Test func aQuotedCheckpointThatIsNotEarlier() throws {
        var log = SmallLog()
        try log.add(SmallLog.registration(0))
        let seen = try log.checkpoint(of: 3, root: SHA256.hash([9]))
        let quote = try #require(Quote(size: seen.unverified.head.size, checkpointHash: seen.noteHash))
        try log.add(SmallLog.registration(1, after: quote))
        try log.add(SmallLog.registration(2))
        let quoted = ProofFile.Quoted(checkpoint: seen, consistency: ConsistencyProof(path: []))
        #expect(try Self.refusal(log.proof(of: 1, quoted: [quoted])) == .quotedIsNotEarlier(0))
    }

    /// The log showed another tree when the filing was signed than the one that the proof is under.
    @Test func aQuotedCheckpointOfAnotherHistory() throws {
        var log = SmallLog()
        try log.add(SmallLog.registration(0))
        let seen = try log.checkpoint(of: 1, root: SHA256.hash([9]))
        let quote = try #require(Quote(size: seen.unverified.head.size, checkpointHash: seen.noteHash))
        try log.add(SmallLog.registration(1, after: quote))
        let quoted = ProofFile.Quoted(checkpoint: seen, consistency: log.consistency(from: 1))
        guard case .quotedConsistency(0, _) = try Self.refusal(log.proof(of: 1, quoted: [quoted])) else {
            Issue.record("two histories are one")
            return
        }
    }

    @Test func aCheckpointThatNothingQuotes() throws {
        var log = SmallLog()
        for number in 0..<2 { try log.add(SmallLog.registration(UInt8(number))) }
        let quoted = ProofFile.Quoted(checkpoint: try log.checkpoint(of: 1), consistency: log.consistency(from: 1))
        #expect(try Self.refusal(log.proof(of: 1, quoted: [quoted])) == .quotedByNothing(0))
    }

    @Test func oneQuoteTwice() throws {
        var log = SmallLog()
        try log.add(SmallLog.registration(0))
        let seen = try log.checkpoint(of: 1)
        let quote = try #require(Quote(size: seen.unverified.head.size, checkpointHash: seen.noteHash))
        try log.add(SmallLog.registration(1, after: quote))
        let quoted = ProofFile.Quoted(checkpoint: seen, consistency: log.consistency(from: 1))
        #expect(try Self.refusal(log.proof(of: 1, quoted: [quoted])) == nil)
        #expect(try Self.refusal(log.proof(of: 1, quoted: [quoted, quoted])) == .quotedByNothing(1))
    }

    /// A trust list may name several logs; an earlier inclusion is of the same log as the last.
    @Test func anEarlierInclusionInAnotherLog() throws {
        var log = SmallLog()
        try log.add(SmallLog.registration(0))
        func inclusion(by signer: NoteSigner) throws -> LogProof {
            try LogProof(
                extra: log.entries[0].bytes, index: 0, inclusion: log.inclusion(of: 0),
                checkpoint: log.checkpoint(of: 1, by: signer))
        }
        let both = try TrustPolicy(
            parsing: Array(
                "log \(SmallLog.signer.verifierKey)\nlog \(SmallLog.other.verifierKey)\nquorum none\n".utf8))
        let own = try ProofFile(inclusions: [inclusion(by: SmallLog.signer), inclusion(by: SmallLog.signer)])
        _ = try own.verified(under: both)
        let foreign = try ProofFile(inclusions: [inclusion(by: SmallLog.other), inclusion(by: SmallLog.signer)])
        let name = Origin(SmallLog.other.verifierKey.name)
        #expect(throws: ProofVerificationError.earlierInclusion(0, .checkpoint(.unknownOrigin(name)))) {
            try foreign.verified(under: both)
        }
    }

    @Test func aRelatedEntryTwice() throws {
        var log = SmallLog()
        for number in 0..<3 { try log.add(SmallLog.registration(UInt8(number))) }
        let again = try log.related(2)
        #expect(try Self.refusal(log.proof(of: 1, related: [again, again])) == .relatedTwice(1))
        #expect(try Self.refusal(log.proof(of: 2, related: [again])) == .relatedTwice(0))
    }

    @Test func aRelatedEntryThatNobodySigned() throws {
        var log = SmallLog()
        try log.add(SmallLog.registration(0))
        try log.add(Self.missigned())
        #expect(try Self.refusal(log.proof(of: 0, related: [log.related(1)])) == .relatedFiling(0))
        #expect(try Self.refusal(log.proof(of: 1)) == .filing(.invalidSignature(SmallLog.lin.verifierKey)))
    }

    @Test func aRelatedEntryForAnotherLog() throws {
        var log = SmallLog()
        try log.add(SmallLog.registration(0))
        try log.add(SmallLog.registration(1, log: "other.example/log"))
        #expect(try Self.refusal(log.proof(of: 0, related: [log.related(1)])) == .relatedFiling(0))
    }
}
