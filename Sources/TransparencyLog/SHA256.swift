// SPDX-License-Identifier: Apache-2.0
import COpenSSL

/// An incremental SHA-256 (FIPS 180-4), computed by OpenSSL.
///
/// Updates of any sizes give the hash of their concatenation. A value can be copied: the copy goes on from where
/// the original was.
public struct SHA256: Sendable {
    private var context = SHA256_CTX()

    /// Starts with nothing hashed.
    public init() {
        SHA256_Init(&context)
    }

    /// Adds `bytes` to what is hashed.
    public mutating func update(_ bytes: UnsafeRawBufferPointer) {
        SHA256_Update(&context, bytes.baseAddress, bytes.count)
    }

    /// Adds `bytes` to what is hashed.
    public mutating func update(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Adds `bytes` to what is hashed.
    public mutating func update(_ bytes: ArraySlice<UInt8>) {
        bytes.withUnsafeBytes { update($0) }
    }

    /// Adds the 32 bytes of `hash` to what is hashed.
    public mutating func update(_ hash: Hash) {
        hash.withUnsafeBytes { update($0) }
    }

    /// Adds one byte to what is hashed.
    public mutating func update(_ byte: UInt8) {
        withUnsafeBytes(of: byte) { update($0) }
    }

    /// The hash of everything added so far; more may be added afterwards.
    public func finish() -> Hash {
        var copy = context
        return Self.finish(&copy)
    }

    /// The hash of `bytes`.
    public static func hash(_ bytes: [UInt8]) -> Hash {
        bytes.withUnsafeBytes { hash($0) }
    }

    /// The hash of `bytes`.
    public static func hash(_ bytes: ArraySlice<UInt8>) -> Hash {
        bytes.withUnsafeBytes { hash($0) }
    }

    /// The hash of `bytes`.
    public static func hash(_ bytes: UnsafeRawBufferPointer) -> Hash {
        // Not through a value of this type: moving the fresh state into it costs a tenth of a short hash.
        var context = SHA256_CTX()
        SHA256_Init(&context)
        SHA256_Update(&context, bytes.baseAddress, bytes.count)
        return finish(&context)
    }

    /// The hash of one byte and then `bytes`.
    static func hash(_ prefix: UInt8, _ bytes: UnsafeRawBufferPointer) -> Hash {
        var context = SHA256_CTX()
        var prefix = prefix
        SHA256_Init(&context)
        SHA256_Update(&context, &prefix, 1)
        SHA256_Update(&context, bytes.baseAddress, bytes.count)
        return finish(&context)
    }

    private static func finish(_ context: inout SHA256_CTX) -> Hash {
        withUnsafeTemporaryAllocation(byteCount: 32, alignment: 8) { target in
            SHA256_Final(target.baseAddress?.assumingMemoryBound(to: UInt8.self), &context)
            return Hash(loading: UnsafeRawPointer(target.baseAddress!))
        }
    }
}
