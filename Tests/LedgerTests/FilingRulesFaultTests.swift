// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
@testable import Ledger
import Synchronization
import SystemPackage
import Testing
import TransparencyLog

/// A log of filings whose store fails: registry and index stay in step with what was signed.
@Suite struct FilingRulesFaultTests {
    @Test(arguments: MemoryStore.Operation.ofABatch, MemoryStore.Extent.allCases)
    func revocationUnderAFault(operation: MemoryStore.Operation, extent: MemoryStore.Extent) async throws {
        let store = MemoryStore()
        let index = try LookupIndex(at: nil)
        let log = try await Sequencer(
            store: store, identity: FilingWorld.identity,
            rules: FilingRules(registry: Registry(origin: FilingWorld.identity.origin), index: index, source: store),
            clock: { FilingWorld.start })
        let start = [
            try FilingWorld.charter(), try FilingWorld.enrol("ana"), try FilingWorld.enrol("ben"),
            try FilingWorld.register(1),
        ]
        #expect(await log.indices(of: start) == [0, 1, 2, 3])

        store.fail(MemoryStore.Fault(operation: operation, first: 1, extent: extent))
        #expect(await log.indices(of: [try FilingWorld.revoke("ana")]) == [nil])
        try await log.reload()
        // The revocation is in the log or is not; what comes next is judged by what is.
        let size = await log.head?.size
        let isRevoked = size == 5
        #expect(isRevoked || size == 4)
        #expect(await log.currentRules.registry.size == size)
        let next = await log.indices(of: [try FilingWorld.register(2), try FilingWorld.register(3, by: "ben")])
        #expect(next == (isRevoked ? [nil, 5] : [4, 5]))
        #expect(await log.indices(of: [try FilingWorld.revoke("ana")]) == [isRevoked ? 4 : 6])

        let report = try await FilingWorld.check(store.contents)
        #expect(await log.currentRules.registry == report.registry)
        let reader = try await LedgerReader(store.contents, under: FilingWorld.identity.policy())
        try await FilingWorld.check(index, against: reader)
    }

    /// A batch was judged, and failed; what is signed then is another, and the index has that one.
    @Test func whatIsFollowedIsWhatIsSigned() async throws {
        let index = try LookupIndex(at: nil)
        var rules = FilingRules(
            registry: Registry(origin: FilingWorld.identity.origin), index: index, source: MemoryStore())
        let judged = try FilingWorld.charter()
        let admissions = await rules.admit([try judged.verified()], from: 0, at: FilingWorld.start)
        guard case .entry? = admissions.first else {
            Issue.record("\(admissions)")
            return
        }
        let signed = try FilingWorld.entry(try FilingWorld.enrol("ana"))
        try rules.follow([signed.bytes], leafHashes: [signed.leafHash], from: 0)
        #expect(try index.entries(under: .text(signed.filing.text.hash)) == [0])
        #expect(try index.entries(under: .text(judged.text.hash)) == [])
    }

    /// The store's files, which for a while cannot be read, or have another time in the first entry of each bundle.
    private final class UnsteadySource: LedgerSource {
        struct Failure: Error {}
        enum State { case steady, failing, lying }

        private let store: MemoryStore
        private let state = Mutex(State.steady)

        init(_ store: MemoryStore) { self.store = store }

        func become(_ new: State) { state.withLock { $0 = new } }

        func read(_ path: String, limit: Int) async throws -> [UInt8]? {
            let state = state.withLock { $0 }
            if state == .failing { throw Failure() }
            guard var bytes = try await store.read(path, limit: limit) else { return nil }
            if state == .lying, path.hasPrefix("tile/entries/"), let end = bytes.firstIndex(of: 0x0A) {
                bytes[end - 1] ^= 1
            }
            return bytes
        }
    }

    /// A file of the index is damaged while the log is open: nothing is admitted twice, nothing that is new is refused but
    /// while the log's own files cannot be read, and the index is whole again.
    @Test func aDamagedIndexIsFollowedAnew() async throws {
        let folder = try TemporaryFolder()
        let store = MemoryStore()
        let source = UnsteadySource(store)
        let index = try LookupIndex(at: folder("index"), rowLimit: 24)
        let log = try await Sequencer(
            store: store, identity: FilingWorld.identity,
            rules: FilingRules(registry: Registry(origin: FilingWorld.identity.origin), index: index, source: source),
            clock: { FilingWorld.start })
        var filings = [try FilingWorld.charter(), try FilingWorld.enrol("ana")]
        filings += try (1..<300).map { try FilingWorld.register($0) }
        for start in stride(from: 0, to: filings.count, by: 7) {
            let places = start..<min(start + 7, filings.count)
            #expect(await log.indices(of: Array(filings[places])) == places.map { UInt64($0) })
        }
        await index.settle()
        let runs = try DurableFile.names(in: folder("index")).map(\.string).filter { $0.hasSuffix(".run") }
        #expect(runs.count > 1)
        for (number, name) in runs.enumerated() {
            // Another may have been merged away meanwhile.
            guard let file = FileHandle(forUpdatingAtPath: folder("index/\(name)").string) else { continue }
            let rows = try #require(try file.readToEnd()).map { ~$0 }
            try file.seek(toOffset: 0)
            try file.write(contentsOf: Data(rows))
            try file.close()

            let new = try FilingWorld.register(filings.count + 1000)
            // It is found damaged, and cannot be followed anew; then neither what is new can be told from what is not.
            for state in number == 1 ? [] : [UnsteadySource.State.lying, .failing] {
                source.become(state)
                #expect(await log.indices(of: filings).allSatisfy { $0 == nil }, "\(name)")
                #expect(await log.indices(of: [new]) == [nil], "\(name)")
            }
            source.become(.steady)
            #expect(await log.indices(of: filings) == filings.indices.map { UInt64($0) }, "\(name)")
            #expect(await log.indices(of: [new]) == [UInt64(filings.count)], "\(name)")
            filings.append(new)
            await index.settle()
        }
        let reader = try await LedgerReader(store.contents, under: FilingWorld.identity.policy())
        try await FilingWorld.check(index, against: reader)
        #expect(try index.size().value == UInt64(filings.count))
    }

    /// Entries that an index does not have yet are never left out of it.
    @Test func indexIsFollowedInOrder() throws {
        let index = try LookupIndex(at: nil)
        let filings = [try FilingWorld.charter(), try FilingWorld.enrol("ana"), try FilingWorld.register(1)]
        let entries = try filings.map { try FilingWorld.entry($0) }
        try index.follow([entries[0]], from: 0)
        try index.follow(Array(entries[0...1]), from: 0)
        try index.follow([entries[1]], from: 1)
        try index.follow([], from: 2)
        #expect(try index.size() == 2)
        try index.follow([entries[2]], from: 2)
        for (number, entry) in entries.enumerated() {
            #expect(try index.entries(under: .text(entry.filing.text.hash)) == [LeafIndex(UInt64(number))])
        }
        try index.clear()
        #expect(try index.size() == 0)
        #expect(try index.entries(under: .text(entries[0].filing.text.hash)) == [])
    }
}
