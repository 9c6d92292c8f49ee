// SPDX-License-Identifier: Apache-2.0

/// A text as it is compared with another: its words, its paragraphs, and the parts of it that are withheld.
///
///     "Q. Who came?\n答:两个人"  ->  Q  .  Who  came  ?  |  答  :  两  个  人
///
/// A word is a run of letters and digits; an ideograph, and a letter of a script that is written without spaces, is a
/// word by itself; so is each punctuation mark and symbol. Marks belong to what they stand on. White space, and whether
/// there is any between two words, is not part of what is compared. A paragraph is a line with something in it.
///
/// Two words are the same if they are canonically equivalent: what NFC makes equal is equal, and nothing else.
/// Full-width digits are not the same as others, nor is a ligature the same as its letters.
public struct ComparedText: Sendable {
    /// Why a text is not compared.
    public enum Refusal: Error, Sendable, Hashable {
        /// It is not UTF-8.
        case notUTF8
        /// It has more than `maximumWordCount` words, or `maximumByteCount` bytes.
        case tooLong
    }

    /// A part of the text that is withheld: it stands in its place and takes up no bytes.
    public struct Withheld: Sendable, Hashable {
        /// The byte of the shown text before which it stands.
        public let position: Int
        /// The number of its items, each of 1 to 255 bytes.
        public let count: Int
        /// Whether all of these items are known to be of this text; otherwise they are the most that can be.
        public let isExact: Bool

        /// A withheld part.
        public init(position: Int, count: Int, isExact: Bool = true) {
            self.position = position
            self.count = count
            self.isExact = isExact
        }
    }

    /// The longest text that is compared, 64 MiB.
    public static let maximumByteCount = 64 << 20
    /// The most words that are compared.
    public static let maximumWordCount = 1 << 25

    /// The text, in UTF-8.
    public let text: [UInt8]
    /// What is withheld of it, in order. Adjacent parts are never joined.
    public let withheld: [Withheld]

    /// The words, in order.
    let words: [Word]
    /// The paragraphs, in order.
    let paragraphs: [Paragraph]
    /// For each withheld part, the word before which it stands.
    let gaps: [Int]

    /// A word: its bytes, and how it stands.
    struct Word: Sendable {
        let start: UInt32
        let end: UInt32
        /// Whether a line ends between it and the word before it.
        let beginsLine: Bool
        /// Whether it is letters or digits rather than punctuation.
        let isLetters: Bool

        var bytes: Range<Int> { Int(start)..<Int(end) }
    }

    /// A line with words or withheld parts in it.
    struct Paragraph: Sendable {
        let words: Range<Int>
        let withheld: Range<Int>
    }

    /// Takes a text apart. The positions of `withheld` must ascend, each be between two code points of it, and at most
    /// its length.
    public init(_ text: [UInt8], withheld: [Withheld] = []) throws(Refusal) {
        try self.init(text, withheld: withheld, maximumWordCount: Self.maximumWordCount)
    }

    /// The same with another bound, for tests of it.
    package init(_ text: [UInt8], withheld: [Withheld], maximumWordCount: Int) throws(Refusal) {
        guard text.count <= Self.maximumByteCount else { throw .tooLong }
        guard text.firstInvalidUTF8 == nil else { throw .notUTF8 }
        var cut = ComparedWordCut(breaks: withheld.map(\.position))
        text.withUnsafeBufferPointer { cut.run(over: $0, to: maximumWordCount) }
        guard cut.words.count <= maximumWordCount else { throw .tooLong }
        self.text = text
        self.withheld = withheld
        words = cut.words
        gaps = cut.wordsBehindBreaks
        paragraphs = Self.paragraphs(lines: cut.lines, words: cut.words, withheld: withheld)
    }

    /// The number of words.
    public var wordCount: Int { words.count }

    /// Gathers what stands on each line; `lines` are the bytes at which lines begin. A withheld part at the beginning
    /// of a line is of that line, since nothing shows that a newline is hidden in it.
    private static func paragraphs(lines: [Int], words: [Word], withheld: [Withheld]) -> [Paragraph] {
        var paragraphs: [Paragraph] = []
        var word = 0
        var part = 0
        for line in lines.indices {
            let end = line + 1 < lines.count ? lines[line + 1] : Int.max
            let firstWord = word
            let firstPart = part
            while word < words.count, words[word].start < end { word += 1 }
            while part < withheld.count, withheld[part].position < end { part += 1 }
            guard word > firstWord || part > firstPart else { continue }
            paragraphs.append(Paragraph(words: firstWord..<word, withheld: firstPart..<part))
        }
        return paragraphs
    }

    /// The bytes from the first to the last of some words.
    func bytes(of words: Range<Int>) -> Range<Int> {
        guard let first = words.first, let last = words.last else { return 0..<0 }
        return Int(self.words[first].start)..<Int(self.words[last].end)
    }
}
