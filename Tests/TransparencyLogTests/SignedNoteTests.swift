// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

@Suite("Signed notes")
struct SignedNoteTests {
    private let signer = NoteSigner(name: KeyName("ledger.example/log")!, privateKey: TestLog.key(1))
    private let other = NoteSigner(name: KeyName("other.example")!, privateKey: TestLog.key(2))

    // conformance 4, 5, 14, 16: the specification's own example
    @Test func exampleOfTheSpecificationVerifies() throws {
        let key = try VerifierKey(parsing: Carried.exampleKey.utf8)
        let note = try SignedNote(parsing: Array(Carried.exampleNote.utf8))
        let verified = try note.verified(by: [key])
        #expect(verified.text.elementsEqual("This is an example message.\n".utf8))
        #expect(verified.signers == [key])
        #expect(note.signatures.map(\.line).flatMap(\.self) == Array(note.bytes[29...]))
        let remade = try SignedNote(text: Array(note.unverifiedText), signatures: note.signatures)
        #expect(remade == note)
    }

    // conformance 1
    @Test(
        arguments: [[0x80], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]] as [[UInt8]])
    func invalidUTF8IsRefused(bytes: [UInt8]) throws {
        let line = signer.sign([0x0A])
        #expect(throws: FormatError.self) { try SignedNote(text: Array("a".utf8) + bytes + [0x0A], signatures: [line]) }
    }

    // conformance 2, in the text, in a name and on a signature line
    @Test func controlCharactersAreRefused() throws {
        let note = Array(try signed("text\n").bytes)
        let places = [0, 2, note.count - 40, Array("text\n\n— led".utf8).count]
        for place in places {
            for control in (0..<0x20 as Range<UInt8>) where control != 0x0A {
                var altered = note
                altered.insert(control, at: place)
                #expect(throws: FormatError.self) { try SignedNote(parsing: altered) }
            }
        }
        #expect(throws: FormatError.self) { try SignedNote(parsing: Array("text\r\n\r\n".utf8) + note[6...]) }
    }

    // conformance 3, 4
    @Test func lastBlankLineDividesTextAndSignatures() throws {
        for text in [
            "one\n", "one\n\ntwo\n", "\none\n", "one\n\n\ntwo\n", "a\n\n— ledger.example/log AAAAAAAA\n", "one\n\n",
        ] {
            let note = try signed(text)
            #expect(note.unverifiedText.elementsEqual(text.utf8))
            let parsed = try SignedNote(parsing: note.bytes)
            #expect(parsed == note)
            let verified = try parsed.verified(by: [signer.verifierKey])
            #expect(verified.text.elementsEqual(text.utf8))
        }
        // A signature over the text without its newline, or with the blank line, is not one over the text.
        for wrong in ["one", "one\n\n"] {
            let note = try SignedNote(text: Array("one\n".utf8), signatures: [signer.sign(Array(wrong.utf8))])
            #expect(throws: NoteVerificationError.invalidSignature(signer.verifierKey.name)) {
                try note.verified(by: [signer.verifierKey])
            }
        }
    }

    // conformance 5, 6, 13
    @Test func malformedSignatureLinesAreRefused() throws {
        let base64 = Base64.encode(signer.sign(Array("text\n".utf8)).bytes)
        let good = "— a.example \(Base64.encode([1, 2, 3, 4] + Base64.decode(Array(base64.utf8))!))\n"
        _ = try SignedNote(parsing: Array("text\n\n\(good)".utf8))
        _ = try SignedNote(parsing: Array("text\n\n— a.example AAAAAAA=\n".utf8))
        for line in [
            "", "\n", "— a.example\n", "— a.example \n", "- a.example AAAAAAA=\n", "– a.example AAAAAAA=\n",
            "—a.example AAAAAAA=\n", "—  a.example AAAAAAA=\n", "— a.example  AAAAAAA=\n", "— a.example AAAAAAA= \n",
            "— a.example AAAAAAA= x\n", " — a.example AAAAAAA=\n", "— a.example AAAAAAA\n", "— a.example AAAAAAB=\n",
            "— a.example AAAAAA==\n", "— a.example AAAA\n", "— a.example ____AAA=\n", "— a.example AAA-AAA=\n",
            "—  AAAAAAA=\n", "— AAAAAAA=\n", "— a+b AAAAAAA=\n", "— a\u{A0}b AAAAAAA=\n", "— a\u{2003}b AAAAAAA=\n",
            "— a\u{3000}b AAAAAAA=\n", "— a.example AAAAAAA=", "— a.example AAAAAAA=\nx", "— a.example AAAAAAA=\nx\n",
            "\(good)\n", "— \(String(repeating: "a", count: 256)) AAAAAAA=\n",
        ] {
            #expect(throws: FormatError.self, "\(line)") { try SignedNote(parsing: Array("text\n\n\(line)".utf8)) }
        }
        for note in ["", "\n", "\n\n", "text", "text\n", "text\n— a.example AAAAAAA=\n", "\n— a.example AAAAAAA=\n"] {
            #expect(throws: FormatError.self, "\(note)") { try SignedNote(parsing: Array(note.utf8)) }
        }
        #expect(throws: FormatError.self) { try SignedNote(text: Array("text\n".utf8), signatures: []) }
        #expect(throws: FormatError.self) { try SignedNote(text: Array("text".utf8), signatures: [signer.sign([1])]) }
    }

    // conformance 7
    @Test func keyNamesHaveNoWhiteSpaceAndNoPlus() {
        for name in ["a", "a.example/log", "é", "日本", "a\u{200B}b", String(repeating: "a", count: 255)] {
            #expect(KeyName(name)?.description == name)
        }
        for name in [
            "", "a b", " a", "a ", "a+b", "a\tb", "a\nb", "a\u{85}b", "a\u{A0}b", "a\u{1680}b", "a\u{2003}b",
            "a\u{2028}b", "a\u{202F}b", "a\u{3000}b", "a\u{0}b", "a\u{1F}b", " ", "\u{1}", "+", "++",
            String(repeating: "a", count: 256),
        ] {
            #expect(KeyName(name) == nil)
        }
        #expect(KeyName([0x61, 0xFF]) == nil)
        #expect(KeyName([0xFF]) == nil)
        // Names are bytes: what looks alike is not equal.
        #expect(KeyName("caf\u{E9}") != KeyName("cafe\u{301}"))
    }

    // conformance 8
    @Test func sixteenSignaturesAreReadAndThereIsACap() throws {
        let text = Array("text\n".utf8)
        let lines = (0..<65).map { number in
            SignedNote.Signature(name: KeyName("k\(number)")!, keyID: KeyID(rawValue: 7), bytes: [1])
        }
        for count in [1, 16, 17, 64] {
            let note = try SignedNote(text: text, signatures: Array(lines[..<count]) + [])
            #expect(note.signatures == Array(lines[..<count]))
        }
        #expect(throws: FormatError.self) { try SignedNote(text: text, signatures: lines) }
        for count in [2500, 100_000] {
            let long = SignedNote.Signature(
                name: KeyName("k")!, keyID: KeyID(rawValue: 7), bytes: Array(repeating: 1, count: count))
            if count == 2500 {
                _ = try SignedNote(text: text, signatures: [long])
            } else {
                #expect(throws: FormatError.self) { try SignedNote(text: text, signatures: [long]) }
            }
        }
        let longest = 1 << 20 - Array("\n\n— k0 AAAABwE=\n".utf8).count
        _ = try SignedNote(text: Array(repeating: 0x61, count: longest) + [0x0A], signatures: [lines[0]])
        #expect(throws: FormatError.self) {
            try SignedNote(text: Array(repeating: 0x61, count: longest + 1) + [0x0A], signatures: [lines[0]])
        }
    }

    @Test func repeatedSignaturesAreRefused() throws {
        let line = signer.sign(Array("text\n".utf8))
        let again = SignedNote.Signature(name: line.name, keyID: line.keyID, bytes: [1])
        #expect(throws: FormatError.self) { try SignedNote(text: Array("text\n".utf8), signatures: [line, line]) }
        #expect(throws: FormatError.self) { try SignedNote(text: Array("text\n".utf8), signatures: [line, again]) }
        // A line that is there already is not added again; another by the same key is refused.
        let note = try signed("text\n")
        let same = try note.adding([line])
        #expect(same == note)
        #expect(throws: FormatError.self) { try note.adding([again]) }
        let more = try note.adding([other.sign(Array("text\n".utf8))])
        #expect(more.signatures.count == 2)
        #expect(more.bytes.starts(with: note.bytes))
    }

    // conformance 9: neither the name nor the ID alone makes a key known
    @Test func unknownKeysAreIgnored() throws {
        let text = Array("text\n".utf8)
        let key = signer.verifierKey
        let sameName = SignedNote.Signature(name: key.name, keyID: KeyID(rawValue: key.id.rawValue ^ 1), bytes: [1])
        let sameID = SignedNote.Signature(name: other.verifierKey.name, keyID: key.id, bytes: [1])
        let note = try SignedNote(text: text, signatures: [sameName, sameID, signer.sign(text)])
        let verified = try note.verified(by: [key])
        #expect(verified.signers == [key])
        let without = try SignedNote(text: text, signatures: [sameName, sameID])
        #expect(throws: NoteVerificationError.noKnownSignature) { try without.verified(by: [key]) }
    }

    // conformance 10, 11: a known key that fails refuses the note, before or behind one that passes
    @Test func badSignatureOfAKnownKeyRefusesTheNote() throws {
        let text = Array("text\n".utf8)
        let keys = [signer.verifierKey, other.verifierKey]
        let (good, line) = (signer.sign(text), other.sign(text))
        let both = try SignedNote(text: text, signatures: [good, line]).verified(by: keys)
        #expect(both.signers == keys)
        let wrong: [[UInt8]] = [
            [1], Array(line.bytes.dropLast()), line.bytes + [0], [line.bytes[0] ^ 1] + line.bytes[1...],
        ]
        for bytes in wrong {
            let bad = SignedNote.Signature(name: line.name, keyID: line.keyID, bytes: bytes)
            for signatures in [[good, bad], [bad, good], [bad]] {
                let note = try SignedNote(text: text, signatures: signatures)
                #expect(throws: NoteVerificationError.invalidSignature(line.name)) { try note.verified(by: keys) }
            }
        }
    }

    /// A cosignature is not a signature of the text, and its key among the keys does not make it one.
    @Test func keysOfOtherTypesAreNotAsked() throws {
        let text = Array("text\n".utf8)
        let witness = WitnessSigner(name: KeyName("witness.example")!, privateKey: TestLog.key(4))
        let note = try SignedNote(text: text, signatures: [signer.sign(text), witness.line(over: text, time: 5)])
        let verified = try note.verified(by: [signer.verifierKey, witness.verifierKey])
        #expect(verified.signers == [signer.verifierKey])
        #expect(throws: NoteVerificationError.noKnownSignature) { try note.verified(by: [witness.verifierKey]) }
    }

    // conformance 12
    @Test func noteWithoutKnownSignatureIsRefused() throws {
        let note = try signed("text\n")
        #expect(throws: NoteVerificationError.noKnownSignature) { try note.verified(by: []) }
        #expect(throws: NoteVerificationError.noKnownSignature) { try note.verified(by: [other.verifierKey]) }
        var altered = note.bytes
        altered[0] ^= 1
        #expect(throws: NoteVerificationError.invalidSignature(signer.verifierKey.name)) {
            try SignedNote(parsing: altered).verified(by: [signer.verifierKey])
        }
    }

    // conformance 20: two keys found to have one name and one ID
    @Test func ambiguousKeysAreRefused() throws {
        let name = KeyName("colliding.example")!
        let first = NoteSigner(name: name, privateKey: TestLog.key(17_566))
        let second = NoteSigner(name: name, privateKey: TestLog.key(65_575))
        try #require(first.verifierKey.id == second.verifierKey.id && first.verifierKey != second.verifierKey)
        let text = Array("text\n".utf8)
        let note = try SignedNote(text: text, signatures: [first.sign(text)])
        let keys = [first.verifierKey, second.verifierKey]
        #expect(throws: NoteVerificationError.ambiguousKey(name)) { try note.verified(by: keys) }
        #expect(throws: NoteVerificationError.ambiguousKey(name)) { try note.verified(by: keys.reversed()) }
        // The same key given twice leaves nothing open.
        let verified = try note.verified(by: [keys[0], keys[0]])
        #expect(verified.signers == [keys[0]])
    }

    private func signed(_ text: String) throws -> SignedNote {
        try SignedNote(text: Array(text.utf8), signatures: [signer.sign(Array(text.utf8))])
    }

    @Test func signatureLinesHaveAMostLength() throws {
        func line(_ name: String) throws -> SignedNote.Signature {
            SignedNote.Signature(
                name: try #require(KeyName(name)), keyID: KeyID(rawValue: 7),
                bytes: [UInt8](repeating: 1, count: 12_278))
        }
        let text = Array("text\n".utf8)
        #expect(try line("abc").line.count == SignedNote.maximumLineByteCount + 1)
        #expect(throws: Never.self) { try SignedNote(text: text, signatures: [line("abc")]) }
        #expect(throws: FormatError.self) { try SignedNote(text: text, signatures: [line("abcd")]) }
    }

    @Test func anErrorNamesTheLineOfTheNote() throws {
        let line = "— k AAAABwE=\n"
        func error(_ text: String) -> FormatError? {
            do throws(FormatError) {
                _ = try SignedNote(parsing: Array(text.utf8))
                return nil
            } catch {
                return error
            }
        }
        #expect(error("a\n\n\(line)x\n") == FormatError("signed note", line: 4, "malformed signature line"))
        #expect(error("abc\nd\n\n\(line)x\n") == FormatError("signed note", line: 5, "malformed signature line"))
        #expect(error("a\nb\n\n\(line)\(line)") == FormatError("signed note", line: 5, "two signatures by one key"))
    }
}
