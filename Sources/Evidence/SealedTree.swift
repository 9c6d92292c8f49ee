// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// Walks the tree of a sealed list from left to right, taking each item as it comes to its leaf.
///
/// It recurses once for each level, of which a list of 2^32 items has 32.
struct SealedTree<Items: IteratorProtocol<SealedItem>> {
    private var items: Items

    init(_ items: Items) {
        self.items = items
    }

    /// The hash over the next `count` items.
    mutating func root(count: Int, seed: SealedSeed) -> Hash {
        guard count > 1 else { return nextItem().leaf(seed: seed) }
        let (leftSeed, rightSeed) = seed.children()
        let leftCount = Opening.leftCount(of: count)
        let left = root(count: leftCount, seed: leftSeed)
        return MerkleTree.nodeHash(left, root(count: count - leftCount, seed: rightSeed))
    }

    /// The part of an opening over the next items, which stand at `range`.
    mutating func node(_ range: Range<Int>, seed: SealedSeed, showing positions: RangeSet<Int>) -> Opening.Node {
        let shown = positions.intersection(RangeSet(range))
        if shown.isEmpty { return .hidden(root(count: range.count, seed: seed)) }
        if shown.ranges.first == range { return .shown(seed, nextItems(range.count)) }
        let (leftSeed, rightSeed) = seed.children()
        let middle = range.lowerBound + Opening.leftCount(of: range.count)
        let left = node(range.lowerBound..<middle, seed: leftSeed, showing: shown)
        return .pair(left, node(middle..<range.upperBound, seed: rightSeed, showing: shown))
    }

    private mutating func nextItem() -> SealedItem {
        guard let item = items.next() else { preconditionFailure("a sealed list has fewer items than its count") }
        return item
    }

    /// The next items in the form of an opening, adjacent slices of one file joined to runs.
    private mutating func nextItems(_ count: Int) -> [Opening.Item] {
        var shown: [Opening.Item] = []
        var run: Opening.Run?
        for _ in 0..<count {
            let item = nextItem()
            if case .slice(let file, let number, let text) = item {
                if run?.isContinued(inFile: file, at: number) != true {
                    if let run { shown.append(.run(run)) }
                    run = Opening.Run(file: file, from: number)
                }
                run?.append(text)
                continue
            }
            if let ended = run { shown.append(.run(ended)) }
            run = nil
            switch item {
            case .text(let label, let text): shown.append(.text(label: label, text))
            case .sha256(let label, let hash): shown.append(.sha256(label: label, hash))
            case .slice: break
            }
        }
        if let run { shown.append(.run(run)) }
        return shown
    }
}
