// SPDX-License-Identifier: Apache-2.0
import Ledger
import Synchronization
import SystemPackage
import Testing
import TransparencyLog

/// A log of `CountingRules` in a folder.
enum DirectoryWorld {
    /// Opens the log in a folder, as its owner does: recovery first.
    static func open(
        _ folder: FilePath, through wrap: (DirectoryStore) -> any LedgerStore = { $0 }
    ) async throws -> SequencerWorld.Log {
        let store = wrap(try DirectoryStore.writing(folder))
        let recovered = try await Sequencer(
            store: store, identity: SequencerWorld.identity, rules: OpaqueEntries(), clock: { 1_700_000_000 })
        try await recovered.publish()
        let rules = try CountingRules(replaying: MemoryStore.Contents(of: folder).entries())
        return try await Sequencer(
            store: store, identity: SequencerWorld.identity, rules: rules, clock: { 1_700_000_000 })
    }

    /// What is in the folder holds by the log's own audit, and every receipt's entry is in it.
    static func check(_ folder: FilePath, _ receipts: [SequencerWorld.Log.Receipt], _ texts: [String]) async throws {
        let contents = try MemoryStore.Contents(of: folder)
        try await SequencerWorld.check(
            contents, zip(texts, receipts).map { ($0, $1) }, signed: [contents.signed ?? []].filter { !$0.isEmpty },
            auditing: DirectoryStore.reading(folder))
    }
}

extension MemoryStore.Contents {
    /// What stands in a ledger's folder.
    init(of folder: FilePath) throws {
        let store = DirectoryStore.reading(folder)
        for path in try store.list("tile") + ["checkpoint"] where !path.hasSuffix(".tmp") {
            files[path] = try store.read(path, limit: 1 << 25)
        }
        signed = try store.signedCheckpoint()
        batch = try store.staged()
    }
}

/// A store whose process is killed at one of its operations: before it, halfway through, or behind it.
final class DyingStore: TileStore, LockStore, StagingStore {
    /// How far the operation comes.
    enum Moment: CaseIterable {
        case before, halfway, behind
    }

    struct Death: Error {}

    private let store: DirectoryStore
    private let death: Int
    private let moment: Moment
    private let steps = Mutex(0)

    /// Dies at the `death`th operation that writes, counted from 1; never at 0.
    init(_ store: DirectoryStore, at death: Int, _ moment: Moment) {
        self.store = store
        self.death = death
        self.moment = moment
    }

    /// The number of operations so far that write.
    var count: Int { steps.withLock { $0 } }

    private func write(_ half: () throws -> Void = {}, _ body: () throws -> Void) throws {
        let step = steps.withLock { step in
            step += 1
            return step
        }
        guard death > 0, step >= death else { return try body() }
        if step == death {
            switch moment {
            case .before: break
            case .halfway: try half()
            case .behind: try body()
            }
        }
        throw Death()
    }

    private var isDead: Bool { death > 0 && count >= death }

    private func read<Value>(_ body: () throws -> Value) throws -> Value {
        guard !isDead else { throw Death() }
        return try body()
    }

    func read(_ path: String, limit: Int) throws -> [UInt8]? { try read { try store.read(path, limit: limit) } }

    func create(_ files: [StoredFile]) throws {
        try write {
            try store.create(Array(files.prefix((files.count + 1) / 2)))
        } _: {
            try store.create(files)
        }
    }

    func publish(_ checkpoint: [UInt8]) throws { try write { try store.publish(checkpoint) } }

    func dropPartials(of fullPaths: [String]) throws {
        try write {
            try store.dropPartials(of: Array(fullPaths.prefix(1)))
        } _: {
            try store.dropPartials(of: fullPaths)
        }
    }

    func signedCheckpoint() throws -> [UInt8]? { try read { try store.signedCheckpoint() } }
    func replace(_ old: [UInt8]?, with new: [UInt8]) throws { try write { try store.replace(old, with: new) } }

    func stage(_ batch: [UInt8]) throws {
        // It is written over the last one.
        try write {
            try store.stage(Array(batch.prefix(batch.count / 2)))
        } _: {
            try store.stage(batch)
        }
    }

    func staged() throws -> [UInt8]? { try read { try store.staged() } }
}
