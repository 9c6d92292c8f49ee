// SPDX-License-Identifier: Apache-2.0
import Ledger
import Synchronization
import Testing
import TransparencyLog

/// A log on a `MemoryStore`, with every receipt that it has handed out and all that it has ever signed.
struct SequencerWorld {
    typealias Log = Sequencer<CountingRules>

    static let identity = LogIdentity(signers: [person("log.example/world")])

    /// Someone whose key follows from the name.
    static func person(_ name: String) -> NoteSigner {
        NoteSigner(name: KeyName(name)!, privateKey: Ed25519.PrivateKey(seed: SHA256.hash(Array(name.utf8)).bytes)!)
    }

    /// A clock that a test sets.
    final class Clock: Sendable {
        private let seconds = Mutex<UInt64>(1_700_000_000)

        var now: UInt64 {
            get { seconds.withLock { $0 } }
            set { seconds.withLock { $0 = newValue } }
        }
    }

    let store: MemoryStore
    let clock = Clock()
    var receipts: [(text: String, receipt: Log.Receipt)] = []

    init(_ contents: MemoryStore.Contents = MemoryStore.Contents()) {
        store = MemoryStore(contents)
    }

    /// Opens the log as its owner does: recovery first, then with rules that stand for what is there.
    func open(batchLimit: Int = 256) async throws -> Log {
        let clock = clock
        let recovered = try await Sequencer(
            store: store, identity: Self.identity, rules: OpaqueEntries(), clock: { clock.now })
        try await recovered.publish()
        let size = try #require(await recovered.head).size
        let entries = try store.contents.entries()
        #expect(entries.count == Int(size.value))
        return try await Sequencer(
            store: store, identity: Self.identity, rules: CountingRules(replaying: entries), batchLimit: batchLimit,
            clock: { clock.now })
    }

    /// Offers texts in one batch, and keeps the receipts; gives the texts that got none.
    mutating func offer(_ texts: [String], to log: Log) async -> [String] {
        var left: [String] = []
        for (text, result) in zip(texts, await log.submit(texts)) {
            if case .success(let receipt) = result { receipts.append((text, receipt)) } else { left.append(text) }
        }
        return left
    }

    /// The log holds by its own audit; every receipt's entry is in it; everything it has signed is one history.
    func check() async throws {
        try await Self.check(store.contents, receipts, signed: store.signedEver + store.publishedEver)
    }

    /// The same of what any store holds; `source` is what is audited in place of the contents.
    static func check(
        _ contents: MemoryStore.Contents, _ receipts: [(text: String, receipt: Log.Receipt)], signed: [[UInt8]],
        auditing source: (any LedgerSource)? = nil
    ) async throws {
        var entries = try contents.entries()
        #expect(receipts.isEmpty || contents.files["checkpoint"] != nil)
        if contents.files["checkpoint"] != nil {
            let report = try await Audit(of: source ?? contents, under: identity.policy(), depth: .tree).run().report
            #expect(report.holds, "\(report.faults) \(report.gaps)")
            #expect(report.strays == [])
            #expect(Int(report.head?.size.value ?? 0) == entries.count)
        }
        for (text, receipt) in receipts {
            let index = Int(receipt.index.value)
            #expect(index < entries.count, "a receipt without its entry: \(text)")
            guard index < entries.count else { continue }
            #expect(CountingRules.text(of: entries[index]) == text)
        }
        // What is signed and not applied yet is staged: otherwise it is lost.
        if let signed = contents.signed, try head(signed).size.value > entries.count {
            let staged = try #require(contents.batch.flatMap { StagedText($0) })
            #expect(staged.oldSize == entries.count)
            entries += staged.entries
        }
        for (index, entry) in entries.enumerated().dropFirst(240) {
            #expect(CountingRules.number(of: entry) == UInt64(index))
        }
        var heads = try Set(signed.map(head))
        for (_, receipt) in receipts { heads.insert(try head(receipt.checkpoint.bytes)) }
        var tree = CompactTree()
        var found = heads.filter { $0 == .empty }.count
        for entry in entries {
            tree.append(MerkleTree.leafHash(entry))
            if heads.contains(where: { $0.size == tree.size }), heads.contains(tree.head) { found += 1 }
        }
        #expect(found == heads.count, "two signed checkpoints are not of one history")
    }

    /// The tree that a checkpoint states, its signature verified.
    static func head(_ checkpoint: [UInt8]) throws -> TreeHead {
        try SignedCheckpoint(parsing: checkpoint).verified(by: identity.verifierKeys).head
    }

    /// A log with so many entries: "entry 0", "entry 1", ...
    static func contents(of size: Int) async throws -> MemoryStore.Contents {
        var world = SequencerWorld()
        let log = try await world.open()
        let left = await world.offer((0..<size).map { "entry \($0)" }, to: log)
        #expect(left == [])
        return world.store.contents
    }
}

/// A staged batch, read without the code under test.
struct StagedText {
    let oldSize: Int
    private(set) var entries: [[UInt8]] = []

    init?(_ bytes: [UInt8]) {
        let lines = bytes.split(separator: 0x0A, maxSplits: 3, omittingEmptySubsequences: false)
        guard lines.count == 4, lines[0].elementsEqual("indelible-staged/v1".utf8), lines[2].isEmpty else { return nil }
        let numbers = lines[1].split(separator: 0x20).compactMap { Int(String(decoding: $0, as: UTF8.self)) }
        guard numbers.count == 2 else { return nil }
        oldSize = numbers[0]
        var rest = lines[3]
        while rest.count >= 4 {
            let length = rest.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            rest = rest.dropFirst(4)
            guard rest.count >= length else { return nil }
            entries.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        guard rest.isEmpty, entries.count == numbers[1] else { return nil }
    }
}

extension MemoryStore.Contents {
    /// The entries under the served checkpoint, in whichever files hold them.
    func entries() throws -> [[UInt8]] {
        guard let checkpoint = files["checkpoint"] else { return [] }
        var entries: [[UInt8]] = []
        for bundle in Tile.bundles(to: try SequencerWorld.head(checkpoint).size) {
            let tile = files[bundle.path] == nil ? bundle.full : bundle
            let bytes = try #require(files[tile.path], "\(tile.path) is missing")
            entries += try EntryBundle(parsing: bytes, of: tile).prefix(bundle.width).map { Array($0) }
        }
        return entries
    }
}
