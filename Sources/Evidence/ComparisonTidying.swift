// SPDX-License-Identifier: Apache-2.0

/// Makes of the places of an alignment what a reader would take for the difference.
///
/// Where a paragraph is missing, the next often begins with the same words (`Q.`, `问:`), and an alignment cannot tell
/// whose they are: what is missing is moved to where a paragraph begins. And where a paragraph is missing altogether, a
/// few of its words stand elsewhere in the copy by chance: those are given up.
struct ComparisonTidying {
    /// How far something is moved, in words.
    private static let reach = 64
    /// A stretch of so many words in a row is not there by chance.
    private static let telling = 6

    /// For each word of the text, where it stands in the copy, or -1.
    private(set) var places: [Int32]
    private(set) var steps = 0

    private let text: [UInt32]
    private let copy: [UInt32]
    private let shown: ComparedText
    private let circulating: ComparedText
    /// Whether a paragraph of the text begins at each word, and at its end.
    private var begins: [Bool]
    /// Whether something is withheld before each word, and at the end.
    private var isGap: [Bool]

    init(_ places: [Int32], text: [UInt32], copy: [UInt32], shown: ComparedText, circulating: ComparedText) {
        self.places = places
        self.text = text
        self.copy = copy
        self.shown = shown
        self.circulating = circulating
        begins = [Bool](repeating: false, count: text.count + 1)
        isGap = begins
        begins[text.count] = true
        for paragraph in shown.paragraphs { begins[paragraph.words.lowerBound] = true }
        for gap in shown.gaps { isGap[gap] = true }
        moveWhatIsMissing()
        moveWhatIsExtra()
        giveUpWhatIsThereByChance()
    }

    /// Moves each stretch that is missing, with nothing in its place, to where it begins and ends with paragraphs.
    private mutating func moveWhatIsMissing() {
        var next = 0
        while next < places.count {
            let start = next
            while next < places.count, places[next] < 0 { next += 1 }
            let end = next
            next = max(next, start + 1)
            guard 0 < start, start < end, end < places.count, places[end] == places[start - 1] + 1,
                !isGap[start...end].contains(true)
            else { continue }
            var best = (score: score(missing: start..<end), shift: 0)
            for sign in [-1, 1] {
                for step in 1...Self.reach {
                    steps += 1
                    guard sign < 0 ? canMoveLeft(start, end, step) : canMoveRight(start, end, step) else { break }
                    let score = score(missing: (start + sign * step)..<(end + sign * step))
                    if score > best.score || score == best.score && step < abs(best.shift) {
                        best = (score, sign * step)
                    }
                }
            }
            for step in 0..<max(-best.shift, 0) {
                places[end - 1 - step] = places[start - 1 - step]
                places[start - 1 - step] = -1
            }
            for step in 0..<max(best.shift, 0) {
                places[start + step] = places[end + step]
                places[end + step] = -1
            }
        }
    }

    private func score(missing words: Range<Int>) -> Int {
        (begins[words.lowerBound] ? 1 : 0) + (begins[words.upperBound] ? 1 : 0)
    }

    private func canMoveLeft(_ start: Int, _ end: Int, _ step: Int) -> Bool {
        // In front of the copy's first word there is none: a word that is missing must not pass for it.
        step <= start && step <= Int(places[start - 1]) + 1
            && Int(places[start - step]) == Int(places[start - 1]) - step + 1
            && text[start - step] == text[end - step] && !isGap[start - step]
    }

    private func canMoveRight(_ start: Int, _ end: Int, _ step: Int) -> Bool {
        end + step <= places.count && Int(places[end + step - 1]) == Int(places[end]) + step - 1
            && text[start + step - 1] == text[end + step - 1] && !isGap[end + step]
    }

    /// Moves each stretch of the copy that is extra, with nothing missing in its place, to between two paragraphs.
    private mutating func moveWhatIsExtra() {
        for word in places.indices.dropFirst() where !isGap[word] {
            let (before, after) = (Int(places[word - 1]), Int(places[word]))
            guard before >= 0, after > before + 1 else { continue }
            var best = (score: score(extra: before + 1, at: word), shift: 0)
            for sign in [-1, 1] {
                for step in 1...Self.reach {
                    steps += 1
                    guard sign < 0 ? canMoveExtraLeft(word, step) : canMoveExtraRight(word, step) else { break }
                    let score = score(extra: before + 1 + sign * step, at: word + sign * step)
                    if score > best.score || score == best.score && step < abs(best.shift) {
                        best = (score, sign * step)
                    }
                }
            }
            for step in 0..<max(-best.shift, 0) { places[word - 1 - step] = Int32(after - 1 - step) }
            for step in 0..<max(best.shift, 0) { places[word + step] = Int32(before + 1 + step) }
        }
    }

    private func score(extra copyWord: Int, at word: Int) -> Int {
        (begins[word] ? 2 : 0) + (circulating.words[copyWord].beginsLine ? 1 : 0)
    }

    private func canMoveExtraLeft(_ word: Int, _ step: Int) -> Bool {
        let (before, after) = (Int(places[word - 1]), Int(places[word]))
        return step <= word && step <= before + 1 && Int(places[word - step]) == before - step + 1
            && copy[before - step + 1] == copy[after - step] && !isGap[word - step]
    }

    private func canMoveExtraRight(_ word: Int, _ step: Int) -> Bool {
        let (before, after) = (Int(places[word - 1]), Int(places[word]))
        return word + step <= places.count && Int(places[word + step - 1]) == after + step - 1
            && copy[before + step] == copy[after + step - 1] && !isGap[word + step]
    }

    /// Gives up the places of a paragraph's words where they are too few, or too far apart, to be that paragraph.
    private mutating func giveUpWhatIsThereByChance() {
        for paragraph in shown.paragraphs where !isFound(paragraph.words) {
            for word in paragraph.words { places[word] = -1 }
        }
    }

    private func isFound(_ words: Range<Int>) -> Bool {
        // Punctuation is everywhere; it counts only where there is nothing else.
        let hasLetters = words.contains { shown.words[$0].isLetters }
        var (all, found, between, row) = (0, 0, 0, 0)
        var last: Int?
        for word in words {
            let counts = !hasLetters || shown.words[word].isLetters
            all += counts ? 1 : 0
            if isGap[word] { (last, row) = (nil, 0) }
            guard places[word] >= 0 else {
                row = 0
                continue
            }
            let place = Int(places[word])
            row = last == place - 1 ? row + 1 : 1
            if row >= Self.telling { return true }
            found += counts ? 1 : 0
            between += last.map { place - $0 - 1 } ?? 0
            last = place
        }
        return found * 3 >= all && between <= 2 * words.count + 8
    }
}
