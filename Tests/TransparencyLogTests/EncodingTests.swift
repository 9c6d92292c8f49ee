// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

@Suite("Base64, hexadecimal, decimal and hashes")
struct EncodingTests {
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func base64IsThatOfRFC4648(plain: String, text: String) {
        #expect(Base64.encode(Array(plain.utf8)) == text)
        #expect(Base64.decode(Array(text.utf8)) == Array(plain.utf8))
        #expect(Base64.encodedBytes(plain.utf8) == Array(text.utf8))
        #expect(Base64.decode(text.utf8) == Array(plain.utf8))
    }

    @Test func everyByteAndLengthReadsBack() {
        let bytes = (0..<600).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ $0 >> 3) }
        for count in 0..<600 {
            let part = bytes[(600 - count)...]
            #expect(Base64.decode(Base64.encodedBytes(part)) == Array(part))
            #expect(Hex.decode(Array(Hex.encode(part).utf8)) == Array(part))
        }
    }

    /// What is decoded is what is written: every text of four characters from an alphabet with all the tricky ones.
    @Test func onlyCanonicalBase64IsRead() {
        let alphabet = Array("AQgwBb/+=-_ \n".utf8)
        for a in alphabet {
            for b in alphabet {
                for c in alphabet {
                    for d in alphabet {
                        let text = [a, b, c, d]
                        if let bytes = Base64.decode(text) { #expect(Base64.encodedBytes(bytes) == text) }
                        if let bytes = Base64.decode([0x51] + [0x51, 0x51, 0x51] + text) {
                            #expect(Base64.encodedBytes(bytes) == [0x51, 0x51, 0x51, 0x51] + text)
                        }
                    }
                }
            }
        }
        for text in [
            "A", "AA", "AAA", "AAAAA", "AA=", "AA==A", "AA==AAAA", "AAA=AAAA", "====", "A===", "=AAA", "AA=A", "AAA ",
            "AB==",
            "AAB=", "AAAA\n", "AA-_", "AAAÀ",
        ] {
            #expect(Base64.decode(text.utf8) == nil, "\(text)")
        }
    }

    @Test func onlyCanonicalHexIsRead() {
        #expect(Hex.encode([0x00, 0x0F, 0xAB]) == "000fab")
        #expect(Hex.decode("000fab".utf8) == [0x00, 0x0F, 0xAB])
        for text in ["0", "000", "0G", "AB", "0x00", " 0", "0\n", "é"] { #expect(Hex.decode(text.utf8) == nil) }
    }

    @Test func onlyCanonicalDecimalsBelowTheLimitAreRead() {
        for (text, value) in [("0", 0), ("7", 7), ("10", 10), ("18446744073709551614", .max - 1)] as [(String, UInt64)]
        {
            #expect(Decimal.parse(text.utf8, below: .max) == value)
        }
        #expect(Decimal.parse("9".utf8, below: 10) == 9)
        // Ten times as much is too much, though what is left of it is little.
        for text in ["18446744073709551615", "18446744073709551620", "184467440737095516170"] {
            #expect(Decimal.parse(text.utf8, below: .max) == nil)
        }
        for text in [
            "10", "11", "", "00", "01", "+1", "-1", " 1", "1 ", "1.0", "1e0", "a", "18446744073709551616",
            "99999999999999999999", "100000000000000000000",
        ] {
            #expect(Decimal.parse(text.utf8, below: 10) == nil)
        }
    }

    @Test func hashesReadBack() {
        let hash = SHA256.hash(Array("abc".utf8))
        #expect(hash.hex == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(Hash(hash.bytes) == hash)
        #expect(Hash(hex: hash.hex.utf8) == hash)
        #expect(Hash(base64: hash.base64.utf8) == hash)
        #expect(hash.description == hash.base64)
        #expect(hash.bytes.withUnsafeBytes { Hash(loading: $0.baseAddress!) } == hash)
        for count in [0, 1, 31, 33, 64] { #expect(Hash(Array(repeating: 1, count: count)) == nil) }
        for text in ["", "AAAA", hash.base64 + "A", String(hash.base64.dropLast()), hash.base64 + "AAAA"] {
            #expect(Hash(base64: text.utf8) == nil)
        }
        #expect(Hash(base64: Base64.encodedBytes(Array(repeating: 1, count: 31))) == nil)
        #expect(Hash(base64: Base64.encodedBytes(Array(repeating: 1, count: 33))) == nil)
        #expect(Hash(hex: hash.hex.uppercased().utf8) == nil)
        #expect(Hash(hex: hash.hex.dropLast(2).utf8) == nil)
    }

    /// Updates of any sizes give the hash of their concatenation, and a copy goes on by itself.
    @Test func hashingInPartsIsHashing() {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0) }
        for cut in 0...300 {
            var hasher = SHA256()
            hasher.update(Array(bytes[..<cut]))
            let copy = hasher
            hasher.update(bytes[cut...])
            #expect(hasher.finish() == SHA256.hash(bytes))
            #expect(hasher.finish() == SHA256.hash(bytes))
            #expect(copy.finish() == SHA256.hash(bytes[..<cut]))
        }
        var hasher = SHA256()
        hasher.update(7)
        hasher.update(MerkleTree.emptyRoot)
        #expect(hasher.finish() == SHA256.hash([7] + MerkleTree.emptyRoot.bytes))
        #expect(
            SHA256.hash([UInt8](repeating: 0x61, count: 1_000_000)).hex
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func formatErrorsNameThePlace() {
        #expect(FormatError("checkpoint", line: 2, "size").description == "checkpoint: line 2: size")
        #expect(FormatError("vkey", "name").description == "vkey: name")
    }
}
