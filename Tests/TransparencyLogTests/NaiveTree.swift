// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// RFC 6962 section 2.1 written down as it is printed there, over leaves "leaf 0", "leaf 1", ...: what the product's
/// trees and proofs are compared with. It shares nothing with them but the two hash functions.
final class NaiveTree {
    let leafHashes: [Hash]
    private var known: [Range<Int>: Hash] = [:]

    init(size: Int) {
        leafHashes = (0..<size).map { MerkleTree.leafHash(Self.entry($0)) }
    }

    static func entry(_ index: Int) -> [UInt8] { Array("leaf \(index)".utf8) }

    /// MTH(D[range]).
    func root(_ range: Range<Int>) -> Hash {
        if range.isEmpty { return SHA256.hash([] as [UInt8]) }
        if range.count == 1 { return leafHashes[range.lowerBound] }
        if let root = known[range] { return root }
        let middle = range.lowerBound + Self.split(range.count)
        let root = MerkleTree.nodeHash(
            root(range.lowerBound..<middle), root(middle..<range.upperBound))
        known[range] = root
        return root
    }

    /// MTH(D[0:size]).
    func head(_ size: Int) -> TreeHead {
        TreeHead(size: TreeSize(UInt64(size))!, root: root(0..<size))
    }

    /// PATH(index, D[0:size]).
    func inclusion(_ index: Int, _ size: Int) -> [Hash] {
        var hashes: [Hash] = []
        path(index, 0..<size, &hashes)
        return hashes
    }

    /// PROOF(older, D[0:size]).
    func consistency(_ older: Int, _ size: Int) -> [Hash] {
        var hashes: [Hash] = []
        subproof(older, 0..<size, true, &hashes)
        return hashes
    }

    private func path(_ index: Int, _ range: Range<Int>, _ hashes: inout [Hash]) {
        if range.count == 1 { return }
        let middle = range.lowerBound + Self.split(range.count)
        let (left, right) = (range.lowerBound..<middle, middle..<range.upperBound)
        path(index, index < middle ? left : right, &hashes)
        hashes.append(root(index < middle ? right : left))
    }

    private func subproof(_ older: Int, _ range: Range<Int>, _ isKnown: Bool, _ hashes: inout [Hash]) {
        if older == range.upperBound {
            if !isKnown { hashes.append(root(range)) }
            return
        }
        let middle = range.lowerBound + Self.split(range.count)
        let (left, right) = (range.lowerBound..<middle, middle..<range.upperBound)
        subproof(older, older <= middle ? left : right, older <= middle && isKnown, &hashes)
        hashes.append(root(older <= middle ? right : left))
    }

    /// The largest power of two below `count`.
    private static func split(_ count: Int) -> Int {
        var power = 1
        while power * 2 < count { power *= 2 }
        return power
    }
}
