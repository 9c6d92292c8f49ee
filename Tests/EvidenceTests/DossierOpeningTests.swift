// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// Lists that were sealed as dossiers with something wrong inside, or shown in the wrong way.
@Suite struct DossierOpeningTests {
    private static func exhibitItem(
        _ exhibit: Hash = DossierTests.exhibit, _ signers: Hash = DossierTests.signers
    ) -> SealedItem {
        .sha256(label: Array("exhibit".utf8), SHA256.hash(exhibit.bytes + signers.bytes))
    }

    private static func slot(_ position: Int, _ value: [UInt8] = []) -> SealedItem {
        .text(label: Array("attestation/\(position)".utf8), value)
    }

    private static func slots(_ count: Int = 16, _ changes: [Int: SealedItem] = [:]) -> [SealedItem] {
        (0..<count).map { changes[$0] ?? ($0 == 0 ? exhibitItem() : slot($0)) }
    }

    private static func opening(_ items: [SealedItem], showing positions: [Int]? = nil) -> Opening {
        let list = SealedList(.dossier, of: items, count: items.count, seed: DossierTests.seed)
        return list.opening(showing: RangeSet((positions ?? Array(items.indices)).map { $0..<($0 + 1) }))
    }

    @Test func boundsTheCount() throws {
        for count in [1, 8, 15, 17, 24, 31, 33, 48] {
            #expect(throws: DossierError.count(count)) {
                try DossierTests.open(Self.opening(Self.slots(count), showing: [0]))
            }
        }
        // 32 items are for 16 attestations and more: at most 15 slots are empty.
        for empty in [15, 16, 31] {
            let opening = Self.opening(Self.slots(32), showing: Array(0...empty))
            if empty == 15 {
                #expect(throws: Never.self) { try DossierTests.open(opening) }
            } else {
                #expect(throws: DossierError.count(32)) { try DossierTests.open(opening) }
            }
        }
    }

    /// What is shown and what is withheld stand in their places.
    @Test func hasItsPartsInOrder() throws {
        let opening = try DossierTests.open(Self.opening(Self.slots(), showing: [0, 1]))
        #expect(opening.parts.prefix(2).map(\.position) == [0, 1])
        #expect(opening.parts.prefix(2).map(\.content) == [.exhibit, .empty])
        #expect(opening.withheldSlotCount == 14 && !opening.showsEverySlot)
        let whole = try DossierTests.open(Self.opening(Self.slots()))
        #expect(whole.parts.map(\.content) == [.exhibit] + [DossierOpening.Content](repeating: .empty, count: 15))
        #expect(whole.showsEverySlot)
    }

    @Test func refusesOtherLabels() throws {
        let label = Array("exhibit".utf8)
        for (position, item) in [
            (0, Self.slot(0)), (0, .sha256(label: Array("attestation/0".utf8), SHA256.hash([]))), (3, Self.slot(4)),
            (3, .text(label: label, [])), (3, .text(label: Array("attestation/03".utf8), [])),
            (3, .text(label: Array("Attestation/3".utf8), [])), (3, .text(label: [], [])),
        ] as [(Int, SealedItem)] {
            let error = #expect(throws: DossierError.self) {
                try DossierTests.open(Self.opening(Self.slots(16, [position: item])))
            }
            #expect(error == .label(position: position) || error == .form(position: position))
            if position == 3 { #expect(error == .label(position: 3)) }
        }
    }

    @Test func refusesOtherForms() throws {
        let run = SealedItem.slice(file: 0, number: 0, [0x61])
        let hashed = SealedItem.sha256(label: Array("attestation/3".utf8), SHA256.hash([]))
        let text = SealedItem.text(label: Array("exhibit".utf8), [])
        for (position, item) in [(0, text), (0, run), (3, run), (3, hashed)] {
            #expect(throws: DossierError.form(position: position)) {
                try DossierTests.open(Self.opening(Self.slots(16, [position: item])))
            }
        }
    }

    @Test func refusesAttestationsThatDoNotHold() throws {
        let other = SHA256.hash([])
        let elsewhere = Origin(try #require(KeyName("elsewhere")))
        let good = try AttestationTests.attestation(1)
        var changed = good.bytes
        changed[changed.count - 10] ^= 1
        for (expected, bytes) in [
            (.attestationOfOtherExhibit(position: 3), try AttestationTests.attestation(1, exhibit: other).bytes),
            (.attestationForOtherLog(position: 3), try AttestationTests.attestation(1, log: elsewhere).bytes),
        ] as [(DossierError, [UInt8])] {
            #expect(throws: expected) {
                try DossierTests.open(Self.opening(Self.slots(16, [3: Self.slot(3, bytes)])))
            }
        }
        for bytes in [changed, [0x0A], Array("x".utf8), Array(good.bytes.dropLast())] {
            let error = #expect(throws: DossierError.self) {
                try DossierTests.open(Self.opening(Self.slots(16, [3: Self.slot(3, bytes)])))
            }
            guard case .attestation(position: 3, _) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
        let twice = Self.slots(
            16,
            [3: Self.slot(3, good.bytes), 7: Self.slot(7, try AttestationTests.attestation(1, role: .expert).bytes)])
        #expect(throws: DossierError.twoAttestationsByOneKey(good.signer)) {
            try DossierTests.open(Self.opening(twice))
        }
        #expect(throws: Never.self) { try DossierTests.open(Self.opening(twice, showing: [0, 3])) }
    }

    @Test func bindsExhibitAndSigners() throws {
        let attested = Self.slots(16, [3: Self.slot(3, try AttestationTests.attestation(1).bytes)])
        let other = SHA256.hash([])
        for showing in [[0], [0, 3], Array(0..<16)] {
            let opening = Self.opening(attested, showing: showing)
            #expect(throws: Never.self) { try DossierTests.open(opening) }
            #expect(throws: DossierError.exhibitOrSignersDiffer) { try DossierTests.open(opening, signers: other) }
            #expect(throws: DossierError.exhibitOrSignersDiffer) { try DossierTests.open(opening, exhibit: other) }
            // Without the exhibit's opening an attestation says which it is of.
            let known: Hash? = showing == [0] ? nil : DossierTests.exhibit
            #expect(try DossierTests.open(opening, exhibit: nil).exhibit == known)
            if known != nil {
                #expect(throws: DossierError.exhibitOrSignersDiffer) {
                    try DossierTests.open(opening, exhibit: nil, signers: other)
                }
            }
        }
        #expect(throws: DossierError.exhibitHidden) { try DossierTests.open(Self.opening(attested, showing: [3])) }
        #expect(throws: DossierError.exhibitHidden) {
            try DossierTests.open(Self.opening(attested, showing: [3]), exhibit: nil)
        }
        #expect(throws: DossierError.exhibitHidden) { try DossierTests.open(Self.opening(attested, showing: [])) }
        #expect(try DossierTests.open(Self.opening(attested, showing: []), exhibit: nil).withheldSlotCount == 15)
        let forged = Self.slots(16, [0: Self.exhibitItem(DossierTests.signers, DossierTests.exhibit)])
        #expect(throws: DossierError.exhibitOrSignersDiffer) { try DossierTests.open(Self.opening(forged)) }
        // Two attestations of two exhibits cannot both be of this one.
        let mixed = Self.slots(
            16,
            [
                3: Self.slot(3, try AttestationTests.attestation(1).bytes),
                5: Self.slot(5, try AttestationTests.attestation(2, exhibit: other).bytes),
            ])
        #expect(throws: DossierError.attestationOfOtherExhibit(position: 5)) {
            try DossierTests.open(Self.opening(mixed), exhibit: nil)
        }
    }

    /// What each vector must be refused for, where it is a matter of what was sealed.
    private static let reasons: [String: String] = [
        "altered-text": "what is shown is not what the entry registers, or other keys registered it",
        "relabelled": "what is shown is not what the entry registers, or other keys registered it",
        "other-file-number": "what is shown is not what the entry registers, or other keys registered it",
        "swapped-slices": "what is shown is not what the entry registers, or other keys registered it",
        "recut-slices": "what is shown is not what the entry registers, or other keys registered it",
        "text-planted-in-redaction": "exhibit.tree",
        "two-hidden-halves": "not canonical: a pair of two hidden parts",
        "wrong-count": "fewer items than the list has here",
        "count-of-eight-slots": "dossier.tree",
        "file-shown-beside-struck-text": "file 0 is shown with only some of its slices",
        "exhibit-of-another-dossier": "what is shown is not what the entry registers, or other keys registered it",
        "dossier-hides-its-exhibit": "the item is hidden that ties what is shown to the entry",
        "attestation-role-changed": "another digest",
        "slices-are-not-the-file": "file 0 is shown with slices that do not make up its bytes",
        "labels-out-of-order": "item 1: labels out of order",
        "label-twice": "item 1: labels out of order",
        "unknown-label": "item 0: no label of an exhibit",
        "gap-in-slices": "item 3: the items of a file are not together",
        "slices-before-the-file": "item 1: labels out of order",
        "name-climbs": "item 0: the path is not relative",
        "escape-in-label": "item 0: no label of an exhibit",
        "dossier-for-other-signers": "what is shown is not what the entry registers, or other keys registered it",
        "attestation-of-another-exhibit": "about another exhibit",
        "attestation-for-another-log": "for another log",
        "attestation-not-signed-by-its-signer": "signature line differs from signer line",
        "attestation-changed-before-sealing": "does not verify",
        "unknown-role": "unknown role",
        "one-key-attests-twice": "two attestations by the key of",
        "slot-mislabelled": "not the label of its position",
    ]

    @Test(.enabled(if: JSONVectors.arePresent)) func vectors() throws {
        let vectors = try JSONVectors.json("proofs.json")
        for (name, proof) in try vectors.at("valid").members() {
            #expect(try Self.check(proof) == "", "\(name)")
        }
        var checked = 0
        for (name, vector) in try vectors.at("invalid").members() {
            guard let reason = Self.reasons[name] else { continue }
            checked += 1
            let found = try Self.check(vector.at("proof"))
            #expect(found.contains(reason), "\(name): \(found)")
        }
        #expect(checked == Self.reasons.count)
    }

    /// Why what a proof shows does not hold; empty where it does.
    private static func check(_ proof: JSON) throws -> String {
        let inclusion = try proof.at("inclusion").elements()[0].bytes()
        let lines = inclusion.split(separator: 0x0A)
        let extra = try #require(Base64.decode(lines[1].dropFirst("extra ".utf8.count)))
        let filing = try Entry(parsing: extra).filing
        let cursor = try JSONCursor(proof, format: "proof file")
            .object(["format", "inclusion"], optional: ["dossier", "exhibit", "quoted", "related", "timestamps"])
        do {
            let exhibit = try cursor.optional("exhibit").map { try Opening(parsing: $0) }
            let dossier = try cursor.optional("dossier").map { try Opening(parsing: $0) }
            if let dossier, case .register(let registered) = filing.action {
                guard dossier.digest(.dossier) == registered.dossier else { return "another digest" }
                _ = try DossierOpening(
                    dossier, exhibit: exhibit?.digest(.exhibit), signerLinesHash: filing.signerLinesHash,
                    log: filing.log)
            }
            if let exhibit { _ = try ExhibitOpening(exhibit) }
            return ""
        } catch {
            return "\(error)"
        }
    }
}
