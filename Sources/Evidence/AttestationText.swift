// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// What the signer of an attestation signs: the text of the signed note, parsed.
///
///     indelible-attestation/v1
///     log <origin>
///     after <size> <base64 SHA-256 of a checkpoint>    0 or 1
///     signer <vkey>                                    exactly 1
///     attest <base64 exhibit digest>
///     role <word>
///     name <what the signer calls themself>            0 or 1
///     note <text>                                      0 or 1
///
/// (Formats section 4.)
public struct AttestationText: Sendable, Hashable {
    /// The first line of every attestation.
    public static let header = "indelible-attestation/v1"

    /// The one log that the attestation is for.
    public let log: Origin
    /// A checkpoint that the signer had seen.
    public let after: Quote?
    /// Who signs.
    public let signer: VerifierKey
    /// The digest of the exhibit that is attested.
    public let exhibit: Hash
    /// As what the signer speaks.
    public let role: Role
    /// What the signer calls themself.
    public let name: WireText?
    /// What the signer adds.
    public let note: WireText?
    /// The text, byte for byte.
    public let bytes: [UInt8]

    /// Reads a text, which ends in a newline. Throws unless it is exactly what this type writes.
    public init(parsing text: ArraySlice<UInt8>) throws(FormatError) {
        var reader = try LineReader(text, format: "attestation")
        try reader.header(Self.header)
        guard let log = KeyName(try reader.value("log")) else {
            throw reader.error("want an origin that is a key name", back: 1)
        }
        self.log = Origin(log)
        after = try reader.quote()
        signer = try reader.signingKey(try reader.value("signer"))
        exhibit = try reader.hash(try reader.value("attest"))
        role = try reader.word("role")
        name = try reader.text("name")
        note = try reader.text("note")
        try reader.finish()
        bytes = Array(text)
    }

    /// Writes a text. Throws where the signer's key is not of type 0x01, or the log's origin cannot be a key name.
    public init(
        log: Origin, after: Quote? = nil, signer: VerifierKey, exhibit: Hash, role: Role, name: WireText? = nil,
        note: WireText? = nil
    ) throws(FormatError) {
        var writer = LineWriter()
        writer.line(Self.header)
        writer.line("log", log.utf8)
        if let after { writer.line("after", after.utf8) }
        writer.line("signer", signer.utf8)
        writer.line("attest", Base64.encodedBytes(exhibit.bytes))
        writer.line("role", role.word.utf8)
        if let name { writer.line("name", name.utf8) }
        if let note { writer.line("note", note.utf8) }
        try self.init(parsing: writer.bytes[...])
    }
}
