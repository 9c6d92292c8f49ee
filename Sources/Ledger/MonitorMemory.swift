// SPDX-License-Identifier: Apache-2.0
public import SystemPackage
import TransparencyLog

/// What a monitor remembers from one look at a log to the next, besides the verified state.
///
///     indelible-monitor/v1
///     news <seconds>                   when the log last showed an entry or a cosignature that was new
///     unreachable <seconds>            since when it cannot be read; only while it cannot
///     told <id>                        0 or more: trouble that was told and is not over
///
/// Without it nothing is missed: trouble that lasts is told once more.
public struct MonitorMemory: Sendable, Hashable {
    private static let format = "monitor"
    private static let header = "indelible-monitor/v1"
    private static let maximumByteCount = 1 << 16

    /// When the log last showed something new, by the monitor's clock.
    public var newsAt: UInt64
    /// Since when it cannot be read.
    public var unreachableSince: UInt64?
    /// The trouble that was told and is not over.
    var told: [String] = []

    /// Nothing to remember: the first look, at this time.
    public init(beginningAt now: UInt64) {
        newsAt = now
    }

    /// Notes that something is told; false where it was told before.
    mutating func tell(_ id: String) -> Bool {
        guard !told.contains(id) else { return false }
        told.append(id)
        return true
    }

    /// Reads the file at `path`; nil where there is none.
    public init?(reading path: FilePath) throws {
        guard let bytes = try DurableFile.readIfPresent(path, limit: Self.maximumByteCount) else { return nil }
        try self.init(parsing: bytes)
    }

    init(parsing bytes: [UInt8]) throws(FormatError) {
        let lines = bytes.split(separator: 0x0A).map { $0.split(separator: 0x20, maxSplits: 1) }
        guard lines.first?.first?.elementsEqual(Self.header.utf8) == true, lines.count >= 2 else {
            throw FormatError(Self.format, line: 1, "made by another version, or not the file of a monitor")
        }
        guard let news = Self.value(lines[1], "news").flatMap({ Decimal.parse($0, below: 1 << 53) }) else {
            throw FormatError(Self.format, line: 2, "want news with a time")
        }
        newsAt = news
        for line in lines[2...] {
            if let value = Self.value(line, "unreachable").flatMap({ Decimal.parse($0, below: 1 << 53) }) {
                unreachableSince = value
            } else if let id = Self.value(line, "told") {
                told.append(String(decoding: id, as: UTF8.self))
            }
        }
        guard self.bytes == bytes else { throw FormatError(Self.format, "not as it was written") }
    }

    private static func value(_ line: [ArraySlice<UInt8>], _ keyword: String) -> ArraySlice<UInt8>? {
        line.count == 2 && line[0].elementsEqual(keyword.utf8) ? line[1] : nil
    }

    /// The file's bytes.
    var bytes: [UInt8] {
        var text = "\(Self.header)\nnews \(newsAt)\n"
        if let unreachableSince { text += "unreachable \(unreachableSince)\n" }
        for id in told { text += "told \(id)\n" }
        return Array(text.utf8)
    }

    /// Writes the file, whole or not at all.
    public func write(to path: FilePath) throws(FileError) {
        try DurableFile.write(bytes, to: path)
    }
}
