// SPDX-License-Identifier: Apache-2.0

/// What stands in a hash tile's file: 1 to 256 hashes, one after the other (C2SP tlog-tiles).
public struct TileData: Sendable {
    /// The hashes, from the left.
    public let hashes: [Hash]
    /// The roots of the complete subtrees over them, by height from 1; empty unless they were computed in advance.
    private var interior: [[Hash]] = []

    /// The content of a tile; nil unless there are 1 to 256 hashes.
    public init?(hashes: [Hash]) {
        guard (1...Tile.fullWidth).contains(hashes.count) else { return nil }
        self.hashes = hashes
    }

    /// Reads the file of `tile`, which says how many hashes it must hold.
    public init(parsing bytes: [UInt8], of tile: Tile) throws(FormatError) {
        guard case .hashes = tile.content else { throw FormatError("tile", "not a hash tile") }
        guard bytes.count == tile.width * Hash.byteCount else {
            throw FormatError("tile", "\(bytes.count) bytes where \(tile.width * Hash.byteCount) belong")
        }
        hashes = bytes.withUnsafeBytes { source in
            (0..<tile.width).map { Hash(loading: source.baseAddress! + $0 * Hash.byteCount) }
        }
    }

    /// The file's bytes.
    public var bytes: [UInt8] {
        hashes.withUnsafeBytes { [UInt8]($0) }
    }

    /// The same tile with every hash above its own computed once, for when many proofs are made from it.
    public func withInterior() -> TileData {
        var tile = self
        tile.interior = []
        var below = hashes
        while below.count > 1 {
            below = (0..<below.count / 2).map { MerkleTree.nodeHash(below[2 * $0], below[2 * $0 + 1]) }
            tile.interior.append(below)
        }
        return tile
    }

    /// The root over 2^height of the hashes, the `index`th such subtree from the left; nil where the tile is too
    /// narrow.
    ///
    /// Of a full tile, the root at height 8 is the hash that stands for it in the level above.
    public func root(height: Int, index: Int) -> Hash? {
        guard (0...8).contains(height), index >= 0, (index + 1) << height <= hashes.count else { return nil }
        if height == 0 { return hashes[index] }
        if !interior.isEmpty { return interior[height - 1][index] }
        return MerkleTree.root(of: hashes[index << height..<(index + 1) << height])
    }
}

extension TileData: Hashable {
    public static func == (left: TileData, right: TileData) -> Bool { left.hashes == right.hashes }

    public func hash(into hasher: inout Hasher) { hasher.combine(hashes) }
}
