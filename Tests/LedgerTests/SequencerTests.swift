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
                try await world.check()
            }
        }
    }

    @Test(arguments: [1, 2, 7, 100, 256]) func batchesAreJudgedInOrder(limit: Int) async throws {
        var world = SequencerWorld()
        let log = try await world.open(batchLimit: limit)
        let left = await world.offer((0..<300).map { "entry \($0)" }, to: log)
        #expect(left == [])
        #expect(world.receipts.map(\.receipt.index.value) == Array(0..<300))
        #expect(world.store.signedEver.count == (300 + limit - 1) / limit, "a batch has one commit")
        try await world.check()
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
    }

    /// A refusal may rest on what is ahead of it in the batch; where that is not signed, nothing is said of it.
    @Test func refusalsOfABatchThatFails() async throws {
        let world = SequencerWorld()
        let log = try await world.open()
        world.store.fail(MemoryStore.Fault(operation: .stage, first: 1))
        for result in await log.submit(["a", "!no"]) {
            #expect(throws: MemoryStore.Failure(operation: .stage)) { try result.get() }
        }
    }

    @Test func entriesThatAreTooLong() async throws {
        var world = SequencerWorld()
        let log = try await world.open()
        let overhead = "0 1700000000 ".utf8.count
        let longest = String(repeating: "l", count: 65_535 - overhead)
        let writes = world.store.writes
        for texts in [[longest + "l"], ["a", longest + "l"], ["!no", longest + "l", "a", "!no"]] {
            for result in await log.submit(texts) {
                #expect(throws: SequencerError.entryTooLong) { try result.get() }
            }
        }
        #expect(world.store.writes == writes)
        let left = await world.offer([longest, "a"], to: log)
        #expect(left == [])
        try await world.check()
    }

    // MARK: - What was staged is what is signed

    /// One bit of the staged batch is another when it is read back, or bytes are missing: nothing is signed.
    @Test func alteredBatchIsNotSigned() async throws {
        var world = SequencerWorld(try await SequencerWorld.contents(of: 3))
        let log = try await world.open()
        let before = world.store.contents
        let expected =
            Array("indelible-staged/v1\n3 2\n\n".utf8) + [0, 0, 0, 14] + Array("3 1700000000 a".utf8) + [0, 0, 0, 14]
            + Array("4 1700000000 b".utf8)
        var alterations: [@Sendable ([UInt8]) -> [UInt8]] = []
        for bit in 0..<expected.count * 8 {
            alterations.append { batch in
                var batch = batch
                batch[bit / 8] ^= 1 << (bit % 8)
                return batch
            }
        }
        for count in 0..<expected.count { alterations.append { Array($0.prefix(count)) } }
        alterations.append { $0 + [0] }
        alterations.append { $0 + [0, 0, 0, 0] }
        alterations.append { _ in Array("indelible-staged/v1\n3 1\n\n".utf8) + [0, 0, 0, 1, 1] }
        alterations.append { batch in
            // The two entries change places.
            Array(batch.prefix(25)) + batch.suffix(18) + batch.dropFirst(25).prefix(18)
        }
        for (number, alter) in alterations.enumerated() {
            world.store.alterStaged { batch in
                #expect(batch == expected)
                #expect(alter(batch) != batch)
                return alter(batch)
            }
            let left = await world.offer(["a", "b"], to: log)
            #expect(left == ["a", "b"], "alteration \(number)")
            #expect(world.store.signedEver == [])
            #expect(world.store.contents.signed == before.signed)
            world.store.alterStaged(nil)
            try await log.reload()
            #expect(world.store.contents.files == before.files)
            #expect(world.store.contents.signed == before.signed)
        }
        let left = await world.offer(["a", "b"], to: log)
        #expect(left == [])
        try await world.check()
    }

    // MARK: - Another sequencer

    /// A second one on the same store, with its own memory, gets in between at each step of the first.
    @Test(arguments: MemoryStore.Operation.ofABatch)
    func aSecondOnTheSameStore(before operation: MemoryStore.Operation) async throws {
        var world = SequencerWorld(try await SequencerWorld.contents(of: 255))
        let first = try await world.open()
        let second = try await world.open()
        let others = Mutex<[Result<SequencerWorld.Log.Receipt, any Error>]>([])
        world.store.before(operation) {
            let results = await second.submit(["second", "of the second"])
            others.withLock { $0 = results }
        }
        let left = await world.offer(["first"], to: first)
        for case .success(let receipt) in others.withLock({ $0 }) {
            world.receipts.append((receipt.index == 255 ? "second" : "of the second", receipt))
        }
        try await world.check()
        #expect(left.isEmpty == (world.receipts.count == 1), "one of the two")
        // Neither goes on from what it remembers and is no longer so.
        for log in [first, second] {
            let texts = ["more \(world.receipts.count)"]
            if await world.offer(texts, to: log) == texts {
                let head = await log.head
                #expect(head == nil)
                if await (try? log.reload()) != nil { _ = await world.offer(texts, to: log) }
            }
            try await world.check()
        }
        let third = try await world.open()
        let last = await world.offer(["the third"], to: third)
        #expect(last == [])
        try await world.check()
    }

    /// A copy of the tiles with the one lock store: the copy cannot sign, and cannot be opened again.
    @Test func aCopyWithTheSameLock() async throws {
        var world = SequencerWorld(try await SequencerWorld.contents(of: 3))
        let first = try await world.open()
        let copy = CopiedStore(lock: world.store, copy: MemoryStore(world.store.contents))
        let rules = try CountingRules(replaying: world.store.contents.entries())
        let second = try await Sequencer(
            store: copy, identity: SequencerWorld.identity, rules: rules, clock: { 1_700_000_000 })
        let left = await world.offer(["first"], to: first)
        #expect(left == [])
        await #expect(throws: SequencerError.signedElsewhere) { try await second.submit("second") }
        await #expect(throws: SequencerError.tilesDoNotHold(4)) { try await second.reload() }
        #expect(world.store.signedEver.count == 1)
        try await world.check()
    }

    /// Another process takes the log over: this one's rules do not know what was entered, and it says so.
    @Test func takenOverByAnother() async throws {
        var world = SequencerWorld(try await SequencerWorld.contents(of: 3))
        let first = try await world.open()
        let second = try await world.open()
        let left = await world.offer(["b"], to: second)
        #expect(left == [])
        await #expect(throws: SequencerError.signedElsewhere) { try await first.reload() }
        await #expect { try await first.submit("b") } throws: { error in
            if case SequencerError.halted = error { true } else { false }
        }
        try await world.check()
    }

    // MARK: - Reloading

    /// Reloads that are asked for while a batch is under way wait for it: they must not drop what it has staged.
    @Test(arguments: MemoryStore.Operation.ofABatch)
    func reloadDuringABatch(before operation: MemoryStore.Operation) async throws {
        var world = SequencerWorld(try await SequencerWorld.contents(of: 255))
        let log = try await world.open()
        let store = world.store
        let reloads = Mutex<[Task<Void, any Error>]>([])
        store.before(operation) {
            let asked = [Task { try await log.reload() }, Task { try await log.reload() }]
            reloads.withLock { $0 = asked }
            for _ in 0..<10_000 { await Task.yield() }
            if operation == .replace { #expect(store.contents.batch != nil, "what is about to be signed is staged") }
        }
        let left = await world.offer(["a", "b"], to: log)
        #expect(left == [])
        for reload in reloads.withLock({ $0 }) { try await reload.value }
        try await world.check()
        let more = await world.offer(["c"], to: log)
        #expect(more == [])
        try await world.check()
    }
}

/// Somebody's copy of a log's files, with the lock store of the log itself.
private struct CopiedStore: TileStore, LockStore, StagingStore {
    let lock: MemoryStore
    let copy: MemoryStore

    func read(_ path: String, limit: Int) async throws -> [UInt8]? { try await copy.read(path, limit: limit) }
    func create(_ files: [StoredFile]) async throws { try await copy.create(files) }
    func publish(_ checkpoint: [UInt8]) async throws { try await copy.publish(checkpoint) }
    func dropPartials(of fullPaths: [String]) async throws { try await copy.dropPartials(of: fullPaths) }
    func signedCheckpoint() async throws -> [UInt8]? { try await lock.signedCheckpoint() }
    func replace(_ old: [UInt8]?, with new: [UInt8]) async throws { try await lock.replace(old, with: new) }
    func stage(_ batch: [UInt8]) async throws { try await copy.stage(batch) }
    func staged() async throws -> [UInt8]? { try await copy.staged() }
}
