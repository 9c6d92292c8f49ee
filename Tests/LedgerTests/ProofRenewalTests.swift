// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import Testing
import TransparencyLog

/// Proofs made newer while their log grows.
@Suite struct ProofRenewalTests {
    private let folder: TemporaryFolder
    private var random = SystemRandomNumberGenerator()

    init() throws {
        folder = try TemporaryFolder()
        try folder.makeFolder("ledger")
        try folder.write("words\n", to: "document.txt")
    }

    private func renewed(_ proof: ProofFile) async throws -> ProofFile {
        let reader = try await FilingWorld.reader(folder("ledger"))
        let renewal = ProofRenewal(reader: reader, index: try await LookupIndex(following: reader))
        let renewed = try await renewal.renewed(proof)
        _ = try renewed.verified(under: FilingWorld.identity.policy())
        #expect(try ProofFile(parsing: renewed.json.encoded()) == renewed)
        return renewed
    }

    /// A registration by "ana" that "ben" vouches for, entered as entry 3.
    private mutating func registered(_ log: LedgerLog) async throws -> (PreparedRegistration, ProofFile) {
        var request = PreparedRegistration.Request(
            documents: try DocumentReader(keepsText: true).read(folder("document.txt")))
        request.vouchings = [.init(signer: FilingWorld.person("ben"), role: .eyewitness, name: nil)]
        let prepared = try PreparedRegistration(
            request, log: FilingWorld.identity.origin, registrant: FilingWorld.person("ana"), using: &random)
        let indices = await log.sequencer.indices(of: [
            try FilingWorld.charter(), try FilingWorld.enrol("ana"), try FilingWorld.enrol("ben"), prepared.filing,
        ])
        #expect(indices == [0, 1, 2, 3])
        return (prepared, try prepared.proof(with: await FilingWorld.reader(folder("ledger")).proof(of: 3)))
    }

    @Test mutating func firstAndNewestAreKept() async throws {
        let log = try await FilingWorld.open(folder("ledger"))
        let (_, first) = try await registered(log)
        var proof = first
        var sizes = [4]
        for number in 0..<20 {
            #expect(await log.sequencer.indices(of: [try FilingWorld.register(number)]) == [UInt64(4 + number)])
            let once = try await renewed(proof)
            sizes.append(5 + number)
            if sizes.count > 16 { sizes.remove(at: 1) }
            #expect(once.inclusions.map { Int($0.checkpoint.unverified.head.size.value) } == sizes)
            #expect(once.inclusions[0] == first.inclusions[0])
            #expect(once.inclusions.count <= ProofFile.maximumInclusions)
            // Again under the same checkpoint: nothing is new.
            proof = try await renewed(once)
            #expect(proof == once)
            // What is shown of the documents stays as it was.
            #expect(proof.exhibit == first.exhibit)
            #expect(proof.dossier == first.dossier)
        }
    }

    @Test mutating func relatedEntries() async throws {
        let log = try await FilingWorld.open(folder("ledger"))
        let (prepared, first) = try await registered(log)
        let place = try FilingWorld.reference(prepared.filing, at: 3)
        func related(_ proof: ProofFile) async throws -> [UInt64] {
            try await renewed(proof).related.map(\.index.value)
        }
        #expect(try await related(first) == [0, 1])

        let more: [(Filing, [UInt64])] = [
            (try FilingWorld.register(1), [0, 1]),
            (try FilingWorld.register(2, by: "ben", relations: [.init(.contests, place)]), [0, 1, 5]),
            (try FilingWorld.filing(.custody(Custody(of: place, event: .copied)), by: ["ben"]), [0, 1, 5, 6]),
            (try FilingWorld.enrol("carl"), [0, 1, 5, 6]),
            (
                try FilingWorld.filing(
                    .addRevoker(RevokerAddition(revoker: SHA256.hash(FilingWorld.person("ben").verifierKey.utf8))),
                    by: ["ana"]), [0, 1, 5, 6, 8]
            ),
            (try FilingWorld.revoke("carl"), [0, 1, 5, 6, 8]),
            (try FilingWorld.revoke("ana", by: "ben"), [0, 1, 5, 6, 8, 10]),
        ]
        var proof = first
        for (number, (filing, expected)) in more.enumerated() {
            #expect(await log.sequencer.indices(of: [filing]) == [UInt64(4 + number)])
            #expect(try await related(first) == expected)
            proof = try await renewed(proof)
            #expect(proof.related.map(\.index.value) == expected)
        }

        // Who is shown to vouch brings what the log says of that key; who is not shown brings nothing.
        let dossier = try #require(prepared.contents.dossier)
        let slot = try #require(dossier.attestations.keys.first)
        let attestation = try Attestation(parsing: try #require(dossier.attestations[slot]))
        let opening = try Dossier(
            exhibit: attestation.exhibit, signerLinesHash: prepared.filing.signerLinesHash,
            log: prepared.filing.log, attestations: [slot: attestation]
        ).opening(seed: dossier.seed, showing: RangeSet(slot..<slot + 1))
        let showing = try ProofFile(inclusions: first.inclusions, dossier: opening, exhibit: first.exhibit)
        #expect(try await related(showing) == [0, 1, 2, 5, 6, 8, 10])
    }

    @Test mutating func quotedCheckpointsAreBroughtAlong() async throws {
        let log = try await FilingWorld.open(folder("ledger"))
        _ = try await registered(log)
        let checkpoint = try SignedCheckpoint(try #require(await log.sequencer.checkpoint))
        let quote = try #require(Quote(size: 4, checkpointHash: checkpoint.noteHash))
        let filing = try FilingWorld.filing(
            .register(Registration(dossier: SHA256.hash([1]))), by: ["ana"], after: quote)
        // One that the log did not keep is refused, and so is one at its place that is of another tree.
        #expect(await log.sequencer.indices(of: [filing]) == [nil])
        let otherTree = TreeHead(size: 4, root: MerkleTree.leafHash([4]))
        let other = try Checkpoint(origin: FilingWorld.identity.origin, head: otherTree)
            .signed(by: [FilingWorld.person(FilingWorld.identity.origin.description)])
        let quoteOfOther = try #require(Quote(of: other))
        let otherPlace = folder("ledger").appending(quoteOfOther.path)
        try DurableFile.makeFolder(otherPlace.removingLastComponent())
        try DurableFile.write(other.bytes, to: otherPlace)
        let quoting = try FilingWorld.filing(
            .register(Registration(dossier: SHA256.hash([1]))), by: ["ana"], after: quoteOfOther)
        #expect(await log.sequencer.indices(of: [quoting]) == [nil])
        let kept = folder("ledger").appending(quote.path)
        try DurableFile.makeFolder(kept.removingLastComponent())
        try DurableFile.write(checkpoint.bytes, to: kept)
        #expect(await log.sequencer.indices(of: [filing]) == [4])
        let reader = try await FilingWorld.reader(folder("ledger"))
        let proof = try ProofFile(
            inclusions: [await reader.proof(of: 4)],
            quoted: [
                .init(checkpoint: checkpoint, consistency: await reader.consistency(from: checkpoint.unverified.head))
            ])
        for number in 0..<5 {
            #expect(await log.sequencer.indices(of: [try FilingWorld.register(number)]) == [UInt64(5 + number)])
            let renewed = try await renewed(proof)
            #expect(renewed.quoted.map(\.checkpoint) == [checkpoint])
            #expect(renewed.inclusions.count == 2)
        }
    }

    /// Another log, with another entry at that place, and a log that is shorter: no proof of this entry.
    @Test mutating func anotherLog() async throws {
        let log = try await FilingWorld.open(folder("ledger"))
        let (_, proof) = try await registered(log)
        for (name, count) in [("other", 5), ("shorter", 3)] {
            try folder.makeFolder(name)
            let other = try await FilingWorld.open(folder(name))
            let filings = [try FilingWorld.charter(), try FilingWorld.enrol("ana"), try FilingWorld.enrol("ben")]
            let more = try (3..<count).map { try FilingWorld.register($0) }
            _ = await other.sequencer.submit(filings + more)
            let reader = try await FilingWorld.reader(folder(name))
            let renewal = ProofRenewal(reader: reader, index: try await LookupIndex(following: reader))
            if count > 3 {
                await #expect(throws: ProofRenewal.RenewalError.anotherEntry(3)) { try await renewal.renewed(proof) }
            } else {
                await #expect(throws: LedgerReadError.beyondSize(3, 3)) { try await renewal.renewed(proof) }
            }
        }
    }
}
