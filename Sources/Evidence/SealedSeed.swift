// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// The secret of a sealed list, or of one part of it: 32 bytes.
///
/// Each list has its own, taken at random. It is expanded down the tree to a salt for every leaf:
///
///     left seed = HMAC-SHA-256(key: seed, 0x00)        right seed = HMAC-SHA-256(key: seed, 0x01)
///
/// Who has the seed of a part can open that part and nothing beside it. (Formats section 3.)
public struct SealedSeed: Sendable, Hashable {
    /// The 32 bytes. A secret until the part is shown.
    public let raw: Hash

    /// A seed of 32 random bytes.
    public init(_ raw: Hash) {
        self.raw = raw
    }

    /// Reads a seed; nil unless it is 32 bytes.
    public init?(_ bytes: some Collection<UInt8>) {
        guard let raw = Hash(bytes) else { return nil }
        self.raw = raw
    }

    /// The seeds of the two parts under this one.
    func children() -> (left: SealedSeed, right: SealedSeed) {
        // Both messages share a key, so the padded key is hashed once for the two (RFC 2104).
        let inner = SHA256(paddedKey: raw, with: 0x3636_3636_3636_3636)
        let outer = SHA256(paddedKey: raw, with: 0x5C5C_5C5C_5C5C_5C5C)
        func child(_ message: UInt8) -> SealedSeed {
            var inner = inner
            inner.update(message)
            var outer = outer
            outer.update(inner.finish())
            return SealedSeed(outer.finish())
        }
        return (child(0), child(1))
    }
}

extension SealedSeed: CustomStringConvertible {
    /// Says only that it is a seed: a secret does not get into a log by being printed.
    public var description: String { "sealed seed" }
}

extension SHA256 {
    /// Starts with a 32-byte key, filled up to 64 bytes with zero, each byte XOR that of `pad`.
    fileprivate init(paddedKey key: Hash, with pad: UInt64) {
        self.init()
        let words = key.withUnsafeBytes { key in
            (
                pad ^ key.loadUnaligned(as: UInt64.self),
                pad ^ key.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
                pad ^ key.loadUnaligned(fromByteOffset: 16, as: UInt64.self),
                pad ^ key.loadUnaligned(fromByteOffset: 24, as: UInt64.self),
                pad, pad, pad, pad
            )
        }
        withUnsafeBytes(of: words) { update($0) }
    }
}
