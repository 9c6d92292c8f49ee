// SPDX-License-Identifier: Apache-2.0
import Testing
import TransparencyLog

@Suite("RFC 6962 hashes and the compact tree")
struct MerkleTreeTests {
    // conformance 111
    @Test func hashesAreThoseOfTheSpecification() {
        #expect(MerkleTree.emptyRoot.hex == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(TreeHead.empty == TreeHead(size: 0, root: MerkleTree.emptyRoot))
        // The leaves and roots of Certificate Transparency's reference tree.
        let entries: [[UInt8]] = [
            [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
            [0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
            [
                0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6A, 0x6B, 0x6C, 0x6D, 0x6E, 0x6F,
            ],
        ]
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
            "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
            "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
            "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
            "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
        ]
        #expect(MerkleTree.root(of: []) == MerkleTree.emptyRoot)
        for size in 1...entries.count {
            #expect(MerkleTree.root(of: entries[..<size].map { MerkleTree.leafHash($0) }).hex == roots[size - 1])
        }
        #expect(
            MerkleTree.nodeHash(MerkleTree.emptyRoot, MerkleTree.emptyRoot) != SHA256.hash(MerkleTree.emptyRoot.bytes))
    }

    @Test func leafHashIsOverThePrefixAndTheBytes() {
        for count in [0, 1, 54, 55, 56, 63, 64, 65, 1000] {
            let entry = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
            let expected = SHA256.hash([0x00] + entry)
            #expect(MerkleTree.leafHash(entry) == expected)
            #expect(MerkleTree.leafHash(([9] + entry + [9])[1..<count + 1]) == expected)
            #expect(entry.withUnsafeBytes { MerkleTree.leafHash($0) } == expected)
        }
        let (left, right) = (SHA256.hash([1]), SHA256.hash([2]))
        #expect(MerkleTree.nodeHash(left, right) == SHA256.hash([0x01] + left.bytes + right.bytes))
    }

    // conformance 113: every size to 1,030
    @Test func compactTreeAgreesWithTheDefinitionAtEverySize() {
        let naive = NaiveTree(size: 1030)
        var tree = CompactTree()
        #expect(tree.head == naive.head(0))
        for (index, leafHash) in naive.leafHashes.enumerated() {
            #expect(tree.size.nextIndex.value == UInt64(index))
            tree.append(leafHash)
            #expect(tree.head == naive.head(index + 1))
            #expect(CompactTree(size: tree.size, hashes: tree.hashes) == tree)
        }
        var whole = CompactTree()
        whole.append(contentsOf: naive.leafHashes)
        #expect(whole == tree)
        #expect(MerkleTree.root(of: naive.leafHashes) == tree.root)
    }

    @Test func compactTreeWantsOneHashForEachBitOfItsSize() {
        let hash = MerkleTree.emptyRoot
        for size in 0..<70 as Range<UInt64> {
            for count in 0..<8 {
                let tree = CompactTree(size: TreeSize(size)!, hashes: Array(repeating: hash, count: count))
                #expect((tree != nil) == (count == size.nonzeroBitCount))
            }
        }
        #expect(CompactTree(size: .maximum, hashes: Array(repeating: hash, count: 63))?.size == .maximum)
    }

    @Test func sizesAndIndexesAreBelowTwoToThe63() {
        #expect(TreeSize(1 << 63) == nil)
        #expect(TreeSize(1 << 63 - 1) == TreeSize.maximum)
        #expect(LeafIndex(1 << 63) == nil)
        #expect(LeafIndex(1 << 63 - 1) != nil)
        #expect(TreeSize(through: 0) == 1)
        #expect(TreeSize(through: LeafIndex(1 << 63 - 1)!) == nil)
        #expect((5 as TreeSize).contains(4))
        #expect(!(5 as TreeSize).contains(5))
        #expect(!(0 as TreeSize).contains(0))
        #expect((2 as TreeSize) < 10)
        #expect((2 as LeafIndex) < 10)
        for text in ["0", "7", "9223372036854775807"] {
            #expect(TreeSize(parsing: text.utf8)?.description == text)
            #expect(LeafIndex(parsing: text.utf8)?.description == text)
        }
        for text in [
            "", "00", "01", "+1", "-1", " 1", "1 ", "1e3", "0x1", "٣", "9223372036854775808", "18446744073709551616",
        ] {
            #expect(TreeSize(parsing: text.utf8) == nil)
            #expect(LeafIndex(parsing: text.utf8) == nil)
        }
    }

    @Test func sizesAreBelow2To63() throws {
        let most: UInt64 = 1 << 63 - 1
        #expect(TreeSize(most) == TreeSize.maximum && TreeSize(most + 1) == nil && TreeSize(.max) == nil)
        let last = try #require(LeafIndex(most - 1))
        let size: TreeSize = 7
        #expect(TreeSize(through: last) == TreeSize.maximum)
        #expect(size.contains(6) && !size.contains(7) && !size.contains(8))
        #expect(TreeSize(parsing: "9223372036854775807".utf8) == TreeSize.maximum)
        #expect(TreeSize(parsing: "9223372036854775808".utf8) == nil)
    }
}
