// SPDX-License-Identifier: Apache-2.0

/// What stands in an entry bundle's file: 1 to 256 entries, each behind its length (C2SP tlog-tiles).
///
///     uint16 big-endian length, entry, uint16 big-endian length, entry, ...
///
/// An entry has at most 65,535 bytes. The bundle's name says how many entries there are, and nothing follows them.
public struct EntryBundle: Sendable, Hashable {
    /// The longest entry, in bytes.
    public static let maximumEntryByteCount = 65_535

    /// The file's bytes.
    public let bytes: [UInt8]
    /// Where each entry stands in `bytes`.
    private let ranges: [Range<Int>]

    /// Makes a bundle of 1 to 256 entries.
    public init(_ entries: some Sequence<[UInt8]>) throws(FormatError) {
        try self.init(bytes: [], ranges: [], adding: entries)
    }

    /// Reads the file of `bundle`, which says how many entries it must hold.
    public init(parsing bytes: [UInt8], of bundle: Tile) throws(FormatError) {
        guard case .entries = bundle.content else { throw FormatError("entry bundle", "not an entry bundle") }
        var ranges: [Range<Int>] = []
        ranges.reserveCapacity(bundle.width)
        var start = 0
        for number in 0..<bundle.width {
            guard bytes.count - start >= 2 else { throw FormatError("entry bundle", "ends before entry \(number)") }
            let count = Int(bytes[start]) << 8 | Int(bytes[start + 1])
            guard bytes.count - start - 2 >= count else {
                throw FormatError("entry bundle", "ends within entry \(number)")
            }
            ranges.append(start + 2..<start + 2 + count)
            start += 2 + count
        }
        guard start == bytes.count else {
            throw FormatError("entry bundle", "more than \(bundle.width) entries, or bytes behind them")
        }
        self.bytes = bytes
        self.ranges = ranges
    }

    /// The bundle with more entries behind those it has.
    public func appending(_ entries: some Sequence<[UInt8]>) throws(FormatError) -> EntryBundle {
        try EntryBundle(bytes: bytes, ranges: ranges, adding: entries)
    }

    private init(
        bytes: [UInt8], ranges: [Range<Int>], adding entries: some Sequence<[UInt8]>
    ) throws(FormatError) {
        var bytes = bytes
        var ranges = ranges
        for entry in entries {
            guard entry.count <= Self.maximumEntryByteCount else {
                throw FormatError("entry bundle", "an entry is longer than 65,535 bytes")
            }
            guard ranges.count < Tile.fullWidth else { throw FormatError("entry bundle", "more than 256 entries") }
            bytes.append(UInt8(entry.count >> 8))
            bytes.append(UInt8(entry.count & 0xFF))
            ranges.append(bytes.count..<bytes.count + entry.count)
            bytes += entry
        }
        guard !ranges.isEmpty else { throw FormatError("entry bundle", "no entries") }
        self.bytes = bytes
        self.ranges = ranges
    }
}

extension EntryBundle: RandomAccessCollection {
    public var startIndex: Int { 0 }
    public var endIndex: Int { ranges.count }

    /// An entry by its place in the bundle.
    public subscript(index: Int) -> ArraySlice<UInt8> { bytes[ranges[index]] }

    /// The leaf hashes of the entries: what stands in the level-0 tile of the same number.
    public var leafHashes: [Hash] { map { MerkleTree.leafHash($0) } }
}
