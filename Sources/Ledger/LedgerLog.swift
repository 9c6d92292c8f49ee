// SPDX-License-Identifier: Apache-2.0
public import Evidence
public import SystemPackage
import TransparencyLog

/// An evidence log in a folder, open for writing by this process alone.
public struct LedgerLog: Sendable {
    /// The log.
    public let sequencer: Sequencer<FilingRules>
    /// Where its entries are found. It has followed all that is signed.
    public let index: LookupIndex
    private let store: DirectoryStore
    private let origin: Origin

    /// Opens the log in `folder`: recovers what a crash left, and brings registry and index up to its size.
    ///
    /// Throws `DirectoryStore.OpenError`, `SequencerError`, or what reading the log's own files does. With `waiting`,
    /// waits for another process to let go. `progress` is told how many entries were replayed.
    ///
    /// Witnesses, where there are any, are asked at once: `OtherHistory` says that this copy of the log must not sign.
    /// What they do not cosign is held back, and does not keep the log from opening.
    public init(
        _ folder: FilePath, identity: LogIdentity, cosigning: CheckpointPublisher.Cosigning? = nil,
        waiting: Bool = true, batchLimit: Int = 256,
        clock: @escaping @Sendable () -> UInt64, progress: @Sendable (UInt64) -> Void = { _ in }
    ) async throws {
        let store = try DirectoryStore.writing(folder, waiting: waiting)
        // Recovery first, without rules: what follows reads tiles that the signed checkpoint covers.
        let recovered = try await Sequencer(store: store, identity: identity, rules: EntriesAsTheyStand(), clock: clock)
        let checkpoint = await recovered.checkpoint
        let path = store.state.appending("index")
        var index = try LookupIndex(at: path)
        let registry: Registry
        do {
            registry = try await Self.replay(store, identity, checkpoint, index, progress)
        } catch is LookupIndex.Damaged {
            try index.close()
            try LookupIndex.delete(path)
            index = try LookupIndex(at: path)
            registry = try await Self.replay(store, identity, checkpoint, index, progress)
        }
        self.store = store
        self.index = index
        origin = identity.origin
        sequencer = try await Sequencer(
            store: store, identity: identity, rules: FilingRules(registry: registry, index: index, source: store),
            publisher: cosigning.map { .cosigned($0, source: store, keeping: store.keepConflict) } ?? .unwitnessed,
            batchLimit: batchLimit, clock: clock)
        do {
            try await sequencer.publish()
        } catch is CheckpointPublisher.HeldBack {
            // Whoever offers an entry is told; this is no reason to refuse one.
        }
    }

    /// The folder's files, to be read while this log is open.
    public var files: DirectoryStore { .reading(store.folder) }

    /// Who may do what, as of the last entry.
    public var registry: Registry {
        get async { await sequencer.currentRules.registry }
    }

    /// Stores what lets the next start begin from here. Nothing is lost without it but time.
    public func keep() async throws {
        try DurableFile.write(await registry.snapshot(), to: store.state.appending("registry"), mode: 0o600)
    }

    /// Does the same, and waits for what goes on beside.
    public func close() async throws {
        try await keep()
        await index.settle()
    }

    private static func replay(
        _ store: DirectoryStore, _ identity: LogIdentity, _ checkpoint: SignedNote?, _ index: LookupIndex,
        _ progress: @Sendable (UInt64) -> Void
    ) async throws -> Registry {
        guard let checkpoint else {
            try index.clear()
            return Registry(origin: identity.origin)
        }
        let reader = LedgerReader(store, at: try identity.policy().verify(SignedCheckpoint(checkpoint)))
        let size = reader.head.size
        var registry = try snapshot(store, identity.origin, upTo: size)
        if try index.size() > size { try index.clear() }
        // Both follow the log, and need not be equally far behind.
        let start = min(registry.size, try index.size())
        guard start < size else { return registry }
        guard var tree = try await reader.unverifiedTree(of: start) else { throw SequencerError.tilesDoNotHold(size) }
        let known = registry.size.value
        try await reader.replay(from: start.nextIndex) { entry, index in
            index.value < known ? Replayed.known(entry) : Replayed.new(try entry.verified())
        } taking: { replayed in
            let first = tree.size.nextIndex
            for part in replayed {
                if case .new(let entry) = part { try admit(entry, to: &registry) }
                tree.append(part.entry.leafHash)
            }
            try index.follow(replayed.map(\.entry), from: first)
            progress(tree.size.value)
        }
        guard tree.head == reader.head else {
            try index.clear()
            throw SequencerError.tilesDoNotHold(size)
        }
        return registry
    }

    /// An entry that is replayed: for the index alone, or for the registry too.
    private enum Replayed: Sendable {
        case known(Entry)
        case new(VerifiedEntry)

        var entry: Entry {
            switch self {
            case .known(let entry): entry
            case .new(let verified): verified.entry
            }
        }
    }

    /// Takes in an entry that the log has admitted before: what it refers to was looked up then.
    private static func admit(_ verified: VerifiedEntry, to registry: inout Registry) throws {
        let filing = verified.entry.filing
        let leaves = filing.action.references.map { PriorEntries.Leaf(hash: $0.leafHash, isRegistration: true) }
        try registry.admit(verified, given: PriorEntries(for: filing, sameText: nil, leaves: leaves))
    }

    private static func snapshot(_ store: DirectoryStore, _ origin: Origin, upTo size: TreeSize) throws -> Registry {
        let path = store.state.appending("registry")
        guard let bytes = try DurableFile.readIfPresent(path, limit: 1 << 30),
            let registry = try? Registry(snapshot: bytes), registry.origin == origin, registry.size <= size
        else { return Registry(origin: origin) }
        return registry
    }
}

/// Rules for opening a log before its registry is known: nothing is admitted by them.
private struct EntriesAsTheyStand: EntryRules {
    func admit(_ submissions: [Never], from firstIndex: LeafIndex, at time: UInt64) -> [Admission] { [] }
    func follow(_ entries: [[UInt8]], leafHashes: [Hash], from firstIndex: LeafIndex) {}
    static func time(of entry: [UInt8]) -> UInt64? { FilingRules.time(of: entry) }
}
