// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// Finds what is to be struck out of a text: by the words themselves, by lines, or by a copy that was painted over.
///
/// Ranges are of the text's bytes. Whoever strikes out hides every slice that such a range touches.
public enum Strikeout {
    /// What a copy is painted over with: U+2588, the full block.
    public static let block: [UInt8] = Array("\u{2588}".utf8)

    /// Every place of `words` in `text`, in order; they may overlap.
    ///
    /// The bytes must be equal, but that any white space stands for any other: words that a line break divides are
    /// found too. White space around `words` counts for nothing. None where they are nothing else.
    public static func occurrences(of words: [UInt8], in text: [UInt8]) -> [Range<Int>] {
        let words = words.drop(while: isSpace).reversed().drop(while: isSpace).reversed()
        let pattern = Array(words)
        guard let first = pattern.first else { return [] }
        var found: [Range<Int>] = []
        for start in text.indices where text[start] == first {
            if let end = end(of: pattern, in: text, from: start) { found.append(start..<end) }
        }
        return found
    }

    /// The bytes of some lines, counted from 1, with their newlines; nil where the text has no such line.
    public static func lines(_ lines: ClosedRange<Int>, of text: [UInt8]) -> Range<Int>? {
        var line = 1
        var start = lines.lowerBound == 1 ? text.startIndex : nil
        for (index, byte) in text.enumerated() where byte == 0x0A {
            if line == lines.upperBound { return start.map { $0..<index + 1 } }
            line += 1
            if line == lines.lowerBound { start = index + 1 }
        }
        guard let start, line == lines.upperBound, text.last != 0x0A, start < text.count else { return nil }
        return start..<text.count
    }

    /// What of `text` is painted over in `copy`: some blocks stand for one character or more.
    ///
    /// Line ends, a byte order mark and the newline at the end may differ, as editors have them. Nil where the rest of
    /// the copy is not the text. What is left of the text is nowhere more than the copy shows.
    public static func painted(in copy: [UInt8], of text: [UInt8]) -> RangeSet<Int>? {
        painted(Folded(copy), Folded(text)) ?? painted(Folded(copy).withoutEnd, Folded(text).withoutEnd)
    }

    private static func painted(_ copy: Folded, _ text: Folded) -> RangeSet<Int>? {
        let ranges = byLine(copy.bytes, text.bytes) ?? align(copy.bytes[...], with: text.bytes[...])
        return ranges.map { RangeSet($0.map { text.original(of: $0) }) }
    }

    /// The first line of `copy` that is not, with its blocks, a line of the text in its place.
    public static func firstStrangeLine(in copy: [UInt8], of text: [UInt8]) -> Int {
        let copyLines = Folded(copy).withoutEnd.bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        let textLines = Folded(text).withoutEnd.bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
        let strange = zip(copyLines, textLines).enumerated().first { align($0.element.0, with: $0.element.1) == nil }
        return 1 + (strange?.offset ?? min(copyLines.count, textLines.count))
    }

    // MARK: -

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// The end of the pattern where it stands at `start`. It does not end in white space.
    private static func end(of pattern: [UInt8], in text: [UInt8], from start: Int) -> Int? {
        var at = start
        var index = 0
        while index < pattern.count {
            if isSpace(pattern[index]) {
                guard at < text.count, isSpace(text[at]) else { return nil }
                while at < text.count, isSpace(text[at]) { at += 1 }
                while isSpace(pattern[index]) { index += 1 }
            } else {
                guard at < text.count, text[at] == pattern[index] else { return nil }
                at += 1
                index += 1
            }
        }
        return at
    }

    /// Aligns each line by itself, where there are as many of them: a block then stands for nothing of another line.
    private static func byLine(_ copy: [UInt8], _ text: [UInt8]) -> [Range<Int>]? {
        let copyLines = copy.split(separator: 0x0A, omittingEmptySubsequences: false)
        let textLines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
        guard copyLines.count == textLines.count else { return nil }
        var ranges: [Range<Int>] = []
        for (copyLine, textLine) in zip(copyLines, textLines) {
            guard let found = align(copyLine, with: textLine) else { return nil }
            ranges += found
        }
        return ranges
    }

    /// Puts what stands between the blocks on its first places in the text, the last of it at the end.
    private static func align(_ copy: ArraySlice<UInt8>, with text: ArraySlice<UInt8>) -> [Range<Int>]? {
        var literals = literals(of: copy)
        let first = literals.removeFirst()
        guard text.starts(with: first) else { return nil }
        guard let last = literals.popLast() else { return first.count == text.count ? [] : nil }
        var ranges: [Range<Int>] = []
        var at = text.startIndex + first.count
        let end = text.endIndex - last.count
        for literal in literals {
            guard let place = firstPlace(of: literal, in: text, from: at + 1, below: end) else { return nil }
            ranges.append(at..<place)
            at = place + literal.count
        }
        guard end > at, text[end...].elementsEqual(last) else { return nil }
        ranges.append(at..<end)
        return ranges
    }

    /// The copy cut at its blocks; a run of blocks is one cut.
    private static func literals(of copy: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var literals: [ArraySlice<UInt8>] = []
        var start = copy.startIndex
        var at = start
        var isBehindBlock = false
        while at < copy.endIndex {
            if copy[at] == block[0], copy[at...].starts(with: block) {
                if !(isBehindBlock && at == start) { literals.append(copy[start..<at]) }
                at += block.count
                start = at
                isBehindBlock = true
            } else {
                at += 1
            }
        }
        literals.append(copy[start...])
        return literals
    }

    private static func firstPlace(
        of literal: ArraySlice<UInt8>, in text: ArraySlice<UInt8>, from start: Int, below end: Int
    ) -> Int? {
        guard let first = literal.first, start + literal.count <= end else { return nil }
        return (start...end - literal.count).first { text[$0] == first && text[$0...].starts(with: literal) }
    }

    /// A text without byte order mark and carriage returns before newlines.
    private struct Folded {
        private(set) var bytes: [UInt8] = []
        /// Where each byte stood, and perhaps more of them.
        private var places: [Int] = []

        init(_ text: [UInt8]) {
            let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
            bytes.reserveCapacity(text.count)
            places.reserveCapacity(text.count)
            for index in (text.starts(with: mark) ? mark.count : 0)..<text.count {
                if text[index] == 0x0D, index + 1 < text.count, text[index + 1] == 0x0A { continue }
                bytes.append(text[index])
                places.append(index)
            }
        }

        /// Without the newlines at its end.
        var withoutEnd: Folded {
            var folded = self
            let end = bytes.reversed().prefix { $0 == 0x0A }.count
            folded.bytes.removeLast(end)
            return folded
        }

        func original(of range: Range<Int>) -> Range<Int> {
            places[range.lowerBound]..<places[range.upperBound - 1] + 1
        }
    }
}
