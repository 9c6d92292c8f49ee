// SPDX-License-Identifier: Apache-2.0
import Ledger
import Synchronization
import Testing
import TransparencyLog

/// What a reader keeps in memory: what it gives is what it would have read, and many who ask at once cost one read.
@Suite struct TileMemoryTests {
    /// Files whose reading takes some turns of the others, counted by path.
    private final class SlowSource: LedgerSource {
        struct Failure: Error {}

        private let files: MemoryStore.Contents
        private let state = Mutex((reads: [String: Int](), isFailing: false))

        init(_ files: MemoryStore.Contents) { self.files = files }

        var reads: [String: Int] { state.withLock { $0.reads } }

        func fail(_ isFailing: Bool) { state.withLock { $0.isFailing = isFailing } }

        func read(_ path: String, limit: Int) async throws -> [UInt8]? {
            let isFailing = state.withLock { state in
                state.reads[path, default: 0] += 1
                return state.isFailing
            }
            for _ in 0..<100 { await Task.yield() }
            if isFailing { throw Failure() }
            return try files.read(path, limit: limit)
        }
    }

    private static func reader(_ source: SlowSource, _ memory: TileMemory) async throws -> LedgerReader {
        let checkpoint = try await LedgerReader(source, under: SequencerWorld.identity.policy()).checkpoint
        return LedgerReader(source, at: checkpoint, keeping: memory)
    }

    @Test func manyAtOnceReadOnce() async throws {
        let source = SlowSource(try await SequencerWorld.contents(of: 300))
        let reader = try await Self.reader(source, TileMemory())
        let proofs = try await withThrowingTaskGroup(of: LogProof.self) { group in
            for number in 260..<300 {
                group.addTask { try await reader.proof(of: LeafIndex(UInt64(number))!) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(proofs.map(\.index.value)) == Set(260..<300))
        for proof in proofs {
            try proof.verify(MerkleTree.leafHash(try #require(proof.extra)), under: SequencerWorld.identity.policy())
        }
        #expect(source.reads.filter { $0.value != 1 } == [:])
        #expect(source.reads.keys.contains { $0.hasPrefix("tile/entries/") })
    }

    /// A read that fails fails for those who wait for it, and is tried again.
    @Test func whatFailedIsReadAgain() async throws {
        let source = SlowSource(try await SequencerWorld.contents(of: 20))
        let reader = try await Self.reader(source, TileMemory())
        source.fail(true)
        let failures = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<20 {
                group.addTask {
                    do {
                        _ = try await reader.proof(of: LeafIndex(UInt64(number))!)
                        return false
                    } catch {
                        return error is SlowSource.Failure
                    }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(failures == 20)
        source.fail(false)
        for number in 0..<20 { _ = try await reader.proof(of: LeafIndex(UInt64(number))!) }
    }

    /// One who gives up waiting takes nothing from the others.
    @Test func whoGivesUpFirstStopsNobody() async throws {
        let source = SlowSource(try await SequencerWorld.contents(of: 20))
        let reader = try await Self.reader(source, TileMemory())
        let first = Task { try await reader.proof(of: 3) }
        while source.reads.count < 2 { await Task.yield() }
        let second = Task { try await reader.proof(of: 3) }
        first.cancel()
        #expect(try await second.value.index == 3)
    }

    /// A memory of one tile gives the same as none.
    @Test func whatIsLetGoOfIsReadAgain() async throws {
        let source = SlowSource(try await SequencerWorld.contents(of: 300))
        let reader = try await Self.reader(source, TileMemory(tiles: 1, bundles: 1))
        let plain = try await LedgerReader(source, under: SequencerWorld.identity.policy())
        for number: UInt64 in [0, 299, 255, 256, 1, 299] {
            let index = LeafIndex(number)!
            #expect(try await reader.proof(of: index) == (try await plain.proof(of: index)))
        }
    }
}
