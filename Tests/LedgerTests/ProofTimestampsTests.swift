// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import Testing
import TransparencyLog

/// Time-stamps that a proof is given from its log, and that are verified with it.
@Suite struct ProofTimestampsTests {
    private let folder: TemporaryFolder
    private let authority: TimestampTestAuthority

    init() throws {
        folder = try TemporaryFolder()
        try folder.makeFolder("ledger")
        authority = try TimestampTestAuthority()
    }

    private func begin() async throws -> LedgerLog {
        let log = try await FilingWorld.open(folder("ledger"))
        let indices = await log.sequencer.indices(of: [
            try FilingWorld.charter(), try FilingWorld.enrol("ana"), try FilingWorld.register(0),
        ])
        #expect(indices == [0, 1, 2])
        return log
    }

    private func grow(_ log: LedgerLog, _ number: Int) async throws {
        #expect(await log.sequencer.indices(of: [try FilingWorld.register(number)]).count == 1)
    }

    /// The log's checkpoint, stamped and kept.
    @discardableResult
    private func stamp(_ authority: TimestampTestAuthority? = nil) async throws -> TimestampResponse {
        let checkpoint = try await FilingWorld.reader(folder("ledger")).checkpoint.verified.signed
        let response = try (authority ?? self.authority).stamp(checkpoint.textHash)
        try TimestampStore(folder("ledger")).add([response], to: checkpoint)
        return response
    }

    private func proof(of index: LeafIndex) async throws -> ProofFile {
        try ProofFile(inclusions: [try await FilingWorld.reader(folder("ledger")).proof(of: index)])
    }

    private func shared(_ proof: ProofFile) async throws -> ProofFile {
        let policy = try FilingWorld.identity.policy()
        let reader = try await FilingWorld.reader(folder("ledger"))
        let renewal = ProofRenewal(reader: reader, index: try await LookupIndex(following: reader))
        let stamps = ProofTimestamps(of: DirectoryStore.reading(folder("ledger")), under: policy)
        let shared = try await stamps.added(to: try await renewal.renewed(proof))
        _ = try shared.verified(under: policy)
        #expect(try ProofFile(parsing: shared.json.encoded()) == shared)
        return shared
    }

    private func sizes(_ proof: ProofFile) -> [UInt64] {
        proof.inclusions.map(\.checkpoint.unverified.head.size.value)
    }

    @Test("The earliest that covers the entry is taken, with the inclusion that it is of")
    func earliest() async throws {
        let log = try await begin()
        try await stamp()
        try await grow(log, 1)
        try await grow(log, 2)
        let fifth = try await stamp()
        try await grow(log, 3)
        try await stamp()

        // Entry 3 is under the trees of 5 and 6 that were stamped, and not under that of 3.
        let proof = try await shared(try await proof(of: 3))
        #expect(sizes(proof) == [5, 6])
        #expect(proof.timestamps == [fifth.bytes])
        let judged = try proof.verified(under: try FilingWorld.identity.policy())
            .timestamps(judgedBy: try authority.authorities)
        #expect(judged.map(\.size) == [5])
        #expect(judged[0].bound == fifth.token?.bound)

        // Shared again, it is the same; the log has grown, and it is newer.
        #expect(try await shared(proof) == proof)
        try await grow(log, 4)
        let newer = try await shared(proof)
        #expect(sizes(newer) == [5, 6, 7])
        #expect(newer.timestamps == [fifth.bytes])
    }

    @Test("No stamped checkpoint covers the entry: the proof stays as it is")
    func none() async throws {
        let log = try await begin()
        let bare = try await proof(of: 2)
        #expect(try await shared(bare).timestamps == [])
        try await stamp()
        try await grow(log, 1)
        #expect(try await shared(try await proof(of: 3)).timestamps == [])
    }

    @Test("Under the same checkpoint no inclusion is added, and a second authority comes in")
    func sameCheckpoint() async throws {
        _ = try await begin()
        let first = try await stamp()
        let proof = try await shared(try await proof(of: 2))
        #expect(sizes(proof) == [3])
        #expect(proof.timestamps == [first.bytes])
        let second = try await stamp(try TimestampTestAuthority("Another"))
        #expect(try await shared(proof).timestamps == [first.bytes, second.bytes])
    }

    @Test("However often a proof is renewed, what is stamped stays")
    func renewals() async throws {
        let log = try await begin()
        var proof = try await proof(of: 2)
        try await grow(log, 1)
        try await grow(log, 2)
        let stamped = try await stamp()
        for number in 3..<22 {
            try await grow(log, number)
            proof = try await shared(proof)
            #expect(proof.timestamps == [stamped.bytes])
            #expect(Array(sizes(proof).prefix(2)) == [3, 5])
        }
        #expect(proof.inclusions.count == ProofFile.maximumInclusions)
    }

    @Test("A full proof makes room for the inclusion that is stamped")
    func full() async throws {
        let log = try await begin()
        var proof = try await proof(of: 2)
        try await grow(log, 1)
        let checkpoint = try await FilingWorld.reader(folder("ledger")).checkpoint.verified.signed
        for number in 2..<20 {
            try await grow(log, number)
            proof = try await shared(proof)
        }
        #expect(proof.inclusions.count == ProofFile.maximumInclusions)
        let response = try authority.stamp(checkpoint.textHash)
        try TimestampStore(folder("ledger")).add([response], to: checkpoint)
        let stamped = try await shared(proof)
        #expect(stamped.inclusions.count == ProofFile.maximumInclusions)
        #expect(Array(sizes(stamped).prefix(2)) == [3, 4])
        #expect(stamped.inclusions.last == proof.inclusions.last)
    }

    // MARK: - Verification

    private func verification(_ timestamps: [[UInt8]]) async throws -> ProofVerificationError? {
        let proof = try ProofFile(inclusions: try await proof(of: 2).inclusions, timestamps: timestamps)
        let policy = try FilingWorld.identity.policy()
        do throws(ProofVerificationError) {
            _ = try proof.verified(under: policy)
            return nil
        } catch {
            return error
        }
    }

    @Test("A proof with a time-stamp of another checkpoint does not hold")
    func anotherCheckpoint() async throws {
        _ = try await begin()
        let own = try await stamp().bytes
        let other = try authority.stamp(SHA256.hash([1])).bytes
        #expect(try await verification([own]) == nil)
        #expect(try await verification([own, other]) == .timestampForAnotherCheckpoint(1))
    }

    @Test("A proof with what is no time-stamp does not hold")
    func malformed() async throws {
        _ = try await begin()
        guard case .timestamp(0, _) = try await verification([[1, 2, 3]]) else {
            Issue.record("it holds")
            return
        }
        let rejection: [UInt8] = [0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02]
        guard case .timestamp(0, let error) = try await verification([rejection]) else {
            Issue.record("it holds")
            return
        }
        #expect(error.reason.contains("refused"))
    }
}
