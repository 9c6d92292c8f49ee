// SPDX-License-Identifier: Apache-2.0
import Evidence
import TransparencyLog

/// The key of a revoker whose secret half is on paper alone.
///
///     revoker-5fd52a6f+0a1b2c3d+AV/VKm8...
///
/// Its name is made of the first eight digits of the key, so that the words on the paper give the whole vkey, by whose
/// hash the log knows it.
struct PaperKey {
    let signer: NoteSigner

    /// A fresh key, of the system's randomness.
    static func random() throws -> PaperKey {
        PaperKey(try .fresh())
    }

    /// The key that the words on a sheet stand for.
    init(_ words: PaperWords) throws(PaperWords.ParseError) {
        self.init(try words.privateKey)
    }

    private init(_ key: Ed25519.PrivateKey) {
        let digits = String(Hex.encode(key.publicKey.bytes).prefix(8))
        guard let name = KeyName("revoker-\(digits)") else { preconditionFailure("digits are no name") }
        signer = NoteSigner(name: name, privateKey: key)
    }

    var verifierKey: VerifierKey { signer.verifierKey }
    var words: PaperWords { PaperWords(of: signer.privateKey) }
}
