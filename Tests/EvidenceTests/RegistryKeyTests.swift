// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// Enrolment, revokers and revocation.
@Suite struct RegistryKeyTests {
    private typealias World = RegistryWorld
    private let anna = World.person("anna")
    private let bela = World.person("bela")
    private let cleo = World.person("cleo")
    private let sister = World.person("sister")
    private let newcomer = World.person("newcomer")

    private func enrolment(_ person: NoteSigner) throws -> Action {
        .enrol(try Enrolment(key: person.verifierKey))
    }

    private func addition(_ person: NoteSigner) -> Action {
        .addRevoker(RevokerAddition(revoker: SHA256.hash(person.verifierKey.utf8)))
    }

    // MARK: Enrolment

    /// Every choice of stewards, members and others beside the new key, with and without sponsors.
    @Test(arguments: [0, 1, 2, 3]) func enrolmentNeedsStewardsOrSponsors(_ sponsors: Int) throws {
        var world = try World(sponsors: sponsors)
        try world.enrol(anna, bela, cleo)
        for others in subsets(of: World.people("s0", "s1", "s2", "anna", "bela", "cleo", "x")) {
            let names = Set(others.map { "\($0.verifierKey.name)" })
            let stewards = names.intersection(["s0", "s1", "s2"]).count
            let members = names.intersection(["anna", "bela", "cleo"]).count
            let isAllowed = stewards >= 2 || sponsors > 0 && members >= sponsors
            let lacking = RegistryError.enrolmentLacksSignatures(
                stewards: stewards, threshold: 2, members: members, sponsors: sponsors)
            #expect(try world.refusal(enrolment(newcomer), by: others + [newcomer]) == (isAllowed ? nil : lacking))
            guard !others.isEmpty else { continue }
            #expect(try world.refusal(enrolment(newcomer), by: others) == .newKeyHasNotSigned)
        }
    }

    /// Where nobody but stewards can let a key in, no members are asked for.
    @Test(arguments: [
        (0, "the enrolment is signed by 1 stewards, and 2 must sign"),
        (1, "the enrolment is signed by 1 of 2 stewards and by 0 of 1 members, one of which is needed in full"),
    ]) func whatAnEnrolmentLacksIsSaid(sponsors: Int, words: String) {
        let error = RegistryError.enrolmentLacksSignatures(
            stewards: 1, threshold: 2, members: 0, sponsors: sponsors)
        #expect("\(error)" == words)
    }

    @Test func newKeySignsUnderItsNewName() throws {
        let world = try World()
        let other = World.person("other", seed: "newcomer")
        let signers = World.people("s0", "s1") + [other]
        #expect(try world.refusal(enrolment(newcomer), by: signers) == .newKeyHasNotSigned)
    }

    @Test func revokedSponsorCountsNowhere() throws {
        var world = try World()
        try world.enrol(anna, bela, cleo)
        try world.enter(World.revoke(anna), by: [anna])
        #expect(
            try world.refusal(enrolment(newcomer), by: [newcomer, anna, bela]) == .revokedSigner(anna.verifierKey))
        #expect(try world.refusal(enrolment(newcomer), by: [newcomer, bela, cleo]) == nil)
    }

    @Test func keyAndNameAreEnrolledOnce() throws {
        var world = try World()
        let stewards = World.people("s0", "s1")
        try world.enrol(anna, bela)
        try world.enter(World.revoke(bela), by: [bela])
        #expect(try world.refusal(enrolment(anna), by: stewards + [anna]) == .keyIsKnown(anna.verifierKey))
        let s2 = World.person("s2")
        #expect(try world.refusal(enrolment(s2), by: [s2] + stewards) == .keyIsKnown(s2.verifierKey))
        #expect(try world.refusal(enrolment(bela), by: stewards + [bela]) == .revokedSigner(bela.verifierKey))
        for name in ["anna", "bela", "s0", "s2"] {
            let namesake = World.person(name, seed: "a namesake of \(name)")
            #expect(
                try world.refusal(enrolment(namesake), by: [namesake] + stewards)
                    == .nameIsTaken(World.person(name).verifierKey))
        }
        // Names are bytes.
        let lookalike = World.person("Anna")
        #expect(try world.refusal(enrolment(lookalike), by: [lookalike] + stewards) == nil)
        try world.enter(World.revoke(newcomer), by: [newcomer])
        #expect(
            try world.refusal(enrolment(newcomer), by: [newcomer] + stewards)
                == .revokedSigner(newcomer.verifierKey))
    }

    // MARK: Revokers

    @Test func memberAloneAddsRevokers() throws {
        var world = try World()
        try world.enrol(anna, bela)
        #expect(try world.refusal(addition(sister), by: [anna, bela]) == .revokerAddedByMany)
        #expect(try world.refusal(addition(sister), by: [anna, sister]) == .revokerAddedByMany)
        for signer in [sister, World.person("s0")] {
            #expect(
                try world.refusal(addition(sister), by: [signer]) == .revokerAddedByNonMember(signer.verifierKey))
        }
        #expect(try world.refusal(addition(sister), by: [anna]) == nil)
    }

    @Test func memberHasEightRevokersAtMost() throws {
        var world = try World()
        let revokers = (0..<9).map { World.person("r\($0)") }
        try world.enrol(anna, revokers: Array(revokers[..<6]))
        try world.enrol(bela)
        for revoker in revokers[6..<8] { try world.enter(addition(revoker), by: [anna]) }
        #expect(
            world.registry.member(anna.privateKey.publicKey)?.revokers
                == revokers[..<8].map { SHA256.hash($0.verifierKey.utf8) })
        #expect(try world.refusal(addition(revokers[8]), by: [anna]) == .tooManyRevokers)
        #expect(try world.refusal(addition(revokers[8]), by: [bela]) == nil)
        // One that is named already adds none.
        let quote = Quote(size: 1, checkpointHash: SHA256.hash([]))
        try world.enter(addition(revokers[7]), by: [anna], after: quote)
        #expect(world.registry.member(anna.privateKey.publicKey)?.revokers.count == 8)
        for revoker in revokers {
            let refusal = try world.refusal(World.revoke(anna), by: [revoker])
            let lacking = RegistryError.revocationLacksAuthority(stewards: 0, threshold: 2)
            #expect(refusal == (revoker.verifierKey == revokers[8].verifierKey ? lacking : nil))
        }
    }

    @Test func revokersOfOneEnrolmentCountOnce() throws {
        var world = try World()
        try world.enrol(anna, revokers: [sister, sister])
        #expect(world.registry.member(anna.privateKey.publicKey)?.revokers.count == 1)
    }

    // MARK: Revocation

    /// Every choice among those who may and those who may not.
    @Test func revocationNeedsTheKeyARevokerOrStewards() throws {
        var world = try World()
        try world.enrol(anna, revokers: [sister])
        try world.enrol(bela, revokers: [cleo])
        for signers in subsets(of: [anna, sister, bela, cleo] + World.people("s0", "s1", "s2")) where !signers.isEmpty {
            let names = Set(signers.map { "\($0.verifierKey.name)" })
            let stewards = names.intersection(["s0", "s1", "s2"]).count
            let isAllowed = !names.isDisjoint(with: ["anna", "sister"]) || stewards >= 2
            let lacking = RegistryError.revocationLacksAuthority(stewards: stewards, threshold: 2)
            #expect(try world.refusal(World.revoke(anna), by: signers) == (isAllowed ? nil : lacking))
        }
        // A revoker is named by its whole vkey.
        #expect(
            try world.refusal(World.revoke(anna), by: [World.person("sister2", seed: "sister")])
                == .revocationLacksAuthority(stewards: 0, threshold: 2))
    }

    @Test func addedRevokerMayRevoke() throws {
        var world = try World()
        try world.enrol(anna, bela)
        #expect(try world.refusal(World.revoke(anna), by: [sister]) != nil)
        try world.enter(addition(sister), by: [anna])
        #expect(try world.refusal(World.revoke(anna), by: [sister]) == nil)
        #expect(try world.refusal(World.revoke(bela), by: [sister]) != nil)
    }

    @Test func revokedRevokerMayNot() throws {
        var world = try World()
        try world.enrol(anna, revokers: [sister])
        try world.enter(World.revoke(sister), by: [sister])
        #expect(try world.refusal(World.revoke(anna), by: [sister]) == .revokedSigner(sister.verifierKey))
    }

    /// The captors retire the key; the sister revokes it again; then the stewards.
    @Test func keyIsRevokedAgainByOthers() throws {
        var world = try World()
        try world.enrol(anna, bela, revokers: [sister])
        let first = try world.enter(World.revoke(anna), by: [anna, bela])
        let second = try world.enter(World.revoke(anna), by: [sister])
        for (signers, by, at) in [
            ([sister, cleo], sister, second), (World.people("s0", "s1") + [bela], bela, first),
            ([bela] + World.people("s0", "s1"), bela, first),
            ([cleo, sister] + World.people("s0", "s1"), sister, second),
        ] {
            #expect(
                try world.refusal(World.revoke(anna, since: 1), by: signers)
                    == .revokedBefore(by: by.verifierKey, at: at))
        }
        let third = try world.enter(World.revoke(anna), by: World.people("s0", "s1"))
        #expect(
            try world.refusal(World.revoke(anna), by: World.people("s1", "s2"))
                == .revokedBefore(by: World.person("s1").verifierKey, at: third))
        let recorded = world.registry.revocations(of: anna.privateKey.publicKey)
        #expect(recorded.map(\.index) == [first, second, third])
        #expect(recorded[0].signers == [anna.verifierKey, bela.verifierKey])
        #expect(recorded[1].signers == [sister.verifierKey])
        #expect(recorded[1].revocation.reason == .lost)
        #expect(world.registry.revocations == recorded)
    }

    @Test func earlierSignerIsKnownByKey() throws {
        var world = try World()
        try world.enrol(anna)
        let first = try world.enter(World.revoke(anna), by: [anna, sister])
        let renamed = World.person("sister2", seed: "sister")
        #expect(
            try world.refusal(World.revoke(anna), by: World.people("s0", "s1") + [renamed])
                == .revokedBefore(by: renamed.verifierKey, at: first))
    }

    @Test func sinceIsAtMostTheEntrysTime() throws {
        var world = try World()
        try world.enrol(anna)
        let time = try #require(EntryTime(seconds: world.time))
        #expect(try world.refusal(World.revoke(anna, since: world.time + 1), by: [anna]) == .sinceIsLater(time))
        #expect(try world.refusal(World.revoke(anna, since: world.time), by: [anna]) == nil)
        #expect(try world.refusal(World.revoke(anna, since: 0), by: [anna]) == nil)
    }

    @Test func anyKeyMayBeRevoked() throws {
        var world = try World()
        let stewards = World.people("s0", "s1")
        let lacking = RegistryError.revocationLacksAuthority(stewards: 0, threshold: 2)
        #expect(try world.refusal(World.revoke(newcomer), by: [sister]) == lacking)
        let first = try world.enter(World.revoke(newcomer), by: [newcomer])
        // A key that is not known has no name yet that it would have to be revoked under.
        let renamed = World.person("newcomer2", seed: "newcomer")
        let second = try world.enter(World.revoke(renamed), by: stewards)
        #expect(world.registry.revocations(of: newcomer.privateKey.publicKey).map(\.index) == [first, second])
        #expect(try world.refusal(World.revoke(World.person("s2")), by: stewards) == nil)
        #expect(try world.refusal(World.revoke(World.person("s0")), by: World.people("s0")) == nil)
    }

    @Test func knownKeyIsRevokedUnderItsName() throws {
        var world = try World()
        try world.enrol(anna)
        for name in ["anna", "s2"] {
            #expect(
                try world.refusal(World.revoke(World.person("judge", seed: name)), by: World.people("s0", "s1"))
                    == .keyUnderAnotherName(World.person(name).verifierKey))
        }
    }
}
