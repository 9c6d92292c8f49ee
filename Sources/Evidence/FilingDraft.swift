// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// A filing that not all of its signers have signed yet: a file that travels from one to the next.
///
///     indelible-filing/v1
///     ...
///
///     — member-1 z5jfHkWBEJ3S5+m6VjBc...
///
/// The text, an empty line, and the signature lines so far, in the order of the signer lines: none at first. With the
/// last of them the bytes are the filing's. It holds no secret. Two drafts of one text, signed apart, can be joined.
public struct FilingDraft: Sendable, Hashable {
    /// What is to be signed.
    public let text: FilingText
    /// For each signer in order the signature, where there is one.
    private var slots: [SignedNote.Signature?]

    /// A draft that nobody has signed.
    public init(_ text: FilingText) {
        self.text = text
        slots = text.signers.map { _ in nil }
    }

    /// Reads a draft. The signatures in it are not verified before `finished()` or `verifySignatures()`.
    public init(parsing bytes: [UInt8]) throws(FormatError) {
        let format = "filing draft"
        guard bytes.count <= Entry.maximumByteCount else { throw FormatError(format, "longer than an entry may be") }
        let newline: UInt8 = 0x0A
        guard let blank = bytes.indices.dropFirst().first(where: { bytes[$0] == newline && bytes[$0 - 1] == newline })
        else { throw FormatError(format, "want an empty line behind the text") }
        self.init(try FilingText(parsing: bytes[..<blank]))
        guard blank < bytes.count - 1 else { return }
        let note = try SignedNote(parsing: bytes)
        guard note.unverifiedText.count == blank else { throw FormatError(format, "want one empty line") }
        var last = -1
        for signature in note.signatures {
            guard let slot = slot(for: signature), slot > last else {
                throw FormatError(format, "signature lines differ from signer lines")
            }
            slots[slot] = signature
            last = slot
        }
    }

    /// The file: the text, an empty line and the signature lines so far.
    public var bytes: [UInt8] { text.bytes + [0x0A] + signatures.flatMap(\.line) }

    /// The signatures so far, in the order of the signer lines.
    public var signatures: [SignedNote.Signature] { slots.compactMap { $0 } }

    /// Who has signed, in order.
    public var signed: [VerifierKey] { zip(text.signers, slots).filter { $0.1 != nil }.map(\.0) }

    /// Who has not signed yet, in order.
    public var unsigned: [VerifierKey] { zip(text.signers, slots).filter { $0.1 == nil }.map(\.0) }

    /// Adds the signature of one of the signers.
    public mutating func sign(with signer: NoteSigner) throws(FilingError) {
        try add(signer.sign(text.bytes))
    }

    /// Adds a signature, which is verified first and then takes the place of an earlier one by the same signer.
    public mutating func add(_ signature: SignedNote.Signature) throws(FilingError) {
        guard let slot = slot(for: signature) else { throw .notASigner(signature.name) }
        try verify(signature, of: text.signers[slot])
        slots[slot] = signature
    }

    /// Adds the signatures of another draft of the same text.
    public mutating func add(_ other: FilingDraft) throws(FilingError) {
        guard other.text.bytes == text.bytes else { throw .differentTexts }
        for signature in other.signatures { try add(signature) }
    }

    /// Throws unless every signature so far verifies.
    public func verifySignatures() throws(FilingError) {
        for case (let signer, let signature?) in zip(text.signers, slots) { try verify(signature, of: signer) }
    }

    /// The filing, once everybody has signed; the signatures are verified.
    public func finished() throws(FilingError) -> VerifiedFiling {
        guard unsigned.isEmpty else { throw .unsigned(unsigned) }
        do {
            return try Filing(text, signatures: signatures).verified()
        } catch let error as FilingError {
            throw error
        } catch {
            throw .signatureLinesDiffer
        }
    }

    private func slot(for signature: SignedNote.Signature) -> Int? {
        text.signers.firstIndex { $0.name == signature.name && $0.id == signature.keyID }
    }

    private func verify(_ signature: SignedNote.Signature, of signer: VerifierKey) throws(FilingError) {
        guard let key = signer.publicKey, key.verifies(signature.bytes, over: text.bytes) else {
            throw .invalidSignature(signer)
        }
    }
}
