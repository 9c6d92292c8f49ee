// SPDX-License-Identifier: Apache-2.0

/// A signed note as it was received: a text and signature lines, none of them verified yet (C2SP signed-note).
///
///     the text, one or more lines
///     (an empty line)
///     — name base64(key ID || signature)
///
/// The exact bytes are kept, and those are what is verified. The last empty line divides text and signatures. To use
/// the text, ask for a `VerifiedNote`.
public struct SignedNote: Sendable, Hashable {
    /// One signature line, not verified.
    public struct Signature: Sendable, Hashable {
        /// The name on the line.
        public let name: KeyName
        /// The key ID on the line.
        public let keyID: KeyID
        /// What follows the key ID: 1 byte or more, of a form that the key's type sets.
        public let bytes: [UInt8]

        /// A signature line.
        public init(name: KeyName, keyID: KeyID, bytes: [UInt8]) {
            self.name = name
            self.keyID = keyID
            self.bytes = bytes
        }

        /// The whole line with its newline.
        public var line: [UInt8] {
            Signature.prefix + name.utf8 + [0x20] + Base64.encodedBytes(keyID.bytes + bytes) + [0x0A]
        }

        /// Whether both claim to be by one key: its name and its key ID.
        package func isByKey(of other: Signature) -> Bool { name == other.name && keyID == other.keyID }

        /// An em dash (U+2014) and a space.
        static let prefix: [UInt8] = [0xE2, 0x80, 0x94, 0x20]
    }

    /// The longest note that is read, in bytes.
    public static let maximumByteCount = 1 << 20
    /// The most signature lines that a note may have.
    public static let maximumSignatures = 64
    /// The longest signature line, in bytes: room for the largest signatures in use three times over.
    public static let maximumLineByteCount = 1 << 14

    /// The whole note as it was received.
    public let bytes: [UInt8]
    /// The signature lines, in their order.
    public let signatures: [Signature]
    private let textCount: Int

    /// Reads a note of at most 1 MiB with 1 to 64 signature lines. The signatures are not verified.
    public init(parsing bytes: [UInt8]) throws(FormatError) {
        guard bytes.count <= Self.maximumByteCount else { throw FormatError("signed note", "longer than 1 MiB") }
        guard bytes.isUTF8 else { throw FormatError("signed note", "not UTF-8") }
        let isWithoutControls = bytes.withUnsafeBufferPointer { $0.allSatisfy { $0 >= 0x20 || $0 == 0x0A } }
        guard isWithoutControls else {
            throw FormatError("signed note", "control character")
        }
        guard let boundary = Self.lastBlankLine(of: bytes) else {
            throw FormatError("signed note", "no signature block")
        }
        guard bytes.last == 0x0A else { throw FormatError("signed note", "does not end in a newline") }
        textCount = boundary + 1
        let text = bytes[..<textCount]
        func error(_ reason: String, inSignature number: Int) -> FormatError {
            FormatError("signed note", line: text.count(where: { $0 == 0x0A }) + 2 + number, reason)
        }
        var signatures: [Signature] = []
        var rest = bytes[(boundary + 2)...]
        while let end = rest.firstIndex(of: 0x0A) {
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            guard signatures.count < Self.maximumSignatures else {
                throw FormatError("signed note", "more than 64 signature lines")
            }
            guard line.count <= Self.maximumLineByteCount, let signature = Self.signature(of: line) else {
                throw error("malformed signature line", inSignature: signatures.count)
            }
            if signatures.contains(where: { $0.isByKey(of: signature) }) {
                throw error("two signatures by one key", inSignature: signatures.count)
            }
            signatures.append(signature)
        }
        self.bytes = bytes
        self.signatures = signatures
    }

    /// Puts a text and its signatures together; the same rules hold as for reading.
    public init(text: [UInt8], signatures: [Signature]) throws(FormatError) {
        try self.init(parsing: text + [0x0A] + signatures.flatMap(\.line))
    }

    /// The text with its final newline, not verified.
    public var unverifiedText: ArraySlice<UInt8> { bytes[..<textCount] }

    /// This note with more signature lines behind those it has; a line it has already is not added again.
    public func adding(_ more: [Signature]) throws(FormatError) -> SignedNote {
        let added = more.filter { !signatures.contains($0) }
        return added.isEmpty ? self : try SignedNote(parsing: bytes + added.flatMap(\.line))
    }

    /// This note with these signature lines in the place of those by the same names and key IDs, and behind the others.
    public func replacing(_ newer: [Signature]) throws(FormatError) -> SignedNote {
        let kept = signatures.filter { line in !newer.contains { $0.isByKey(of: line) } }
        return try SignedNote(text: Array(unverifiedText), signatures: kept + newer)
    }

    /// The signatures that claim to be by `key`: its name and its key ID.
    public func signature(claiming key: VerifierKey) -> Signature? {
        signatures.first { $0.name == key.name && $0.keyID == key.id }
    }

    private static func lastBlankLine(of bytes: [UInt8]) -> Int? {
        // The index of a text's final newline that another newline follows. A text is never empty.
        var index = bytes.count - 2
        while index > 0 {
            if bytes[index] == 0x0A, bytes[index + 1] == 0x0A { return index + 1 < bytes.count - 1 ? index : nil }
            index -= 1
        }
        return nil
    }

    private static func signature(of line: ArraySlice<UInt8>) -> Signature? {
        guard line.starts(with: Signature.prefix) else { return nil }
        let rest = line.dropFirst(Signature.prefix.count)
        guard let space = rest.firstIndex(of: 0x20), let name = KeyName(rest[..<space]),
            let decoded = Base64.decode(rest[(space + 1)...]), decoded.count >= 5
        else { return nil }
        let keyID = KeyID(rawValue: decoded[..<4].reduce(0) { $0 << 8 | UInt32($1) })
        return Signature(name: name, keyID: keyID, bytes: Array(decoded[4...]))
    }
}
