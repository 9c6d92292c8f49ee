// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// Charters, steward quorums and the closing.
@Suite struct RegistryCharterTests {
    private typealias World = RegistryWorld

    private func charter(
        _ stewards: [NoteSigner], threshold: Int = 1, sponsors: Int = 0, amends: EntryReference? = nil,
        admission: Charter.Admission = .members, continues: Charter.Continuation? = nil
    ) throws -> Action {
        .charter(
            try Charter(
                amends: amends, stewards: stewards.map(\.verifierKey), threshold: threshold, sponsors: sponsors,
                admission: admission, logKeys: [World.logKey], continues: continues))
    }

    private static let continuation = Charter.Continuation(
        origin: Origin(Array("old.example".utf8))!, head: TreeHead(size: 9, root: SHA256.hash([])))

    @Test func admissionIsThatOfTheCharterInForce() throws {
        #expect(try World(admission: .anyone).registry.admitsAnyone)
        #expect(try !World(admission: .members).registry.admitsAnyone)
        #expect(!World.empty.registry.admitsAnyone)
    }

    @Test func entryZeroIsACharterThatAmendsNothing() throws {
        let stewards = World.people("s0")
        let reference = try #require(EntryReference(index: 0, leafHash: SHA256.hash([])))
        for action in try FilingTextTests.everyAction() {
            if case .charter(let charter) = action, charter.amends == nil { continue }
            #expect(try World.empty.refusal(action, by: World.people("key0")) == .notAFirstCharter)
        }
        let amending = try charter(stewards, amends: reference)
        #expect(try World.empty.refusal(amending, by: stewards) == .notAFirstCharter)
        #expect(try World.empty.refusal(charter(stewards), by: stewards) == nil)
        #expect(try World.empty.refusal(charter(stewards, continues: Self.continuation), by: stewards) == nil)
        let quote = Quote(size: 1, checkpointHash: SHA256.hash([]))
        #expect(try World.empty.refusal(charter(stewards), by: stewards, after: quote) == .quoteOfLaterTree(1))
    }

    /// Every threshold, and every choice of those who sign.
    @Test func firstCharterIsSignedByAQuorumOfItsStewards() throws {
        let stewards = World.people("s0", "s1", "s2")
        let outsider = World.person("outsider")
        for threshold in 1...3 {
            let action = try charter(stewards, threshold: threshold)
            for signers in subsets(of: stewards) {
                let refusal = try World.empty.refusal(action, by: [outsider] + signers)
                let lacking = RegistryError.charterLacksItsStewards(signed: signers.count, threshold: threshold)
                #expect(refusal == (signers.count >= threshold ? nil : lacking))
            }
        }
    }

    @Test func stewardsSignTheirCharterUnderTheNameItGivesThem() throws {
        let steward = World.person("s0")
        let renamed = World.person("other", seed: "s0")
        #expect(
            try World.empty.refusal(charter([steward]), by: [renamed]) == .keyUnderAnotherName(steward.verifierKey))
        let world = try World()
        let newcomer = World.person("n0")
        let change = try charter([newcomer], amends: world.reference(0))
        let signers = World.people("s0", "s1") + [World.person("other", seed: "n0")]
        #expect(try world.refusal(change, by: signers) == .keyUnderAnotherName(newcomer.verifierKey))
    }

    @Test func laterCharterAmendsTheOneInForce() throws {
        var world = try World()
        let stewards = World.people("s0", "s1")
        #expect(try world.refusal(charter(stewards), by: stewards) == .charterWithoutAmends)
        let wrongHash = EntryReference(index: 0, leafHash: SHA256.hash([]))
        let wrongIndex = EntryReference(index: 1, leafHash: world.entries[0].leafHash)
        let first = world.reference(0)
        for reference in [wrongHash, wrongIndex] {
            #expect(
                try world.refusal(charter(stewards, amends: reference), by: stewards)
                    == .charterAmendsAnother(inForce: first))
        }
        #expect(
            try world.refusal(charter(stewards, amends: first, continues: Self.continuation), by: stewards)
                == .continuesAfterFirstEntry)
        try world.enter(charter(stewards, threshold: 2, amends: first), by: stewards)
        // Another than the one before, so that it is not refused as the same text.
        #expect(
            try world.refusal(charter(stewards, sponsors: 3, amends: first), by: stewards)
                == .charterAmendsAnother(inForce: world.reference(1)))
        try world.enter(charter(stewards, sponsors: 3, amends: world.reference(1)), by: stewards)
        #expect(world.registry.charterInForce?.entry == world.reference(2))
        #expect(world.registry.charterInForce?.charter.sponsors == 3)
    }

    /// Two of s0, s1, s2 in force; some of s0, n0, n1 to follow: every choice of those who sign.
    @Test(arguments: [1, 2, 3]) func laterCharterIsSignedByBothQuorums(_ threshold: Int) throws {
        let world = try World()
        let named = World.people("s0", "n0", "n1")
        let action = try charter(named, threshold: threshold, amends: world.reference(0))
        for signers in subsets(of: World.people("s0", "s1", "s2", "n0", "n1", "x")) where !signers.isEmpty {
            let names = Set(signers.map { "\($0.verifierKey.name)" })
            let old = names.intersection(["s0", "s1", "s2"]).count
            let new = names.intersection(["s0", "n0", "n1"]).count
            let expected: RegistryError? =
                if new < threshold {
                    .charterLacksItsStewards(signed: new, threshold: threshold)
                } else if old < 2 {
                    .charterLacksStewardsInForce(signed: old, threshold: 2)
                } else {
                    nil
                }
            #expect(try world.refusal(action, by: signers) == expected)
        }
    }

    @Test func newStewardsTakeOver() throws {
        var world = try World()
        let n0 = World.person("n0")
        try world.enter(charter([n0], amends: world.reference(0)), by: World.people("s0", "s1") + [n0])
        #expect(world.registry.stewards == [n0.verifierKey])
        #expect(
            try world.refusal(.close(Closing()), by: World.people("s0", "s1", "s2"))
                == .closingLacksSignatures(stewards: 0, threshold: 1))
        // Who is no steward any more is not known, and may be enrolled, or bear another name.
        let s0 = World.person("s0")
        #expect(try world.refusal(.enrol(Enrolment(key: s0.verifierKey)), by: [s0, n0]) == nil)
        let other = World.person("other", seed: "s1")
        #expect(try world.refusal(.enrol(Enrolment(key: other.verifierKey)), by: [other, n0]) == nil)
        let namesake = World.person("s2", seed: "somebody else")
        #expect(try world.refusal(.enrol(Enrolment(key: namesake.verifierKey)), by: [namesake, n0]) == nil)
        #expect(try world.refusal(.close(Closing()), by: [n0]) == nil)
    }

    @Test func admissionAndSponsorsAreThoseInForce() throws {
        var world = try World()
        let stewards = World.people("s0", "s1")
        let outsider = World.person("outsider")
        #expect(try world.refusal(World.register(1), by: [outsider]) == .noMemberSigned)
        try world.enter(
            charter(stewards, threshold: 2, amends: world.reference(0), admission: .anyone), by: stewards)
        #expect(try world.refusal(World.register(1), by: [outsider]) == nil)
        #expect(
            try world.refusal(.enrol(Enrolment(key: outsider.verifierKey)), by: [outsider])
                == .enrolmentLacksSignatures(stewards: 0, threshold: 2, members: 0, sponsors: 0))
    }

    @Test func stewardMayTakeAnotherName() throws {
        var world = try World()
        let renamed = World.person("chair", seed: "s0")
        try world.enter(charter([renamed], amends: world.reference(0)), by: World.people("s0", "s1"))
        #expect(
            try world.refusal(.close(Closing()), by: [World.person("s0")])
                == .keyUnderAnotherName(renamed.verifierKey))
        #expect(try world.refusal(.close(Closing()), by: [renamed]) == nil)
    }

    @Test func memberIsStewardUnderTheSameName() throws {
        var world = try World()
        let anna = World.person("anna")
        try world.enrol(anna)
        let signers = World.people("s0", "s1") + [anna]
        let renamed = try charter([World.person("chair", seed: "anna")], amends: world.reference(0))
        #expect(try world.refusal(renamed, by: signers) == .keyUnderAnotherName(anna.verifierKey))
        #expect(try world.refusal(charter([anna], amends: world.reference(0)), by: signers) == nil)
    }

    @Test func revokedStewardCountsNowhere() throws {
        var world = try World()
        let s0 = World.person("s0")
        try world.enter(World.revoke(s0), by: [s0])
        let close = Action.close(Closing())
        #expect(try world.refusal(close, by: World.people("s0", "s1")) == .revokedSigner(s0.verifierKey))
        #expect(
            try world.refusal(close, by: World.people("s1"))
                == .closingLacksSignatures(stewards: 1, threshold: 2))
        #expect(try world.refusal(close, by: World.people("s1", "s2")) == nil)
        // It may still be named, and then lacks in the quorum.
        let action = try charter(World.people("s0", "s1"), threshold: 2, amends: world.reference(0))
        #expect(
            try world.refusal(action, by: World.people("s1", "s2"))
                == .charterLacksItsStewards(signed: 1, threshold: 2))
    }

    @Test func nothingIsEnteredAfterTheClosing() throws {
        var world = try World()
        let close = Action.close(Closing(note: WireText("the end")))
        for signers in subsets(of: World.people("s0", "s1", "s2", "x")) where !signers.isEmpty {
            let stewards = signers.filter { "\($0.verifierKey.name)".hasPrefix("s") }.count
            let lacking = RegistryError.closingLacksSignatures(stewards: stewards, threshold: 2)
            #expect(try world.refusal(close, by: signers) == (stewards >= 2 ? nil : lacking))
        }
        let index = try world.enter(close, by: World.people("s1", "s2"))
        #expect(world.registry.closedAt == index)
        for action in try FilingTextTests.everyAction() {
            #expect(try world.refusal(action, by: World.people("s0", "s1", "s2")) == .closed(index))
        }
    }
}

/// Every choice among `all`, the empty one first.
func subsets<Element>(of all: [Element]) -> [[Element]] {
    (0..<(1 << all.count)).map { mask in
        all.indices.filter { mask >> $0 & 1 == 1 }.map { all[$0] }
    }
}
