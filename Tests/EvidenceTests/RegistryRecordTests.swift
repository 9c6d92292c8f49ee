// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// Registration, relations and custody.
@Suite struct RegistryRecordTests {
    private typealias World = RegistryWorld
    private let anna = World.person("anna")
    private let bela = World.person("bela")

    /// Entries: 0 charter, 1 and 2 enrolments, 3 a registration, 4 its custody, 5 an added revoker, 6 a revocation.
    private func world(_ admission: Charter.Admission = .members) throws -> World {
        var world = try World(admission: admission)
        try world.enrol(anna, bela)
        try world.enter(World.register(0), by: [anna])
        try world.enter(.custody(Custody(of: world.reference(3), event: .opened)), by: [anna])
        try world.enter(.addRevoker(RevokerAddition(revoker: SHA256.hash([]))), by: [anna])
        try world.enter(World.revoke(bela), by: [bela])
        return world
    }

    private func actions(_ world: World) throws -> [Action] {
        let entry = world.reference(3)
        return [
            try World.register(1), .custody(Custody(of: entry, event: .copied)),
            .custody(Custody(of: entry, event: .handedOver)),
        ]
    }

    @Test func aMemberInGoodStandingSigns() throws {
        let world = try world()
        let outsiders = World.people("x", "y")
        for action in try actions(world) {
            #expect(try world.refusal(action, by: outsiders) == .noMemberSigned)
            #expect(try world.refusal(action, by: World.people("s0", "s1")) == .noMemberSigned)
            #expect(try world.refusal(action, by: outsiders + [bela]) == .revokedSigner(bela.verifierKey))
            #expect(try world.refusal(action, by: outsiders + [anna]) == nil)
            #expect(try world.refusal(action, by: [anna] + outsiders) == nil)
        }
    }

    @Test func orAnybodyWhereTheCharterSaysSo() throws {
        let world = try world(.anyone)
        for action in try actions(world) {
            #expect(try world.refusal(action, by: World.people("x", "y")) == nil)
            #expect(try world.refusal(action, by: World.people("s0", "s1")) == nil)
            #expect(try world.refusal(action, by: [World.person("x"), bela]) == .revokedSigner(bela.verifierKey))
        }
    }

    @Test func relationsNameEarlierEntries() throws {
        let world = try world()
        let size = world.entries.count
        for index in 0..<size {
            let entry = world.reference(index)
            #expect(try world.refusal(World.register(1, [.init(.attaches, entry)]), by: [anna]) == nil)
            let wrongHash = try #require(EntryReference(index: entry.index, leafHash: SHA256.hash([])))
            let shifted = try #require(
                EntryReference(index: LeafIndex(UInt64(index + 1))!, leafHash: entry.leafHash))
            for wrong in [wrongHash, shifted] {
                #expect(
                    try world.refusal(World.register(1, [.init(.attaches, wrong)]), by: [anna]) == .noSuchEntry(wrong))
                // The one that is wrong is found among those that are right.
                let relations: [Registration.Relation] = [.init(.answers, entry), .init(.rebuts, wrong)]
                #expect(try world.refusal(World.register(1, relations), by: [anna]) == .noSuchEntry(wrong))
            }
        }
    }

    /// A history that answers for entries that are not ahead of the one judged is not believed.
    @Test func referencesAreToEntriesAhead() throws {
        let world = try world()
        let hash = SHA256.hash([])
        for index in [UInt64(world.entries.count), UInt64(world.entries.count) + 1, 1 << 52] {
            let entry = try #require(EntryReference(index: LeafIndex(index)!, leafHash: hash))
            let leaf = PriorEntries.Leaf(hash: hash, isRegistration: true)
            for action in [
                try World.register(1, [.init(.attaches, entry)]), .custody(Custody(of: entry, event: .opened)),
            ] {
                let filing = try World.filing(action, by: [anna])
                let prior = PriorEntries(for: filing, sameText: nil, leaves: [leaf])
                let time = try #require(world.registry.lastTime)
                #expect(throws: RegistryError.noSuchEntry(entry)) {
                    try world.registry.judge(filing.verified(), at: time, given: prior)
                }
            }
        }
    }

    @Test func custodyIsOfARegistration() throws {
        let world = try world()
        for index in 0..<world.entries.count {
            let action = Action.custody(Custody(of: world.reference(index), event: .received))
            let refusal = try world.refusal(action, by: [anna])
            #expect(refusal == (index == 3 ? nil : .custodyOfNoRegistration(LeafIndex(UInt64(index))!)))
        }
        let wrong = try #require(EntryReference(index: 3, leafHash: SHA256.hash([])))
        #expect(try world.refusal(.custody(Custody(of: wrong, event: .opened)), by: [anna]) == .noSuchEntry(wrong))
    }

    @Test func handOverTakesTwo() throws {
        let world = try world()
        for event in CustodyEvent.all {
            let action = Action.custody(Custody(of: world.reference(3), event: event, details: SHA256.hash([])))
            #expect(try world.refusal(action, by: [anna]) == (event == .handedOver ? .handOverByOne : nil))
            #expect(try world.refusal(action, by: [World.person("x"), anna]) == nil)
        }
    }
}
