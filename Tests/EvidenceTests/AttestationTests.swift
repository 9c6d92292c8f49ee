// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

@Suite struct AttestationTests {
    static let log = Origin(KeyName("ledger.example/tests")!)
    static let exhibit = SHA256.hash(Array("exhibit".utf8))

    static func signer(_ number: UInt8) throws -> NoteSigner {
        NoteSigner(
            name: try #require(KeyName("signer-\(number)")),
            privateKey: try #require(Ed25519.PrivateKey(seed: [UInt8](repeating: number, count: 32))))
    }

    static func attestation(
        _ number: UInt8 = 1, log: Origin = log, exhibit: Hash = exhibit, role: Role = .author, note: String? = nil
    ) throws -> Attestation {
        let signer = try signer(number)
        let text = try AttestationText(
            log: log, signer: signer.verifierKey, exhibit: exhibit, role: role, note: note.flatMap { WireText($0) })
        return try Attestation(text, signedBy: signer)
    }

    /// A text signed by the key of signer 1, whatever it says.
    private static func note(_ text: String, by signers: [NoteSigner]? = nil) throws -> [UInt8] {
        let signers = try signers ?? [signer(1)]
        let bytes = Array(text.utf8)
        return try SignedNote(text: bytes, signatures: signers.map { $0.sign(bytes) }).bytes
    }

    private static let key = (try? signer(1).verifierKey.description) ?? ""
    private static let base = [
        "indelible-attestation/v1", "log ledger.example/tests", "signer \(key)", "attest \(exhibit)", "role author",
    ]

    private static func text(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }

    @Test func readsWhatItWrites() throws {
        let signer = try Self.signer(1)
        let quote = try #require(Quote(size: 7, checkpointHash: SHA256.hash([])))
        for after in [nil, quote] {
            for name in [nil, WireText("林月")] {
                for note in [nil, WireText("seen only")] {
                    for role in Role.all {
                        let text = try AttestationText(
                            log: Self.log, after: after, signer: signer.verifierKey, exhibit: Self.exhibit, role: role,
                            name: name, note: note)
                        let made = try Attestation(text, signedBy: signer)
                        let read = try Attestation(parsing: made.bytes)
                        #expect(read == made)
                        #expect(read.text == text)
                        #expect(read.after == after && read.text.name == name && read.text.note == note)
                        #expect(read.log == Self.log && read.exhibit == Self.exhibit && read.role == role)
                        #expect(read.signer == signer.verifierKey)
                    }
                }
            }
        }
        #expect(try Self.attestation().bytes.starts(with: Self.text(Self.base).utf8))
    }

    /// The lines above with one of them, or the place behind the last, replaced.
    private static func with(_ line: Int, _ lines: String...) -> [String] {
        Array(base[..<line]) + lines + Array(base.dropFirst(line + 1))
    }

    private static let long = String(repeating: "x", count: 1024)

    static let accepted: [[String]] = [
        base, with(5, "name x"), with(5, "note x"), with(5, "name x", "note y"), with(5, "name \(long)"),
        with(5, "note \(long)"), with(2, "after 1 \(SHA256.hash([]))", base[2]),
    ]

    @Test(arguments: accepted) func accepts(lines: [String]) throws {
        #expect(throws: Never.self) { try Attestation(parsing: Self.note(Self.text(lines))) }
    }

    static let malformed: [[String]] = [
        with(0, "indelible-attestation/v2"), with(0, "indelible-filing/v1"), with(0), with(1), with(2), with(3),
        with(4),
        with(4, base[4], base[4]), with(5, "name x", "name y"), with(5, "note x", "note y"),
        with(5, "note y", "name x"),
        with(5, "colour red"), with(5, ""), with(5, "name"), with(5, "name "), with(5, "note "),
        with(5, "name \(long)x"),
        with(5, "note \(long)x"), with(5, "name \u{202E}x"), with(5, "note \u{FEFF}"), with(5, "note \u{85}"),
        with(5, "note x\u{2028}y"), with(5, "name a\u{7F}"), with(4, "role judge"), with(4, "role Author"),
        with(4, "role author "), with(4, "role  author"), with(4, "role"), with(3, "attest \(exhibit.hex)"),
        with(3, "attest AAAA"), with(2, base[2], base[2]), with(2, "after 0 \(SHA256.hash([]))", base[2]),
        with(2, "after 01 \(SHA256.hash([]))", base[2]), with(2, "after 1", base[2]),
        with(1, "after 1 \(SHA256.hash([]))", base[1]), with(1, "log two words"), with(1, "log "),
        with(1, base[2], base[1]), base.reversed(), with(2, "signer x"), with(2, "signer \(key)A"),
    ]

    @Test(arguments: malformed) func refusesMalformed(lines: [String]) throws {
        let bytes = try Self.note(Self.text(lines))
        let error = #expect(throws: AttestationError.self) { try Attestation(parsing: bytes) }
        guard case .malformed = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func refusesOtherKeysInItsSignerLine() throws {
        let signer = try Self.signer(1)
        let cosigner = VerifierKey(
            name: signer.verifierKey.name, type: .cosignature, publicKey: signer.privateKey.publicKey)
        #expect(throws: FormatError.self) {
            try AttestationText(log: Self.log, signer: cosigner, exhibit: Self.exhibit, role: .author)
        }
        let spaced = try #require(Origin(Array("two words".utf8)))
        #expect(throws: FormatError.self) {
            try AttestationText(log: spaced, signer: signer.verifierKey, exhibit: Self.exhibit, role: .author)
        }
    }

    @Test func refusesOtherSignatures() throws {
        let one = try Self.signer(1)
        let two = try Self.signer(2)
        let text = Self.text(Self.base)
        for signers in [[two], [one, two], [two, one]] {
            #expect(throws: AttestationError.signatureLineDiffers) {
                try Attestation(parsing: Self.note(text, by: signers))
            }
        }
        #expect(throws: AttestationError.notTheSigner(two.verifierKey.name)) {
            try Attestation(AttestationText(parsing: Array(text.utf8)[...]), signedBy: two)
        }
        // A signature of another text, and one of the wrong length.
        let other = one.sign(Array("other\n".utf8))
        for bytes in [other.bytes, one.sign(Array(text.utf8)).bytes + [0], Array(other.bytes.dropLast())] {
            let signature = SignedNote.Signature(name: other.name, keyID: other.keyID, bytes: bytes)
            let note = try SignedNote(text: Array(text.utf8), signatures: [signature])
            #expect(throws: AttestationError.invalidSignature(one.verifierKey)) { try Attestation(parsing: note.bytes) }
        }
    }

    @Test func everyChangedBitShows() throws {
        let bytes = try Self.attestation(note: "note").bytes
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << bit
                #expect(throws: AttestationError.self) { try Attestation(parsing: changed) }
            }
        }
        for end in 0..<bytes.count {
            #expect(throws: AttestationError.self) { try Attestation(parsing: Array(bytes[..<end])) }
        }
        #expect(throws: AttestationError.self) { try Attestation(parsing: bytes + bytes) }
        #expect(throws: AttestationError.self) { try Attestation(parsing: bytes + [0x0A]) }
    }
}
