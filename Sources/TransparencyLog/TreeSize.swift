// SPDX-License-Identifier: Apache-2.0

/// The number of leaves in a tree: below 2^63.
public struct TreeSize: Sendable, Hashable {
    /// The number.
    public let value: UInt64

    /// The largest size, 2^63 - 1.
    public static let maximum = TreeSize(unchecked: 1 << 63 - 1)

    /// A size; nil from 2^63 on.
    public init?(_ value: UInt64) {
        guard value <= Self.maximum.value else { return nil }
        self.value = value
    }

    /// Reads a canonical decimal below 2^63; nil for anything else.
    public init?(parsing text: some Collection<UInt8>) {
        guard let value = Decimal.parse(text, below: 1 << 63) else { return nil }
        self.value = value
    }

    /// The size of the smallest tree that has a leaf at `index`; nil where no tree is that large.
    public init?(through index: LeafIndex) {
        self.init(index.value + 1)
    }

    private init(unchecked value: UInt64) {
        self.value = value
    }

    /// Whether a tree of this size has a leaf at `index`.
    public func contains(_ index: LeafIndex) -> Bool { index.value < value }

    /// The index that the next leaf will have.
    public var nextIndex: LeafIndex { LeafIndex(following: self) }
}

extension TreeSize: Comparable {
    public static func < (left: TreeSize, right: TreeSize) -> Bool { left.value < right.value }
}

extension TreeSize: ExpressibleByIntegerLiteral {
    /// A size written in the source; it must be below 2^63.
    public init(integerLiteral value: UInt64) {
        precondition(value <= Self.maximum.value, "a tree has fewer than 2^63 leaves")
        self.value = value
    }
}

extension TreeSize: CustomStringConvertible {
    public var description: String { String(value) }
}
