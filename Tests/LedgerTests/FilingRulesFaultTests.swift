// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
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
