// SPDX-License-Identifier: Apache-2.0

/// The place of a complete subtree in a tree: its root is the hash over leaves index * 2^level to
/// (index + 1) * 2^level - 1, and never changes as the tree grows.
public struct HashPosition: Sendable, Hashable {
    /// The height above the leaves, 0 to 62.
    public let level: Int
    /// The number of subtrees of this height to its left.
    public let index: UInt64

    /// A place; nil unless a tree can have it.
    public init?(level: Int, index: UInt64) {
        guard (0..<63).contains(level), index < 1 << UInt64(63 - level) else { return nil }
        self.init(level, index)
    }

    init(_ level: Int, _ index: UInt64) {
        self.level = level
        self.index = index
    }
}
