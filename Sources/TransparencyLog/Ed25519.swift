// SPDX-License-Identifier: Apache-2.0
import CSodium

/// Ed25519 signatures (RFC 8032), verified by libsodium under one fixed rule.
///
/// The rule is cofactorless: [S]B = R + [k]A compared as encoded bytes, S below the group order, A and R canonical
/// encodings of points that are not of small order. OpenSSL, BoringSSL and browsers accept more; a log, its witnesses
/// and its verifiers must not differ in what they accept.
public enum Ed25519 {
    /// A public key: 32 bytes that are the canonical encoding of a curve point not of small order.
    public struct PublicKey: Sendable, Hashable {
        /// The 32 bytes, as a fixed-size value.
        public let raw: Hash

        /// Reads a key; nil unless it is 32 bytes and obeys the rule above.
        public init?(_ bytes: some Sequence<UInt8>) {
            guard let raw = Hash(bytes), Self.isAcceptable(raw.bytes) else { return nil }
            self.raw = raw
        }

        /// The 32 bytes.
        public var bytes: [UInt8] { raw.bytes }

        /// Whether `signature` (64 bytes) over `message` verifies under this key.
        public func verifies(_ signature: some Collection<UInt8>, over message: [UInt8]) -> Bool {
            let signature = Array(signature)
            guard signature.count == Ed25519.signatureByteCount, Ed25519.isReady else { return false }
            return raw.withUnsafeBytes { key in
                guard let key = key.assumingMemoryBound(to: UInt8.self).baseAddress else { return false }
                return crypto_sign_verify_detached(signature, message, UInt64(message.count), key) == 0
            }
        }

        private static func isAcceptable(_ bytes: [UInt8]) -> Bool {
            guard Ed25519.isReady, isCanonical(bytes) else { return false }
            // Three doublings take a point of small order, and no other, to the identity.
            var point = bytes
            for _ in 0..<3 {
                var double = [UInt8](repeating: 0, count: 32)
                guard crypto_core_ed25519_add(&double, point, point) == 0 else { return false }
                point = double
            }
            return point != [1] + [UInt8](repeating: 0, count: 31)
        }

        /// Whether the 255-bit y is below the field's prime 2^255 - 19.
        private static func isCanonical(_ bytes: [UInt8]) -> Bool {
            guard bytes[31] & 0x7F == 0x7F, bytes[1..<31].allSatisfy({ $0 == 0xFF }) else { return true }
            return bytes[0] < 0xED
        }
    }

    /// A private key: what follows from a 32-byte seed, which is a secret.
    public struct PrivateKey: Sendable {
        /// The seed and behind it the public key, 64 bytes.
        private let secret: SecretBytes
        /// The public half.
        public let publicKey: PublicKey

        /// Derives the key pair of a seed; nil unless it is 32 bytes. The caller's copy is the caller's to wipe.
        public init?(seed: [UInt8]) {
            guard seed.count == 32, Ed25519.isReady else { return nil }
            var publicBytes = [UInt8](repeating: 0, count: 32)
            var secret = [UInt8](repeating: 0, count: 64)
            defer { sodium_memzero(&secret, secret.count) }
            guard crypto_sign_seed_keypair(&publicBytes, &secret, seed) == 0, let publicKey = PublicKey(publicBytes)
            else { return nil }
            guard let kept = SecretBytes(consuming: &secret) else { return nil }
            self.secret = kept
            self.publicKey = publicKey
        }

        /// Lends the 32-byte seed.
        public func withSeed<R, Failure: Error>(
            _ body: (UnsafeRawBufferPointer) throws(Failure) -> R
        ) throws(Failure) -> R {
            try secret.withUnsafeBytes { bytes throws(Failure) in
                try body(UnsafeRawBufferPointer(rebasing: bytes.prefix(32)))
            }
        }

        /// Lends the seed with the public key behind it, 64 bytes, as libsodium has its secret keys.
        package func withSecretKey<R>(_ body: (UnsafePointer<UInt8>) -> R) -> R {
            secret.withUnsafeBytes { bytes in
                guard let base = bytes.assumingMemoryBound(to: UInt8.self).baseAddress else {
                    preconditionFailure("64 bytes have an address")
                }
                return body(base)
            }
        }

        /// The deterministic signature (64 bytes) over `message`.
        public func sign(_ message: [UInt8]) -> [UInt8] {
            var signature = [UInt8](repeating: 0, count: Ed25519.signatureByteCount)
            withSecretKey { secret in
                _ = crypto_sign_detached(&signature, nil, message, UInt64(message.count), secret)
            }
            return signature
        }
    }

    /// The length of every signature, in bytes.
    public static let signatureByteCount = 64

    /// Whether `signature` over `message` verifies under the 32 key bytes, which need not have been checked before.
    public static func verify(_ signature: [UInt8], over message: [UInt8], by key: [UInt8]) -> Bool {
        guard signature.count == signatureByteCount, key.count == 32, isReady else { return false }
        return crypto_sign_verify_detached(signature, message, UInt64(message.count), key) == 0
    }

    /// libsodium is set up once, before its first use; it fails only on a machine without randomness.
    static let isReady = sodium_init() >= 0
}

/// A private key is shown as such wherever it is printed, by itself or within something else: never its seed.
extension Ed25519.PrivateKey: CustomStringConvertible, CustomReflectable {
    public var description: String { "private key" }

    public var customMirror: Mirror { Mirror(self, children: []) }
}
