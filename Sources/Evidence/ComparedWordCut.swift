// SPDX-License-Identifier: Apache-2.0

/// Takes a text apart into words, as `ComparedText` describes them, in one pass.
///
/// Where words begin and end does not depend on whether letters are composed: each class is that of a code point's
/// canonical decomposition, and what a code point decomposes into beyond its first is of the class of marks, or
/// continues a word.
struct ComparedWordCut {
    /// What a code point is to the cut.
    private enum Class: UInt8 {
        case space
        case newline
        /// Continues a word, or begins one.
        case letter
        /// A word by itself.
        case ideograph
        /// Belongs to what stands before it: marks, joiners, variation selectors.
        case mark
        /// Punctuation and symbols: words by themselves.
        case symbol
    }

    /// More marks than this on one letter begin a word of their own: to put marks in order takes the square of their
    /// number, and no script has so many.
    private static let maximumMarkCount = 64

    private(set) var words: [ComparedText.Word] = []
    /// The byte at which each line begins.
    private(set) var lines: [Int] = [0]
    /// For each break, the number of words before it.
    private(set) var wordsBehindBreaks: [Int] = []

    private let breaks: [Int]
    private var start = 0
    /// The class of the word under way, if one is.
    private var current: Class?
    private var isAfterNewline = true
    private var markCount = 0
    /// How many words and breaks stand before the line under way.
    private var lineStart = (words: 0, breaks: 0)

    /// Words end at each of `breaks`, which ascend.
    init(breaks: [Int]) {
        self.breaks = breaks
    }

    /// Goes over a text, which must be UTF-8, until there are more words than `maximumWordCount`. To be called once.
    mutating func run(over text: UnsafeBufferPointer<UInt8>, to maximumWordCount: Int) {
        let table = Self.table
        words.reserveCapacity(text.count / 4)
        var nextBreak = breaks.first ?? .max
        var at = 0
        while at < text.count {
            if at >= nextBreak { nextBreak = pass(at) }
            let point = CodePoint(text, at: at)
            let (scalar, length) = (point.scalar, point.length)
            let kind = scalar < 0x3000 ? table[Int(scalar)] : Self.classify(wide: scalar)
            step(kind, at: at)
            at += length
            if kind == .newline { beginLine(at: at) }
            if words.count > maximumWordCount { return }
        }
        _ = pass(at)
    }

    /// Ends the word under way, and notes the breaks that `at` has reached; gives the next one.
    private mutating func pass(_ at: Int) -> Int {
        end(at: at)
        while wordsBehindBreaks.count < breaks.count, breaks[wordsBehindBreaks.count] <= at {
            wordsBehindBreaks.append(words.count)
        }
        return wordsBehindBreaks.count < breaks.count ? breaks[wordsBehindBreaks.count] : .max
    }

    private mutating func step(_ kind: Class, at: Int) {
        switch kind {
        case .space: end(at: at)
        case .newline:
            end(at: at)
            isAfterNewline = true
        case .letter:
            if current != .letter { begin(.letter, at: at) }
            markCount = 0
        case .ideograph, .symbol: begin(kind, at: at)
        case .mark:
            markCount += 1
            if current == nil || markCount > Self.maximumMarkCount { begin(.symbol, at: at) }
        }
    }

    /// A line with nothing on it leaves no trace.
    private mutating func beginLine(at: Int) {
        if words.count == lineStart.words, wordsBehindBreaks.count == lineStart.breaks { lines.removeLast() }
        lines.append(at)
        lineStart = (words.count, wordsBehindBreaks.count)
    }

    private mutating func begin(_ kind: Class, at: Int) {
        end(at: at)
        start = at
        current = kind
        markCount = 0
    }

    private mutating func end(at: Int) {
        guard let kind = current else { return }
        words.append(
            ComparedText.Word(
                start: UInt32(start), end: UInt32(at), beginsLine: isAfterNewline, isLetters: kind != .symbol))
        current = nil
        isAfterNewline = false
    }

    private static func isNewline(_ scalar: UInt32) -> Bool {
        (0x0A...0x0D).contains(scalar) || scalar == 0x85 || scalar == 0x2028 || scalar == 0x2029
    }

    /// Asking for a code point's properties costs more than all the rest.
    private static let table: [Class] = (0..<0x3000).map { Unicode.Scalar($0).map(classify) ?? .symbol }

    @inline(__always)
    private static func classify(wide scalar: UInt32) -> Class {
        switch scalar {
        case 0x3400...0x4DBF, 0x4E00...0x9FFF, 0x20000...0x3FFFD: .ideograph
        case 0xAC00...0xD7A3: .letter
        default: Unicode.Scalar(scalar).map(classify) ?? .symbol
        }
    }

    private static func classify(_ scalar: Unicode.Scalar) -> Class {
        if isNewline(scalar.value) { return .newline }
        if scalar.properties.isWhitespace { return .space }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark, .format: return .mark
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber:
            return scalar.properties.isIdeographic || isWrittenWithoutSpaces(scalar.value) ? .ideograph : .letter
        // Characters that a standard lacks, often those of rare names, are put here.
        case .privateUse: return .ideograph
        default: return scalar.properties.isIdeographic ? .ideograph : .symbol
        }
    }

    /// Thai, Lao, Burmese, Khmer; kana and bopomofo. A whole line would be a single word.
    private static func isWrittenWithoutSpaces(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x0E00...0x0EFF, 0x1000...0x109F, 0x1780...0x17FF, 0x3041...0x312F, 0x31F0...0x31FF, 0xFF66...0xFF9F: true
        default: false
        }
    }
}
