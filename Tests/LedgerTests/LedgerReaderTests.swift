// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import Testing
import TransparencyLog

/// Reading a log from files that nobody vouches for.
@Suite struct LedgerReaderTests {
    private static let policy = try? SequencerWorld.identity.policy()

    /// A log that has grown entry by entry, with the files and the checkpoint of every size.
    private static func grown(to size: Int) async throws -> [MemoryStore.Contents] {
        var world = SequencerWorld()
        let log = try await world.open()
        var all = [world.store.contents]
        for number in 0..<size {
            let left = await world.offer(["entry \(number)"], to: log)
            #expect(left == [])
            all.append(world.store.contents)
        }
        return all
    }

    @Test func everyProofAtEverySize() async throws {
        let policy = try #require(Self.policy)
        let sizes = try await Self.grown(to: 40)
        for (size, contents) in sizes.enumerated().dropFirst() {
            let reader = try await LedgerReader(contents, under: policy)
            #expect(reader.head.size.value == UInt64(size))
            for number in 0..<size {
                let index = LeafIndex(UInt64(number))!
                let proof = try await reader.proof(of: index)
                let entry = try #require(proof.extra)
                #expect(CountingRules.number(of: entry) == UInt64(number))
                try proof.verify(MerkleTree.leafHash(entry), under: policy)
                #expect(try await reader.entry(at: index).bytes == entry)
            }
            let beyond = LeafIndex(UInt64(size))!
            await #expect(throws: LedgerReadError.beyondSize(beyond, reader.head.size)) {
                try await reader.entry(at: beyond)
            }
            await #expect(throws: LedgerReadError.beyondSize(beyond, reader.head.size)) {
                try await reader.unverifiedEntries(from: beyond)
            }
            // The files of the newest size serve each checkpoint before.
            let older = LedgerReader(try #require(sizes.last), at: reader.checkpoint)
            for number in [0, size / 2, size - 1] { _ = try await older.entry(at: LeafIndex(UInt64(number))!) }
            for before in sizes[1...size] {
                let head = try SequencerWorld.head(try #require(before.signed))
                try await reader.consistency(from: head).verify(from: head, to: reader.head)
            }
        }
    }

    /// Any byte of any file is another, or any file is missing or cut: what is answered is right, or nothing is.
    @Test(arguments: [1, 2, 7, 20]) func lies(size: Int) async throws {
        let policy = try #require(Self.policy)
        let honest = try await SequencerWorld.contents(of: size)
        let entries = try honest.entries()
        let reader = try await LedgerReader(honest, under: policy)
        let head = try SequencerWorld.head(try #require(try await SequencerWorld.contents(of: (size + 1) / 2).signed))
        for (path, bytes) in honest.files where path != "checkpoint" {
            var lies = bytes.indices.map { place in
                var lie = bytes
                lie[place] ^= 0x40
                return lie as [UInt8]?
            }
            lies += [nil, [], bytes.dropLast(), bytes + [0], Array(bytes.reversed())]
            for lie in lies {
                var liar = honest
                liar.files[path] = lie
                let lying = LedgerReader(liar, at: reader.checkpoint)
                for (number, entry) in entries.enumerated() {
                    if let answer = try? await lying.entry(at: LeafIndex(UInt64(number))!) {
                        #expect(answer.bytes == entry)
                        try answer.inclusion.verify(
                            MerkleTree.leafHash(entry), at: LeafIndex(UInt64(number))!, in: reader.head)
                    }
                }
                if let proof = try? await lying.consistency(from: head) {
                    try proof.verify(from: head, to: reader.head)
                }
            }
        }
    }

    @Test func damagedFilesAreNamed() async throws {
        let policy = try #require(Self.policy)
        let honest = try await SequencerWorld.contents(of: 3)
        let reader = try await LedgerReader(honest, under: policy)
        func error(_ change: (inout MemoryStore.Contents) -> Void) async -> LedgerReadError? {
            var changed = honest
            change(&changed)
            do {
                _ = try await LedgerReader(changed, at: reader.checkpoint).entry(at: 1)
                return nil
            } catch { return error as? LedgerReadError }
        }
        #expect(await error { $0.files["tile/0/000.p/3"] = nil } == .missing(path: "tile/0/000.p/3"))
        #expect(await error { $0.files["tile/entries/000.p/3"] = nil } == .missing(path: "tile/entries/000.p/3"))
        // "1 17..." becomes "1 71...".
        let moved = await error { $0.files["tile/entries/000.p/3"]?.swapAt(26, 27) }
        #expect(moved == .doesNotHold(path: "tile/entries/000.p/3"))
        let cut = await error { $0.files["tile/0/000.p/3"]?.removeLast() }
        #expect({ if case .malformed(path: "tile/0/000.p/3", _)? = cut { true } else { false } }())
        let long = await error { $0.files["tile/entries/000.p/3"]?.append(0) }
        #expect({ if case .malformed(path: "tile/entries/000.p/3", _)? = long { true } else { false } }())
    }

    @Test func checkpoints() async throws {
        let policy = try #require(Self.policy)
        let honest = try await SequencerWorld.contents(of: 3)
        await #expect(throws: LedgerReadError.noCheckpoint) {
            try await LedgerReader(MemoryStore.Contents(), under: policy)
        }
        var changed = honest
        changed.files["checkpoint"] = Array("nothing\n".utf8)
        await #expect { try await LedgerReader(changed, under: policy) } throws: { error in
            if case LedgerReadError.malformed(path: "checkpoint", _) = error { true } else { false }
        }
        let stranger = try LogIdentity(signers: [SequencerWorld.person("log.example/stranger")]).policy()
        await #expect(throws: CheckpointError.self) { try await LedgerReader(honest, under: stranger) }
        let namesake = NoteSigner(
            name: KeyName("log.example/world")!, privateKey: SequencerWorld.person("namesake").privateKey)
        let other = try LogIdentity(signers: [namesake]).policy()
        await #expect(throws: CheckpointError.self) { try await LedgerReader(honest, under: other) }

        // A quorum that is not met is for the caller to see.
        let witness = SequencerWorld.person("witness.example").verifierKey
        let key = VerifierKey(name: witness.name, type: .cosignature, publicKey: try #require(witness.publicKey))
        let log = SequencerWorld.identity.verifierKeys[0]
        let strict = try TrustPolicy(parsing: Array("log \(log)\nwitness w \(key)\nquorum w\n".utf8))
        let reader = try await LedgerReader(honest, under: strict)
        #expect(!reader.checkpoint.isQuorumMet)
    }

    @Test func consistencyWithAnotherHistory() async throws {
        let policy = try #require(Self.policy)
        let reader = try await LedgerReader(try await SequencerWorld.contents(of: 7), under: policy)
        for size in 1...7 {
            let head = TreeHead(size: TreeSize(UInt64(size))!, root: MerkleTree.leafHash([9]))
            await #expect(throws: ProofError.self) { try await reader.consistency(from: head) }
        }
        let larger = TreeHead(size: 8, root: reader.head.root)
        await #expect(throws: ProofError.sizesReversed) { try await reader.consistency(from: larger) }
    }

    /// A source that answers with more than was asked for.
    @Test func longFiles() async throws {
        let policy = try #require(Self.policy)
        var contents = try await SequencerWorld.contents(of: 3)
        let reader = try await LedgerReader(contents, under: policy)
        for path in ["tile/0/000.p/3", "tile/entries/000.p/3"] {
            contents.files[path] = [UInt8](repeating: 0, count: 1 << 24)
            let lying = LedgerReader(contents, at: reader.checkpoint)
            await #expect(throws: (any Error).self) { try await lying.entry(at: 0) }
        }
        contents.files["checkpoint"] = [UInt8](repeating: 65, count: 1 << 21)
        await #expect(throws: (any Error).self) { try await LedgerReader(contents, under: policy) }
    }

    /// A copy need not have the partial tiles of any earlier size: a proof from there is made all the same.
    @Test(arguments: [2, 9, 255, 256, 257, 300, 515, 700]) func earlierSizesNeedNoFilesOfTheirOwn(size: Int)
        async throws
    {
        let log = AuditTestLog.opaque(size)
        let reader = try await LedgerReader(try log.source(), under: AuditTestLog.Signers.sample.policy)
        for older in 1...size {
            let earlier = TreeHead(size: TreeSize(UInt64(older))!, root: log.root(of: older))
            #expect(try await reader.head(of: earlier.size) == earlier)
            let proof = try await reader.consistency(from: earlier.size)
            try proof.verify(from: earlier, to: reader.head)
        }
    }
}
