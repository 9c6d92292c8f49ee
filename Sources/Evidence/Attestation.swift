// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// What one person says of one exhibit: a signed note whose signature was verified.
///
///     indelible-attestation/v1
///     log ledger.example
///     signer counsel+cf98df1e+AcpYaKcU1tXQbWGqfzgFiVz7PZePBSi1K6CA2qp/2dpR
///     attest Oyj7SSfqQldJ3HxoUTylS4udCwqv5ECHVGXHBgqohhg=
///     role interviewer
///
///     — counsel z5jfHm/IX/8bq6ICvFQL/LkAstwKssttxI8FLDOBScb3SgP2CHFUvlSSDVcprGhIG2Y5x5qNoPYnFIs4z9zq2i2UhAc=
///
/// It has exactly one signature line, by its signer. It needs no trust to be read: whether the key is anybody's, and
/// the exhibit the one at hand, is for the reader to see. The exact bytes are kept. (Formats section 4.)
public struct Attestation: Sendable, Hashable {
    /// The note, as received.
    public let note: SignedNote
    /// The parsed text.
    public let text: AttestationText

    /// Reads an attestation of at most 1 MiB and verifies its signature.
    public init(parsing bytes: [UInt8]) throws(AttestationError) {
        do throws(FormatError) {
            note = try SignedNote(parsing: bytes)
            text = try AttestationText(parsing: note.unverifiedText)
        } catch {
            throw .malformed(error)
        }
        guard note.signatures.count == 1, let signature = note.signature(claiming: text.signer) else {
            throw .signatureLineDiffers
        }
        guard let key = text.signer.publicKey, key.verifies(signature.bytes, over: text.bytes) else {
            throw .invalidSignature(text.signer)
        }
    }

    /// Signs a text with the key that it names.
    public init(_ text: AttestationText, signedBy signer: NoteSigner) throws(AttestationError) {
        guard signer.verifierKey == text.signer else { throw .notTheSigner(signer.verifierKey.name) }
        do throws(FormatError) {
            note = try SignedNote(text: text.bytes, signatures: [signer.sign(text.bytes)])
        } catch {
            throw .malformed(error)
        }
        self.text = text
    }

    /// The whole note, as received.
    public var bytes: [UInt8] { note.bytes }
    /// The log that it is for.
    public var log: Origin { text.log }
    /// The checkpoint that the signer had seen.
    public var after: Quote? { text.after }
    /// Who signed.
    public var signer: VerifierKey { text.signer }
    /// The digest of the exhibit that it is about.
    public var exhibit: Hash { text.exhibit }
    /// As what the signer speaks, in their own words.
    public var role: Role { text.role }
}

/// Why an attestation does not hold.
public enum AttestationError: Error, Sendable, Hashable {
    /// It is no attestation.
    case malformed(FormatError)
    /// It does not have exactly one signature line, by the signer that it names.
    case signatureLineDiffers
    /// The signature does not verify.
    case invalidSignature(VerifierKey)
    /// It was to be signed by another key than the one that it names.
    case notTheSigner(KeyName)
}

extension AttestationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformed(let error): error.description
        case .signatureLineDiffers: "signature line differs from signer line"
        case .invalidSignature(let key): "the signature by \"\(key.name)\" does not verify"
        case .notTheSigner(let name): "\"\(name)\" is not named as the signer"
        }
    }
}
