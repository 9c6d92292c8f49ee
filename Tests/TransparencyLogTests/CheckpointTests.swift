// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

// conformance 26 and 95 to 100 (never sign an inconsistent tree) are the sequencer's, and are tested there.
@Suite("Checkpoints")
struct CheckpointTests {
    private let log = TestLog()
    private let root = "Ju2W1Kdm7BXhGwE7eHVof+cznGfc6nRYipzID0RjASM="
    private let emptyRoot = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

    // conformance 21, 22, 23, 24
    @Test func textsReadBack() throws {
        for (text, size, lines) in [
            ("ledger.example/log\n600\n\(root)\n", 600, 0), ("any words at all\n1\n\(root)\n", 1, 0),
            ("日本\n9223372036854775807\n\(root)\n", 1 << 63 - 1, 0), ("a\n0\n\(emptyRoot)\n", 0, 0),
            ("a\n1\n\(root)\nextension\n", 1, 1), ("a\n1\n\(root)\none\n \n", 1, 2),
        ] as [(String, UInt64, Int)] {
            let checkpoint = try Checkpoint(parsing: text.utf8)
            #expect(checkpoint.text == Array(text.utf8))
            #expect(checkpoint.head.size.value == size)
            #expect(checkpoint.extensionLines.count == lines)
            if lines == 0 { #expect(Checkpoint(origin: checkpoint.origin, head: checkpoint.head) == checkpoint) }
        }
        #expect(Checkpoint(origin: log.origin, head: .empty).text == Array("\(log.origin)\n0\n\(emptyRoot)\n".utf8))
    }

    // conformance 21 to 25
    @Test func otherTextsAreRefused() {
        for text in [
            "", "\n", "a", "a\n", "a\n1\n", "a\n1\n\(root)", "\n1\n\(root)\n", "a\n\n\(root)\n", "a\n1\n\n",
            "a\n+1\n\(root)\n", "a\n01\n\(root)\n", "a\n 1\n\(root)\n", "a\n1 \n\(root)\n", "a\n1e3\n\(root)\n",
            "a\n-1\n\(root)\n", "a\n00\n\(emptyRoot)\n", "a\n9223372036854775808\n\(root)\n",
            "a\n18446744073709551616\n\(root)\n", "a\n0x1\n\(root)\n", "a\n0\n\(root)\n",
            "a\n1\n\(root.dropLast())\n", "a\n1\n\(root)=\n", "a\n1\n\(root.dropLast(2))N=\n", "a\n1\n \(root)\n",
            "a\n1\nAAAA\n", "a\n1\n\(root)\n\n", "a\n1\n\(root)\n\nx\n", "a\n1\n\(root)\nx\n\n",
            "a\r\n1\r\n\(root)\r\n",
            "a\tb\n1\n\(root)\n", "\(String(repeating: "a", count: 256))\n1\n\(root)\n",
        ] {
            #expect(throws: FormatError.self, "\(text)") { try Checkpoint(parsing: text.utf8) }
        }
    }

    // conformance 27, and what the log makes is what it verifies
    @Test func logSignsUnderItsOrigin() throws {
        let signed = try log.checkpoint(size: 7)
        let verified = try signed.verified(by: [log.signer.verifierKey])
        #expect(verified.head == NaiveTree(size: 7).head(7))
        #expect(verified.origin == log.origin)
        #expect(verified.signers == [log.signer.verifierKey])
        #expect(signed.noteHash == SHA256.hash(signed.bytes))
        #expect(signed.textHash == SHA256.hash(verified.checkpoint.text))
        let parsed = try SignedCheckpoint(parsing: signed.bytes)
        #expect(parsed == signed)
        let stranger = NoteSigner(name: KeyName("other.example")!, privateKey: TestLog.key(1))
        #expect(throws: FormatError.self) { try verified.checkpoint.signed(by: [log.signer, stranger]) }
        #expect(throws: FormatError.self) { try verified.checkpoint.signed(by: []) }
    }

    // conformance 28: lines by unknown keys, of any length, are ignored and kept
    @Test func unknownSignaturesAreIgnored() throws {
        let grease = [1, 5, 64, 72, 2428].enumerated().map { number, count in
            SignedNote.Signature(
                name: KeyName(number % 2 == 0 ? "grease\(number).example" : log.origin.description)!,
                keyID: KeyID(rawValue: UInt32(number)), bytes: Array(repeating: 0xA5, count: count))
        }
        let signed = try log.checkpoint(size: 7).adding(grease)
        let verified = try signed.verified(by: [log.signer.verifierKey])
        #expect(verified.signed.note.signatures.count == 6)
    }

    // conformance 11, 12, 51: the keys configured for this origin, and no others
    @Test func onlyKeysOfTheOriginCount() throws {
        let signed = try log.checkpoint(size: 7)
        let other = TestLog("other.example")
        #expect(throws: CheckpointError.unknownOrigin(log.origin)) { try signed.verified(by: []) }
        #expect(throws: CheckpointError.unknownOrigin(log.origin)) {
            try signed.verified(by: [other.signer.verifierKey])
        }
        // A checkpoint of one log signed by the key of another, with that other's name on the line.
        let text = Array(signed.note.unverifiedText)
        let foreign = try SignedCheckpoint(SignedNote(text: text, signatures: [other.signer.sign(text)]))
        let keys = [log.signer.verifierKey, other.signer.verifierKey]
        #expect(throws: CheckpointError.notSignedByLog(log.origin)) { try foreign.verified(by: keys) }
        var damaged = signed.bytes
        damaged[log.origin.utf8.count + 1] ^= 1
        #expect(throws: CheckpointError.invalidLogSignature(log.signer.verifierKey.name)) {
            try SignedCheckpoint(parsing: damaged).verified(by: keys)
        }
        // conformance 29: during a rotation two keys sign, and one known is enough.
        let next = NoteSigner(name: log.signer.verifierKey.name, privateKey: TestLog.key(9))
        let rotated = try signed.adding([next.sign(text)])
        for key in [log.signer.verifierKey, next.verifierKey] {
            #expect(try rotated.verified(by: [key]).signers == [key])
        }
        // conformance 20
        let name = KeyName("colliding.example")!
        let colliding = [17_566, 65_575].map { NoteSigner(name: name, privateKey: TestLog.key($0)) }
        let ambiguous = try Checkpoint(origin: Origin(name), head: .empty).signed(by: [colliding[0]])
        #expect(throws: CheckpointError.ambiguousKey(name)) {
            try ambiguous.verified(by: colliding.map(\.verifierKey))
        }
    }

    @Test func originsAreTextOf1To255Bytes() throws {
        for text in ["a", " ", "a b", "a+b", "\u{3000}", String(repeating: "é", count: 127) + "e"] {
            #expect(Origin(Array(text.utf8))?.description == text)
        }
        for text in ["", "a\u{0}", "a\u{1F}b", "\n", "\t", String(repeating: "é", count: 128)] {
            #expect(Origin(Array(text.utf8)) == nil)
        }
        for bytes in [[0x61, 0xFF], [0xC3], [0xC0, 0x80]] as [[UInt8]] { #expect(Origin(bytes) == nil) }
    }

    /// Without the newline at its end a text is no checkpoint, whatever stands in its place.
    @Test func theLastLineEndsInANewline() throws {
        let text = "log\n0\n\(MerkleTree.emptyRoot.base64)"
        _ = try Checkpoint(parsing: Array("\(text)\n".utf8))
        for end in ["", "x", "=", "\nextension", "\n\n", "\r"] {
            #expect(throws: FormatError.self) { try Checkpoint(parsing: Array("\(text)\(end)".utf8)) }
        }
    }
}
