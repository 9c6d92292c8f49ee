// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// What is shown of a sealed list, with what it takes to compute the digest of the whole.
///
///     {"count": 5, "tree": [[{"seed": base64, "items": [item, item]}, {"hash": base64}], {"hash": base64}]}
///
/// The nodes stand over the shape of the list's tree: `hash` where nothing is shown, `seed` and `items` where all is,
/// a pair where some of it is. An opening is canonical: of the openings that show the same items only the smallest is
/// one. It says nothing about what the items are; see `ExhibitOpening`, `DossierOpening` and `DetailsOpening`.
/// (Formats section 3.)
public struct Opening: Sendable, Hashable {
    /// The most items that a list may have, 2^32.
    public static let maximumCount = 1 << 32

    /// One part of the tree.
    public indirect enum Node: Sendable, Hashable {
        /// Nothing of this part is shown: its hash.
        case hidden(Hash)
        /// All of it is shown.
        case shown(SealedSeed, [Item])
        /// Some of it is shown.
        case pair(Node, Node)
    }

    /// Something shown: one item, or a run of slices.
    public enum Item: Sendable, Hashable {
        /// A label and a value, as text.
        case text(label: [UInt8], [UInt8])
        /// A label and the SHA-256 of a value.
        case sha256(label: [UInt8], Hash)
        /// Adjacent slices of one file's text.
        case run(Run)

        /// The number of items in the list that this stands for.
        public var count: Int {
            if case .run(let run) = self { run.lengths.count } else { 1 }
        }
    }

    /// Adjacent slices of the text of one file: `{"file": k, "from": n, "text": ..., "lengths": base64}`.
    public struct Run: Sendable, Hashable {
        /// The number of the file.
        public let file: Int
        /// The number of the first slice.
        public let from: Int
        /// The text of all the slices.
        public private(set) var text: [UInt8] = []
        /// The length of each slice, 1 to 255 bytes.
        public private(set) var lengths: [UInt8] = []

        init(file: Int, from: Int) {
            self.file = file
            self.from = from
        }

        init(file: Int, from: Int, text: [UInt8], lengths: [UInt8]) {
            self.file = file
            self.from = from
            self.text = text
            self.lengths = lengths
        }

        /// The numbers of the slices.
        public var numbers: Range<Int> { from..<(from + lengths.count) }

        /// Whether a slice could be part of this run if it stood next.
        func isContinued(inFile file: Int, at number: Int) -> Bool {
            file == self.file && number == from + lengths.count
        }

        mutating func append(_ slice: ArraySlice<UInt8>) {
            text += slice
            lengths.append(UInt8(slice.count))
        }
    }

    /// A stretch of the list: something shown, or a hidden part in its place.
    public enum Part: Sendable, Hashable {
        /// What is shown, the first of it at `position`.
        case shown(position: Int, Item)
        /// A part of `count` items of which nothing is shown. Adjacent ones are never joined.
        case withheld(position: Int, count: Int)
    }

    /// The number of items in the list, shown and hidden.
    public let count: Int
    /// The tree.
    public let tree: Node

    /// Joins a count and a tree that fits it and is canonical.
    init(count: Int, tree: Node) {
        self.count = count
        self.tree = tree
    }

    /// The digest of the whole list, as of `domain`. The opening holds for a list if this is the list's digest.
    public func digest(_ domain: SealedDomain) -> Hash { domain.digest(count: count, root: root) }

    /// The hash at the root of the tree.
    public var root: Hash { Self.root(of: tree, count: count) }

    /// What is shown and what is withheld, from the first item to the last.
    public var parts: [Part] {
        var parts: [Part] = []
        Self.appendParts(of: tree, at: 0..<count, to: &parts)
        return parts
    }

    /// The number of items in the left part of `count` items, 2 or more: the largest power of two below it.
    static func leftCount(of count: Int) -> Int {
        1 << (Int.bitWidth - 1 - (count - 1).leadingZeroBitCount)
    }

    private static func root(of node: Node, count: Int) -> Hash {
        switch node {
        case .hidden(let hash): return hash
        case .shown(let seed, let items):
            var tree = SealedTree(ShownItems(items))
            return tree.root(count: count, seed: seed)
        case .pair(let left, let right):
            let leftCount = leftCount(of: count)
            return MerkleTree.nodeHash(root(of: left, count: leftCount), root(of: right, count: count - leftCount))
        }
    }

    private static func appendParts(of node: Node, at range: Range<Int>, to parts: inout [Part]) {
        switch node {
        case .hidden: parts.append(.withheld(position: range.lowerBound, count: range.count))
        case .shown(_, let items):
            var position = range.lowerBound
            for item in items {
                parts.append(.shown(position: position, item))
                position += item.count
            }
        case .pair(let left, let right):
            let middle = range.lowerBound + leftCount(of: range.count)
            appendParts(of: left, at: range.lowerBound..<middle, to: &parts)
            appendParts(of: right, at: middle..<range.upperBound, to: &parts)
        }
    }
}

/// The single items of a shown part, each run taken apart again.
private struct ShownItems: IteratorProtocol {
    private var items: ArraySlice<Opening.Item>
    /// How far the run that stands first has been read.
    private var slice = 0
    private var byte = 0

    init(_ items: [Opening.Item]) {
        self.items = items[...]
    }

    mutating func next() -> SealedItem? {
        switch items.first {
        case nil: return nil
        case .text(let label, let text):
            items.removeFirst()
            return .text(label: label, text)
        case .sha256(let label, let hash):
            items.removeFirst()
            return .sha256(label: label, hash)
        case .run(let run):
            let number = run.from + slice
            let text = run.text[byte..<(byte + Int(run.lengths[slice]))]
            slice += 1
            byte = text.endIndex
            if slice == run.lengths.count {
                items.removeFirst()
                (slice, byte) = (0, 0)
            }
            return .slice(file: run.file, number: number, text)
        }
    }
}
