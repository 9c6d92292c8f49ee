// SPDX-License-Identifier: Apache-2.0

/// One line of the lookup index: under a value of some kind, an entry is found.
///
/// 40 bytes, which sort as the rows do: the kind (1 byte), the value (32 bytes, a shorter one with zeros behind it), the
/// entry's index (7 bytes, the highest first).
struct IndexRow: Sendable, Hashable, Comparable {
    static let byteCount = 40
    /// Indices are below this: so many entries no log reaches.
    static let entryLimit: UInt64 = 1 << 56

    /// The 40 bytes, as five numbers with their highest bytes first.
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64
    private let fifth: UInt64

    /// A row for a value of at most 32 bytes.
    init(kind: UInt8, value: UnsafeRawBufferPointer, entry: UInt64 = 0) {
        precondition(value.count <= 32 && entry < Self.entryLimit, "a row of the index has 40 bytes")
        var words: (UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0)
        self = withUnsafeMutableBytes(of: &words) { bytes in
            bytes[0] = kind
            UnsafeMutableRawBufferPointer(rebasing: bytes[1..<33]).copyMemory(from: value)
            return IndexRow(loading: UnsafeRawPointer(bytes.baseAddress!)).at(entry)
        }
    }

    /// A row from its 40 bytes.
    init(loading bytes: UnsafeRawPointer) {
        func word(_ number: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * number, as: UInt64.self))
        }
        self.init(word(0), word(1), word(2), word(3), word(4))
    }

    private init(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64, _ fifth: UInt64) {
        self.first = first
        self.second = second
        self.third = third
        self.fourth = fourth
        self.fifth = fifth
    }

    /// Writes the 40 bytes.
    func store(to bytes: UnsafeMutableRawPointer) {
        bytes.storeBytes(of: first.bigEndian, as: UInt64.self)
        bytes.storeBytes(of: second.bigEndian, toByteOffset: 8, as: UInt64.self)
        bytes.storeBytes(of: third.bigEndian, toByteOffset: 16, as: UInt64.self)
        bytes.storeBytes(of: fourth.bigEndian, toByteOffset: 24, as: UInt64.self)
        bytes.storeBytes(of: fifth.bigEndian, toByteOffset: 32, as: UInt64.self)
    }

    /// The 40 bytes.
    func append(to bytes: inout [UInt8]) {
        withUnsafeTemporaryAllocation(byteCount: Self.byteCount, alignment: 8) { buffer in
            store(to: buffer.baseAddress!)
            bytes.append(contentsOf: buffer)
        }
    }

    /// What kind of value it is.
    var kind: UInt8 { UInt8(first >> 56) }

    /// The entry that is found.
    var entry: UInt64 { fifth & (Self.entryLimit - 1) }

    /// The same value, and another entry.
    func at(_ entry: UInt64) -> IndexRow {
        IndexRow(first, second, third, fourth, fifth & ~(Self.entryLimit - 1) | entry)
    }

    /// Two numbers from the middle of the value, for a filter of hashes.
    var spread: (UInt64, UInt64) { (second, third) }

    static func < (left: IndexRow, right: IndexRow) -> Bool {
        if left.first != right.first { return left.first < right.first }
        if left.second != right.second { return left.second < right.second }
        if left.third != right.third { return left.third < right.third }
        if left.fourth != right.fourth { return left.fourth < right.fourth }
        return left.fifth < right.fifth
    }
}
