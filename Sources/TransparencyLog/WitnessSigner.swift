// SPDX-License-Identifier: Apache-2.0

/// A private key with the name under which a witness cosigns.
public struct WitnessSigner: Sendable {
    /// The vkey of type 0x04 that verifies what this signs.
    public let verifierKey: VerifierKey
    /// The private half. A secret.
    public let privateKey: Ed25519.PrivateKey

    /// Joins a name and a private key. A key that cosigns under one name must not do so under another: what is signed
    /// does not hold the name.
    public init(name: KeyName, privateKey: Ed25519.PrivateKey) {
        verifierKey = VerifierKey(name: name, type: .cosignature, publicKey: privateKey.publicKey)
        self.privateKey = privateKey
    }

    /// The signature line of a cosignature at `time`, which must be 1 to 2^63 - 1.
    public func cosign(_ checkpoint: VerifiedCheckpoint, at time: UInt64) throws(FormatError) -> SignedNote.Signature {
        guard (1..<1 << 63).contains(time) else { throw FormatError("cosignature", "time 0, or from 2^63 on") }
        return line(over: checkpoint.checkpoint.text, time: time)
    }

    /// As `cosign`, for any time below 2^63 and any text.
    package func line(over text: [UInt8], time: UInt64) -> SignedNote.Signature {
        let cosignature = Cosignature(of: text, time: time, by: privateKey)
        return SignedNote.Signature(name: verifierKey.name, keyID: verifierKey.id, bytes: cosignature.bytes)
    }
}
