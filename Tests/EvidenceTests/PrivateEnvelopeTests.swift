// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// The head of a private file: who may open it, and the bytes that say so.
@Suite struct PrivateEnvelopeTests {
    private static let contentKey = [UInt8](0..<32)
    private static let people = RegistryWorld.people("anna", "bela", "cili")

    private static func envelope(to people: [NoteSigner]) throws -> PrivateEnvelope {
        var random = SystemRandomNumberGenerator()
        return try PrivateEnvelope(sealing: contentKey, to: people.map(\.verifierKey), using: &random)
    }

    private static func seed(_ name: String) throws -> Ed25519.PrivateKey {
        try #require(Ed25519.PrivateKey(seed: SHA256.hash(Array(name.utf8)).bytes))
    }

    private static func error(_ text: [UInt8]) -> ProofFileError? {
        do throws(ProofFileError) {
            _ = try PrivateEnvelope(parsing: text)
            return nil
        } catch {
            return error
        }
    }

    private static func isMalformed(_ text: [UInt8]) -> Bool {
        if case .malformed = error(text) { true } else { false }
    }

    @Test func everyRecipientHasTheKey() throws {
        let envelope = try Self.envelope(to: Self.people)
        #expect(envelope.recipientCount == 3)
        let read = try PrivateEnvelope(parsing: envelope.bytes + Array("what follows\n".utf8))
        #expect(read.bytes == envelope.bytes)
        #expect(read.recipientCount == 3)
        for name in ["anna", "bela", "cili"] {
            #expect(try envelope.contentKey(for: Self.seed(name)) == Self.contentKey)
            #expect(try read.contentKey(for: Self.seed(name)) == Self.contentKey)
        }
        #expect(throws: PrivateEnvelope.EnvelopeError.notForThisKey) {
            try envelope.contentKey(for: Self.seed("dora"))
        }
    }

    /// Two envelopes have no line in common but the first and the last.
    @Test func linesNameNobody() throws {
        let lines = try (0..<2).map { _ in
            try Self.envelope(to: Self.people).bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        }
        for lines in lines {
            #expect(lines.count == 6 && lines[0].elementsEqual("indelible-private/v1".utf8))
            #expect(lines[4].isEmpty && lines[5].isEmpty)
            for line in lines[1...3] { #expect(Base64.decode(line)?.count == 80) }
        }
        #expect(Set(lines[0][1...3]).isDisjoint(with: lines[1][1...3]))
    }

    @Test func sixtyFourRecipientsAreRead() throws {
        let line = Base64.encodedBytes([UInt8](repeating: 1, count: 80)) + [0x0A]
        func file(_ count: Int) -> [UInt8] {
            Array("indelible-private/v1\n".utf8) + Array(repeating: line, count: count).joined() + [0x0A]
        }
        let most = try PrivateEnvelope(parsing: file(64))
        #expect(most.recipientCount == 64 && PrivateEnvelope.maximumRecipients == 64)
        #expect(most.bytes.count <= PrivateEnvelope.maximumByteCount)
        #expect(PrivateEnvelope.maximumByteCount == 16_384)
        #expect(Self.isMalformed(file(65)))
        #expect(Self.isMalformed(file(0)))
        #expect(try Self.envelope(to: Array(repeating: Self.people[0], count: 64)).recipientCount == 64)
    }

    @Test func otherFormsAreRefused() throws {
        let bytes = try Self.envelope(to: Self.people).bytes
        for count in bytes.indices { #expect(Self.error(Array(bytes[..<count])) != nil, "cut off at \(count)") }
        #expect(Self.isMalformed([0x0A] + bytes))
        for count in [0, 79, 81] {
            let line = Base64.encodedBytes([UInt8](repeating: 1, count: count)) + [0x0A, 0x0A]
            #expect(Self.isMalformed(Array("indelible-private/v1\n".utf8) + line), "\(count)")
        }
        #expect(Self.isMalformed(Array("indelible-private/v1\nno base64\n\n".utf8)))
        #expect(Self.error(Array("indelible-private/v2\n\n".utf8)) == .anotherVersion)
        #expect(Self.error(Array("indelible-private/v1 \n\n".utf8)) == .anotherVersion)
        #expect(Self.isMalformed(Array("indelible-proof/v1\n\n".utf8)))
    }

    @Test func anErrorNamesItsLine() {
        let line = Base64.encodedBytes([UInt8](repeating: 1, count: 80)) + [0x0A]
        let start = Array("indelible-private/v1\n".utf8) + line + line
        func at(_ number: Int, _ reason: String) -> ProofFileError {
            .malformed(FormatError("private file", line: number, reason))
        }
        #expect(Self.error(start) == at(4, "cut short"))
        #expect(Self.error(start + [0x78, 0x0A]) == at(4, "recipient"))
        #expect(Self.error(Array("indelible-private/v1\n\n".utf8)) == at(2, "no recipients"))
        #expect(Self.error([]) == at(1, "want indelible-private/v1"))
    }

    /// A damaged box keeps its recipient out, and nobody else.
    @Test func aDamagedBoxIsSkipped() throws {
        let envelope = try Self.envelope(to: Array(Self.people.prefix(2)))
        var lines = envelope.bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) }
        lines[1] = Base64.encodedBytes([UInt8](repeating: 1, count: 80))
        let damaged = try PrivateEnvelope(parsing: Array(lines.joined(separator: [0x0A])))
        let opened = try ["anna", "bela"].map { name in
            let key = try Self.seed(name)
            return (try? damaged.contentKey(for: key)) == Self.contentKey
        }
        #expect(opened.count(where: \.self) == 1)
    }

    /// A key of another kind cannot be encrypted to.
    @Test func keysOfAnotherKindAreNoRecipients() throws {
        var random = SystemRandomNumberGenerator()
        let name = try #require(KeyName("anna"))
        let other = try VerifierKey(name: name, type: .mlDSA44, key: [UInt8](repeating: 1, count: 1312))
        #expect(throws: PrivateEnvelope.EnvelopeError.unusableRecipient(other)) {
            try PrivateEnvelope(
                sealing: Self.contentKey, to: [Self.people[0].verifierKey, other], using: &random)
        }
    }
}
