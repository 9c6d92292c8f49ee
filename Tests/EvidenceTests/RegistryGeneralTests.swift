// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// The rules that hold for every filing.
@Suite struct RegistryGeneralTests {
    private typealias World = RegistryWorld
    private let anna = World.person("anna")
    private let bela = World.person("bela")

    private func world() throws -> World {
        var world = try World()
        try world.enrol(anna, bela)
        return world
    }

    @Test func filingIsForThisLog() throws {
        let world = try world()
        let origin = try #require(Origin(Array("other.example".utf8)))
        #expect(try world.refusal(World.register(1), by: [anna], log: "other.example") == .otherLog(origin))
        #expect(try world.refusal(World.register(1), by: [anna]) == nil)
    }

    @Test func timeNeverRunsBackwards() throws {
        var world = try world()
        let last = try #require(world.registry.lastTime)
        world.time = last.seconds - 1
        #expect(try world.refusal(World.register(1), by: [anna]) == .timeRunsBackwards(last: last))
        for later in [0, 0, 7, 1 << 40] as [UInt64] {
            world.time = try #require(world.registry.lastTime).seconds + later
            try world.enter(World.register(Int(world.registry.size.value)), by: [anna])
        }
    }

    @Test func sameTextIsEnteredOnce() throws {
        var world = try world()
        let filing = try World.filing(World.register(1), by: [anna])
        #expect(world.history.existing(filing) == nil)
        let index = try world.enter(filing)
        try world.enter(World.register(2), by: [anna])
        world.time += 100
        #expect(world.history.existing(filing) == index)
        #expect(throws: RegistryError.duplicate(index)) { try world.enter(filing) }
        // Any other text is another filing, even where it asks for the same.
        #expect(try world.refusal(World.register(1), by: [bela]) == nil)
        #expect(try world.refusal(World.register(1), by: [anna, bela]) == nil)
        let quote = Quote(size: 1, checkpointHash: filing.text.hash)
        #expect(try world.refusal(World.register(1), by: [anna], after: quote) == nil)
    }

    @Test func quotedTreeExisted() throws {
        let world = try world()
        let hash = SHA256.hash([])
        for size in UInt64(1)...10 {
            let quoted = try #require(TreeSize(size))
            let quote = Quote(size: quoted, checkpointHash: hash)
            let refusal = try world.refusal(World.register(1), by: [anna], after: quote)
            #expect(refusal == (quoted <= world.registry.size ? nil : .quoteOfLaterTree(quoted)))
        }
    }

    /// Members, revoked members and stewards are known under one name.
    @Test func knownKeysSignUnderTheirName() throws {
        var world = try world()
        for name in ["anna", "bela", "s0", "s2"] {
            let known = World.person(name)
            let renamed = World.person("judge", seed: name)
            let error = RegistryError.keyUnderAnotherName(known.verifierKey)
            #expect(try world.refusal(World.register(1), by: [renamed]) == error)
            if name != "anna" { #expect(try world.refusal(World.register(1), by: [anna, renamed]) == error) }
        }
        try world.enter(World.revoke(bela), by: [bela])
        #expect(
            try world.refusal(World.register(1), by: [anna, World.person("judge", seed: "bela")])
                == .keyUnderAnotherName(bela.verifierKey))
        // A name alone makes nobody known.
        #expect(try world.refusal(World.register(1), by: [anna, World.person("bela", seed: "x")]) == nil)
    }

    /// Not even beside a member in good standing, and whether it was enrolled or not.
    @Test func revokedKeySignsNothing() throws {
        var world = try world()
        let outsider = World.person("outsider")
        let renamed = World.person("outsider2", seed: "outsider")
        let s2 = World.person("s2")
        try world.enter(World.revoke(bela), by: [bela])
        try world.enter(World.revoke(outsider), by: [outsider])
        try world.enter(World.revoke(s2), by: [s2])
        for signer in [bela, outsider, renamed, s2] {
            let error = RegistryError.revokedSigner(signer.verifierKey)
            #expect(try world.refusal(World.register(1), by: [signer]) == error)
            #expect(try world.refusal(World.register(1), by: [anna, signer]) == error)
            #expect(try world.refusal(.close(Closing()), by: World.people("s0", "s1") + [signer]) == error)
            #expect(try world.refusal(World.revoke(signer, since: 1), by: [signer]) == error)
            #expect(try world.refusal(.addRevoker(RevokerAddition(revoker: SHA256.hash([]))), by: [signer]) == error)
        }
    }

    /// A batch is prepared on a copy, which sees the entries ahead; the original sees none.
    @Test func copiesAreApart() throws {
        let world = try world()
        var batch = world
        let cleo = World.person("cleo")
        try batch.enrol(cleo)
        try batch.enter(World.register(1), by: [cleo])
        #expect(try world.refusal(World.register(1), by: [cleo]) == .noMemberSigned)
        #expect(world.registry.size.value + 2 == batch.registry.size.value)
    }

    @Test func queriesAnswerByKeyAndName() throws {
        var world = try world()
        try world.enter(World.revoke(bela), by: [bela])
        let registry = world.registry
        #expect(registry.members.map(\.key) == [anna.verifierKey, bela.verifierKey])
        #expect(registry.member(bela.privateKey.publicKey)?.enrolledAt == 2)
        #expect(registry.member(named: anna.verifierKey.name)?.key == anna.verifierKey)
        #expect(registry.isInGoodStanding(anna.privateKey.publicKey))
        #expect(!registry.isInGoodStanding(bela.privateKey.publicKey))
        #expect(registry.isRevoked(bela.privateKey.publicKey))
        #expect(registry.revocations(of: bela.privateKey.publicKey).map(\.index) == [3])
        #expect(registry.revocations(of: anna.privateKey.publicKey) == [])
        let s1 = World.person("s1")
        #expect(!registry.isInGoodStanding(s1.privateKey.publicKey))
        #expect(registry.member(s1.privateKey.publicKey) == nil)
        #expect(registry.knownKey(s1.privateKey.publicKey) == s1.verifierKey)
        #expect(registry.knownKey(named: s1.verifierKey.name) == s1.verifierKey)
        #expect(registry.knownKey(named: anna.verifierKey.name) == anna.verifierKey)
        #expect(registry.knownKey(World.person("outsider").privateKey.publicKey) == nil)
        #expect(registry.logKeys == [World.logKey])
        #expect(registry.charterInForce?.entry == world.reference(0))
    }

    /// A registry that has taken an entry with skipped signatures says so, and goes on saying so.
    @Test func skippedSignaturesAreRemembered() throws {
        var world = try world()
        let filing = try World.filing(World.register(1), by: [anna])
        let entry = try Entry(time: #require(world.registry.lastTime), filing: filing)
        #expect(!world.registry.restsOnUnverifiedSignatures)
        let strange = try Entry(
            time: #require(world.registry.lastTime),
            filing: World.filing(World.register(2), by: [World.person("x")]))
        #expect(throws: RegistryError.noMemberSigned) {
            try world.registry.admit(strange.skippingSignatures(), given: world.history.prior(for: strange.filing))
        }
        #expect(!world.registry.restsOnUnverifiedSignatures)
        let before = world.registry.size.value
        try world.registry.admit(entry.skippingSignatures(), given: world.history.prior(for: filing))
        #expect(world.registry.size.value == before + 1)
        let isNew = world.history.append(entry)
        #expect(isNew)
        #expect(world.registry.restsOnUnverifiedSignatures)
        try world.enter(World.register(2), by: [anna])
        #expect(world.registry.restsOnUnverifiedSignatures)
    }

    /// An audit goes on behind an entry that is at fault; what follows keeps its index.
    @Test func entryPassedOverHasNoEffectButItsPlace() throws {
        var world = try world()
        let cleo = World.person("cleo")
        let last = world.registry.lastTime
        let fault = try World.filing(.enrol(Enrolment(key: cleo.verifierKey)), by: [cleo])
        let isNew = try world.history.append(Entry(time: #require(last), filing: fault))
        #expect(isNew)
        world.registry.passOver()
        #expect(world.registry.passedOver == 1)
        #expect(world.registry.lastTime == last)
        #expect(try world.refusal(World.register(1), by: [cleo]) == .noMemberSigned)
        #expect(try world.enter(.enrol(Enrolment(key: cleo.verifierKey)), by: [cleo] + World.people("s0", "s1")) == 4)
        #expect(world.registry.member(named: cleo.verifierKey.name)?.enrolledAt == 4)
    }

    /// Where entry 0 is at fault, no later charter takes its place.
    @Test func firstCharterIsNotReplaced() throws {
        var world = World.empty
        world.registry.passOver()
        let steward = World.person("s0")
        let charter = try Charter(
            stewards: [steward.verifierKey], threshold: 1, sponsors: 0, admission: .anyone, logKeys: [World.logKey])
        #expect(try world.refusal(.charter(charter), by: [steward]) == .notAFirstCharter)
        #expect(try World.empty.refusal(.charter(charter), by: [steward]) == nil)
        #expect(try world.refusal(World.register(1), by: [steward]) == .notAFirstCharter)
        #expect(try Registry(snapshot: world.registry.snapshot()) == world.registry)
    }

    @Test func errorsSpeakInOneSentence() throws {
        let key = anna.verifierKey
        let entry = try #require(EntryReference(index: 4, leafHash: SHA256.hash([])))
        let time = try #require(EntryTime(seconds: 5))
        let errors: [RegistryError] = [
            .closed(3), .otherLog(Origin(key.name)), .timeRunsBackwards(last: time), .duplicate(3),
            .quoteOfLaterTree(9), .keyUnderAnotherName(key), .revokedSigner(key), .notAFirstCharter,
            .charterWithoutAmends, .charterAmendsAnother(inForce: entry), .continuesAfterFirstEntry,
            .charterLacksItsStewards(signed: 1, threshold: 2), .charterLacksStewardsInForce(signed: 1, threshold: 2),
            .newKeyHasNotSigned, .keyIsKnown(key), .nameIsTaken(key),
            .enrolmentLacksSignatures(stewards: 1, threshold: 2, members: 0, sponsors: 0),
            .enrolmentLacksSignatures(stewards: 1, threshold: 2, members: 1, sponsors: 2), .revokerAddedByMany,
            .revokerAddedByNonMember(key), .tooManyRevokers, .revocationLacksAuthority(stewards: 1, threshold: 2),
            .revokedBefore(by: key, at: 3), .sinceIsLater(time), .noMemberSigned, .noSuchEntry(entry),
            .custodyOfNoRegistration(3), .handOverByOne, .closingLacksSignatures(stewards: 1, threshold: 2),
        ]
        let sentences = errors.map(\.description)
        #expect(Set(sentences).count == errors.count)
        for sentence in sentences {
            #expect(sentence.first?.isUppercase == false)
            #expect(!sentence.hasSuffix("."))
            #expect(!sentence.contains("\n"))
        }
    }
}
