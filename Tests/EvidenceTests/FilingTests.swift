// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

@Suite struct FilingTests {
    private typealias World = RegistryWorld
    private static let anna = World.person("anna")
    private static let bela = World.person("bela")

    private func text(_ signers: [NoteSigner], number: Int = 1) throws -> FilingText {
        try FilingText(
            log: Origin(World.logKey.name), signers: signers.map(\.verifierKey), action: World.register(number))
    }

    /// A note of `text` with these signatures, whoever they are by.
    private func filing(_ text: FilingText, _ signatures: [SignedNote.Signature]) throws -> Filing {
        try Filing(parsing: SignedNote(text: text.bytes, signatures: signatures).bytes)
    }

    @Test func readsWhatItSigned() throws {
        let text = try text([Self.anna, Self.bela])
        let filing = try Filing(text, signedBy: [Self.bela, Self.anna])
        #expect(filing.note.signatures.map(\.name) == [Self.anna, Self.bela].map(\.verifierKey.name))
        #expect(try Filing(parsing: filing.bytes) == filing)
        #expect(filing.text == text)
        #expect(filing.log == text.log)
        #expect(filing.signers == text.signers)
        #expect(filing.signerLinesHash == text.signerLinesHash)
        try filing.verifySignatures()
        #expect(try filing.verified().filing == filing)
    }

    @Test func signsWithTheSignersAlone() throws {
        let text = try text([Self.anna, Self.bela])
        #expect(throws: FilingError.unsigned([Self.bela.verifierKey])) { try Filing(text, signedBy: [Self.anna]) }
        let other = World.person("other")
        #expect(throws: FilingError.notASigner(other.verifierKey.name)) {
            try Filing(text, signedBy: [Self.anna, Self.bela, other])
        }
    }

    @Test func oneSignatureLineForEachSignerInOrder() throws {
        let text = try text([Self.anna, Self.bela])
        let anna = Self.anna.sign(text.bytes)
        let bela = Self.bela.sign(text.bytes)
        let other = World.person("other").sign(text.bytes)
        let namesake = World.person("anna", seed: "namesake").sign(text.bytes)
        let keyID = SignedNote.Signature(name: bela.name, keyID: anna.keyID, bytes: anna.bytes)
        try filing(text, [anna, bela]).verifySignatures()
        for signatures in [
            [anna], [bela], [bela, anna], [anna, bela, other], [anna, other], [namesake, bela], [anna, keyID],
        ] {
            let filing = try filing(text, signatures)
            #expect(throws: FilingError.signatureLinesDiffer) { try filing.verifySignatures() }
            #expect(throws: FilingError.signatureLinesDiffer) { try filing.verified() }
        }
    }

    @Test func everySignatureVerifies() throws {
        let text = try text([Self.anna, Self.bela])
        let anna = Self.anna.sign(text.bytes)
        let bela = Self.bela.sign(text.bytes)
        let ofOther = Self.bela.sign(try self.text([Self.anna, Self.bela], number: 2).bytes)
        #expect(throws: FilingError.invalidSignature(Self.bela.verifierKey)) {
            try filing(text, [anna, ofOther]).verifySignatures()
        }
        for length in [63, 65, 1] {
            let wrong = SignedNote.Signature(
                name: anna.name, keyID: anna.keyID, bytes: Array((anna.bytes + [0])[..<length]))
            #expect(throws: FilingError.invalidSignature(Self.anna.verifierKey)) {
                try filing(text, [wrong, bela]).verifySignatures()
            }
        }
    }

    /// Flips every bit of an entry: only the time can change, and it is not signed.
    @Test func everyBitCounts() throws {
        let filing = try Filing(text([Self.anna]), signedBy: [Self.anna])
        let entry = try Entry(time: #require(EntryTime(seconds: 1_700_000_000)), filing: filing)
        let timeLine = "time 1700000000\n".utf8.count
        for position in entry.bytes.indices {
            for bit in 0..<8 {
                var bytes = entry.bytes
                bytes[position] ^= 1 << bit
                guard let changed = try? Entry(parsing: bytes).verified() else { continue }
                #expect(position < timeLine)
                #expect(changed.entry.leafHash != entry.leafHash)
                #expect(changed.entry.filing == entry.filing)
            }
        }
    }

    @Test func sizeIsBoundedFirst() {
        let long = [UInt8](repeating: 0x61, count: 65_536)
        #expect(throws: FormatError("filing", "longer than an entry may be")) { try Filing(parsing: long) }
        #expect(throws: FormatError("signed note", "no signature block")) { try Filing(parsing: long.dropLast()) }
    }

    /// Reading many with one cache gives what reading each alone gives.
    @Test func cacheChangesNothing() throws {
        var keys = FilingKeyCache()
        let witness = "witness.example/w1+9843961a+BNbGnT4BwWFPhsJCJEC1lSuIsyECCSkpRRDtUOrZzguC"
        let odd = "odd+39c338fc+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
        for round in 0..<2 {
            for name in ["anna", "bela", "anna"] {
                let filing = try Filing(text([World.person(name)], number: round), signedBy: [World.person(name)])
                #expect(try Filing(parsing: filing.bytes, keys: &keys) == filing)
            }
            for vkey in [witness, odd] {
                let bytes = Array("indelible-filing/v1\nlog x\nsigner \(vkey)\nclose\n".utf8)
                let alone = #expect(throws: FormatError.self) { try FilingText(parsing: bytes[...]) }
                let cached = #expect(throws: FormatError.self) { try FilingText(parsing: bytes[...], keys: &keys) }
                #expect(alone == cached)
            }
        }
        for number in 0..<5000 {
            let key = World.person("p\(number % 4500)").verifierKey
            let bytes = Array("indelible-filing/v1\nlog x\nsigner \(key)\nclose\n".utf8)
            if number % 100 == 0 || number > 4490 {
                #expect(try FilingText(parsing: bytes[...], keys: &keys).signers == [key])
            }
        }
    }
}
