// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// The commitment that hides: an ordered list of 1 to 2^32 labelled values under one digest.
///
///     leaf   = SHA-256(0x00 || seed at the leaf || SHA-256(value) || label)
///     node   = SHA-256(0x01 || left || right)
///     digest = SHA-256(domain || 0x0A || uint64 big-endian n || root)
///
/// The tree has the shape of RFC 6962: its left part is the largest power of two below n. Any set of the items can be
/// shown (`opening(showing:)`) and checked against the digest; what is not shown gives away that it is there and how
/// many items it has. Items are taken one by one, so that a list of millions needs no more memory than its source.
/// (Formats section 3.)
public struct SealedList<Items: Sequence<SealedItem> & Sendable>: Sendable {
    /// What the list is of.
    public let domain: SealedDomain
    /// The number of items.
    public let count: Int
    private let items: Items
    private let seed: SealedSeed

    /// Seals `items`, of which there must be `count`, 1 to 2^32, under a fresh random seed.
    public init(_ domain: SealedDomain, of items: Items, count: Int, seed: SealedSeed) {
        precondition((1...Opening.maximumCount).contains(count))
        self.domain = domain
        self.count = count
        self.items = items
        self.seed = seed
    }

    /// What is published.
    public var digest: Hash { domain.digest(count: count, root: root) }

    /// The hash at the root of the tree.
    public var root: Hash {
        var tree = SealedTree(items.makeIterator())
        return tree.root(count: count, seed: seed)
    }

    /// The canonical opening that shows the items at `positions`, which must be below `count`, and no others.
    public func opening(showing positions: RangeSet<Int>) -> Opening {
        precondition(positions.ranges.allSatisfy { 0 <= $0.lowerBound && $0.upperBound <= count })
        var tree = SealedTree(items.makeIterator())
        return Opening(count: count, tree: tree.node(0..<count, seed: seed, showing: positions))
    }
}

/// What a sealed list is of; a digest of one domain is none of another.
public enum SealedDomain: String, Sendable, Hashable, CaseIterable {
    /// What is registered.
    case exhibit = "indelible-exhibit/v1"
    /// An exhibit's digest with what was attested of it.
    case dossier = "indelible-dossier/v1"
    /// The fields that a custody entry commits to.
    case details = "indelible-details/v1"

    /// The digest of a list of `count` items with this root.
    public func digest(count: Int, root: Hash) -> Hash {
        var hasher = SHA256()
        hasher.update(Array(rawValue.utf8))
        hasher.update(0x0A)
        withUnsafeBytes(of: UInt64(count).bigEndian) { hasher.update($0) }
        hasher.update(root)
        return hasher.finish()
    }
}
