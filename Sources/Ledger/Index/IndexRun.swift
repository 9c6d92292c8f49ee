// SPDX-License-Identifier: Apache-2.0
import Glibc
import Synchronization
import SystemPackage
import TransparencyLog

/// The rows of a stretch of entries, sorted: a file that never changes, or the same in memory.
///
///     rows of 40 bytes (`IndexRow`), in blocks of 256
///     for each block its first row, and the first 8 bytes of the block's SHA-256
///     an `IndexFilter` of the rows of kind 0
///     24 bytes   "indelible-index-run/v1" and two zeros
///     8 bytes    the first entry; then likewise that behind the last, the number of rows, and of bytes in the filter
///     32 bytes   the SHA-256 of all that stands behind the blocks
///
/// Numbers have their highest byte first. What is read of a file is compared with its hash, so that damage is an error
/// and never an answer. What stands behind the blocks, 5 bytes or so for an entry, is read with the first question.
final class IndexRun: Sendable {
    static let magic = Array("indelible-index-run/v1\0\0".utf8)
    static let rowsInBlock = 256
    static let markByteCount = IndexRow.byteCount + 8
    static let footerByteCount = magic.count + 4 * 8 + Hash.byteCount
    /// The kind of which every entry has one row; the others are not filtered.
    static let filteredKind: UInt8 = 0

    /// Where the rows are.
    private enum Storage: Sendable {
        case memory([IndexRow])
        case file(OpenFile)
    }

    private struct Table {
        var marks: [(row: IndexRow, digest: UInt64)] = []
        var filter: IndexFilter
    }

    /// The entries whose rows it has.
    let entries: Range<UInt64>
    /// How many rows.
    let count: Int
    private let storage: Storage
    private let filterByteCount: Int
    /// Of a file, the SHA-256 at its end, by which all of it is fixed.
    let digest: Hash
    private let table = Mutex<Table?>(nil)

    /// A run in memory, of rows that are sorted.
    init(_ rows: [IndexRow], of entries: Range<UInt64>) {
        self.entries = entries
        count = rows.count
        storage = .memory(rows)
        filterByteCount = 0
        digest = MerkleTree.emptyRoot
    }

    /// Opens a file. Throws `LookupIndex.Damaged` where it is none of these, or cut short; what is in it is judged when
    /// it is read.
    init(reading path: FilePath) throws {
        let file = OpenFile(try FileDescriptor.open(path, .readOnly, options: [.closeOnExec, .noFollow]))
        let length = Int(try file.descriptor.seek(offset: 0, from: .end))
        let footer = try Self.bytes(of: file, from: length - Self.footerByteCount, count: Self.footerByteCount)
        let numbers = footer.dropFirst(Self.magic.count).withUnsafeBytes { bytes in
            (0..<4).map { UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8 * $0, as: UInt64.self)) }
        }
        guard footer.starts(with: Self.magic), numbers[0] < numbers[1], numbers[1] < IndexRow.entryLimit,
            let count = Int(exactly: numbers[2]), let filterByteCount = Int(exactly: numbers[3]),
            count < length, filterByteCount < length, let digest = Hash(footer.suffix(Hash.byteCount)),
            Self.tableStart(count) + Self.tableByteCount(count, filterByteCount) + Self.footerByteCount == length
        else { throw LookupIndex.Damaged(reason: "\(Shown.path(path)) has another form") }
        entries = numbers[0]..<numbers[1]
        self.count = count
        self.filterByteCount = filterByteCount
        self.digest = digest
        storage = .file(file)
    }

    /// Of runs that follow one another those at the end that are to become one: there are eight of about one length. The
    /// shortest are about `shortest` rows long.
    static func due(_ runs: [IndexRun], shortest: Int) -> Range<Int>? {
        var length = shortest
        while true {
            length *= fanout
            let start = (runs.lastIndex { $0.count >= length }).map { $0 + 1 } ?? 0
            let long = runs[start...].count { $0.count * fanout >= length }
            // Runs of many lengths in turn are not to stay for ever either.
            if long >= fanout || runs.count - start >= 2 * fanout { return start..<runs.count }
            if start == 0 { return nil }
        }
    }

    private static let fanout = 8

    private static func blocks(_ count: Int) -> Int { (count + rowsInBlock - 1) / rowsInBlock }
    private static func tableStart(_ count: Int) -> Int { count * IndexRow.byteCount }
    private static func tableByteCount(_ count: Int, _ filter: Int) -> Int { blocks(count) * markByteCount + filter }

    // MARK: - Questions

    /// The entries under the value of `place`, from its own on, in order and no more than `limit`.
    func entries(from place: IndexRow, limit: Int) throws -> [UInt64] {
        switch storage {
        case .memory(let rows): return Self.entries(from: place, in: rows[...], limit: limit).found
        case .file:
            guard let start = try block(of: place) else { return [] }
            var found: [UInt64] = []
            for number in start..<Self.blocks(count) {
                let part = try Self.entries(from: place, in: rows(inBlock: number)[...], limit: limit - found.count)
                found += part.found
                if part.isLast || found.count >= limit { break }
            }
            return found
        }
    }

    private static func entries(
        from place: IndexRow, in rows: ArraySlice<IndexRow>, limit: Int
    ) -> (found: [UInt64], isLast: Bool) {
        var low = rows.startIndex
        var high = rows.endIndex
        while low < high {
            let middle = low + (high - low) / 2
            if rows[middle] < place { low = middle + 1 } else { high = middle }
        }
        var found: [UInt64] = []
        while low < rows.endIndex, found.count < limit {
            guard rows[low].at(0) == place.at(0) else { return (found, true) }
            found.append(rows[low].entry)
            low += 1
        }
        return (found, low < rows.endIndex)
    }

    /// The block in which a row would stand; nil where the run has none of its value.
    private func block(of row: IndexRow) throws -> Int? {
        try table.withLock { table in
            let known = try table ?? readTable()
            table = known
            if row.kind == Self.filteredKind, !known.filter.mayContain(row) { return nil }
            var low = 0
            var high = known.marks.count
            while low < high {
                let middle = low + (high - low) / 2
                if known.marks[middle].row <= row { low = middle + 1 } else { high = middle }
            }
            return max(low - 1, 0)
        }
    }

    /// All rows of one block, compared with its hash.
    func rows(inBlock number: Int) throws -> [IndexRow] {
        let range = number * Self.rowsInBlock..<min((number + 1) * Self.rowsInBlock, count)
        switch storage {
        case .memory(let rows): return Array(rows[range])
        case .file(let file):
            let digest = try table.withLock { table in
                let known = try table ?? readTable()
                table = known
                return known.marks[number].digest
            }
            let bytes = try Self.bytes(
                of: file, from: range.lowerBound * IndexRow.byteCount, count: range.count * IndexRow.byteCount)
            guard Self.digest(of: bytes) == digest else {
                throw LookupIndex.Damaged(reason: "rows from entry \(entries.lowerBound) on are not those written")
            }
            return Self.rows(bytes)
        }
    }

    /// How many blocks there are.
    var blockCount: Int { Self.blocks(count) }

    // MARK: - Bytes

    private func readTable() throws -> Table {
        guard case .file(let file) = storage else { return Table(filter: IndexFilter(count: 0)) }
        let bytes = try Self.bytes(
            of: file, from: Self.tableStart(count),
            count: Self.tableByteCount(count, filterByteCount) + Self.footerByteCount)
        guard SHA256.hash(bytes.dropLast(Hash.byteCount)) == digest else {
            throw LookupIndex.Damaged(reason: "the table of the rows from entry \(entries.lowerBound) on does not hold")
        }
        let marks = Self.blocks(count) * Self.markByteCount
        var table = Table(filter: IndexFilter(Array(bytes[marks..<marks + filterByteCount])))
        table.marks.reserveCapacity(Self.blocks(count))
        bytes.withUnsafeBytes { bytes in
            for place in stride(from: 0, to: marks, by: Self.markByteCount) {
                let digest = bytes.loadUnaligned(fromByteOffset: place + IndexRow.byteCount, as: UInt64.self)
                table.marks.append((IndexRow(loading: bytes.baseAddress! + place), digest))
            }
        }
        return table
    }

    static func digest(of block: [UInt8]) -> UInt64 {
        SHA256.hash(block).withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
    }

    static func rows(_ bytes: [UInt8]) -> [IndexRow] {
        bytes.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: IndexRow.byteCount).map {
                IndexRow(loading: bytes.baseAddress! + $0)
            }
        }
    }

    private static func bytes(of file: OpenFile, from offset: Int, count: Int) throws -> [UInt8] {
        guard offset >= 0 else { throw LookupIndex.Damaged(reason: "a file of it is cut short") }
        return try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let part = try file.descriptor.read(
                    fromAbsoluteOffset: Int64(offset + filled),
                    into: UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[filled...]))
                guard part > 0 else { throw LookupIndex.Damaged(reason: "a file of it is cut short") }
                filled += part
            }
        }
    }
}
