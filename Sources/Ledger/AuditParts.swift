// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// The bundles of a log from one entry on, in parts of so many that are judged together.
struct AuditParts: Sendable {
    /// The number of bundles in a part where each takes little time.
    static let quick = 32

    private let size: TreeSize
    private let bundles: Range<UInt64>
    private let bundlesInPart: Int

    /// The bundles that a log of `size` has and one of `first` entries has not, or not so wide.
    init(from first: TreeSize, to size: TreeSize, bundlesInPart: Int) {
        self.size = size
        self.bundlesInPart = bundlesInPart
        let end = (size.value + 255) >> 8
        bundles = (first < size ? first.value >> 8 : end)..<end
    }

    /// The number of parts.
    var count: Int { (bundles.count + bundlesInPart - 1) / bundlesInPart }

    /// The bundles of one part.
    subscript(part: Int) -> [Tile] {
        let start = bundles.lowerBound + UInt64(part * bundlesInPart)
        return (start..<min(start + UInt64(bundlesInPart), bundles.upperBound)).compactMap { number in
            Tile.bundle(holding: LeafIndex(entry: number << 8), in: size)
        }
    }
}
