// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

/// conformance 19: one rule for which signatures verify, which log, witness and verifier share.
@Suite("Ed25519")
struct Ed25519Tests {
    struct Case: Decodable {
        let number: Int
        let key: String
        let sig: String
        let msg: String
    }

    /// The numbers of the vectors in C2SP/CCTV's ed25519vectors.json that are accepted, 43 of 914. To change one is to
    /// change what the formats call a signature.
    static let accepted: Set<Int> = [
        7, 29, 50, 117, 139, 161, 182, 249, 305, 411, 425, 438, 465, 473, 481, 489, 497, 511, 525, 538, 565,
        573, 581, 589, 597, 611, 625, 638, 665, 673, 681, 689, 697, 711, 725, 738, 765, 773, 781, 789, 797,
        832, 899,
    ]

    @Test(.enabled(if: VectorFolder.isPresent)) func acceptedVectorsAreThese43Of914() throws {
        let cases: [Case] = try VectorFolder.json("external/cctv/ed25519/ed25519vectors.json")
        #expect(cases.count == 914)
        #expect(Self.accepted.count == 43)
        var accepted: Set<Int> = []
        for test in cases {
            let (key, signature) = (bytes(test.key), bytes(test.sig))
            let message = Array(test.msg.utf8)
            let isAccepted = Ed25519.verify(signature, over: message, by: key)
            if isAccepted { accepted.insert(test.number) }
            let isAcceptedOfAKey = Ed25519.PublicKey(key)?.verifies(signature, over: message) ?? false
            #expect(isAcceptedOfAKey == isAccepted, "vector \(test.number)")
        }
        #expect(accepted == Self.accepted)
    }

    struct Wycheproof: Decodable {
        struct Group: Decodable {
            struct Key: Decodable { let pk: String }
            struct Test: Decodable {
                let tcId: Int
                let msg: String
                let sig: String
                let result: String
            }
            let publicKey: Key
            let tests: [Test]
        }
        let testGroups: [Group]
    }

    @Test(.enabled(if: VectorFolder.isPresent)) func wycheproofIsFollowed() throws {
        let file: Wycheproof = try VectorFolder.json("external/wycheproof/testvectors_v1/ed25519_test.json")
        var counts = ["valid": 0, "invalid": 0]
        for group in file.testGroups {
            let key = bytes(group.publicKey.pk)
            for test in group.tests {
                counts[test.result, default: 0] += 1
                let (signature, message) = (bytes(test.sig), bytes(test.msg))
                let isValid = test.result == "valid"
                #expect(Ed25519.verify(signature, over: message, by: key) == isValid, "test \(test.tcId)")
                #expect(Ed25519.PublicKey(key)?.verifies(signature, over: message) == isValid, "test \(test.tcId)")
            }
        }
        #expect(counts == ["valid": 88, "invalid": 63])
    }

    /// RFC 8032 section 7.1, tests 1 to 3.
    @Test(arguments: [
        (
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
        (
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
        (
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ])
    func signaturesAreThoseOfRFC8032(seed: String, key: String, message: String, signature: String) {
        let privateKey = Ed25519.PrivateKey(seed: bytes(seed))
        #expect(privateKey?.publicKey.bytes == bytes(key))
        #expect(privateKey?.sign(bytes(message)) == bytes(signature))
        #expect(Ed25519.PublicKey(bytes(key))?.verifies(bytes(signature), over: bytes(message)) == true)
        // conformance 19: S and S + L must not both verify.
        var altered = bytes(signature)
        let order = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010")
        var carry = 0
        for place in 0..<32 {
            carry += Int(altered[32 + place]) + Int(order[place])
            altered[32 + place] = UInt8(carry & 0xFF)
            carry >>= 8
        }
        #expect(!Ed25519.verify(altered, over: bytes(message), by: bytes(key)))
        for index in altered.indices {
            var flipped = bytes(signature)
            flipped[index] ^= 1 << (index % 8)
            #expect(!Ed25519.verify(flipped, over: bytes(message), by: bytes(key)))
        }
    }

    /// One vector of CCTV for each kind of what others accept and this rule refuses.
    @Test(arguments: Carried.refusedSignatures) func whatOthersAcceptIsRefused(
        key: String, signature: String, message: String
    ) {
        #expect(!Ed25519.verify(bytes(signature), over: Array(message.utf8), by: bytes(key)))
    }

    /// And what it accepts: a mixed point is no point of small order.
    @Test(arguments: Carried.acceptedSignatures) func mixedPointsAreAccepted(
        key: String, signature: String, message: String
    ) {
        #expect(Ed25519.verify(bytes(signature), over: Array(message.utf8), by: bytes(key)))
        #expect(Ed25519.PublicKey(bytes(key))?.verifies(bytes(signature), over: Array(message.utf8)) == true)
    }

    @Test func pointsOfSmallOrderAndOtherEncodingsAreNoKeys() {
        // The eight points of small order, some in two encodings (the second with the sign of a zero, or y from p on).
        for text in [
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0000000000000000000000000000000000000000000000000000000000000080",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000080",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            // Not on the curve.
            "0200000000000000000000000000000000000000000000000000000000000000",
        ] {
            #expect(Ed25519.PublicKey(bytes(text)) == nil, "\(text)")
        }
        // Near to the prime in all bytes but one, and points of the curve.
        for text in [
            "ee01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "efffffffffffffffffffffffffffffffffffffffffffffffffffffffffff027f",
            "efffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff02",
        ] {
            #expect(Ed25519.PublicKey(bytes(text)) != nil, "\(text)")
        }
        #expect(Ed25519.PublicKey(Array(repeating: 1, count: 31)) == nil)
        #expect(Ed25519.PrivateKey(seed: Array(repeating: 1, count: 31)) == nil)
        #expect(Ed25519.PrivateKey(seed: Array(repeating: 1, count: 33)) == nil)
    }

    @Test func otherLengthsVerifyNothing() throws {
        let key = TestLog.key(1)
        let (message, signature) = ([1, 2, 3] as [UInt8], key.sign([1, 2, 3]))
        #expect(Ed25519.verify(signature, over: message, by: key.publicKey.bytes))
        for other in [[], Array(signature.dropLast()), signature + [0], signature + signature] {
            #expect(!Ed25519.verify(other, over: message, by: key.publicKey.bytes))
            #expect(!key.publicKey.verifies(other, over: message))
        }
        for other in [key.publicKey.bytes + [0], key.publicKey.bytes + key.publicKey.bytes, []] {
            #expect(!Ed25519.verify(signature, over: message, by: other))
        }
    }

    private func bytes(_ hex: String) -> [UInt8] { Hex.decode(Array(hex.utf8)) ?? [] }

    /// However a key is printed, its seed is not among it.
    @Test func seedsAreNotPrinted() throws {
        let seed = [UInt8](repeating: 201, count: 32)
        let key = try #require(Ed25519.PrivateKey(seed: seed))
        let signer = NoteSigner(name: try #require(KeyName("somebody")), privateKey: key)
        var dumped = ""
        dump(signer, to: &dumped)
        for text in ["\(key)", "\(signer)", String(reflecting: signer), dumped] { #expect(!text.contains("201")) }
    }
}
