// SPDX-License-Identifier: Apache-2.0

/// A text cut into slices, so that any of them can be struck out and the rest still be checked.
///
///     "Q. When were you taken?\n问:他们"  ->  "Q. " "When " "were " "you " "taken?\n" "问:" "他" "们"
///
/// Slices are 1 to 255 bytes of whole code points and concatenate to the text. The default cut begins one at each
/// word, at each ideograph, and after each newline (U+000A); a slice carries the spaces and punctuation behind it. An
/// apostrophe between two letters is part of the word. Nothing that verifies depends on where the cuts are: another cut
/// is as good. (Formats section 4.)
///
/// A script without spaces that is not ideographic, such as Thai, is cut only at its punctuation and every 255 bytes.
public struct Slices: Sendable, Hashable {
    /// The longest slice, in bytes.
    public static let maximumByteCount = 255

    /// The whole text.
    public let text: [UInt8]
    /// The length of each slice in bytes.
    public let lengths: [UInt8]

    /// Cuts a text; nil unless it is UTF-8. An empty text has no slices.
    public init?(cutting text: [UInt8]) {
        guard text.firstInvalidUTF8 == nil else { return nil }
        self.text = text
        lengths = text.withUnsafeBufferPointer { SliceCut.lengths(of: $0) }
    }

    /// Takes up a cut that was made before; nil unless it is one of this text, and the text UTF-8.
    public init?(text: [UInt8], lengths: [UInt8]) {
        guard text.firstInvalidUTF8 == nil, Self.isCut(text, into: lengths) else { return nil }
        self.text = text
        self.lengths = lengths
    }

    /// The number of slices.
    public var count: Int { lengths.count }

    /// Whether these are the lengths of slices of whole code points that make up `text`, which must be UTF-8.
    public static func isCut(_ text: [UInt8], into lengths: [UInt8]) -> Bool {
        var end = 0
        for length in lengths {
            end += Int(length)
            guard length > 0, end <= text.count, end == text.count || text[end] & 0xC0 != 0x80 else { return false }
        }
        return end == text.count
    }

    /// The numbers of the slices that have a byte in one of `ranges` of the text: what to hide to strike those out.
    public func numbers(touching ranges: RangeSet<Int>) -> RangeSet<Int> {
        var numbers = RangeSet<Int>()
        var rest = Array(ranges.ranges)[...]
        var end = 0
        for (number, length) in lengths.enumerated() {
            guard let first = rest.first else { break }
            end += Int(length)
            if first.lowerBound < end { numbers.insert(contentsOf: number..<(number + 1)) }
            while let range = rest.first, range.upperBound <= end { rest.removeFirst() }
        }
        return numbers
    }
}
