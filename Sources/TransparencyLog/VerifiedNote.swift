// SPDX-License-Identifier: Apache-2.0

/// Why a note's signatures do not hold.
public enum NoteVerificationError: Error, Sendable, Hashable {
    /// Two of the known keys have one name and key ID, so that a signature line could be by either.
    case ambiguousKey(KeyName)
    /// A signature line claims to be by a known key and does not verify.
    case invalidSignature(KeyName)
    /// No signature line is by a known key.
    case noKnownSignature
}

/// A note at least one of whose signatures was verified, and none by a known key failed (C2SP signed-note).
public struct VerifiedNote: Sendable, Hashable {
    /// The note, as received.
    public let note: SignedNote
    /// The known keys whose signatures were verified, in the order of the note's lines.
    public let signers: [VerifierKey]

    /// The text with its final newline.
    public var text: ArraySlice<UInt8> { note.unverifiedText }
}

extension SignedNote {
    /// Verifies the Ed25519 (0x01) signatures by `keys`; lines by other keys are ignored.
    ///
    /// A known key whose signature fails refuses the whole note, even where another passes.
    public func verified(by keys: [VerifierKey]) throws(NoteVerificationError) -> VerifiedNote {
        for (index, key) in keys.enumerated() {
            if keys[..<index].contains(where: { $0.name == key.name && $0.id == key.id && $0 != key }) {
                throw .ambiguousKey(key.name)
            }
        }
        var signers: [VerifierKey] = []
        let text = Array(unverifiedText)
        for signature in signatures {
            guard let key = keys.first(where: { $0.name == signature.name && $0.id == signature.keyID }),
                key.type == .ed25519, let publicKey = key.publicKey
            else { continue }
            guard publicKey.verifies(signature.bytes, over: text) else { throw .invalidSignature(key.name) }
            signers.append(key)
        }
        guard !signers.isEmpty else { throw .noKnownSignature }
        return VerifiedNote(note: self, signers: signers)
    }
}

/// A private key with the name it signs notes under.
public struct NoteSigner: Sendable {
    /// The vkey of type 0x01 that verifies what this signs.
    public let verifierKey: VerifierKey
    /// The private half. A secret.
    public let privateKey: Ed25519.PrivateKey

    /// Joins a name and a private key.
    public init(name: KeyName, privateKey: Ed25519.PrivateKey) {
        verifierKey = VerifierKey(name: name, publicKey: privateKey.publicKey)
        self.privateKey = privateKey
    }

    /// The signature line over a note's text, which includes its final newline.
    public func sign(_ text: [UInt8]) -> SignedNote.Signature {
        SignedNote.Signature(name: verifierKey.name, keyID: verifierKey.id, bytes: privateKey.sign(text))
    }
}
