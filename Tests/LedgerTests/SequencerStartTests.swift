// SPDX-License-Identifier: Apache-2.0
import Ledger
import Testing
import TransparencyLog

/// What a log does with the state that it finds: it goes on from what was signed, or refuses and changes nothing.
@Suite struct SequencerStartTests {
    private static let sizes = [1, 2, 3, 255, 256, 257, 300, 512, 513]

    private func open(
        _ contents: MemoryStore.Contents, _ identity: LogIdentity = SequencerWorld.identity,
        clock: UInt64 = 1_700_000_000
    ) async throws -> MemoryStore.Contents {
        let store = MemoryStore(contents)
        let log = try await Sequencer(
            store: store, identity: identity, rules: CountingRules(), clock: { clock })
        #expect(await log.checkpoint?.bytes == contents.signed)
        try await log.publish()
        return store.contents
    }

    private func refusal(
        _ contents: MemoryStore.Contents, _ identity: LogIdentity = SequencerWorld.identity,
        clock: UInt64 = 1_700_000_000
    ) async throws -> SequencerError? {
        let store = MemoryStore(contents)
        do {
            _ = try await Sequencer(store: store, identity: identity, rules: CountingRules(), clock: { clock })
            return nil
        } catch let error as SequencerError {
            #expect(store.contents == contents, "a refusal changes nothing")
            return error
        }
    }

    @Test(arguments: sizes) func opensAsItWas(size: Int) async throws {
        let contents = try await SequencerWorld.contents(of: size)
        #expect(try await open(contents) == contents)
    }

    @Test func opensEmpty() async throws {
        let contents = MemoryStore.Contents()
        #expect(try await open(contents) == contents)
    }

    // MARK: - What was signed and what is served

    @Test func oldStateIsRefused() async throws {
        let old = try await SequencerWorld.contents(of: 3)
        for size in [4, 5, 256, 300] {
            var contents = try await SequencerWorld.contents(of: size)
            contents.signed = old.signed
            let error = SequencerError.stateIsOld(served: TreeSize(UInt64(size))!, signed: 3)
            #expect(try await refusal(contents) == error)
            // With the batch that was staged at the time, too.
            contents.batch = staged(try old.entries(), after: 0)
            #expect(try await refusal(contents) == error)
        }
    }

    @Test func missingStateIsRefused() async throws {
        var contents = try await SequencerWorld.contents(of: 3)
        contents.signed = nil
        #expect(try await refusal(contents) == .stateMissing)
    }

    @Test func anotherRootIsRefused() async throws {
        var contents = try await SequencerWorld.contents(of: 3)
        let other = TreeHead(size: 3, root: MerkleTree.leafHash([1]))
        contents.files["checkpoint"] = try checkpoint(other)
        #expect(try await refusal(contents) == .anotherRoot(3))
        // A smaller one that is served is an older one: the newer takes its place.
        contents.files["checkpoint"] = try checkpoint(TreeHead(size: 2, root: MerkleTree.leafHash([1])))
        #expect(try await open(contents).files["checkpoint"] == contents.signed)
        contents.files["checkpoint"] = nil
        #expect(try await open(contents).files["checkpoint"] == contents.signed)
    }

    @Test func servedCosignaturesAreKept() async throws {
        var contents = try await SequencerWorld.contents(of: 3)
        let witness = SequencerWorld.person("witness.example")
        let signed = try SignedNote(parsing: contents.signed ?? [])
        contents.files["checkpoint"] = try signed.adding([witness.sign(Array(signed.unverifiedText))]).bytes
        #expect(try await open(contents) == contents)
    }

    @Test func foreignKeysAreRefused() async throws {
        let contents = try await SequencerWorld.contents(of: 3)
        let name = KeyName("log.example/world")!
        let otherKey = NoteSigner(name: name, privateKey: SequencerWorld.person("somebody").privateKey)
        #expect(try await refusal(contents, LogIdentity(signers: [otherKey])) == .notThisLog)
        let otherName = SequencerWorld.person("log.example/other")
        #expect(try await refusal(contents, LogIdentity(signers: [otherName])) == .notThisLog)

        for tampered in [try checkpoint(try SequencerWorld.head(contents.signed ?? []), by: otherKey)] {
            var served = contents
            served.files["checkpoint"] = tampered
            #expect(try await refusal(served) == .notThisLog)
            var locked = contents
            locked.signed = tampered
            #expect(try await refusal(locked) == .notThisLog)
        }
    }

    @Test func aSecondKeyTakesOver() async throws {
        let contents = try await SequencerWorld.contents(of: 3)
        let name = KeyName("log.example/world")!
        let next = NoteSigner(name: name, privateKey: SequencerWorld.person("next").privateKey)
        let store = MemoryStore(contents)
        let both = LogIdentity(signers: [SequencerWorld.person("log.example/world"), next])
        let log = try await Sequencer(
            store: store, identity: both, rules: CountingRules(replaying: contents.entries()), clock: { 1_700_000_000 })
        _ = try await log.submit("entry 3")
        #expect(try await refusal(store.contents, LogIdentity(signers: [next])) == nil)
        #expect(try await refusal(store.contents) == nil)
    }

    /// Entries that name the keys which may sign the tree that they end.
    private struct ChartedEntries: EntryRules {
        let keys: [VerifierKey]
        var checkpointKeys: [VerifierKey]? { keys }

        func admit(_ submissions: [[UInt8]], from firstIndex: LeafIndex, at time: UInt64) -> [Admission] {
            submissions.map { .entry($0) }
        }
        func follow(_ entries: [[UInt8]], leafHashes: [Hash], from firstIndex: LeafIndex) {}
        static func time(of entry: [UInt8]) -> UInt64? { nil }
    }

    @Test func onlyKeysThatTheEntriesNameSign() async throws {
        let contents = try await SequencerWorld.contents(of: 3)
        let old = SequencerWorld.person("log.example/world")
        let next = NoteSigner(name: old.verifierKey.name, privateKey: SequencerWorld.person("next").privateKey)
        let both = LogIdentity(signers: [old, next])
        for named in [[old], [next], [next, old]] {
            let (store, keys) = (MemoryStore(contents), named.map(\.verifierKey))
            let log = try await Sequencer(
                store: store, identity: both, rules: ChartedEntries(keys: keys), clock: { 1_700_000_000 })
            _ = try await log.submit([1])
            let signed = try SignedCheckpoint(parsing: store.contents.signed ?? [])
            #expect(Set(try signed.verified(by: both.verifierKeys).signers) == Set(keys))
        }
        let store = MemoryStore(contents)
        let alone = LogIdentity(signers: [old], knowing: [next.verifierKey])
        let log = try await Sequencer(
            store: store, identity: alone, rules: ChartedEntries(keys: [next.verifierKey]), clock: { 1_700_000_000 })
        await #expect(throws: SequencerError.keyNotChartered) { _ = try await log.submit([1]) }
        #expect(store.contents.signed == contents.signed)
    }

    @Test func whatAnotherKnownKeySignedIsTheLogsOwn() async throws {
        let contents = try await SequencerWorld.contents(of: 3)
        let old = SequencerWorld.person("log.example/world").verifierKey
        let next = NoteSigner(name: old.name, privateKey: SequencerWorld.person("next").privateKey)
        #expect(try await refusal(contents, LogIdentity(signers: [next])) == .notThisLog)
        #expect(try await refusal(contents, LogIdentity(signers: [next], knowing: [old])) == nil)
    }

    @Test func damagedCheckpointsAreRefused() async throws {
        let contents = try await SequencerWorld.contents(of: 3)
        let signed = contents.signed ?? []
        for index in signed.indices {
            var damaged = signed
            damaged[index] ^= 1
            for place in 0..<2 {
                var changed = contents
                if place == 0 { changed.signed = damaged } else { changed.files["checkpoint"] = damaged }
                let store = MemoryStore(changed)
                await #expect(throws: (any Error).self) {
                    try await Sequencer(
                        store: store, identity: SequencerWorld.identity, rules: CountingRules(),
                        clock: { 1_700_000_000 })
                }
                #expect(store.contents == changed)
            }
        }
    }

    // MARK: - The clock

    @Test func clockBehindTheLastEntryIsRefused() async throws {
        let contents = try await SequencerWorld.contents(of: 3)
        let last: UInt64 = 1_700_000_000
        for now in [last - 1, last - 3600, 0] {
            #expect(try await refusal(contents, clock: now) == .clockIsBehind(last: last, now: now))
        }
        for now in [last, last + 1, last + 3600] { #expect(try await refusal(contents, clock: now) == nil) }
    }

    @Test func clockSteps() async throws {
        var world = SequencerWorld(try await SequencerWorld.contents(of: 3))
        let log = try await world.open()
        let start = world.clock.now
        for (number, step) in [-1, -3600, 0, 3600, -3600, 3600, 3599, 3601, 0].enumerated() {
            let last = try world.store.contents.entries().last.flatMap { CountingRules.time(of: $0) } ?? 0
            world.clock.now = UInt64(Int(start) + step)
            let writes = world.store.writes
            let left = await world.offer(["step \(number)"], to: log)
            #expect(left.isEmpty == (world.clock.now >= last))
            if !left.isEmpty {
                let now = world.clock.now
                await #expect(throws: SequencerError.clockIsBehind(last: last, now: now)) { try await log.submit("x") }
                #expect(world.store.writes == writes)
                let head = await log.head
                #expect(head != nil, "the log is not stopped: the clock may be set right")
            }
            try await world.check()
        }
        let times = try world.store.contents.entries().compactMap { CountingRules.time(of: $0) }
        #expect(zip(times, times.dropFirst()).allSatisfy(<=))
        #expect(times.count == 7)
    }

    // MARK: - The staged batch

    @Test func stagedAndNeverSigned() async throws {
        for size in [0, 1, 3, 255, 256] {
            let contents = try await SequencerWorld.contents(of: size)
            let batches =
                [1, 2, 256].map { staged((0..<$0).map { Array("never \($0)".utf8) }, after: size) }
                + [staged([[1]], after: size + 1), [], Array("indelible-staged/v2\n".utf8), Array("junk".utf8)]
            for batch in batches {
                var changed = contents
                changed.batch = batch
                var world = SequencerWorld(changed)
                let log = try await world.open()
                #expect(world.store.contents == changed, "nothing is applied")
                let left = await world.offer(["entry \(size)"], to: log)
                #expect(left == [])
                try await world.check()
            }
        }
    }

    /// A batch that was signed is applied where the checkpoint before it is served; where its own is, it was.
    @Test func stagedAndSigned() async throws {
        for (before, size) in [(0, 1), (0, 3), (3, 5), (254, 256), (254, 257), (256, 257), (255, 512), (3, 600)] {
            let contents = try await SequencerWorld.contents(of: size)
            var changed = contents
            changed.batch = staged(Array(try contents.entries()[before...]), after: before)
            let whole = try await open(changed)
            #expect(whole == changed)
            // The files of the time before the batch were there when it was signed.
            let old = try await before > 0 ? SequencerWorld.contents(of: before).files : [:]
            changed.files.merge(old) { new, _ in new }
            changed.files["checkpoint"] = old["checkpoint"]
            // Whichever of the batch's files the crash left out, it is made again.
            let after = TreeSize(UInt64(size))!
            let tiles = Tile.edge(of: after) + Tile.bundles(from: TreeSize(UInt64(before))!, to: after)
            for path in tiles.map(\.path) where old[path] == nil {
                var torn = changed
                torn.files[path] = nil
                let opened = try await open(torn)
                #expect(opened.files[path] == contents.files[path])
            }
            let opened = try await open(changed)
            #expect(opened.files["checkpoint"] == opened.signed)
            #expect(try opened.entries() == contents.entries())
        }
    }

    /// Of a batch that is staged and leads elsewhere nothing is applied: the tiles alone say whether the tree holds. So it
    /// is with one that is torn because the next was being written over it while this one was held back.
    @Test func stagedByAnotherIsNotApplied() async throws {
        let before = try await SequencerWorld.contents(of: 3)
        var contents = try await SequencerWorld.contents(of: 5)
        contents.files.merge(before.files) { first, _ in first }
        contents.files["checkpoint"] = before.files["checkpoint"]
        contents.batch = staged([Array("3 1700000000 other".utf8), Array("4 1700000000 other".utf8)], after: 3)
        let opened = try await open(contents)
        #expect(opened.files.filter { $0.key != "checkpoint" } == contents.files.filter { $0.key != "checkpoint" })
        #expect(opened.files["checkpoint"] == contents.signed)
        contents.files["tile/entries/000.p/5"] = nil
        #expect(try await refusal(contents) == .tilesDoNotHold(5))
    }

    // MARK: - The right edge

    /// Each file that appending needs is damaged in each of its parts.
    @Test(arguments: sizes) func damagedEdge(size: Int) async throws {
        let contents = try await SequencerWorld.contents(of: size)
        let treeSize = TreeSize(UInt64(size))!
        let error = SequencerError.tilesDoNotHold(treeSize)
        var paths = Set((TilePlan(.compactTree(of: treeSize)).tiles + Tile.edge(of: treeSize)).map(\.path))
        paths.insert(try #require(Tile.bundles(to: treeSize).last).path)
        for path in paths {
            let bytes = try #require(contents.files[path])
            var changed = contents
            let isFullBundle = path.hasPrefix("tile/entries") && size % 256 == 0
            // Of a full bundle only the last entry is needed.
            for index in stride(from: isFullBundle ? bytes.count - 20 : 0, to: bytes.count, by: 5) {
                changed.files[path] = bytes
                changed.files[path]?[index] ^= 0x10
                #expect(try await refusal(changed) == error, "\(path), byte \(index)")
            }
            for damaged in [nil, [], Array(bytes.dropLast()), Array(bytes.dropLast(32))] as [[UInt8]?] {
                changed.files[path] = damaged
                #expect(try await refusal(changed) == error, "\(path) with \(damaged?.count ?? -1) bytes")
            }
        }
    }

    /// The last entry gives the time that no later one is before; of a full bundle too it is held to the root.
    @Test(arguments: [256, 512]) func lastEntryOfAFullBundle(size: Int) async throws {
        let contents = try await SequencerWorld.contents(of: size)
        let bundle = try #require(Tile.bundles(to: TreeSize(UInt64(size))!).last)
        let tile = try #require(Tile(.hashes(level: 0), index: bundle.index))
        var entries = try EntryBundle(parsing: contents.files[bundle.path] ?? [], of: bundle).map { Array($0) }
        entries[255] = Array("\(size - 1) 1500000000 entry \(size - 1)".utf8)
        var changed = contents
        changed.files[bundle.path] = try EntryBundle(entries).bytes
        changed.files[tile.path] = TileData(hashes: entries.map { MerkleTree.leafHash($0) })?.bytes
        #expect(try await refusal(changed) == .tilesDoNotHold(TreeSize(UInt64(size))!))
    }

    // MARK: -

    private func checkpoint(
        _ head: TreeHead, by signer: NoteSigner = SequencerWorld.person("log.example/world")
    ) throws -> [UInt8] {
        try Checkpoint(origin: Origin(signer.verifierKey.name), head: head).signed(by: [signer]).bytes
    }

    /// The file of a staged batch, written without the code under test.
    private func staged(_ entries: [[UInt8]], after size: Int) -> [UInt8] {
        Array("indelible-staged/v1\n\(size) \(entries.count)\n\n".utf8)
            + entries.flatMap { [0, 0, UInt8($0.count >> 8), UInt8($0.count & 255)] + $0 }
    }
}
