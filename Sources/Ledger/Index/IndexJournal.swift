// SPDX-License-Identifier: Apache-2.0
import Glibc
import SystemPackage
import TransparencyLog

/// The rows of the newest entries in a file, a frame for each batch, until they are enough for a run.
///
///     8 bytes   the first entry; then likewise that behind the last, and the number of rows
///               the rows, of 40 bytes each (`IndexRow`)
///     8 bytes   the first of the SHA-256 of all before in the frame
///
/// It is not flushed: what is lost is followed again from the log. A frame that is torn, or does not follow the one
/// before, ends it.
struct IndexJournal: Sendable {
    struct Frame: Sendable {
        let entries: Range<UInt64>
        let rows: [IndexRow]
    }

    private static let headByteCount = 24
    /// The longest that is read, in bytes: far more than is ever written before a run is made of it.
    static let limit = 1 << 25

    private let path: FilePath
    private let file: OpenFile
    private var length = 0

    /// Opens the journal for writing, and hands over what is in it from entry `start` on.
    init(_ path: FilePath, from start: UInt64, taking body: (Frame) -> Void) throws {
        self.path = path
        do throws(FileError) {
            let bytes = try DurableFile.readIfPresent(path, limit: Self.limit) ?? []
            length = Self.read(bytes, from: start, taking: body)
        } catch {
            // So long a file is no journal of ours.
            guard error.errno == .fileTooLarge else { throw error }
        }
        file = OpenFile(
            try FileDescriptor.open(
                path, .writeOnly, options: [.create, .closeOnExec, .noFollow], permissions: .ownerReadWrite))
        // What is torn goes: a frame behind it could follow a later one by chance.
        guard ftruncate(file.descriptor.rawValue, length) == 0 else { throw FileError(last: "shorten", path) }
    }

    /// Hands over what a journal holds from entry `start` on, and says where it ends.
    @discardableResult
    static func read(_ bytes: [UInt8], from start: UInt64, taking body: (Frame) -> Void) -> Int {
        var next = start
        var place = 0
        while let frame = frame(bytes, at: place) {
            // What is in a run already is passed over: a process was stopped between the two.
            let isOld = frame.entries.upperBound <= start && next == start
            guard isOld || frame.entries.lowerBound == next else { break }
            place += byteCount(frame.rows.count)
            if isOld { continue }
            next = frame.entries.upperBound
            body(frame)
        }
        return place
    }

    private static func byteCount(_ rows: Int) -> Int { headByteCount + rows * IndexRow.byteCount + 8 }

    private static func frame(_ bytes: [UInt8], at place: Int) -> Frame? {
        guard bytes.count - place >= byteCount(0) else { return nil }
        return bytes.withUnsafeBytes { all in
            let numbers = (0..<3).map {
                UInt64(bigEndian: all.loadUnaligned(fromByteOffset: place + 8 * $0, as: UInt64.self))
            }
            guard numbers[0] < numbers[1], numbers[1] < IndexRow.entryLimit, numbers[2] <= UInt64(limit),
                all.count - place >= byteCount(Int(numbers[2]))
            else { return nil }
            let end = place + byteCount(Int(numbers[2])) - 8
            let digest = SHA256.hash(UnsafeRawBufferPointer(rebasing: all[place..<end]))
            guard all[end..<end + 8].elementsEqual(digest.bytes.prefix(8)) else { return nil }
            return Frame(
                entries: numbers[0]..<numbers[1], rows: IndexRun.rows(Array(all[place + headByteCount..<end])))
        }
    }

    /// Adds a frame. One that cannot be written whole is written over by the next.
    mutating func append(_ frame: Frame) throws {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount(frame.rows.count))
        for number in [frame.entries.lowerBound, frame.entries.upperBound, UInt64(frame.rows.count)] {
            withUnsafeBytes(of: number.bigEndian) { bytes += $0 }
        }
        for row in frame.rows { row.append(to: &bytes) }
        bytes += SHA256.hash(bytes).bytes.prefix(8)
        _ = try bytes.withUnsafeBytes { try file.descriptor.writeAll(toAbsoluteOffset: Int64(length), $0) }
        length += bytes.count
    }

    /// Begins anew: all is in a run.
    mutating func clear() throws {
        length = 0
        guard ftruncate(file.descriptor.rawValue, 0) == 0 else { throw FileError(last: "shorten", path) }
    }
}
