// SPDX-License-Identifier: Apache-2.0

/// Which words of a text stand where in a copy of it: at most one place for each, in the same order in both.
///
/// First, stretches that are found once in the text and once in the copy are put together, as many as stand in the same
/// order (patience); then again in what is left between them, with ever shorter stretches. What is small after that is
/// compared word by word (`ComparisonPath`). Every step is bounded by the number of words at hand, so that no text can
/// make the whole take much longer than its length: what would, is given up, and is known to be.
struct ComparisonAlignment {
    /// A stretch of the text and the stretch of the copy that it can be found in.
    struct Region {
        let text: Range<Int>
        let copy: Range<Int>
    }

    /// The length of the stretches that each round looks for.
    private static let rounds = [8, 4, 2, 1, 1, 1, 1, 1]

    /// For each word of the text, where it stands in the copy, or -1.
    private(set) var places: [Int32]
    /// Stretches of the text, in order, that were too different from what the copy has in their place to be aligned.
    private(set) var givenUp: [Range<Int>] = []
    /// How many steps it took: for tests of the bound.
    private(set) var steps = 0

    private let text: [UInt32]
    private let copy: [UInt32]
    /// The words before which something is withheld; they ascend.
    private let gaps: [Int]

    /// Aligns the words of a text, by number, with those of a copy.
    init(text: [UInt32], copy: [UInt32], gaps: [Int]) {
        self.text = text
        self.copy = copy
        self.gaps = gaps.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
        places = [Int32](repeating: -1, count: text.count)
        var regions = [trimmed(Region(text: text.indices, copy: copy.indices))].compactMap(\.self)
        for length in Self.rounds { regions = regions.flatMap { anchor($0, length) } }
        for region in regions { finish(region) }
    }

    /// Those of the words from `range`'s first to the one behind its last before which something is withheld.
    private func gaps(in range: ClosedRange<Int>) -> ArraySlice<Int> {
        func first(from word: Int) -> Int {
            var (low, high) = (0, gaps.count)
            while low < high {
                let middle = (low + high) / 2
                if gaps[middle] < word { low = middle + 1 } else { high = middle }
            }
            return low
        }
        return gaps[first(from: range.lowerBound)..<first(from: range.upperBound + 1)]
    }

    private func hasGap(_ range: ClosedRange<Int>) -> Bool {
        !gaps.isEmpty && !gaps(in: range).isEmpty
    }

    /// Matches what is equal at both ends of a region, and gives what is left between, if that is something of both.
    ///
    /// It goes no further than to a withheld part: the copy's words there may stand for what is withheld.
    private mutating func trimmed(_ region: Region) -> Region? {
        var (low, high) = (region.text.lowerBound, region.text.upperBound)
        var (copyLow, copyHigh) = (region.copy.lowerBound, region.copy.upperBound)
        while low < high, copyLow < copyHigh, text[low] == copy[copyLow], !hasGap(low...low) {
            places[low] = Int32(copyLow)
            (low, copyLow) = (low + 1, copyLow + 1)
        }
        while low < high, copyLow < copyHigh, text[high - 1] == copy[copyHigh - 1], !hasGap(high...high) {
            (high, copyHigh) = (high - 1, copyHigh - 1)
            places[high] = Int32(copyHigh)
        }
        steps += region.text.count - (high - low) + 1
        return low < high && copyLow < copyHigh ? Region(text: low..<high, copy: copyLow..<copyHigh) : nil
    }

    /// Matches the stretches of `length` words that stand once in either part of a region, and gives what is left.
    private mutating func anchor(_ region: Region, _ length: Int) -> [Region] {
        guard region.text.count >= length, region.copy.count >= length else { return [region] }
        var left: [Region] = []
        var (low, copyLow) = (region.text.lowerBound, region.copy.lowerBound)
        for (place, copyPlace) in longestAscent(of: common(region, length)) {
            // It may overlap the one before it, on the same diagonal or on another, but begins behind where that does.
            let skip = max(0, low - place, copyLow - copyPlace)
            if let between = trimmed(Region(text: low..<(place + skip), copy: copyLow..<(copyPlace + skip))) {
                left.append(between)
            }
            for offset in skip..<length { places[place + offset] = Int32(copyPlace + offset) }
            (low, copyLow) = (place + length, copyPlace + length)
        }
        guard low > region.text.lowerBound else { return [region] }
        let rest = Region(text: low..<region.text.upperBound, copy: copyLow..<region.copy.upperBound)
        return left + [trimmed(rest)].compactMap(\.self)
    }

    /// The stretches that stand once in either part, in the text's order.
    private mutating func common(_ region: Region, _ length: Int) -> [(text: Int, copy: Int)] {
        /// Where a stretch was seen; -1 where it was not, -2 where it was more than once.
        struct Seen {
            var text: Int32
            var copy: Int32 = -1
        }
        var seen: [UInt64: Seen] = [:]
        seen.reserveCapacity(region.text.count)
        for place in region.text.lowerBound...(region.text.upperBound - length) {
            if length > 1, hasGap((place + 1)...(place + length - 1)) { continue }
            let name = Self.name(text[place..<(place + length)])
            seen[name] = Seen(text: seen[name] == nil ? Int32(place) : -2)
        }
        for place in region.copy.lowerBound...(region.copy.upperBound - length) {
            let name = Self.name(copy[place..<(place + length)])
            guard let first = seen[name] else { continue }
            seen[name]?.copy = first.copy == -1 ? Int32(place) : -2
        }
        steps += (region.text.count + region.copy.count) * length
        let pairs = seen.values.compactMap { seen -> (text: Int, copy: Int)? in
            guard seen.text >= 0, seen.copy >= 0 else { return nil }
            let (place, copyPlace) = (Int(seen.text), Int(seen.copy))
            // Two stretches may have one name.
            guard text[place..<(place + length)] == copy[copyPlace..<(copyPlace + length)] else { return nil }
            return (place, copyPlace)
        }
        return pairs.sorted { $0.text < $1.text }
    }

    /// A number for some words that others are not likely to have.
    private static func name(_ words: ArraySlice<UInt32>) -> UInt64 {
        words.reduce(0) { ($0 ^ UInt64($1 &+ 1)) &* 0x9E37_79B9_7F4A_7C15 ^ ($0 >> 29) }
    }

    /// The most of some pairs whose places in the copy ascend as well.
    private mutating func longestAscent(of pairs: [(text: Int, copy: Int)]) -> [(text: Int, copy: Int)] {
        // For each length, the last pair of the ascent of that length which ends lowest; for each pair, the one before.
        var ends: [Int] = []
        var before: [Int] = []
        before.reserveCapacity(pairs.count)
        for (number, pair) in pairs.enumerated() {
            var (low, high) = (0, ends.count)
            while low < high {
                let middle = (low + high) / 2
                if pairs[ends[middle]].copy < pair.copy { low = middle + 1 } else { high = middle }
                steps += 1
            }
            before.append(low > 0 ? ends[low - 1] : -1)
            if low < ends.count { ends[low] = number } else { ends.append(number) }
        }
        var ascent: [(text: Int, copy: Int)] = []
        var number = ends.last ?? -1
        while number >= 0 {
            ascent.append(pairs[number])
            number = before[number]
        }
        return ascent.reversed()
    }

    /// Compares what no anchor was found in word by word, within bounds.
    private mutating func finish(_ region: Region) {
        let range = region.text
        var path = ComparisonPath(text: text[range], copy: copy[region.copy])
        let gaps = gaps(in: range.lowerBound...range.upperBound)
        if gaps.isEmpty { path.goStraight() }
        if !path.isFound { path.goAround(gaps: Set(gaps)) }
        steps += path.steps
        guard path.isFound else { return givenUp.append(range) }
        for pair in path.pairs { places[pair.text] = Int32(pair.copy) }
    }
}
