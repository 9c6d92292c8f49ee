// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// What a replay keeps of the entries that it has passed.
@Suite struct ReplayedHistoryTests {
    private typealias World = RegistryWorld

    @Test func knowsItsEntriesAndNoOthers() throws {
        var world = try World()
        let anna = World.person("anna")
        try world.enrol(anna)
        try world.enter(World.register(0), by: [anna])
        let history = world.history
        for (index, entry) in world.entries.enumerated() {
            let index = try #require(LeafIndex(UInt64(index)))
            #expect(history.leafHash(at: index) == entry.leafHash)
            #expect(history.isRegistration(at: index) == (index.value == 2))
            #expect(history.entry(withTextHash: entry.filing.text.hash) == index)
        }
        for index in [3, 4, 1 << 53] as [UInt64] {
            let index = try #require(LeafIndex(index))
            #expect(history.leafHash(at: index) == nil)
            #expect(!history.isRegistration(at: index))
        }
        #expect(history.entry(withTextHash: SHA256.hash([])) == nil)
    }

    /// The same text is there once, and a refusal leaves no trace.
    @Test func takesATextOnce() throws {
        let world = try World()
        var history = world.history
        for _ in 0..<2 {
            let isNew = history.append(world.entries[0])
            #expect(!isNew)
        }
        #expect(history.leafHash(at: 1) == nil && !history.isRegistration(at: 1))
    }
}
