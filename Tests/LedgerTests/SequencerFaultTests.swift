// SPDX-License-Identifier: Apache-2.0
import Ledger
import Testing
import TransparencyLog

/// Every operation of a store fails, at every call of it, done or not, once, twice and three times in a row. The log
/// keeps its promise, and goes on once its store works again.
@Suite struct SequencerFaultTests {
    /// How the owner of a log that stopped goes on.
    enum Recovery: CaseIterable {
        /// The same sequencer reads its state again.
        case reload
        /// The process died, and another opens the log.
        case reopen
    }

    struct Series: CustomTestStringConvertible {
        let recovery: Recovery
        let extent: MemoryStore.Extent
        let count: Int

        var testDescription: String { "\(recovery), \(extent) done, \(count) in a row" }

        static let all = Recovery.allCases.flatMap { recovery in
            MemoryStore.Extent.allCases.flatMap { extent in
                (1...3).map { Series(recovery: recovery, extent: extent, count: $0) }
            }
        }
    }

    @Test(arguments: Series.all) func failures(_ series: Series) async throws {
        try await failures(series, from: 253, [[2], [3, 1]])
    }

    /// The same where a batch just fills a tile, and the next begins another.
    @Test(arguments: MemoryStore.Extent.allCases) func failuresAtAFullTile(_ extent: MemoryStore.Extent) async throws {
        let series = Series(recovery: .reload, extent: extent, count: 2)
        try await failures(series, from: 254, [[2], [1]])
    }

    private func failures(_ series: Series, from size: Int, _ batches: [[Int]]) async throws {
        let start = try await SequencerWorld.contents(of: size)
        let undisturbed = try await run(batches, on: start, nil, series.recovery)
        var faults: [MemoryStore.Fault] = []
        for operation in MemoryStore.Operation.allCases {
            // One call more than there are: those that only recovery makes.
            for call in 1...(undisturbed.calls[operation] ?? 0) + 1 {
                faults.append(MemoryStore.Fault(operation: operation, first: call))
            }
        }
        // Neighbours in time: a write fails, and the reload behind it too.
        for call in 1...undisturbed.totalCalls { faults.append(MemoryStore.Fault(operation: nil, first: call)) }
        for var fault in faults {
            fault.count = series.count
            fault.extent = series.extent
            _ = try await run(batches, on: start, fault, series.recovery)
        }
    }

    /// Enters the batches on a store that fails, and goes on after each failure until all have their receipts.
    private func run(
        _ batches: [[Int]], on start: MemoryStore.Contents, _ fault: MemoryStore.Fault?, _ recovery: Recovery
    ) async throws -> MemoryStore {
        var world = SequencerWorld(start)
        let firstSize = try start.entries().count
        var log = try await world.open()
        world.store.fail(fault)
        var number = firstSize
        for counts in batches {
            var waiting = counts.map { count in
                defer { number += count }
                return (number..<number + count).map { "entry \($0)" }
            }
            while let texts = waiting.first {
                let left = await world.offer(texts, to: log)
                try await world.check()
                if left.isEmpty {
                    waiting.removeFirst()
                } else {
                    waiting[0] = left
                    log = try await recovered(log, in: world, by: recovery)
                    try await world.check()
                }
            }
        }
        let texts = try world.store.contents.entries().map { CountingRules.text(of: $0) }
        #expect(texts == (0..<number).map { "entry \($0)" }, "every entry once, in order")
        #expect(world.receipts.count == number - firstSize)
        let followed = await log.currentRules.followed
        #expect(followed == UInt64(number))
        return world.store
    }

    /// Tries until the store lets the log go on; until then it signs nothing.
    private func recovered(
        _ log: SequencerWorld.Log, in world: SequencerWorld, by recovery: Recovery
    ) async throws -> SequencerWorld.Log {
        for _ in 0..<10 {
            let writes = world.store.writes
            let head = await log.head
            #expect(head == nil)
            await #expect { try await log.submit("never") } throws: { error in
                if case SequencerError.halted = error { true } else { false }
            }
            #expect(world.store.writes == writes, "a log that stopped writes nothing")
            do {
                switch recovery {
                case .reload:
                    try await log.reload()
                    return log
                case .reopen: return try await world.open()
                }
            } catch is MemoryStore.Failure {
                continue
            }
        }
        throw MemoryStore.Failure(operation: .read)
    }

    /// What follows the log fails: nothing is signed until it has caught up, and then it has every entry once.
    @Test(arguments: 1...3) func followingFails(times: Int) async throws {
        var world = SequencerWorld(try await SequencerWorld.contents(of: 254))
        let log = try await world.open()
        let faults = await log.currentRules.faults
        faults.fail(times)
        let left = await world.offer(["a", "b", "c"], to: log)
        #expect(left == ["a", "b", "c"])
        try await world.check()
        for _ in 1..<times {
            await #expect(throws: CountingRules.Gap.self) { try await log.reload() }
            await #expect { try await log.submit("never") } throws: { error in
                if case SequencerError.halted = error { true } else { false }
            }
        }
        try await log.reload()
        let again = await world.offer(["a", "b", "c", "d"], to: log)
        #expect(again == [])
        #expect(world.receipts.map(\.receipt.wasPresent) == [true, true, true, false])
        #expect(world.receipts.map(\.receipt.index) == [254, 255, 256, 257])
        let followed = await log.currentRules.followed
        #expect(followed == 258)
        try await world.check()
    }

    /// The first batch of all, under every fault.
    @Test(arguments: MemoryStore.Operation.allCases, MemoryStore.Extent.allCases)
    func firstBatch(operation: MemoryStore.Operation, extent: MemoryStore.Extent) async throws {
        for first in 1...3 {
            var world = SequencerWorld()
            let log = try await world.open()
            world.store.fail(MemoryStore.Fault(operation: operation, first: first, extent: extent))
            var left = ["first", "second"]
            for _ in 0..<3 where !left.isEmpty {
                left = await world.offer(left, to: log)
                try await world.check()
                if !left.isEmpty { _ = try await recovered(log, in: world, by: .reload) }
                try await world.check()
            }
            #expect(left == [])
            let texts = try world.store.contents.entries().map { CountingRules.text(of: $0) }
            #expect(texts == ["first", "second"])
        }
    }
}
