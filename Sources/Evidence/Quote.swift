// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// A checkpoint that the signers of a filing or an attestation had seen.
///
///     after 41 B10MsEPWy0BfHPYKkgoMH9l7ZZuXbJXYlJ37COrNjHc=
///
/// The tree size and the SHA-256 of the whole checkpoint note, signatures and cosignatures included: what quotes it was
/// signed after those cosignatures were made. The size is 1 or more. (Formats section 1.)
public struct Quote: Sendable, Hashable {
    /// The size of the quoted tree, 1 or more.
    public let size: TreeSize
    /// The SHA-256 of the whole note.
    public let checkpointHash: Hash

    /// Quotes a checkpoint by its hash; nil unless its size is 1 to 2^53 - 1.
    public init?(size: TreeSize, checkpointHash: Hash) {
        guard size.value >= 1, size.value < LineReader.numberLimit else { return nil }
        self.size = size
        self.checkpointHash = checkpointHash
    }

    /// Quotes a checkpoint; nil where it is of the empty tree.
    public init?(of checkpoint: SignedCheckpoint) {
        self.init(size: checkpoint.unverified.head.size, checkpointHash: checkpoint.noteHash)
    }

    /// Where a log keeps the note that is quoted: `cosigned/7a/7a3f...`, by the hex of its hash.
    public var path: String {
        let hex = checkpointHash.hex
        return "cosigned/\(hex.prefix(2))/\(hex)"
    }

    /// Reads the value of an `after` line; nil unless it is canonical.
    public init?(_ value: some Collection<UInt8>) {
        let parts = value.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 2, let size = TreeSize(parsing: parts[0]),
            let hash = Hash(base64: parts[1])
        else { return nil }
        self.init(size: size, checkpointHash: hash)
    }

    /// The value of the `after` line.
    public var utf8: [UInt8] { Array("\(size) \(checkpointHash.base64)".utf8) }
}

extension LineReader {
    /// Reads an `after` line if one stands next.
    public mutating func quote() throws(FormatError) -> Quote? {
        guard let value = try optional("after") else { return nil }
        guard let quote = Quote(value) else { throw error("want a size of 1 or more and a hash", back: 1) }
        return quote
    }
}
