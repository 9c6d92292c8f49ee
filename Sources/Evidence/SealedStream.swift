// SPDX-License-Identifier: Apache-2.0
import CSodium

/// The encrypted body of a private file: crypto_secretstream_xchacha20poly1305.
///
///     24-byte header, then chunks of 65,536 bytes plus 17, the last of them 0 to 65,536 bytes plus 17 and tagged FINAL
///
/// Chunks cannot be left out, repeated, reordered or cut off at the end unnoticed. (Formats section 6.)
public enum SealedStream {
    /// The length of the header, in bytes.
    public static let headerByteCount = 24
    /// The plain bytes in every chunk but the last.
    public static let chunkByteCount = 65_536
    /// What encryption adds to a chunk, in bytes.
    public static let overhead = 17
    /// What the plain text is filled up to a multiple of with zero bytes.
    public static let paddingMultiple = 4096

    /// Encrypts one body, chunk after chunk.
    public struct Writer {
        private var state = crypto_secretstream_xchacha20poly1305_state()
        /// The header, which stands before the first chunk.
        public let header: [UInt8]

        /// Starts a body under a 32-byte content key.
        public init(contentKey: [UInt8]) {
            precondition(contentKey.count == 32)
            var header = [UInt8](repeating: 0, count: SealedStream.headerByteCount)
            crypto_secretstream_xchacha20poly1305_init_push(&state, &header, contentKey)
            self.header = header
        }

        /// Encrypts the next chunk. Every chunk but the last has 65,536 bytes.
        public mutating func seal(_ plain: [UInt8], isLast: Bool) -> [UInt8] {
            precondition(
                plain.count == SealedStream.chunkByteCount || isLast && plain.count < SealedStream.chunkByteCount)
            var sealed = [UInt8](repeating: 0, count: plain.count + SealedStream.overhead)
            crypto_secretstream_xchacha20poly1305_push(
                &state, &sealed, nil, plain, UInt64(plain.count), nil, 0, isLast ? SealedStream.finalTag : 0)
            return sealed
        }
    }

    /// Decrypts one body, chunk after chunk.
    public struct Reader {
        private var state = crypto_secretstream_xchacha20poly1305_state()

        /// Starts with the header; nil if it is not 24 bytes or of no such stream.
        public init?(header: [UInt8], contentKey: [UInt8]) {
            guard header.count == SealedStream.headerByteCount, contentKey.count == 32,
                crypto_secretstream_xchacha20poly1305_init_pull(&state, header, contentKey) == 0
            else { return nil }
        }

        /// Decrypts the next chunk; nil if it is not the one that was written there.
        public mutating func open(_ sealed: [UInt8]) -> (plain: [UInt8], isLast: Bool)? {
            guard sealed.count >= SealedStream.overhead,
                sealed.count <= SealedStream.chunkByteCount + SealedStream.overhead
            else { return nil }
            var plain = [UInt8](repeating: 0, count: sealed.count - SealedStream.overhead)
            var tag: UInt8 = 0
            guard
                crypto_secretstream_xchacha20poly1305_pull(
                    &state, &plain, nil, &tag, sealed, UInt64(sealed.count), nil, 0) == 0
            else { return nil }
            let isLast = tag == SealedStream.finalTag
            guard isLast || plain.count == SealedStream.chunkByteCount else { return nil }
            return (plain, isLast)
        }
    }

    private static let finalTag = UInt8(CSodium.crypto_secretstream_xchacha20poly1305_TAG_FINAL)
}
