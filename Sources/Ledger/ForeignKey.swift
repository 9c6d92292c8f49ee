// SPDX-License-Identifier: Apache-2.0
import CSodium
public import TransparencyLog

/// A private key that another program made: PEM of PKCS#8, encrypted or not, as `openssl genpkey` writes it.
///
///     -----BEGIN PRIVATE KEY-----                or -----BEGIN ENCRYPTED PRIVATE KEY-----
///     MC4CAQAwBQYDK2VwBCIEI...
///     -----END PRIVATE KEY-----
///
/// It has no name. The bytes may be a secret.
public final class ForeignKey {
    /// Whether it takes a passphrase to open it.
    public let isEncrypted: Bool

    private let bytes: SecretBytes

    /// Takes the bytes of a file of at most `KeyFile.maximumByteCount`, and wipes them where they were.
    public init(consuming file: inout [UInt8]) throws(FormatError) {
        defer { sodium_memzero(&file, file.count) }
        guard file.count <= KeyFile.maximumByteCount else { throw FormatError("key file", "longer than 64 KiB") }
        isEncrypted = Self.has("-----BEGIN ENCRYPTED PRIVATE KEY-----", in: file)
        guard isEncrypted || Self.has("-----BEGIN PRIVATE KEY-----", in: file) else {
            throw FormatError("key file", "no PKCS#8 private key in PEM is in it")
        }
        guard let bytes = SecretBytes(consuming: &file) else {
            throw FormatError("key file", "there is no memory to keep it in")
        }
        self.bytes = bytes
    }

    /// The key; with a passphrase, where it is encrypted.
    public func open(with passphrase: Passphrase? = nil) throws(KeyFile.OpenError) -> Ed25519.PrivateKey {
        try bytes.withUnsafeBytes { bytes throws(KeyFile.OpenError) in
            try PrivateKeyPEM(isEncrypted: isEncrypted).key(in: bytes, with: passphrase)
        }
    }

    private static func has(_ line: String, in bytes: [UInt8]) -> Bool {
        let line = Array(line.utf8)
        return bytes.split(separator: 0x0A).contains { $0.starts(with: line) }
    }
}
