// SPDX-License-Identifier: Apache-2.0

/// The hashes of which an RFC 6962 tree is made (section 2.1), with SHA-256.
///
///     empty tree  SHA-256("")
///     leaf        SHA-256(0x00 || entry)
///     node        SHA-256(0x01 || left || right), the left part being the largest power of two below the size
///
/// Nothing here allocates on the heap.
public enum MerkleTree {
    /// The root of the tree without leaves.
    public static let emptyRoot = SHA256.hash([] as [UInt8])

    /// The hash of the leaf that holds `entry`.
    public static func leafHash(_ entry: UnsafeRawBufferPointer) -> Hash {
        SHA256.hash(0x00, entry)
    }

    /// The hash of the leaf that holds `entry`.
    public static func leafHash(_ entry: [UInt8]) -> Hash {
        entry.withUnsafeBytes { leafHash($0) }
    }

    /// The hash of the leaf that holds `entry`.
    public static func leafHash(_ entry: ArraySlice<UInt8>) -> Hash {
        entry.withUnsafeBytes { leafHash($0) }
    }

    /// The hash of the node above `left` and `right`.
    public static func nodeHash(_ left: Hash, _ right: Hash) -> Hash {
        withUnsafeTemporaryAllocation(byteCount: 65, alignment: 8) { message in
            message[0] = 0x01
            message.storeBytes(of: left, toByteOffset: 1, as: Hash.self)
            message.storeBytes(of: right, toByteOffset: 33, as: Hash.self)
            return SHA256.hash(UnsafeRawBufferPointer(message))
        }
    }

    /// The root of the tree over these leaf hashes.
    public static func root(of leafHashes: some Sequence<Hash>) -> Hash {
        var tree = CompactTree()
        tree.append(contentsOf: leafHashes)
        return tree.root
    }
}
