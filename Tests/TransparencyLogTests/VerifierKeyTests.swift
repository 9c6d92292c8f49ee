// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

@Suite("Verifier keys")
struct VerifierKeyTests {
    // conformance 14, 16
    @Test func keysReadBack() throws {
        for text in [Carried.exampleKey]
            + Carried.policy.split(separator: "\n").compactMap({ $0.split(separator: " ").first { $0.contains("+") } })
            .map(String.init)
        {
            let key = try VerifierKey(parsing: text.utf8)
            #expect(key.description == text)
            let remade = try VerifierKey(name: key.name, type: key.type, key: key.keyBytes)
            #expect(remade == key)
        }
        let key = try VerifierKey(parsing: Carried.exampleKey.utf8)
        #expect(key.name == KeyName("example.com/foo"))
        #expect(key.id == KeyID(rawValue: 0x530d_903a))
        #expect(key.type == .ed25519)
        #expect(
            TestLog().signer.verifierKey.description
                == "ledger.example/vectors+d125cc7f+AZF8w/cAdUtphcBYYuH6PONVS45QiHlj2WD6dU50U2m9")
    }

    // conformance 17, 55: one public key of two types has two IDs
    @Test func typeIsPartOfTheID() throws {
        let name = KeyName("a.example")!
        let key = TestLog.key(3).publicKey
        let ids = [SignatureType.ed25519, .cosignature].map { VerifierKey(name: name, type: $0, publicKey: key).id }
        #expect(ids[0] != ids[1])
        for (type, id) in zip([SignatureType.ed25519, .cosignature], ids) {
            let digest = SHA256.hash(Array("a.example\n".utf8) + [type.rawValue] + key.bytes)
            #expect(id.bytes == Array(digest.bytes[..<4]))
        }
    }

    // conformance 55: ML-DSA-44 keys are recognised by their type and length
    @Test func mlDSAKeysAreReadAndNothingMore() throws {
        let bytes = (0..<1312).map { UInt8(truncatingIfNeeded: $0) }
        let key = try VerifierKey(name: KeyName("pq.example")!, type: .mlDSA44, key: bytes)
        #expect(key.publicKey == nil)
        #expect(key.keyBytes == bytes)
        let parsed = try VerifierKey(parsing: key.utf8)
        #expect(parsed == key)
        for count in [0, 32, 1311, 1313] {
            #expect(throws: FormatError.self) {
                try VerifierKey(name: key.name, type: .mlDSA44, key: Array(repeating: 1, count: count))
            }
        }
    }

    // conformance 15, 16, 18
    @Test(arguments: [
        "", "+", "++", "example.com/foo", "example.com/foo+530d903a",
        "example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+0530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+BekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3Q==",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2kAA==",
        "example.com/foo+530d903a+", " example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n",
        "example com+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+x+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
    ])
    func badKeysAreRefused(text: String) {
        #expect(throws: FormatError.self) { try VerifierKey(parsing: text.utf8) }
    }

    @Test func longTextsAreRefusedBeforeTheyAreDecoded() {
        let text = "a.example+00000000+" + String(repeating: "!", count: 2052)
        let error = #expect(throws: FormatError.self) { try VerifierKey(parsing: text.utf8) }
        #expect(error?.reason == "key length")
        let other = #expect(throws: FormatError.self) {
            try VerifierKey(parsing: "example.com/foo+530d903a00+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k".utf8)
        }
        #expect(other?.reason == "key id")
    }

    // conformance 15, 18: other types, and keys that are none, even with an ID that agrees
    @Test func otherTypesAndBadPointsAreRefused() {
        let name = KeyName("a.example")!
        let good = TestLog.key(3).publicKey.bytes
        let zero = [UInt8](repeating: 0, count: 32)
        let identity = [1] + zero.dropFirst()
        let notCanonical = [0xED] + [UInt8](repeating: 0xFF, count: 30) + [0x7F]
        let cases: [(UInt8, [UInt8])] = [
            (0x01, zero), (0x01, identity), (0x01, notCanonical), (0x01, Array(good.dropLast())), (0x01, good + [0]),
            (0x04, zero), (0x04, identity), (0x00, good), (0x02, good), (0x03, good), (0x05, good), (0xFF, good),
        ]
        for (type, bytes) in cases {
            let id = KeyID(name: name, type: SignatureType(rawValue: type), key: bytes)
            let text = "a.example+\(id)+\(Base64.encode([type] + bytes))"
            #expect(throws: FormatError.self) { try VerifierKey(parsing: text.utf8) }
        }
    }
}
