// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// What is entered in a log: a signed note whose text says what its signers ask for.
///
///     indelible-filing/v1
///     log ledger.example
///     signer counsel+cf98df1e+AcpYaKcU1tXQbWGqfzgFiVz7PZePBSi1K6CA2qp/2dpR
///     register mzAseQqnKkhbGGq6o+4x0d+Dsa1jVGWOISCNEB+VxMk=
///
///     — counsel z5jfHm/IX/8bq6ICvFQL/LkAstwKssttxI8FLDOBScb3SgP2CHFUvlSSDVcprGhIG2Y5x5qNoPYnFIs4z9zq2i2UhAc=
///
/// The exact bytes are kept. The signatures are not verified: ask for a `VerifiedFiling`. (Formats section 1.)
public struct Filing: Sendable, Hashable {
    /// The note, as received.
    public let note: SignedNote
    /// The parsed text.
    public let text: FilingText

    /// Reads a filing. Its size is bounded by what an entry may hold.
    public init(parsing bytes: [UInt8]) throws(FormatError) {
        var keys = FilingKeyCache()
        try self.init(parsing: bytes, keys: &keys)
    }

    /// Reads a filing as above, quicker where many are read that have signers in common.
    public init(parsing bytes: [UInt8], keys: inout FilingKeyCache) throws(FormatError) {
        guard bytes.count <= Entry.maximumByteCount else { throw FormatError("filing", "longer than an entry may be") }
        note = try SignedNote(parsing: bytes)
        text = try FilingText(parsing: note.unverifiedText, keys: &keys)
    }

    /// Signs a text with all its signers, in whatever order they are given.
    ///
    /// Throws `notASigner` or `unsigned` where they are not the ones that the text names.
    public init(_ text: FilingText, signedBy signers: [NoteSigner]) throws(FilingError) {
        var draft = FilingDraft(text)
        for signer in signers { try draft.sign(with: signer) }
        self = try draft.finished().filing
    }

    init(_ text: FilingText, signatures: [SignedNote.Signature]) throws(FormatError) {
        note = try SignedNote(text: text.bytes, signatures: signatures)
        self.text = text
    }

    /// The whole filing, as received.
    public var bytes: [UInt8] { note.bytes }
    /// The log that it is for.
    public var log: Origin { text.log }
    /// The checkpoint that the signers had seen.
    public var after: Quote? { text.after }
    /// Who signs, in order.
    public var signers: [VerifierKey] { text.signers }
    /// What is to be entered.
    public var action: Action { text.action }
    /// The SHA-256 of the signer lines: what a dossier is bound to.
    public var signerLinesHash: Hash { text.signerLinesHash }

    /// Throws unless there is exactly one signature line for each signer, in the order of the signer lines, and each
    /// verifies over the received text.
    public func verifySignatures() throws(FilingError) {
        try checkSignatureLines()
        let message = text.bytes
        for (signer, signature) in zip(signers, note.signatures) {
            guard let key = signer.publicKey, key.verifies(signature.bytes, over: message) else {
                throw .invalidSignature(signer)
            }
        }
    }

    /// Throws unless each signature line claims to be by the signer in its place; verifies none of them.
    func checkSignatureLines() throws(FilingError) {
        let claimed = note.signatures.elementsEqual(signers) { $0.name == $1.name && $0.keyID == $1.id }
        guard claimed else { throw .signatureLinesDiffer }
    }
}
