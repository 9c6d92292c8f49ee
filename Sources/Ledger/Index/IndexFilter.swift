// SPDX-License-Identifier: Apache-2.0

/// Says of most values that a run of the index does not have them, without reading the run: a Bloom filter.
///
/// Ten bits for each value, of which seven are set: one in a hundred values that are not there is looked for in vain. The
/// values are hashes, and their own bits choose the places; whoever makes hashes of which many meet costs us a look each.
struct IndexFilter: Sendable {
    private static let bitsEach = 10
    private static let places = 7

    /// The bits, the lowest first.
    private(set) var bytes: [UInt8]

    /// How many bytes a filter of so many values takes.
    static func byteCount(of count: Int) -> Int { (count * bitsEach + 7) / 8 }

    /// An empty filter for so many values.
    init(count: Int) { bytes = [UInt8](repeating: 0, count: Self.byteCount(of: count)) }

    /// A filter from its bytes.
    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func insert(_ row: IndexRow) {
        guard !bytes.isEmpty else { return }
        for place in places(of: row) { bytes[place / 8] |= 1 << UInt8(place % 8) }
    }

    /// Whether it may be there; where this says no, it is not.
    func mayContain(_ row: IndexRow) -> Bool {
        guard !bytes.isEmpty else { return false }
        return places(of: row).allSatisfy { bytes[$0 / 8] >> UInt8($0 % 8) & 1 == 1 }
    }

    private func places(of row: IndexRow) -> some Sequence<Int> {
        let (start, step) = row.spread
        let count = UInt64(bytes.count * 8)
        return (0..<UInt64(Self.places)).lazy.map { Int((start &+ $0 &* (step | 1)) % count) }
    }
}
