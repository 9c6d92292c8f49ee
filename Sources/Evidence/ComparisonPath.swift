// SPDX-License-Identifier: Apache-2.0

/// The shortest way from a short text to a copy of it, by words left out and words put in, if it is short enough.
///
/// Where nothing is withheld, this is the greedy algorithm of Myers, "An O(ND) Difference Algorithm and Its Variations"
/// (1986). Where something is, words of the copy that stand there cost nothing, and every cell is looked at; so it is
/// where the copy has far more words than the text.
struct ComparisonPath {
    /// How many steps are made for each word; the way is not found if it takes more.
    static let stepsPerWord = 128
    /// The longest way that is looked for by the greedy algorithm.
    static let maximumDistance = 1024
    /// The most cells that are looked at, whatever the number of words: they are held in memory.
    static let maximumCellCount = 1 << 24

    /// Whether there is a way within the bounds.
    private(set) var isFound = false
    /// The words that both have, from the last to the first.
    private(set) var pairs: [(text: Int, copy: Int)] = []
    /// How many steps it took.
    private(set) var steps = 0

    private let text: ArraySlice<UInt32>
    private let copy: ArraySlice<UInt32>
    private var limit: Int { Self.stepsPerWord * (text.count + copy.count) }

    init(text: ArraySlice<UInt32>, copy: ArraySlice<UInt32>) {
        self.text = text
        self.copy = copy
    }

    /// Looks for the way where nothing is withheld.
    mutating func goStraight() {
        let (width, height) = (text.count, copy.count)
        guard abs(width - height) <= Self.maximumDistance else { return }
        let longest = min(width + height, Self.maximumDistance)
        // How far each diagonal is reached, diagonal 0 in the middle; and, one after another, what that was before each
        // step, from diagonal -d to d.
        let middle = longest + 1
        var reached = [Int32](repeating: 0, count: 2 * longest + 3)
        var trace: [Int32] = []
        for distance in 0...longest {
            trace += reached[(middle - distance)...(middle + distance)]
            let lowest = -distance + 2 * max(0, distance - height)
            let highest = distance - 2 * max(0, distance - width)
            for diagonal in stride(from: lowest, through: highest, by: 2) {
                let isDown =
                    diagonal == -distance
                    || diagonal != distance && reached[middle + diagonal - 1] < reached[middle + diagonal + 1]
                var x = Int(isDown ? reached[middle + diagonal + 1] : reached[middle + diagonal - 1] + 1)
                let start = x
                while x < width, x - diagonal < height,
                    text[text.startIndex + x] == copy[copy.startIndex + x - diagonal]
                {
                    x += 1
                }
                steps += x - start + 1
                guard steps <= limit else { return }
                reached[middle + diagonal] = Int32(x)
                if x == width, x - diagonal == height {
                    isFound = true
                    return goBack(distance, trace)
                }
            }
        }
    }

    /// Goes back over what was reached before each step, and notes what both have.
    private mutating func goBack(_ distance: Int, _ trace: [Int32]) {
        var (x, y) = (text.count, copy.count)
        var end = trace.count
        for distance in stride(from: distance, through: 0, by: -1) {
            end -= 2 * distance + 1
            let diagonal = x - y
            func reached(_ diagonal: Int) -> Int { Int(trace[end + distance + diagonal]) }
            var (before, beforeCopy) = (0, 0)
            if distance > 0 {
                let isDown =
                    diagonal == -distance || diagonal != distance && reached(diagonal - 1) < reached(diagonal + 1)
                before = reached(isDown ? diagonal + 1 : diagonal - 1)
                beforeCopy = before - (isDown ? diagonal + 1 : diagonal - 1)
            }
            while x > before, y > beforeCopy {
                (x, y) = (x - 1, y - 1)
                pairs.append((text.startIndex + x, copy.startIndex + y))
            }
            (x, y) = (before, beforeCopy)
        }
    }

    /// Looks for the way cell by cell, where something is withheld before each of the words `gaps`.
    mutating func goAround(gaps: Set<Int> = []) {
        let (width, height) = (text.count, copy.count)
        let (cellCount, isTooMany) = (width + 1).multipliedReportingOverflow(by: height + 1)
        guard !isTooMany, cellCount <= min(limit, Self.maximumCellCount) else { return }
        // What it costs to get from each cell to the end.
        var costs = [Int32](repeating: 0, count: cellCount)
        func cell(_ x: Int, _ y: Int) -> Int { x * (height + 1) + y }
        func putIn(_ x: Int) -> Int32 { gaps.contains(text.startIndex + x) ? 0 : 1 }
        for x in stride(from: width, through: 0, by: -1) {
            let price = putIn(x)
            for y in stride(from: height, through: 0, by: -1) where x < width || y < height {
                var cost = Int32.max
                if x < width { cost = costs[cell(x + 1, y)] + 1 }
                if y < height { cost = min(cost, costs[cell(x, y + 1)] + price) }
                if x < width, y < height, text[text.startIndex + x] == copy[copy.startIndex + y] {
                    cost = min(cost, costs[cell(x + 1, y + 1)])
                }
                costs[cell(x, y)] = cost
            }
        }
        steps += costs.count
        isFound = true
        var (x, y) = (0, 0)
        while x < width, y < height {
            let cost = costs[cell(x, y)]
            if text[text.startIndex + x] == copy[copy.startIndex + y], cost == costs[cell(x + 1, y + 1)] {
                pairs.append((text.startIndex + x, copy.startIndex + y))
                (x, y) = (x + 1, y + 1)
            } else if cost == costs[cell(x, y + 1)] + putIn(x) {
                y += 1
            } else {
                x += 1
            }
        }
    }
}
