// SPDX-License-Identifier: Apache-2.0

/// A SHA-256 hash: 32 bytes.
///
/// It is kept as four words in memory order, so that a tree of millions of them needs no allocation for each.
@frozen
public struct Hash: Sendable, Hashable {
    @usableFromInline let a: UInt64
    @usableFromInline let b: UInt64
    @usableFromInline let c: UInt64
    @usableFromInline let d: UInt64

    /// The length of every hash, in bytes.
    public static let byteCount = 32

    /// Reads a hash from exactly 32 bytes; nil for any other length.
    @inlinable
    public init?(_ bytes: some Sequence<UInt8>) {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        var iterator = bytes.makeIterator()
        let isWhole = withUnsafeMutableBytes(of: &words) { target in
            for index in target.indices {
                guard let byte = iterator.next() else { return false }
                target[index] = byte
            }
            return iterator.next() == nil
        }
        guard isWhole else { return nil }
        (a, b, c, d) = words
    }

    /// Reads a hash from the first 32 bytes at `source`, which must hold that many.
    @inlinable
    public init(loading source: UnsafeRawPointer) {
        a = source.loadUnaligned(as: UInt64.self)
        b = source.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        c = source.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
        d = source.loadUnaligned(fromByteOffset: 24, as: UInt64.self)
    }

    /// Reads padded base64 (44 characters); nil if it is not canonical or not 32 bytes long.
    public init?(base64 text: some Collection<UInt8>) {
        guard text.count == 44, let bytes = Base64.decode(text), bytes.count == Self.byteCount else { return nil }
        self = bytes.withUnsafeBytes { Hash(loading: $0.baseAddress!) }
    }

    /// Reads 64 lower-case hexadecimal digits; nil for anything else.
    public init?(hex text: some Collection<UInt8>) {
        guard text.count == 64, let bytes = Hex.decode(text) else { return nil }
        self = bytes.withUnsafeBytes { Hash(loading: $0.baseAddress!) }
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        withUnsafeBytes { [UInt8]($0) }
    }

    /// The hash in padded base64, 44 characters.
    public var base64: String { Base64.encode(bytes) }

    /// The hash in lower-case hexadecimal, 64 characters.
    public var hex: String { Hex.encode(bytes) }

    /// Lends the 32 bytes without copying them to the heap.
    @inlinable
    public func withUnsafeBytes<R, E: Error>(_ body: (UnsafeRawBufferPointer) throws(E) -> R) throws(E) -> R {
        let words = (a, b, c, d)
        return try Swift.withUnsafeBytes(of: words, body)
    }
}

extension Hash: CustomStringConvertible {
    public var description: String { base64 }
}
