// SPDX-License-Identifier: Apache-2.0
import CSodium

/// Bytes that are a secret: in memory of their own, which is not swapped out where the system allows that, is in no core
/// dump, and is wiped with the last use.
///
/// For what is long-lived: keys and passphrases. Each takes some pages of memory.
public final class SecretBytes: Sendable {
    // Written once, before it is shared.
    nonisolated(unsafe) private let base: UnsafeMutableRawPointer
    /// How many they are.
    public let count: Int

    /// Takes the bytes and wipes them where they were. Nil where the system has no memory.
    public init?(consuming bytes: inout [UInt8]) {
        defer { sodium_memzero(&bytes, bytes.count) }
        guard Ed25519.isReady, let base = sodium_malloc(bytes.count) else { return nil }
        base.copyMemory(from: bytes, byteCount: bytes.count)
        sodium_mprotect_readonly(base)
        self.base = base
        count = bytes.count
    }

    deinit {
        sodium_free(base)
    }

    /// Lends the bytes.
    public func withUnsafeBytes<R, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> R
    ) throws(Failure) -> R {
        try body(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// Whether two are the same; how long it takes does not tell where they differ.
    public func matches(_ other: SecretBytes) -> Bool {
        count == other.count && sodium_memcmp(base, other.base, count) == 0
    }
}

/// A secret is shown as such wherever it is printed, by itself or within something else.
extension SecretBytes: CustomStringConvertible, CustomReflectable {
    public var description: String { "secret" }

    public var customMirror: Mirror { Mirror(self, children: []) }
}
