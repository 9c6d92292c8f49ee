// SPDX-License-Identifier: Apache-2.0
import Ledger
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
