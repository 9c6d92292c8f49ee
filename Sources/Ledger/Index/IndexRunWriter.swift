// SPDX-License-Identifier: Apache-2.0
import SystemPackage
import TransparencyLog

/// Writes the file of an `IndexRun`, from rows that come sorted.
final class IndexRunWriter {
    private let entries: Range<UInt64>
    private let append: (UnsafeRawBufferPointer) throws(FileError) -> Void
    private var filter: IndexFilter
    private var block: [UInt8] = []
    private var marks: [UInt8] = []
    private var count = 0

    private init(_ entries: Range<UInt64>, _ append: @escaping (UnsafeRawBufferPointer) throws(FileError) -> Void) {
        self.entries = entries
        self.append = append
        filter = IndexFilter(count: entries.count)
        block.reserveCapacity(IndexRun.rowsInBlock * IndexRow.byteCount)
    }

    /// Writes a run of rows that are sorted: whole and durable, or not at all.
    static func write(_ rows: [IndexRow], of entries: Range<UInt64>, to path: FilePath) throws {
        try DurableFile.write(to: path, mode: 0o600) { append in
            let writer = IndexRunWriter(entries, append)
            for row in rows { try writer.add(row) }
            try writer.finish()
        }
    }

    /// Writes one run with the rows of several, which follow one another.
    static func merge(_ runs: [IndexRun], to path: FilePath) throws {
        let entries = (runs.first?.entries.lowerBound ?? 0)..<(runs.last?.entries.upperBound ?? 0)
        try DurableFile.write(to: path, mode: 0o600) { append in
            let writer = IndexRunWriter(entries, append)
            try merge(runs) { try writer.add($0) }
            try writer.finish()
        }
    }

    /// The rows of several runs in their order.
    static func merge(_ runs: [IndexRun], _ body: (IndexRow) throws -> Void) throws {
        var cursors: [Cursor] = []
        for run in runs {
            var cursor = Cursor(run: run)
            if try cursor.advance() { cursors.append(cursor) }
        }
        while !cursors.isEmpty {
            var least = 0
            for number in cursors.indices.dropFirst() where cursors[number].row < cursors[least].row { least = number }
            try body(cursors[least].row)
            if try !cursors[least].advance() { cursors.remove(at: least) }
        }
    }

    /// Where the reading of a run has come to.
    private struct Cursor {
        let run: IndexRun
        private var rows: [IndexRow] = []
        private var place = -1
        private var block = 0

        init(run: IndexRun) { self.run = run }

        var row: IndexRow { rows[place] }

        mutating func advance() throws -> Bool {
            place += 1
            guard place >= rows.count else { return true }
            guard block < run.blockCount else { return false }
            rows = try run.rows(inBlock: block)
            block += 1
            place = 0
            return true
        }
    }

    private func add(_ row: IndexRow) throws {
        if block.isEmpty { row.append(to: &marks) }
        row.append(to: &block)
        if row.kind == IndexRun.filteredKind { filter.insert(row) }
        count += 1
        if block.count == IndexRun.rowsInBlock * IndexRow.byteCount { try endBlock() }
    }

    private func endBlock() throws {
        withUnsafeBytes(of: IndexRun.digest(of: block)) { marks += $0 }
        try block.withUnsafeBytes { try append($0) }
        block.removeAll(keepingCapacity: true)
    }

    private func finish() throws {
        if !block.isEmpty { try endBlock() }
        var end = marks + filter.bytes + IndexRun.magic
        for number in [entries.lowerBound, entries.upperBound, UInt64(count), UInt64(filter.bytes.count)] {
            withUnsafeBytes(of: number.bigEndian) { end += $0 }
        }
        end += SHA256.hash(end).bytes
        try end.withUnsafeBytes { try append($0) }
    }
}
