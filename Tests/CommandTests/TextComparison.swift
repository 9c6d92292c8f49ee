// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A text beside the text that was wanted.
///
/// In the wanted text, `[..]` stands for anything within a line, and a line of three dots for any number of lines:
///
///     interview.txt: THE SAME, byte for byte, as the document in entry 2
///       log's clock        [..] UTC (the log's own claim)
///     ...
///       NOT shown          that the contents are accurate[..]
struct TextComparison {
    /// The first wanted line that could not be met, from 1; nil if all were, with nothing left over.
    let missed: Int?

    private let wantedLines: [[UInt8]]

    init(_ text: Data, wanted: Data) {
        let text = TextComparison.lines(text)
        wantedLines = TextComparison.lines(wanted)
        // reach: every place in the text at which the wanted lines so far may have ended.
        var reach: Set<Int> = [0]
        var missed: Int?
        for (number, line) in wantedLines.enumerated() where missed == nil {
            var next: Set<Int> = []
            if line == Array("...\n".utf8) {
                next = Set(reach.min().map { $0...text.count } ?? 0...0)
            } else {
                for place in reach where place < text.count {
                    if TextComparison.matches(text[place][...], line[...]) { next.insert(place + 1) }
                }
            }
            if next.isEmpty { missed = number + 1 }
            reach = next
        }
        if missed == nil, !reach.contains(text.count) { missed = wantedLines.count + 1 }
        self.missed = missed
    }

    /// What differs, in words; nil if nothing does.
    var difference: String? {
        guard let missed else { return nil }
        guard missed <= wantedLines.count else { return "there is more after what was wanted" }
        return "nothing is like line \(missed) of it: "
            + String(decoding: wantedLines[missed - 1].prefix { $0 != 0x0A }, as: UTF8.self)
    }

    /// The lines with their newlines: a last line without one is another line than with it.
    private static func lines(_ data: Data) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var rest = data[...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 0x0A).map { $0 + 1 } ?? rest.endIndex
            lines.append([UInt8](rest[..<end]))
            rest = rest[end...]
        }
        return lines
    }

    private static let gap = Array("[..]".utf8)

    private static func matches(_ text: ArraySlice<UInt8>, _ wanted: ArraySlice<UInt8>) -> Bool {
        guard let gap = wanted.firstRange(of: gap) else { return text == wanted }
        let before = wanted[..<gap.lowerBound]
        guard text.starts(with: before) else { return false }
        let rest = wanted[gap.upperBound...]
        let afterwards = text.dropFirst(before.count)
        return (afterwards.startIndex...afterwards.endIndex).contains { matches(afterwards[$0...], rest) }
    }
}
