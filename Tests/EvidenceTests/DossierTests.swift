// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

@Suite struct DossierTests {
    static let seed = SealedSeed(SHA256.hash(Array("dossier".utf8)))
    static let log = AttestationTests.log
    static let exhibit = AttestationTests.exhibit
    static let signers = SHA256.hash(Array("signer x\n".utf8))

    static func dossier(_ attestations: [Int: Attestation]) throws(DossierError) -> Dossier {
        try Dossier(exhibit: exhibit, signerLinesHash: signers, log: log, attestations: attestations)
    }

    static func open(
        _ opening: Opening, exhibit: Hash? = exhibit, signers: Hash = signers, log: Origin = log
    ) throws(DossierError) -> DossierOpening {
        try DossierOpening(opening, exhibit: exhibit, signerLinesHash: signers, log: log)
    }

    @Test func hasAsManyItemsAsItNeeds() {
        #expect([0, 1, 15, 16, 31, 32, 63, 64].map(Dossier.count) == [16, 16, 16, 32, 32, 64, 64, 128])
    }

    @Test func choosesPositionsAtRandom() {
        var generator = SystemRandomNumberGenerator()
        for count in 0...40 {
            let positions = Dossier.positions(for: count, using: &generator)
            #expect(positions.count == count && Set(positions).count == count)
            #expect(positions.allSatisfy { (1..<Dossier.count(for: count)).contains($0) })
        }
        var seen: Set<Int> = []
        for _ in 0..<2000 { seen.formUnion(Dossier.positions(for: 1, using: &generator)) }
        #expect(seen == Set(1...15))
    }

    @Test func refusesWhatCannotBeADossier() throws {
        let one = try AttestationTests.attestation(1)
        let other = SHA256.hash([])
        #expect(throws: DossierError.noSlot(position: 0)) { try Self.dossier([0: one]) }
        #expect(throws: DossierError.noSlot(position: 16)) { try Self.dossier([16: one]) }
        #expect(throws: DossierError.noSlot(position: -1)) { try Self.dossier([-1: one]) }
        #expect(throws: DossierError.attestationOfOtherExhibit(position: 3)) {
            try Self.dossier([3: AttestationTests.attestation(1, exhibit: other)])
        }
        let elsewhere = Origin(try #require(KeyName("elsewhere")))
        #expect(throws: DossierError.attestationForOtherLog(position: 3)) {
            try Self.dossier([3: AttestationTests.attestation(1, log: elsewhere)])
        }
        let again = try AttestationTests.attestation(1, role: .counsel)
        #expect(throws: DossierError.twoAttestationsByOneKey(one.signer)) { try Self.dossier([3: one, 9: again]) }
        // One key under two names is one key.
        let alias = NoteSigner(
            name: try #require(KeyName("alias")), privateKey: try AttestationTests.signer(1).privateKey)
        let text = try AttestationText(
            log: Self.log, signer: alias.verifierKey, exhibit: Self.exhibit, role: .counsel)
        let aliased = try Attestation(text, signedBy: alias)
        #expect(throws: DossierError.twoAttestationsByOneKey(alias.verifierKey)) {
            try Self.dossier([3: one, 9: aliased])
        }
        #expect(throws: Never.self) { try Self.dossier([:]) }
    }

    @Test func opensInAnyPart() throws {
        let attestations = [2: try AttestationTests.attestation(1), 11: try AttestationTests.attestation(2)]
        let dossier = try Self.dossier(attestations)
        let digest = dossier.sealed(with: Self.seed).digest
        for subset in 0..<(1 << 15) where subset % 61 == 0 || subset.nonzeroBitCount < 2 || subset == 1 << 15 - 1 {
            func shows(_ position: Int) -> Bool { position > 0 && subset >> (position - 1) & 1 == 1 }
            let positions = RangeSet((1..<16).filter(shows).map { $0..<($0 + 1) })
            let opening = try Self.open(dossier.opening(seed: Self.seed, showing: positions))
            #expect(opening.digest == digest)
            #expect(opening.exhibit == Self.exhibit)
            #expect(opening.attestations.map(\.position) == [2, 11].filter(shows))
            #expect(opening.attestations.allSatisfy { attestations[$0.position] == $0.attestation })
            #expect(opening.withheldSlotCount == 15 - subset.nonzeroBitCount)
            #expect(opening.showsEverySlot == (subset == 1 << 15 - 1))
        }
    }

    @Test func opensLargerOnes() throws {
        var attestations: [Int: Attestation] = [:]
        for number in 1...16 { attestations[number * 2 - 1] = try AttestationTests.attestation(UInt8(number)) }
        let dossier = try Self.dossier(attestations)
        #expect(dossier.count == 32)
        let opening = try Self.open(dossier.opening(seed: Self.seed, showing: RangeSet(0..<32)))
        #expect(opening.attestations.count == 16 && opening.showsEverySlot)
    }

    /// The bytes of what is shown hold nothing of what is not.
    @Test func hiddenAttestationsLeaveNoTrace() throws {
        let attestations = [2: try AttestationTests.attestation(1), 3: try AttestationTests.attestation(2)]
        let one = try Self.dossier(attestations).opening(seed: Self.seed, showing: RangeSet(2..<3))
        let json = String(decoding: one.json.encoded(), as: UTF8.self)
        #expect(json.contains("signer-1"))
        #expect(!json.contains("signer-2"))
        #expect(
            one.json.encoded().count
                == (try Self.dossier([2: attestations[2]!])
                    .opening(seed: Self.seed, showing: RangeSet(2..<3)).json.encoded().count))
    }
}
