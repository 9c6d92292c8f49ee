// SPDX-License-Identifier: Apache-2.0
import Ledger
import Synchronization
import Testing
import TransparencyLog

/// What a sequencer signs and answers while nothing fails, and where others get in its way.
@Suite struct SequencerTests {
    /// Every size up to 40 in every split into two batches; each receipt's entry has its proof.
    @Test func smallLogs() async throws {
        for size in 1...40 {
            for first in [0, 1, size / 2, size - 1] {
                var world = SequencerWorld()
                let log = try await world.open()
                for texts in [0..<first, first..<size] {
                    let left = await world.offer(texts.map { "entry \($0)" }, to: log)
                    #expect(left == [])
                }
                #expect(world.receipts.map(\.receipt.index.value) == (0..<UInt64(size)).map { $0 })
                #expect(world.store.contents.files["checkpoint"] == world.store.contents.signed)
                #expect(world.store.contents.batch == nil)
                try await world.check()
            }
        }
    }

    @Test func nothingIsOffered() async throws {
        let world = SequencerWorld()
        let log = try await world.open()
        #expect(await log.submit([]).isEmpty)
        #expect(world.store.writes == 0)
    }

    @Test func manyAtOnce() async throws {
        let world = SequencerWorld()
        let log = try await world.open()
        let indices = try await withThrowingTaskGroup(of: UInt64.self) { group in
            for number in 0..<400 { group.addTask { try await log.submit("entry \(number)").index.value } }
            return try await group.reduce(into: [UInt64]()) { $0.append($1) }
        }
        #expect(indices.sorted() == Array(0..<400))
        try await world.check()
    }

    @Test func refusalsAndDuplicates() async throws {
        var world = SequencerWorld()
        let log = try await world.open()
        let left = await world.offer(["a", "!no", "b", "a", "!no", "c"], to: log)
        #expect(left == ["!no", "!no"])
        #expect(world.receipts.map(\.receipt.index) == [0, 1, 0, 2])
        #expect(world.receipts.map(\.receipt.wasPresent) == [false, false, true, false])
        try await world.check()
        // Nothing new: nothing is written, and the answer is under the checkpoint that stands.
        let writes = world.store.writes
        let again = await world.offer(["c", "!no", "a"], to: log)
        #expect(again == ["!no"])
        await #expect(throws: CountingRules.Refused(text: "!no")) { try await log.submit("!no") }
        #expect(world.store.writes == writes)
        #expect(world.receipts.suffix(2).map(\.receipt.index) == [2, 0])
        #expect(world.receipts.last?.receipt.checkpoint.bytes == world.store.contents.signed)
        try await world.check()
    }  // MARK: - Reloading

}
