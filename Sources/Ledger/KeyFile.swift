// SPDX-License-Identifier: Apache-2.0
import COpenSSL
public import TransparencyLog

/// A private key at rest: PEM of an encrypted PKCS#8 key (RFC 5958, RFC 8018 PBES2 with scrypt and AES-256-CBC).
///
///     indelible private key of registrar+5fd52a6f+ASNyVXkh...
///     -----BEGIN ENCRYPTED PRIVATE KEY-----
///     ...
///     -----END ENCRYPTED PRIVATE KEY-----
///
/// `openssl pkey` opens it. The line in front names the key without a passphrase; it is compared with the key when
/// that is opened.
public struct KeyFile: Sendable {
    /// Why a key file could not be opened.
    public enum OpenError: Error, Sendable, Hashable {
        /// The passphrase does not open it.
        case wrongPassphrase
        /// What it holds is not an Ed25519 key.
        case notEd25519
        /// It asks for more work than `KeyDerivationCost` bears before a passphrase could be tried, or in no known way.
        case tooCostly
        /// It holds another key than the line in front says.
        case anotherKey
    }

    /// The longest key file that is read, in bytes.
    public static let maximumByteCount = 65_536

    /// The key that the file says it holds.
    public let verifierKey: VerifierKey
    /// The file's bytes.
    public let bytes: [UInt8]

    private static let firstWords = [UInt8]("indelible private key of ".utf8)

    /// Reads a key file without opening it.
    public init(parsing bytes: [UInt8]) throws(FormatError) {
        guard bytes.count <= Self.maximumByteCount else { throw FormatError("key file", "longer than 64 KiB") }
        guard bytes.starts(with: Self.firstWords), let end = bytes.firstIndex(of: 0x0A) else {
            throw FormatError("key file", line: 1, "want \"indelible private key of VKEY\"")
        }
        verifierKey = try VerifierKey(parsing: bytes[Self.firstWords.count..<end])
        guard verifierKey.type == .ed25519 || verifierKey.type == .cosignature else {
            throw FormatError("key file", line: 1, "key type is not supported")
        }
        self.bytes = bytes
    }

    /// Encrypts a key under a passphrase; of type 0x04, the key of a witness. `salt` and `initializationVector` are 16 random bytes each.
    public init(
        sealing key: Ed25519.PrivateKey, named name: KeyName, type: SignatureType = .ed25519,
        under passphrase: Passphrase, salt: [UInt8], initializationVector: [UInt8]
    ) {
        precondition(salt.count == 16 && initializationVector.count == 16)
        verifierKey = VerifierKey(name: name, type: type, publicKey: key.publicKey)
        let plain = key.withSeed {
            EVP_PKEY_new_raw_private_key(
                EVP_PKEY_ED25519, nil, $0.assumingMemoryBound(to: UInt8.self).baseAddress, $0.count)
        }
        defer { EVP_PKEY_free(plain) }
        let unencrypted = EVP_PKEY2PKCS8(plain)
        defer { PKCS8_PRIV_KEY_INFO_free(unencrypted) }
        // 16 MiB: the most that `openssl pkey` opens by default; five rounds make up for it.
        var (salt, vector) = (salt, initializationVector)
        let scheme = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), &salt, 16, &vector, 16_384, 8, 5)
        let sealed = passphrase.withBytes { PKCS8_set0_pbe($0, $1, unencrypted, scheme) }
        defer { X509_SIG_free(sealed) }
        let memory = BIO_new(BIO_s_mem())
        defer { BIO_free(memory) }
        precondition(PEM_write_bio_PKCS8(memory, sealed) == 1, "OpenSSL could not encrypt a key")
        var pem = [UInt8](repeating: 0, count: 4096)
        let count = BIO_read(memory, &pem, 4096)
        bytes = Self.firstWords + verifierKey.utf8 + [0x0A] + pem[..<Int(count)]
    }

    /// Decrypts the key.
    public func open(with passphrase: Passphrase) throws(OpenError) -> NoteSigner {
        let privateKey = try bytes.withUnsafeBufferPointer { bytes throws(OpenError) in
            try PrivateKeyPEM(isEncrypted: true).key(in: UnsafeRawBufferPointer(bytes), with: passphrase)
        }
        guard privateKey.publicKey == verifierKey.publicKey else { throw .anotherKey }
        return NoteSigner(name: verifierKey.name, privateKey: privateKey)
    }
}
