// SPDX-License-Identifier: Apache-2.0

/// The place of a leaf in a log, counted from 0: below 2^63.
public struct LeafIndex: Sendable, Hashable {
    /// The number.
    public let value: UInt64

    /// An index; nil from 2^63 on.
    public init?(_ value: UInt64) {
        guard value < 1 << 63 else { return nil }
        self.value = value
    }

    /// Reads a canonical decimal below 2^63; nil for anything else.
    public init?(parsing text: some Collection<UInt8>) {
        guard let value = Decimal.parse(text, below: 1 << 63) else { return nil }
        self.value = value
    }

    /// The index of the leaf that is appended to a tree of this size.
    init(following size: TreeSize) {
        value = size.value
    }
}

extension LeafIndex: Comparable {
    public static func < (left: LeafIndex, right: LeafIndex) -> Bool { left.value < right.value }
}

extension LeafIndex: ExpressibleByIntegerLiteral {
    /// An index written in the source; it must be below 2^63.
    public init(integerLiteral value: UInt64) {
        precondition(value < 1 << 63, "an index is below 2^63")
        self.value = value
    }
}

extension LeafIndex: CustomStringConvertible {
    public var description: String { String(value) }
}
