// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// What a holder shows of a registration, computed anew from the private file and held against the filing.
@Suite struct OpenRegistrationTests {
    private typealias Mismatch = OpenRegistration.Mismatch
    private let sample: SmallCase

    init() throws {
        sample = try SmallCase()
    }

    private func open(
        _ contents: PrivateContents? = nil, of filing: Filing? = nil, texts: [ExhibitPath: [UInt8]]? = nil
    ) throws -> OpenRegistration {
        try OpenRegistration(
            contents ?? sample.contents, of: filing ?? sample.filing, texts: texts ?? sample.texts)
    }

    @Test func whatItShowsIsWhatWasRegistered() throws {
        let registration = try open()
        #expect(registration.exhibit.files == sample.exhibit.files)
        var disclosure = Disclosure()
        disclosure.fields = [sample.exhibit.fields[0].name]
        disclosure.paths = [1]
        disclosure.files = [0: .text(hiding: RangeSet(4..<7)), 1: .hash]
        disclosure.slots = [3, 4]
        let proof = try sample.log.proof(of: 0).showing(
            dossier: registration.dossierOpening(showing: disclosure),
            exhibit: registration.exhibitOpening(showing: disclosure))
        let verified = try proof.verified(under: SmallLog.policy)
        #expect(verified.attestations.map(\.slot) == [3])
        #expect(verified.attestations[0].attestation.signer == SmallCase.witness.verifierKey)
        let exhibit = try #require(verified.exhibit)
        #expect(exhibit.withheldCount == 3, "a path, a slice, and the hash of what is struck in part")
        // A text that is shown whole is shown with its hash.
        var all = Disclosure()
        all.files = [0: .text(hiding: RangeSet())]
        let positions = try #require(registration.exhibit.positions(shownBy: all))
        #expect(positions == RangeSet(2..<6))
        all.files = [0: .text(hiding: RangeSet(0..<1))]
        #expect(registration.exhibit.positions(shownBy: all) == RangeSet(4..<6))
        all.files = [0: .hash]
        all.paths = [0]
        #expect(registration.exhibit.positions(shownBy: all) == RangeSet(1..<3))
        // Nothing asked for, nothing shown but the tie to the entry.
        #expect(try registration.exhibitOpening(showing: Disclosure()) == nil)
        let bare = try sample.log.proof(of: 0).showing(
            dossier: registration.dossierOpening(showing: Disclosure()), exhibit: nil)
        #expect(try bare.verified(under: SmallLog.policy).dossier?.withheldSlotCount == 15)
    }

    @Test func otherContentsAreNotOpened() throws {
        let contents = sample.contents
        for bare in [
            PrivateContents(exhibit: contents.exhibit), PrivateContents(dossier: contents.dossier), PrivateContents(),
        ] {
            #expect(throws: Mismatch.noDocuments) { try open(bare) }
        }
        let charter = try RegistryWorld().entries[0].filing
        #expect(throws: Mismatch.noDocuments) { try open(of: charter) }
        let path = sample.exhibit.files[0].path
        #expect(throws: Mismatch.otherText(path)) { try open(texts: [:]) }
        #expect(throws: Mismatch.otherText(path)) { try open(texts: [path: Array("one two".utf8)]) }
        // The same lengths of another text.
        #expect(throws: (any Error).self) { try open(texts: [path: Array("one two thrae".utf8)]) }
        let other = try SmallLog.registration(5)
        #expect(throws: Mismatch.otherDossier) { try open(of: other) }
        // The dossier is of one filing's signers.
        guard case .register(let registration) = sample.filing.action else { return }
        let another = try RegistryWorld.filing(.register(registration), by: [SmallCase.witness])
        #expect(throws: Mismatch.otherDossier) { try open(of: another) }
    }

    @Test func aPictureHasNoText() throws {
        var disclosure = Disclosure()
        disclosure.files = [0: .text(hiding: RangeSet()), 1: .text(hiding: RangeSet())]
        let registration = try open()
        #expect(throws: Mismatch.otherText(sample.exhibit.files[1].path)) {
            try registration.exhibitOpening(showing: disclosure)
        }
    }
}
