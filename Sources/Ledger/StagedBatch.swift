// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// The entries that a log is about to sign, as they are staged: enough to apply them again after a crash.
///
///     indelible-staged/v1
///     600 2                        the size of the tree before, and the number of entries
///     (an empty line)
///     for each entry: its length as four bytes, big-endian, and its bytes
struct StagedBatch: Sendable, Hashable {
    /// The size of the tree that the entries are appended to.
    let oldSize: TreeSize
    /// The entries, in order.
    let entries: [[UInt8]]

    /// The size of the tree with them.
    var newSize: TreeSize? { TreeSize(oldSize.value + UInt64(entries.count)) }

    private static let firstLine = [UInt8]("indelible-staged/v1\n".utf8)

    init(oldSize: TreeSize, entries: [[UInt8]]) {
        self.oldSize = oldSize
        self.entries = entries
    }

    init(parsing bytes: [UInt8]) throws(FormatError) {
        guard bytes.starts(with: Self.firstLine) else { throw FormatError("staged batch", line: 1, "another version") }
        let rest = bytes[Self.firstLine.count...]
        guard let end = rest.firstIndex(of: 0x0A), end + 1 < rest.endIndex, rest[end + 1] == 0x0A else {
            throw FormatError("staged batch", line: 2, "cut short")
        }
        let numbers = rest[..<end].split(separator: 0x20, omittingEmptySubsequences: false)
        guard numbers.count == 2, let oldSize = TreeSize(parsing: numbers[0]),
            let count = Decimal.parse(numbers[1], below: 1 << 32)
        else { throw FormatError("staged batch", line: 2, "want two numbers") }
        var entries: [[UInt8]] = []
        var position = end + 2
        while position < bytes.endIndex {
            guard bytes.endIndex - position >= 4 else { throw FormatError("staged batch", "cut short") }
            let length = bytes[position..<position + 4].reduce(0) { $0 << 8 | Int($1) }
            position += 4
            guard bytes.endIndex - position >= length else { throw FormatError("staged batch", "cut short") }
            entries.append(Array(bytes[position..<position + length]))
            position += length
        }
        guard UInt64(entries.count) == count else { throw FormatError("staged batch", "number of entries") }
        self.init(oldSize: oldSize, entries: entries)
    }

    var bytes: [UInt8] {
        var bytes = Self.firstLine
        bytes += "\(oldSize) \(entries.count)\n\n".utf8
        bytes.reserveCapacity(bytes.count + entries.reduce(0) { $0 + $1.count + 4 })
        for entry in entries {
            let length = UInt32(entry.count)
            bytes += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> $0) }
            bytes += entry
        }
        return bytes
    }
}
