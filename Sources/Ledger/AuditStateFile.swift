// SPDX-License-Identifier: Apache-2.0
import Evidence
public import SystemPackage
import TransparencyLog

extension AuditState {
    static let format = "audit state"
    private static let header = "indelible-audit/v1"

    /// Writes the state to its file, which appears whole or not at all, and many texts to files beside it.
    public mutating func write(to path: FilePath) throws {
        try write(to: path, textsWithin: AuditTexts.inlineLimit)
    }

    /// Writes the state with no more than so many texts in its own file.
    mutating func write(to path: FilePath, textsWithin limit: Int) throws {
        try replayed?.texts.store(beside: path, limit: limit)
        let state = self
        try DurableFile.write(to: path, mode: 0o600) { append in
            try state.write { bytes in try bytes.withUnsafeBytes { try append($0) } }
        }
        try replayed?.texts.removeOthers(beside: path)
    }

    /// The whole file.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        write { bytes += $0 }
        return bytes
    }

    private func write<Failure: Error>(
        _ append: ([UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        var digest = SHA256()
        func put(_ bytes: [UInt8]) throws(Failure) {
            digest.update(bytes)
            try append(bytes)
        }
        func put(_ text: String) throws(Failure) { try put(Array(text.utf8)) }

        try put("\(Self.header)\ncheckpoint \(checkpoint.bytes.count)\n")
        try put(checkpoint.bytes)
        try put("depth \(replayed == nil ? "tree" : "filings")\n")
        if let replayed {
            let tally = replayed.tally
            if let first = tally.firstTime, let last = tally.lastTime { try put("times \(first) \(last)\n") }
            try put("counts\(tally.counts.map { " \($0)" }.joined())\n")
            let snapshot = replayed.registry.snapshot()
            try put("registry \(snapshot.count)\n")
            try put(snapshot)
            for run in replayed.texts.runs {
                try put("run \(run.entries.lowerBound) \(run.entries.upperBound) \(run.digest.base64)\n")
            }
            try put("hashes\n")
            var chunk: [UInt8] = []
            let texts = replayed.texts.recent
            for position in 0..<texts.count {
                texts[position].withUnsafeBytes { chunk += $0 }
                if chunk.count >= 1 << 20 {
                    try put(chunk)
                    chunk.removeAll(keepingCapacity: true)
                }
            }
            try put(chunk)
            try put(replayed.bundleRoots.withUnsafeBytes { [UInt8]($0) })
            try put(replayed.registrations.bytes)
        }
        try put("end \(digest.finish().base64)\n")
    }

    /// Reads a state's file. Throws a `FormatError` unless it is what `write` writes, and `Errno` where it cannot be
    /// read.
    public static func read(_ path: FilePath) throws -> AuditState {
        let file = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
        return try file.closeAfter {
            try AuditState(
                parsing: AuditStateReader { count in
                    try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
                        filled = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
                    }
                },
                run: { try AuditTexts.run(of: $0, $1, beside: path) })
        }
    }

    /// Reads the bytes of a state's file that has no others beside it.
    package init(parsing bytes: [UInt8]) throws {
        var rest = bytes[...]
        try self.init(
            parsing: AuditStateReader { count in
                defer { rest = rest.dropFirst(count) }
                return Array(rest.prefix(count))
            },
            run: { _, _ in throw FormatError(Self.format, "it needs the files of texts beside it") })
    }

    private init(
        parsing reader: consuming AuditStateReader, run: (Range<UInt64>, Hash) throws -> IndexRun
    ) throws {
        guard try reader.line() == Array(Self.header.utf8) else {
            throw FormatError(Self.format, line: 1, "made by another version, or not the state of an audit")
        }
        checkpoint = try SignedCheckpoint(parsing: reader.block("checkpoint", limit: SignedNote.maximumByteCount))
        let size = checkpoint.unverified.head.size
        let depth = try reader.line()
        if depth == Array("depth filings".utf8) {
            replayed = try Self.replayed(of: size, reading: &reader, run)
            guard replayed?.registry.origin == origin else { throw FormatError(Self.format, "of two logs") }
        } else if depth == Array("depth tree".utf8) {
            replayed = nil
        } else {
            throw FormatError(Self.format, "want depth filings or depth tree")
        }
        let digest = reader.digest
        guard try reader.line() == Array("end \(digest.base64)".utf8), try reader.isAtEnd() else {
            throw FormatError(Self.format, "its last line does not hold: it is damaged or cut short")
        }
    }

    private static func replayed(
        of size: TreeSize, reading reader: inout AuditStateReader, _ run: (Range<UInt64>, Hash) throws -> IndexRun
    ) throws -> AuditReplayed {
        guard size < Audit.maximumSize else { throw FormatError(format, "of too large a log") }
        let count = Int(size.value)
        var tally = AuditTally()
        if count > 0 {
            let times = try reader.numbers("times", 2)
            tally.firstTime = EntryTime(seconds: times[0])
            tally.lastTime = EntryTime(seconds: times[1])
        }
        tally.counts = try reader.numbers("counts", AuditTally.words.count)
        let registry = try Registry(snapshot: reader.block("registry", limit: 1 << 30))
        guard registry.size == size, registry.passedOver == 0, tally.total == size.value,
            registry.lastTime == tally.lastTime
        else {
            throw FormatError(format, "its parts are of different sizes")
        }
        var texts = AuditTexts(runs: try runs(reading: &reader, run))
        guard texts.start <= count else { throw FormatError(format, "more texts than entries") }
        try reader.hashes(count - texts.start) { hash throws in
            guard texts.append(hash) else { throw FormatError(format, "two entries with one text") }
        }
        var roots: [Hash] = []
        try reader.hashes(count / Tile.fullWidth) { roots.append($0) }
        guard let registrations = AuditBits(try reader.bytes((count + 7) / 8), count: count) else {
            throw FormatError(format, "bits behind the last entry")
        }
        return AuditReplayed(
            registry: registry, texts: texts, bundleRoots: roots, registrations: registrations, tally: tally)
    }
}

extension AuditState {
    /// The files of texts, up to the line that says that hashes follow.
    private static func runs(
        reading reader: inout AuditStateReader, _ run: (Range<UInt64>, Hash) throws -> IndexRun
    ) throws -> [IndexRun] {
        var runs: [IndexRun] = []
        var next: UInt64 = 0
        while runs.count <= 256 {
            let line = try reader.line()
            if line == Array("hashes".utf8) { return runs }
            let words = line.split(separator: 0x20, omittingEmptySubsequences: false)
            guard words.count == 4, words[0].elementsEqual("run".utf8),
                let first = Decimal.parse(words[1], below: IndexRow.entryLimit), first == next,
                let end = Decimal.parse(words[2], below: IndexRow.entryLimit), first < end,
                let digest = Hash(base64: words[3])
            else { throw FormatError(format, "want run or hashes") }
            runs.append(try run(first..<end, digest))
            next = end
        }
        throw FormatError(format, "too many files of texts")
    }
}

/// Reads a state piece by piece, so that it need not be in memory twice.
private struct AuditStateReader: ~Copyable {
    private static let chunkCount = 1 << 20
    private let pull: (_ count: Int) throws -> [UInt8]
    private var buffer: [UInt8] = []
    private var position = 0
    private var hasher = SHA256()

    /// `pull` gives at most so many bytes, and none at the end.
    init(_ pull: @escaping (Int) throws -> [UInt8]) {
        self.pull = pull
    }

    /// The hash of what has been read.
    var digest: Hash { hasher.finish() }

    mutating func isAtEnd() throws -> Bool {
        try fill(1)
        return position == buffer.count
    }

    mutating func bytes(_ count: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            try fill(1)
            let part = buffer[position...].prefix(count - bytes.count)
            guard !part.isEmpty else { throw FormatError(AuditState.format, "cut short") }
            bytes += part
            position += part.count
        }
        hasher.update(bytes)
        return bytes
    }

    /// A line without its newline.
    mutating func line() throws -> [UInt8] {
        try fill(4_096)
        guard let end = buffer[position...].prefix(4_096).firstIndex(of: 0x0A) else {
            throw FormatError(AuditState.format, "cut short, or a line is too long")
        }
        return try bytes(end + 1 - position).dropLast()
    }

    /// Numbers on a line behind its keyword.
    mutating func numbers(_ keyword: String, _ count: Int) throws -> [UInt64] {
        let parts = try line().split(separator: 0x20, omittingEmptySubsequences: false)
        let numbers = parts.dropFirst().compactMap { Decimal.parse($0, below: 1 << 53) }
        guard parts[0].elementsEqual(keyword.utf8), parts.count == count + 1, numbers.count == count else {
            throw FormatError(AuditState.format, "want \(keyword) with \(count) numbers")
        }
        return numbers
    }

    /// The bytes behind a line that says how many they are.
    mutating func block(_ keyword: String, limit: Int) throws -> [UInt8] {
        let count = try numbers(keyword, 1)[0]
        guard count <= UInt64(limit) else { throw FormatError(AuditState.format, "\(keyword) is too long") }
        return try bytes(Int(count))
    }

    mutating func hashes(_ count: Int, _ body: (Hash) throws -> Void) throws {
        var rest = count
        while rest > 0 {
            let run = min(rest, Self.chunkCount / Hash.byteCount)
            try bytes(run * Hash.byteCount).withUnsafeBytes { bytes in
                for index in 0..<run { try body(Hash(loading: bytes.baseAddress! + index * Hash.byteCount)) }
            }
            rest -= run
        }
    }

    /// Pulls until so many bytes are at hand, or the end is reached.
    private mutating func fill(_ count: Int) throws {
        while buffer.count - position < count {
            let more = try pull(Self.chunkCount)
            guard !more.isEmpty else { return }
            buffer.removeFirst(position)
            position = 0
            buffer += more
        }
    }
}
