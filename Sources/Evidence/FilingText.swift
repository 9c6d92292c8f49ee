// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// What the signers of a filing sign: the text of the signed note, parsed.
///
///     indelible-filing/v1
///     log <origin>
///     after <size> <base64 SHA-256 of a checkpoint>      0 or 1
///     signer <vkey>                                      1 to 16
///     <action>
///     <the action's fields>
///
/// A `FilingText` is one that the format allows: no two signers share a public key, or a name and key ID, and every key
/// is of type 0x01. Whether the log may enter it is judged by `Registry`. (Formats section 1.)
public struct FilingText: Sendable, Hashable {
    /// The first line of every filing.
    public static let header = "indelible-filing/v1"

    /// The one log that the filing is for.
    public let log: Origin
    /// A checkpoint that the signers had seen.
    public let after: Quote?
    /// Who signs, in order.
    public let signers: [VerifierKey]
    /// What is to be entered.
    public let action: Action
    /// The text, byte for byte.
    public let bytes: [UInt8]
    /// The SHA-256 of the text, by which a log knows that it has entered it.
    public let hash: Hash

    /// Reads a text, which ends in a newline. Throws unless it is exactly what this type writes.
    public init(parsing text: ArraySlice<UInt8>) throws(FormatError) {
        var keys = FilingKeyCache()
        try self.init(parsing: text, keys: &keys)
    }

    /// Reads a text as above, quicker where many are read that have signers in common.
    public init(parsing text: ArraySlice<UInt8>, keys: inout FilingKeyCache) throws(FormatError) {
        var reader = try LineReader(text, format: "filing")
        swap(&reader.keys, &keys)
        defer { swap(&reader.keys, &keys) }
        try reader.header(Self.header)
        guard let log = KeyName(try reader.value("log")) else {
            throw reader.error("want an origin that is a key name", back: 1)
        }
        let after = try reader.quote()
        var signers: [VerifierKey] = []
        for (value, line) in try reader.values("signer", 1...16) {
            let signer = try reader.signingKey(value, line: line)
            // A name and key ID can be shared by two keys: the ID has 32 bits.
            guard !signers.contains(where: { $0.id == signer.id && $0.name == signer.name || $0.hasKey(of: signer) })
            else { throw FormatError(reader.format, line: line, "the same signer twice") }
            signers.append(signer)
        }
        let actionLine = reader.line
        let action = try Action(reading: &reader)
        try reader.finish()
        if case .charter(let charter) = action {
            guard charter.logKeys.allSatisfy({ $0.name == log }) else {
                throw FormatError(reader.format, line: actionLine, "log-key: its name is not the origin")
            }
        }
        self.log = Origin(log)
        self.after = after
        self.signers = signers
        self.action = action
        bytes = Array(text)
        hash = SHA256.hash(text)
        let canonical = Self.bytes(
            log: self.log, after: after, signers: signers, action: action, expecting: text.count)
        guard canonical == bytes else {
            throw FormatError(reader.format, "not in canonical form")
        }
    }

    /// Writes a text. Throws where the parts together break the format, as two signers with one key do.
    public init(
        log: Origin, after: Quote? = nil, signers: [VerifierKey], action: Action
    ) throws(FormatError) {
        try self.init(parsing: Self.bytes(log: log, after: after, signers: signers, action: action)[...])
    }

    /// The SHA-256 of the `signer` lines, each with its newline: what a dossier is bound to.
    public var signerLinesHash: Hash { Self.signerLinesHash(signers) }

    /// The SHA-256 of the `signer` lines that these signers will have.
    public static func signerLinesHash(_ signers: [VerifierKey]) -> Hash {
        var writer = LineWriter()
        for signer in signers { writer.line("signer", signer.utf8) }
        return SHA256.hash(writer.bytes)
    }

    private static func bytes(
        log: Origin, after: Quote?, signers: [VerifierKey], action: Action, expecting byteCount: Int = 0
    ) -> [UInt8] {
        var writer = LineWriter(expecting: byteCount)
        writer.line(header)
        writer.line("log", log.utf8)
        if let after { writer.line("after", after.utf8) }
        for signer in signers { writer.line("signer", signer.utf8) }
        action.write(to: &writer)
        return writer.bytes
    }
}

extension VerifierKey {
    /// Whether both hold the same public key, under whatever names.
    func hasKey(of other: VerifierKey) -> Bool { material == other.material }
}
