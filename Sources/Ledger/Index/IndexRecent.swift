// SPDX-License-Identifier: Apache-2.0

/// The rows of the newest entries, in memory.
struct IndexRecent: Sendable {
    /// The rows in the order in which they came.
    private(set) var rows: [IndexRow] = []
    /// For each value the newest of its rows, and for each row the one before it of the same value; -1 where there is none.
    private var newest: [IndexRow: Int] = [:]
    private var before: [Int] = []

    mutating func add(_ row: IndexRow) {
        let place = row.at(0)
        before.append(newest[place] ?? -1)
        newest[place] = rows.count
        rows.append(row)
    }

    /// The entries under the value of `place`, from its own on, in order and no more than `limit`.
    func entries(from place: IndexRow, limit: Int) -> [UInt64] {
        var found: [UInt64] = []
        var next = newest[place.at(0)] ?? -1
        while next >= 0, rows[next].entry >= place.entry {
            found.append(rows[next].entry)
            next = before[next]
        }
        return Array(found.reversed().prefix(limit))
    }
}
