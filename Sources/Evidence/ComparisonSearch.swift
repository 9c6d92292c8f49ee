// SPDX-License-Identifier: Apache-2.0

/// Looks for paragraphs that are not where they could be, among what the copy has elsewhere.
///
/// A paragraph that was moved is missing in its place; to say no more than that would be half of what is known. Only
/// the whole of it counts, word for word.
struct ComparisonSearch {
    /// Fewer words than this may stand elsewhere by chance.
    static let fewest = 6
    /// How many steps are made for each word of the copy.
    private static let stepsPerWord = 64

    private let text: [UInt32]
    private let copy: [UInt32]
    /// The paragraphs that are looked for, by their first words.
    private var sought: [[UInt32]: [Range<Int>]] = [:]
    private(set) var steps = 0

    init(text: [UInt32], copy: [UInt32]) {
        self.text = text
        self.copy = copy
    }

    /// Looks for a paragraph too.
    mutating func add(_ words: Range<Int>) {
        guard words.count >= Self.fewest else { return }
        sought[Array(text[words.prefix(Self.fewest)]), default: []].append(words)
    }

    /// Where each paragraph that is looked for stands first among some words of the copy, by its first word.
    mutating func find(in stretches: [Range<Int>]) -> [Int: Range<Int>] {
        var found: [Int: Range<Int>] = [:]
        guard !sought.isEmpty else { return found }
        for stretch in stretches where stretch.count >= Self.fewest {
            for start in stretch.lowerBound...(stretch.upperBound - Self.fewest) {
                steps += 1
                guard let candidates = sought[Array(copy[start..<(start + Self.fewest)])] else { continue }
                for words in candidates where found[words.lowerBound] == nil {
                    steps += words.count
                    guard steps <= Self.stepsPerWord * copy.count else { return found }
                    if words.count <= stretch.upperBound - start,
                        text[words] == copy[start..<(start + words.count)]
                    {
                        found[words.lowerBound] = start..<(start + words.count)
                    }
                }
            }
        }
        return found
    }
}
