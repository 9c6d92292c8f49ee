// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// What an entry says of another or of its keys: nothing where it is about something else.
@Suite struct BearingTests {
    private typealias World = RegistryWorld
    private let anna = World.person("anna")
    private let bela = World.person("bela")
    private let cili = World.person("cili")

    private func bearings(
        _ action: Action, by signers: NoteSigner..., on reference: EntryReference, keys: [NoteSigner] = []
    ) throws -> [Bearing] {
        let entry = try Entry(
            time: #require(EntryTime(seconds: 1_700_000_000)), filing: World.filing(action, by: signers))
        return Bearing.of(entry, on: reference, keys: keys.map(\.verifierKey))
    }

    @Test func isOfTheEntryThatIsNamed() throws {
        let world = try World()
        let here = world.reference(0)
        let hash = SHA256.hash([1])
        let (elsewhere, sameIndex) = (
            try #require(EntryReference(index: 1, leafHash: hash)),
            try #require(EntryReference(index: 0, leafHash: hash))
        )
        let relations = [
            Registration.Relation(.contests, here),
            Registration.Relation(.answers, elsewhere),
            Registration.Relation(.corrects, here),
        ]
        let register = try World.register(0, relations)
        #expect(try bearings(register, by: anna, on: here) == [.relation(.contests), .relation(.corrects)])
        #expect(try bearings(register, by: anna, on: elsewhere) == [.relation(.answers)])
        #expect(try bearings(register, by: anna, on: sameIndex, keys: [anna]) == [])
        let custody = Action.custody(Custody(of: here, event: .seized))
        #expect(try bearings(custody, by: anna, on: here) == [.custody(.seized)])
        #expect(try bearings(custody, by: anna, on: sameIndex, keys: [anna]) == [])
        #expect(try bearings(.close(Closing()), by: anna, on: here, keys: [anna]) == [])
        #expect(Bearing.of(world.entries[0], on: elsewhere, keys: []) == [.charter])
    }

    @Test func isOfTheKeysThatAreNamed() throws {
        let here = try World().reference(0)
        let enrol = Action.enrol(try Enrolment(key: anna.verifierKey))
        #expect(try bearings(enrol, by: anna, bela, on: here, keys: [anna, cili]) == [.enrolment(anna.verifierKey)])
        #expect(try bearings(enrol, by: anna, bela, on: here, keys: [bela]) == [])
        let add = Action.addRevoker(RevokerAddition(revoker: SHA256.hash(cili.verifierKey.utf8)))
        #expect(try bearings(add, by: anna, on: here, keys: [anna, bela]) == [.revoker(of: anna.verifierKey)])
        #expect(try bearings(add, by: anna, on: here, keys: [bela, cili]) == [])
        let revoke = try World.revoke(anna)
        guard case .revoke(let revocation) = revoke else { return }
        #expect(try bearings(revoke, by: bela, on: here, keys: [cili, anna]) == [.revocation(revocation)])
        #expect(try bearings(revoke, by: bela, on: here, keys: [bela]) == [])
    }
}
