// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// One leaf of a log: a filing and the time at which the log says that it entered it.
///
///     time <POSIX seconds>
///     <filing, verbatim>
///
/// The bytes are the leaf data, at most 65,535 of them; the leaf hash is SHA-256(0x00 || entry). `time` is the log's
/// claim. (Formats section 2.)
public struct Entry: Sendable, Hashable {
    /// The longest entry, in bytes.
    public static let maximumByteCount = 65_535

    /// The whole entry, byte for byte.
    public let bytes: [UInt8]
    /// When the log says that it was entered.
    public let time: EntryTime
    /// What was entered. Its signatures are not verified.
    public let filing: Filing

    /// Reads an entry.
    public init(parsing bytes: [UInt8]) throws(FormatError) {
        var keys = FilingKeyCache()
        try self.init(parsing: bytes, keys: &keys)
    }

    /// Reads an entry as above, quicker where many are read that have signers in common.
    public init(parsing bytes: [UInt8], keys: inout FilingKeyCache) throws(FormatError) {
        guard bytes.count <= Self.maximumByteCount else { throw FormatError("entry", "longer than 65,535 bytes") }
        guard bytes.starts(with: Self.timePrefix), let newline = bytes.firstIndex(of: 0x0A),
            let time = EntryTime(bytes[Self.timePrefix.count..<newline])
        else { throw FormatError("entry", line: 1, "want a time line with seconds below 2^53") }
        filing = try Filing(parsing: Array(bytes[(newline + 1)...]), keys: &keys)
        self.bytes = bytes
        self.time = time
    }

    /// Makes the entry of a filing. Throws where it would be longer than 65,535 bytes.
    public init(time: EntryTime, filing: Filing) throws(FormatError) {
        bytes = Self.timePrefix + Array("\(time)\n".utf8) + filing.bytes
        guard bytes.count <= Self.maximumByteCount else { throw FormatError("entry", "longer than 65,535 bytes") }
        self.time = time
        self.filing = filing
    }

    /// The hash of the leaf, computed each time: whoever reads many entries from a tree has it already.
    public var leafHash: Hash { MerkleTree.leafHash(bytes) }

    private static let timePrefix = Array("time ".utf8)
}
