// SPDX-License-Identifier: Apache-2.0

/// Puts the result of an alignment together: which paragraph each word of the copy belongs to, or none.
///
/// What the copy has in place of words of a paragraph, or between two of them, is of that paragraph. What it has
/// between two paragraphs is of neither, but for what stands on one line with the end of the first, or with the
/// beginning of the second.
struct ComparisonAssembly {
    /// Words of the copy that belong to a paragraph, before one of its words or behind its last.
    private struct Insertion {
        let paragraph: Int
        let word: Int
        let copy: Range<Int>
    }

    private let shown: ComparedText
    private let copy: ComparedText
    private let places: [Int32]
    private let givenUp: [Range<Int>]
    /// Whether the copy has line breaks at all.
    private let hasLines: Bool
    /// What belongs to paragraphs, in order.
    private var inside: [Insertion] = []
    /// What stands before a paragraph, in order.
    private var between: [(paragraph: Int, copy: Range<Int>)] = []
    /// What stands beside a withheld part, by its number, in order.
    private var beside: [(withheld: Int, copy: Range<Int>)] = []
    /// Where missing paragraphs stand in the copy, by their first words.
    private let elsewhere: [Int: Range<Int>]
    /// How many steps the search for those took.
    let steps: Int

    /// `givenUp` ascend; `search` is one of the words of the two by number.
    init(
        shown: ComparedText, copy: ComparedText, places: [Int32], givenUp: [Range<Int>], search: ComparisonSearch
    ) {
        self.shown = shown
        self.copy = copy
        self.places = places
        self.givenUp = givenUp
        var search = search
        for paragraph in shown.paragraphs
        where paragraph.withheld.isEmpty && paragraph.words.allSatisfy({ places[$0] < 0 }) {
            search.add(paragraph.words)
        }
        elsewhere = search.find(in: Self.unplaced(places, copy.words.count))
        steps = search.steps
        hasLines = copy.words.dropFirst().contains(where: \.beginsLine)
        attribute()
    }

    /// The words of the copy that have no place in the text.
    private static func unplaced(_ places: [Int32], _ count: Int) -> [Range<Int>] {
        var unplaced: [Range<Int>] = []
        var next = 0
        for place in places where place >= 0 {
            if next < place { unplaced.append(next..<Int(place)) }
            next = Int(place) + 1
        }
        if next < count { unplaced.append(next..<count) }
        return unplaced
    }

    // MARK: - Whose the copy's words are

    /// Goes over each place where the two differ.
    private mutating func attribute() {
        var (paragraph, part) = (0, 0)
        var (word, copyWord) = (0, 0)
        while true {
            // What is missing, [word, end), and what stands in its place, [copyWord, copyEnd).
            var end = word
            while end < places.count, places[end] < 0 { end += 1 }
            let copyEnd = end < places.count ? Int(places[end]) : copy.words.count
            if copyWord < copyEnd {
                while part < shown.gaps.count, shown.gaps[part] < word { part += 1 }
                while paragraph < shown.paragraphs.count, shown.paragraphs[paragraph].words.upperBound < word {
                    paragraph += 1
                }
                if part < shown.gaps.count, shown.gaps[part] <= end {
                    beside.append((part, copyWord..<copyEnd))
                } else {
                    attribute(copyWord..<copyEnd, missing: word..<end, from: paragraph)
                }
            }
            guard end < places.count else { return }
            (word, copyWord) = (end + 1, copyEnd + 1)
        }
    }

    /// Says whose the words `range` of the copy are, which stand in the place of `missing`. The search for that begins
    /// at `paragraph`, the first that ends behind `missing` begins, or right there.
    private mutating func attribute(_ range: Range<Int>, missing: Range<Int>, from paragraph: Int) {
        let paragraphs = shown.paragraphs
        // The paragraph that has words both before and in the place, and the one that has words both in it and behind.
        var first: Int?
        var number = paragraph
        while number < paragraphs.count, paragraphs[number].words.lowerBound < missing.lowerBound {
            first = number
            number += 1
        }
        var last: Int?
        while number < paragraphs.count, paragraphs[number].words.upperBound <= missing.upperBound { number += 1 }
        if let first, paragraphs[first].words.upperBound > missing.upperBound {
            inside.append(Insertion(paragraph: first, word: missing.upperBound, copy: range))
            return
        }
        // No word is between two paragraphs.
        if number < paragraphs.count { last = number }

        // Lines of the copy end before these of its words.
        let breaks = hasLines ? range.filter { copy.words[$0].beginsLine } : []
        let endsLine =
            hasLines && (range.upperBound == copy.words.count || copy.words[range.upperBound].beginsLine)
        var head = range.lowerBound..<range.lowerBound
        var tail = range.upperBound..<range.upperBound
        let lacksOfFirst = first.map { paragraphs[$0].words.upperBound > missing.lowerBound } ?? false
        let lacksOfLast = last.map { paragraphs[$0].words.lowerBound < missing.upperBound } ?? false
        if !breaks.isEmpty || endsLine {
            if first != nil { head = range.lowerBound..<(breaks.first ?? range.upperBound) }
            // Behind the last paragraph the copy ends, and a line with it.
            if !endsLine, let start = breaks.last { tail = max(start, head.upperBound)..<range.upperBound }
        } else if lacksOfFirst {
            head = range
        } else if lacksOfLast {
            tail = range
        }
        if let first, !head.isEmpty {
            inside.append(Insertion(paragraph: first, word: paragraphs[first].words.upperBound, copy: head))
        }
        if head.upperBound < tail.lowerBound {
            between.append((first.map { $0 + 1 } ?? number, head.upperBound..<tail.lowerBound))
        }
        if let last, !tail.isEmpty {
            inside.append(Insertion(paragraph: last, word: missing.upperBound, copy: tail))
        }
    }

    // MARK: - The result

    /// Every paragraph, with what stands between them.
    mutating func parts() -> [TextComparison.Part] {
        var parts: [TextComparison.Part] = []
        var (nextBetween, nextGivenUp) = (0, 0)
        for number in 0...shown.paragraphs.count {
            while nextBetween < between.count, between[nextBetween].paragraph == number {
                parts.append(.extra(copy: copy.bytes(of: between[nextBetween].copy)))
                nextBetween += 1
            }
            guard number < shown.paragraphs.count else { break }
            let words = shown.paragraphs[number].words
            while nextGivenUp < givenUp.count, givenUp[nextGivenUp].upperBound <= words.lowerBound { nextGivenUp += 1 }
            let isGivenUp = nextGivenUp < givenUp.count && givenUp[nextGivenUp].overlaps(words)
            parts.append(.paragraph(paragraph(number, isGivenUp: isGivenUp)))
        }
        return parts
    }

    private var nextInside = 0
    private var nextBeside = 0

    private mutating func paragraph(_ number: Int, isGivenUp: Bool) -> ComparedParagraph {
        let paragraph = shown.paragraphs[number]
        var pieces: [ComparedParagraph.Piece] = []
        var part = paragraph.withheld.lowerBound
        var word = paragraph.words.lowerBound
        while true {
            while nextInside < inside.count, inside[nextInside].paragraph == number, inside[nextInside].word == word {
                pieces.append(.extra(copy: copy.bytes(of: inside[nextInside].copy)))
                nextInside += 1
            }
            while part < paragraph.withheld.upperBound, shown.gaps[part] == word {
                pieces.append(withheld(part))
                part += 1
            }
            guard word < paragraph.words.upperBound else { break }
            // As far as it goes on in the same way: nothing is inserted within what stands in a row, or is missing.
            let first = word
            repeat {
                word += 1
            } while word < paragraph.words.upperBound && (places[word] < 0) == (places[first] < 0)
                && (places[word] < 0 || places[word] == places[word - 1] + 1)
                && !(part < paragraph.withheld.upperBound && shown.gaps[part] == word)
            let bytes = shown.bytes(of: first..<word)
            if places[first] < 0 {
                pieces.append(.missing(shown: bytes))
            } else {
                let start = Int(places[first])
                pieces.append(.same(shown: bytes, copy: copy.bytes(of: start..<(start + word - first))))
            }
        }
        let result = result(of: pieces, isGivenUp)
        let elsewhere = result == .missing || result == .tooDifferent ? elsewhere[paragraph.words.lowerBound] : nil
        return ComparedParagraph(
            number: number + 1, result: elsewhere == nil ? result : .missing, pieces: pieces,
            elsewhere: elsewhere.map { copy.bytes(of: $0) })
    }

    private mutating func withheld(_ part: Int) -> ComparedParagraph.Piece {
        guard nextBeside < beside.count, beside[nextBeside].withheld == part else {
            return .withheld(shown.withheld[part], copy: nil, couldFit: true)
        }
        let words = beside[nextBeside].copy
        nextBeside += 1
        // An item is at most 255 bytes, and decomposed letters take up at most three times as many.
        let count = copy.words[words].reduce(0) { $0 + $1.bytes.count }
        return .withheld(
            shown.withheld[part], copy: copy.bytes(of: words), couldFit: count <= 3 * 255 * shown.withheld[part].count
        )
    }

    private func result(of pieces: [ComparedParagraph.Piece], _ isGivenUp: Bool) -> ComparedParagraph.Result {
        var (hasSame, hasMissing, hasExtra) = (false, false, false)
        for piece in pieces {
            switch piece {
            case .same: hasSame = true
            case .missing: hasMissing = true
            case .extra: hasExtra = true
            case .withheld(_, _, let couldFit): hasExtra = hasExtra || !couldFit
            }
        }
        switch (hasSame, hasMissing, hasExtra) {
        case (true, false, false): return .same
        case (true, _, _), (false, _, true): return .differs
        case (false, true, false): return isGivenUp ? .tooDifferent : .missing
        case (false, false, false): return .withheld
        }
    }
}
