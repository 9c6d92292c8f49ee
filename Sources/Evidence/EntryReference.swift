// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// An earlier entry, named by its index and its leaf hash, as relations, custody and charters name it.
///
///     41 8PDOar9CeUundCMz+P5X6957zZ4NtyWRTWlaUssYNFM=
///
/// Both must agree with the log: the index finds the entry, the hash binds what was meant. (Formats section 1.)
public struct EntryReference: Sendable, Hashable {
    /// The entry's place in the log.
    public let index: LeafIndex
    /// The entry's leaf hash.
    public let leafHash: Hash

    /// Names an entry; nil unless its index is below 2^53.
    public init?(index: LeafIndex, leafHash: Hash) {
        guard index.value < LineReader.numberLimit else { return nil }
        self.index = index
        self.leafHash = leafHash
    }

    /// Reads an index, a space and a hash; nil unless all is canonical.
    public init?(_ utf8: some Collection<UInt8>) {
        let parts = utf8.split(separator: 0x20, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 2, let index = LeafIndex(parsing: parts[0]),
            let leafHash = Hash(base64: parts[1])
        else { return nil }
        self.init(index: index, leafHash: leafHash)
    }

    /// The index, a space and the hash.
    public var utf8: [UInt8] { Array(description.utf8) }
}

extension EntryReference: CustomStringConvertible {
    public var description: String { "\(index) \(leafHash.base64)" }
}

extension LineReader {
    /// Reads an index and a leaf hash; `value` was on the line read last.
    func reference(_ value: ArraySlice<UInt8>) throws(FormatError) -> EntryReference {
        guard let reference = EntryReference(value) else { throw error("want an index and a leaf hash", back: 1) }
        return reference
    }
}
