// SPDX-License-Identifier: Apache-2.0

/// The name of one file of a log: a hash tile or an entry bundle (C2SP tlog-tiles). What the file holds is a
/// `TileData` or an `EntryBundle`.
///
///     tile/0/x001/x234/067        hash tile 1234067 of level 0, all 256 hashes
///     tile/1/000.p/17             the first 17 hashes of tile 0 of level 1
///     tile/entries/002.p/88       the first 88 entries of bundle 2
///
/// Hash i of tile n of level l is the root over 256^l leaves, from leaf (n * 256 + i) * 256^l on. A full tile never
/// changes; a tree has at most one partial tile for each level, its last.
public struct Tile: Sendable, Hashable {
    /// What stands in the file.
    public enum Content: Sendable, Hashable {
        /// Hashes of a level, 0 to 63. Level 0 holds leaf hashes.
        case hashes(level: Int)
        /// Log entries.
        case entries
    }

    /// The number of hashes in a full tile, and of entries in a full bundle.
    public static let fullWidth = 256

    /// What stands in the file.
    public let content: Content
    /// The number of the tile in its level, from 0.
    public let index: UInt64
    /// The number of hashes or entries, 1 to 256.
    public let width: Int

    /// A tile; nil unless level, index (below 2^63) and width are in range.
    public init?(_ content: Content, index: UInt64, width: Int = fullWidth) {
        if case .hashes(let level) = content, !(0...63).contains(level) { return nil }
        guard index < 1 << 63, (1...Self.fullWidth).contains(width) else { return nil }
        self.init(unchecked: content, index, width)
    }

    init(unchecked content: Content, _ index: UInt64, _ width: Int) {
        self.content = content
        self.index = index
        self.width = width
    }

    /// Whether the tile has its full width, and so will never change.
    public var isFull: Bool { width == Self.fullWidth }

    /// The full tile at this place, which a log may serve alone once it has it.
    public var full: Tile { Tile(unchecked: content, index, Self.fullWidth) }

    /// The hash tile in which a tree of `size` keeps the hash at `position`; nil where the tree has no such hash.
    public static func holding(_ position: HashPosition, in size: TreeSize) -> Tile? {
        guard position.index < size.value >> UInt64(position.level) else { return nil }
        let height = UInt64(position.level % 8)
        return at(.hashes(level: position.level / 8), (position.index << height) >> 8, in: size)
    }

    /// The entry bundle in which a log of `size` keeps the entry at `index`; nil where the log has no such entry.
    public static func bundle(holding index: LeafIndex, in size: TreeSize) -> Tile? {
        size.contains(index) ? at(.entries, index.value >> 8, in: size) : nil
    }

    /// The hash tiles of the tree `new` that the tree `old` does not have: new ones, and those that have grown.
    ///
    /// They are in the order of their levels. Those of the whole tree are the ones from size 0.
    public static func hashTiles(from old: TreeSize = 0, to new: TreeSize) -> [Tile] {
        (0..<8).flatMap { tiles(.hashes(level: $0), from: old, to: new) }
    }

    /// The entry bundles of the log `new` that the log `old` does not have: new ones, and those that have grown.
    public static func bundles(from old: TreeSize = 0, to new: TreeSize) -> [Tile] {
        tiles(.entries, from: old, to: new)
    }

    /// The partial hash tiles of a tree, the lowest first: where the next leaf's hashes go.
    public static func edge(of size: TreeSize) -> [Tile] {
        (0..<8).compactMap { level in
            let count = count(.hashes(level: level), in: size)
            let width = Int(count & 255)
            return width > 0 ? Tile(unchecked: .hashes(level: level), count >> 8, width) : nil
        }
    }

    private static func tiles(_ content: Content, from old: TreeSize, to new: TreeSize) -> [Tile] {
        let before = count(content, in: old)
        let after = count(content, in: new)
        guard before < after else { return [] }
        return (before >> 8...(after - 1) >> 8).map { at(content, $0, in: new) }
    }

    /// The tile at a place that a tree of `size` has.
    private static func at(_ content: Content, _ index: UInt64, in size: TreeSize) -> Tile {
        Tile(unchecked: content, index, Int(min(count(content, in: size) - index << 8, 256)))
    }

    /// The number of hashes of a level, or of entries, in a tree of `size`.
    private static func count(_ content: Content, in size: TreeSize) -> UInt64 {
        switch content {
        case .hashes(let level): size.value >> UInt64(8 * level)
        case .entries: size.value
        }
    }
}
