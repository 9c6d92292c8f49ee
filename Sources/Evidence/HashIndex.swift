// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// A list of distinct hashes that finds each one's position: which entry has this text?
///
/// Position i is that of the i-th hash added. Whole hashes are kept and compared, never a part: an answer given on 128
/// bits could name an entry that is not the one asked for. A million hashes take about 40 MB, at most 43 bytes each,
/// and growing never copies them.
public struct HashIndex: Sendable {
    // Known flaw: hashes are placed by their first bits, so that somebody who makes many that share them, each at the
    // price of about as many trials as the table has slots, slows down the search for those.
    //
    // The hashes lie in chunks, so that the list grows without copying or slack. `slots` is an open-addressing table of
    // positions plus one, 0 for an empty slot.
    private static let chunkCount = 1 << 14
    private var chunks: [ContiguousArray<Hash>] = []
    private var slots: ContiguousArray<UInt32> = []

    /// The number of hashes.
    public private(set) var count = 0

    /// An empty list.
    public init() {}

    /// The position of `hash`; nil where it is not in the list.
    public func position(of hash: Hash) -> Int? {
        guard !slots.isEmpty else { return nil }
        let found = slots[slot(of: hash)]
        return found == 0 ? nil : Int(found) - 1
    }

    /// The hash at `position`, which must be below `count`.
    public subscript(position: Int) -> Hash {
        chunks[position / Self.chunkCount][position % Self.chunkCount]
    }

    /// Adds `hash` at position `count`; false, and nothing is added, where it is in the list already.
    public mutating func append(_ hash: Hash) -> Bool {
        precondition(count < Int(UInt32.max), "a hash index holds fewer than 2^32 hashes")
        if (count + 1) * 4 > slots.count * 3 { grow() }
        let slot = slot(of: hash)
        guard slots[slot] == 0 else { return false }
        if count % Self.chunkCount == 0 {
            chunks.append([])
            chunks[chunks.count - 1].reserveCapacity(Self.chunkCount)
        }
        chunks[chunks.count - 1].append(hash)
        count += 1
        slots[slot] = UInt32(count)
        return true
    }

    /// The slot that holds `hash`, or the empty one where it belongs.
    private func slot(of hash: Hash) -> Int {
        let mask = slots.count - 1
        var slot = hash.withUnsafeBytes { Int(truncatingIfNeeded: $0.load(as: UInt64.self)) } & mask
        while slots[slot] != 0, self[Int(slots[slot]) - 1] != hash { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func grow() {
        slots = ContiguousArray(repeating: 0, count: max(16, slots.count * 2))
        for position in 0..<count { slots[slot(of: self[position])] = UInt32(position + 1) }
    }
}
