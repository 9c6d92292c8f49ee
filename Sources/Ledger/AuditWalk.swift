// SPDX-License-Identifier: Apache-2.0
import Glibc
import TransparencyLog

/// The entries of a bundle's file with their leaf hashes, as many as can be read.
///
/// One value walks bundle after bundle without allocating.
struct AuditWalk: ~Copyable {
    /// The leaf hashes, from the first entry.
    private(set) var hashes: [Hash] = []
    /// Where each entry stands in the bytes.
    private(set) var ranges: [Range<Int>] = []
    /// Whether all entries were read, and nothing follows them.
    private(set) var isWhole = false

    init() {
        hashes.reserveCapacity(Tile.fullWidth)
        ranges.reserveCapacity(Tile.fullWidth)
    }

    /// Reads `width` entries, or as many of them as there are. With `ignoringRest`, what follows them is no matter.
    mutating func read(_ bytes: [UInt8], width: Int, ignoringRest: Bool = false) {
        hashes.removeAll(keepingCapacity: true)
        ranges.removeAll(keepingCapacity: true)
        let end = bytes.withUnsafeBytes { bytes in
            var start = 0
            while hashes.count < width, bytes.count - start >= 2 {
                let count = Int(bytes[start]) << 8 | Int(bytes[start + 1])
                let range = start + 2..<start + 2 + count
                guard range.upperBound <= bytes.count else { break }
                hashes.append(MerkleTree.leafHash(UnsafeRawBufferPointer(rebasing: bytes[range])))
                ranges.append(range)
                start = range.upperBound
            }
            return start
        }
        isWhole = hashes.count == width && (ignoringRest || end == bytes.count)
    }

    /// Whether the hashes are byte for byte those of a tile's file.
    func equals(tile bytes: [UInt8]) -> Bool {
        guard bytes.count == hashes.count * Hash.byteCount else { return false }
        return hashes.withUnsafeBytes { hashes in
            bytes.withUnsafeBytes { memcmp($0.baseAddress!, hashes.baseAddress!, hashes.count) == 0 }
        }
    }

    /// The root over the hashes, of which there is one at least.
    var root: Hash {
        guard hashes.count == Tile.fullWidth else { return MerkleTree.root(of: hashes) }
        // Level by level in place: no stack of subtrees to keep.
        return withUnsafeTemporaryAllocation(of: Hash.self, capacity: Tile.fullWidth / 2) { nodes in
            for index in 0..<Tile.fullWidth / 2 {
                nodes.initializeElement(at: index, to: MerkleTree.nodeHash(hashes[2 * index], hashes[2 * index + 1]))
            }
            var count = Tile.fullWidth / 2
            while count > 1 {
                count /= 2
                for index in 0..<count { nodes[index] = MerkleTree.nodeHash(nodes[2 * index], nodes[2 * index + 1]) }
            }
            return nodes[0]
        }
    }
}
