// SPDX-License-Identifier: Apache-2.0
import COpenSSL
import CSodium
public import TransparencyLog

/// A private key that another program made: PEM of PKCS#8, encrypted or not, as `openssl genpkey` writes it.
///
///     -----BEGIN PRIVATE KEY-----                or -----BEGIN ENCRYPTED PRIVATE KEY-----
///     MC4CAQAwBQYDK2VwBCIEI...
///     -----END PRIVATE KEY-----
///
/// It has no name. The bytes may be a secret, and are wiped with the last use of this.
public final class ForeignKey {
    /// Whether it takes a passphrase to open it.
    public let isEncrypted: Bool

    private var bytes: [UInt8]

    /// Takes the bytes of a file of at most `KeyFile.maximumByteCount`, and wipes them where they were.
    public init(consuming file: inout [UInt8]) throws(FormatError) {
        defer { sodium_memzero(&file, file.count) }
        guard file.count <= KeyFile.maximumByteCount else { throw FormatError("key file", "longer than 64 KiB") }
        bytes = file.map { $0 }
        isEncrypted = Self.has("-----BEGIN ENCRYPTED PRIVATE KEY-----", in: bytes)
        guard isEncrypted || Self.has("-----BEGIN PRIVATE KEY-----", in: bytes) else {
            throw FormatError("key file", "no PKCS#8 private key in PEM is in it")
        }
    }

    deinit {
        sodium_memzero(&bytes, bytes.count)
    }

    /// The key; with a passphrase, where it is encrypted.
    public func open(with passphrase: Passphrase? = nil) throws(KeyFile.OpenError) -> Ed25519.PrivateKey {
        let memory = bytes.withUnsafeBufferPointer { BIO_new_mem_buf($0.baseAddress, Int32($0.count)) }
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

    private static func has(_ line: String, in bytes: [UInt8]) -> Bool {
        let line = Array(line.utf8)
        return bytes.split(separator: 0x0A).contains { $0.starts(with: line) }
    }
}
