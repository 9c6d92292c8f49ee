// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// The custody entries of one registration, and what is sealed in them.
@Suite struct ChainOfCustodyTests {
    private typealias World = RegistryWorld
    private let anna = World.person("anna")
    private let bela = World.person("bela")

    private func sealed(_ names: String..., seed: String = "seed") throws -> OpenDetails {
        let fields = try names.map { try #require(SealedField($0, "text of \($0)")) }
        return OpenDetails(try Details(fields: fields), seed: SealedSeed(SHA256.hash(Array(seed.utf8))))
    }

    /// Entries: 0 charter, 1 and 2 enrolments, 3 and 4 registrations, 5 to 7 custody of 3, 8 custody of 4.
    private func world(_ details: Hash? = nil) throws -> World {
        var world = try World()
        try world.enrol(anna, bela)
        try world.enter(World.register(0), by: [anna])
        try world.enter(World.register(1), by: [anna])
        let entry = world.reference(3)
        try world.enter(.custody(Custody(of: entry, event: .received)), by: [anna])
        try world.enter(.custody(Custody(of: entry, event: .handedOver, details: details)), by: [anna, bela])
        try world.enter(.custody(Custody(of: entry, event: .seized)), by: [bela])
        try world.enter(.custody(Custody(of: world.reference(4), event: .lost)), by: [bela])
        return world
    }

    private func index(_ value: Int) throws -> LeafIndex { try #require(LeafIndex(UInt64(value))) }

    @Test func hasItsEntriesInTheOrderOfTheLog() throws {
        let world = try world()
        for order in [[5, 6, 7], [7, 6, 5], [6, 7, 5, 6, 5, 7]] {
            var chain = ChainOfCustody(of: world.reference(3))
            for place in order { #expect(try chain.add(world.entries[place], at: index(place))) }
            #expect(chain.links.map(\.index.value) == [5, 6, 7])
            #expect(chain.links.map(\.custody.event) == [.received, .handedOver, .seized])
            #expect(chain.links.map(\.entry) == Array(world.entries[5...7]))
        }
    }

    @Test func leavesOutWhatIsOfSomethingElse() throws {
        let world = try world()
        var chain = ChainOfCustody(of: world.reference(3))
        for place in [0, 1, 2, 3, 4, 8] { #expect(try !chain.add(world.entries[place], at: index(place))) }
        // The same place of another history is another registration.
        let other = try #require(EntryReference(index: index(3), leafHash: world.entries[4].leafHash))
        var another = ChainOfCustody(of: other)
        #expect(try !another.add(world.entries[5], at: index(5)))
        #expect(chain.links.isEmpty)
        #expect(another.links.isEmpty)
    }

    @Test func saysWhenThereAreTwoHistories() throws {
        let world = try world()
        var chain = ChainOfCustody(of: world.reference(3))
        try chain.add(world.entries[5], at: index(5))
        #expect(throws: ChainOfCustody.TwoHistories.self) { try chain.add(world.entries[7], at: index(5)) }
        #expect(chain.links.map(\.entry) == [world.entries[5]])
    }

    @Test func showsTheDetailsThatAnEntryNames() throws {
        let sealed = try sealed("place", "receipt", "witness")
        let world = try world(sealed.digest)
        let names = sealed.details.fields.map(\.name)
        let opening = try DetailsOpening(#require(sealed.opening(showing: [names[1]])))
        let other = try DetailsOpening(
            #require(self.sealed("place", "receipt", "witness", seed: "other").opening(showing: [names[1]])))
        var chain = ChainOfCustody(of: world.reference(3))
        for place in 5...7 { try chain.add(world.entries[place], at: index(place)) }
        #expect(try !chain.show(opening, at: index(5)))
        #expect(try !chain.show(opening, at: index(8)))
        #expect(try !chain.show(other, at: index(6)))
        #expect(chain.links.allSatisfy { $0.details == nil })
        #expect(try chain.show(opening, at: index(6)))
        #expect(chain.links.map(\.details) == [nil, opening, nil])
    }

    @Test func opensWhatAFilingNames() throws {
        let sealed = try sealed("place", "receipt")
        let world = try world(sealed.digest)
        let contents = PrivateContents(details: sealed.part)
        let filing = world.entries[6].filing
        let open = try OpenDetails(contents, of: filing)
        #expect(open.digest == sealed.digest)
        #expect(open.part == sealed.part)
        #expect(throws: OpenDetails.Mismatch.noDetails) { try OpenDetails(PrivateContents(), of: filing) }
        #expect(throws: OpenDetails.Mismatch.noDetails) { try OpenDetails(contents, of: world.entries[3].filing) }
        // An entry without details, and one with others.
        #expect(throws: OpenDetails.Mismatch.otherDetails) { try OpenDetails(contents, of: world.entries[5].filing) }
        let other = PrivateContents(details: try self.sealed("place", "receipt", seed: "other").part)
        #expect(throws: OpenDetails.Mismatch.otherDetails) { try OpenDetails(other, of: filing) }
    }

    @Test func showsWhatIsAskedForAndNoMore() throws {
        let sealed = try sealed("a", "b", "c")
        let names = sealed.details.fields.map(\.name)
        #expect(sealed.opening(showing: []) == nil)
        for subset in 1..<8 {
            let chosen = Set((0..<3).filter { subset >> $0 & 1 == 1 }.map { names[$0] })
            let opening = try DetailsOpening(#require(sealed.opening(showing: chosen)))
            #expect(opening.digest == sealed.digest)
            let shown = opening.parts.compactMap { part in
                if case .field(let field) = part.content { field.name } else { nil }
            }
            #expect(Set(shown) == chosen)
            #expect(opening.withheldCount == 3 - chosen.count)
        }
    }
}
