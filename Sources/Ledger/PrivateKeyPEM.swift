// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import CSodium
import TransparencyLog

/// A private key in PEM of PKCS#8 (RFC 5958), encrypted or not, as it is decoded.
///
///     -----BEGIN PRIVATE KEY-----                or -----BEGIN ENCRYPTED PRIVATE KEY-----
///     MC4CAQAwBQYDK2VwBCIEI...
///     -----END PRIVATE KEY-----
///
/// Nothing is asked for while it is decoded, whatever its header says: passphrases come from the caller alone.
struct PrivateKeyPEM {
    /// Whether it takes a passphrase to open it.
    let isEncrypted: Bool

    /// The Ed25519 key in `bytes`, which may have lines in front of the PEM.
    func key(
        in bytes: UnsafeRawBufferPointer, with passphrase: Passphrase?
    ) throws(KeyFile.OpenError) -> Ed25519.PrivateKey {
        let memory = BIO_new_mem_buf(bytes.baseAddress, Int32(bytes.count))
        defer { BIO_free(memory) }
        defer { ERR_clear_error() }
        // Without this OpenSSL would ask on the terminal by itself where the PEM has a header that says so.
        let refuse: @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 = {
            _, _, _, _ in -1
        }
        let plain: OpaquePointer
        if isEncrypted {
            guard let sealed = PEM_read_bio_PKCS8(memory, nil, refuse, nil) else { throw .notEd25519 }
            defer { X509_SIG_free(sealed) }
            guard KeyDerivationCost.isBearable(sealed) else { throw .tooCostly }
            guard let passphrase, let opened = passphrase.withBytes({ PKCS8_decrypt(sealed, $0, $1) }) else {
                throw .wrongPassphrase
            }
            plain = opened
        } else {
            guard let read = PEM_read_bio_PKCS8_PRIV_KEY_INFO(memory, nil, refuse, nil) else { throw .notEd25519 }
            plain = read
        }
        defer { PKCS8_PRIV_KEY_INFO_free(plain) }
        guard let key = EVP_PKCS82PKEY(plain), EVP_PKEY_get_id(key) == EVP_PKEY_ED25519 else { throw .notEd25519 }
        defer { EVP_PKEY_free(key) }
        var seed = [UInt8](repeating: 0, count: 32)
        defer { sodium_memzero(&seed, seed.count) }
        var count = seed.count
        guard EVP_PKEY_get_raw_private_key(key, &seed, &count) == 1, count == 32,
            let privateKey = Ed25519.PrivateKey(seed: seed)
        else { throw .notEd25519 }
        return privateKey
    }
}
