// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// The moments that a proof bounds: by cosignatures over what is quoted and what it is in, and by time-stamps.
@Suite struct ProofTimeTests {
    private let log: SmallLog

    init() throws {
        var log = SmallLog()
        for number in 0..<5 { try log.add(SmallLog.registration(UInt8(number))) }
        self.log = log
    }

    private func proof(_ timestamps: [[UInt8]]) throws -> ProofFile { try proof([3, 5], timestamps) }

    private func proof(_ sizes: [Int], _ timestamps: [[UInt8]]) throws -> ProofFile {
        try ProofFile(inclusions: sizes.map { try log.inclusion(of: 0, in: $0) }, timestamps: timestamps)
    }

    private func refusal(_ timestamps: [[UInt8]]) throws -> ProofVerificationError? {
        let (proof, policy) = (try proof(timestamps), try SmallLog.policy)
        do throws(ProofVerificationError) {
            _ = try proof.verified(under: policy)
            return nil
        } catch {
            return error
        }
    }

    // MARK: - Time-stamps

    @Test func timestampsAreJudged() throws {
        let (three, five) = (try TimestampFixture.bytes("log-3.tsr"), try TimestampFixture.bytes("log-5.tsr"))
        let verified = try proof([five, three]).verified(under: SmallLog.policy)
        let judged = try verified.timestamps(judgedBy: TimestampFixture.authorities("log-root.pem"))
        #expect(judged.map(\.size) == [5, 3])
        #expect(judged.map(\.bound) == judged.map { $0.token.bound })
        #expect(judged[1].token.bound <= judged[0].token.bound)
        let unknown = verified.timestamps(judgedBy: TimestampAuthorities())
        #expect(unknown.map(\.bound) == [nil, nil])
        #expect(!verified.contradicts(judged) && !verified.contradicts(unknown) && !verified.contradicts([]))
        #expect(try verified.proof == proof([five, three]))
    }

    @Test func timestampsAreOfAnInclusion() throws {
        let three = try TimestampFixture.bytes("log-3.tsr")
        #expect(try refusal([three]) == nil)
        #expect(try refusal([three, TimestampFixture.bytes("rsa.tsr")]) == .timestampForAnotherCheckpoint(1))
        let refused = FormatError("time-stamp response", "the authority refused")
        #expect(try refusal([TimestampFixture.bytes("rejected.tsr")]) == .timestamp(0, refused))
        guard case .timestamp(1, _) = try refusal([three, [0x30]]) else {
            Issue.record("what is no time-stamp is one")
            return
        }
        #expect(throws: ProofVerificationError.timestampForAnotherCheckpoint(0)) {
            try proof([5], [three]).verified(under: SmallLog.policy)
        }
    }

    @Test func stampedInclusionsAreBroughtAlong() throws {
        let three = try TimestampFixture.bytes("log-3.tsr")
        func sizes(_ proof: ProofFile) -> [UInt64] {
            proof.inclusions.map(\.checkpoint.unverified.head.size.value)
        }
        func stamped(_ sizes: [Int], with size: Int?) throws -> ProofFile {
            try proof(sizes, []).stamped(with: [three], under: size.map { try log.inclusion(of: 0, in: $0) })
        }
        #expect(try stamped([3], with: nil) == proof([3], [three]))
        #expect(try stamped([5], with: 3) == proof([3, 5], [three]))
        #expect(try stamped([2, 4, 5], with: 3) == proof([2, 3, 4, 5], [three]))
        #expect(try stamped([2, 5], with: 5) == proof([2, 5, 5], [three]))
        // The last one stays the last.
        #expect(try stamped([3], with: 4) == proof([3], []))
        // Of two of one size the one that was there comes first.
        let bare = try log.inclusion(of: 0, in: 3)
        let cosigned = try LogProof(
            extra: bare.extra, index: bare.index, inclusion: bare.inclusion,
            checkpoint: SmallLog.cosigned(bare.checkpoint, at: 100))
        let both = try proof([3, 5], []).stamped(with: [three], under: cosigned)
        #expect(both.inclusions.prefix(2).map(\.checkpoint) == [bare.checkpoint, cosigned.checkpoint])
        // Of sixteen the second gives way, and the third where the second is stamped.
        var long = SmallLog()
        for number in 0..<20 { try long.add(SmallLog.registration(UInt8(number))) }
        func full(_ sizes: some Sequence<Int>, _ timestamps: [[UInt8]]) throws -> ProofFile {
            try ProofFile(inclusions: sizes.map { try long.inclusion(of: 0, in: $0) }, timestamps: timestamps)
        }
        let more = try long.inclusion(of: 0, in: 17)
        #expect(
            try sizes(full([1, 3] + (5...18), []).stamped(with: [three], under: more))
                == [1] + (5...17).map { UInt64($0) } + [17, 18])
        let kept = try full([1, 3] + (5...18), [three]).stamped(with: [], under: more)
        #expect(sizes(kept) == [1, 3] + (6...17).map { UInt64($0) } + [17, 18])
        #expect(kept.timestamps == [three])
        // Where every one between the first and the last is stamped, the proof stays as it is.
        let all = try full([1] + Array(repeating: 3, count: 14) + [18], [three])
        #expect(try all.stamped(with: [three], under: more) == all)
        // Renewal keeps what is stamped.
        let renewed = try full([1, 3] + (5...18), [three]).renewed(
            with: long.inclusion(of: 0, in: 20), quoted: [], related: [], timestamps: [three])
        #expect(sizes(renewed) == [1, 3] + (6...18).map { UInt64($0) } + [20])
    }

    // MARK: - Cosignatures

    /// A registration that quotes a checkpoint cosigned at `quoted`, in a tree cosigned at `logged`.
    private func verified(quoted: UInt64, logged: UInt64) throws -> VerifiedProof {
        var log = log
        let seen = try SmallLog.cosigned(log.checkpoint(of: 5), at: quoted)
        try log.add(SmallLog.registration(9, after: Quote(of: seen)))
        let bare = try log.inclusion(of: 5, in: 6)
        let inclusion = try LogProof(
            extra: bare.extra, index: bare.index, inclusion: bare.inclusion,
            checkpoint: SmallLog.cosigned(bare.checkpoint, at: logged))
        let item = ProofFile.Quoted(checkpoint: seen, consistency: log.consistency(from: 5))
        return try ProofFile(inclusions: [inclusion], quoted: [item]).verified(under: SmallLog.cosigningPolicy)
    }

    @Test func cosignaturesBoundTheTime() throws {
        for (quoted, logged, isContradiction) in [(100, 200, false), (200, 200, false), (201, 200, true)]
            as [(
                UInt64, UInt64, Bool
            )]
        {
            let proof = try verified(quoted: quoted, logged: logged)
            #expect(proof.signedAfter == quoted && proof.loggedBefore == logged)
            #expect(proof.contradictsItself == isContradiction)
        }
    }

    /// Signed after the moment by which a time-stamp has it in the log.
    @Test func timestampsMayContradictWhatIsQuoted() throws {
        let stamps = try proof([TimestampFixture.bytes("log-5.tsr"), TimestampFixture.bytes("log-3.tsr")])
            .verified(under: SmallLog.policy).timestamps(judgedBy: TimestampFixture.authorities("log-root.pem"))
        let bound = try #require(stamps.compactMap(\.bound).min())
        for (quoted, isContradiction) in [(bound - 1, false), (bound, false), (bound + 1, true)] {
            let proof = try verified(quoted: quoted, logged: bound + 10)
            #expect(proof.contradicts(stamps) == isContradiction)
            #expect(proof.contradicts([stamps[1]]) == isContradiction)
        }
    }

    /// An earlier inclusion that the witness cosigned gives the bound; one that it did not gives none.
    @Test func theEarliestBoundIsTaken() throws {
        func inclusion(_ size: Int, at time: UInt64?) throws -> LogProof {
            let bare = try log.inclusion(of: 0, in: size)
            guard let time else { return bare }
            return try LogProof(
                extra: bare.extra, index: bare.index, inclusion: bare.inclusion,
                checkpoint: SmallLog.cosigned(bare.checkpoint, at: time))
        }
        for (first, last, bound) in [(100, 200, 100), (300, 200, 200), (nil, 200, 200)]
            as [(
                UInt64?, UInt64, UInt64
            )]
        {
            let proof = try ProofFile(inclusions: [inclusion(3, at: first), inclusion(5, at: last)])
            #expect(try proof.verified(under: SmallLog.cosigningPolicy).loggedBefore == bound)
        }
        // The last must meet the quorum.
        let bare = try ProofFile(inclusions: [inclusion(3, at: 100), inclusion(5, at: nil)])
        #expect(throws: ProofVerificationError.self) { try bare.verified(under: SmallLog.cosigningPolicy) }
        // With no quorum there is no bound.
        let any = try ProofFile(inclusions: [inclusion(5, at: 100)]).verified(under: SmallLog.policy)
        #expect(any.loggedBefore == nil && any.signedAfter == nil && !any.contradictsItself)
    }
}
