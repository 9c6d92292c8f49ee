// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import TransparencyLog

/// The public formats of the ledger that an independent implementation wrote: its files, trees, policy and bounds.
@Suite("The ledger of the vectors", .enabled(if: VectorFolder.isPresent))
struct LedgerVectorTests {
    struct Trees: Decodable {
        struct Tree: Decodable {
            struct Inclusion: Decodable {
                let index: UInt64
                let path: [String]
            }
            struct Consistency: Decodable {
                let from: UInt64
                let path: [String]
            }
            let size: UInt64
            let root: String
            let inclusion: [Inclusion]
            let consistency: [Consistency]
        }
        let trees: [Tree]
    }

    struct Bounds: Decodable {
        struct Case: Decodable {
            let checkpoint: String
            let upper: UInt64?
            let lower: UInt64?
            let refused: String?
        }
        let cases: [Case]
    }

    struct Proofs: Decodable {
        struct File: Decodable {
            let inclusion: [String]
        }
        let valid: [String: File]
    }

    private func policy() throws -> TrustPolicy { try TrustPolicy(parsing: VectorFolder.bytes("indelible/policy")) }

    private func leafHashes() throws -> [Hash] {
        try Tile.bundles(to: 600).flatMap { name in
            try EntryBundle(parsing: VectorFolder.bytes("indelible/ledger/\(name.path)"), of: name).leafHashes
        }
    }

    private func path(_ texts: [String]) throws -> [Hash] {
        try texts.map { try #require(Hash(base64: $0.utf8)) }
    }

    @Test func filesHoldTheTreeOfTheCheckpoint() throws {
        let policy = try policy()
        #expect(policy.bytes == Array(Carried.policy.utf8))
        let signed = try SignedCheckpoint(parsing: VectorFolder.bytes("indelible/ledger/checkpoint"))
        let cosigned = try policy.verify(signed)
        #expect(cosigned.isQuorumMet)
        #expect(cosigned.cosigners.map(\.time) == Carried.proofTimes)
        var edge = TileEdge()
        edge.append(contentsOf: try leafHashes())
        #expect(edge.tree.head == cosigned.head)
        let files = edge.takeFull() + edge.partial()
        #expect(files.map(\.tile.path).sorted() == ["tile/0/000", "tile/0/001", "tile/0/002.p/88", "tile/1/000.p/2"])
        for file in files {
            #expect(try VectorFolder.bytes("indelible/ledger/\(file.tile.path)") == file.data.bytes)
        }
    }

    @Test func keysAreTheirSeeds() throws {
        let file = try JSONSerialization.jsonObject(with: Data(VectorFolder.bytes("indelible/keys.json")))
        let pairs = try #require(file as? [String: Any]).values.compactMap { $0 as? [String: String] }
        #expect(pairs.count == 12)
        for pair in pairs {
            let text = try #require(pair["vkey"])
            let key = try VerifierKey(parsing: text.utf8)
            #expect(key.publicKey == TestLog.key(try #require(pair["seed"])).publicKey)
            #expect(key.description == text)
        }
    }

    @Test func treesHaveTheseRootsAndProofs() throws {
        let file: Trees = try VectorFolder.json("indelible/trees.json")
        let leafHashes = try leafHashes()
        #expect(file.trees.map(\.size) == [0, 1, 2, 3, 7, 8, 255, 256, 257, 600])
        for tree in file.trees {
            let size = try #require(TreeSize(tree.size))
            let head = TreeHead(size: size, root: try path([tree.root])[0])
            var edge = TileEdge()
            edge.append(contentsOf: leafHashes[..<Int(tree.size)])
            #expect(edge.tree.head == head)
            let files = edge.takeFull() + edge.partial()
            let tiles = Dictionary(uniqueKeysWithValues: files.map { ($0.tile, $0.data) })
            for test in tree.inclusion {
                let index = try #require(LeafIndex(test.index))
                let hashes = try TilePlan(.inclusion(of: index, in: size)).compute(from: tiles)
                #expect(hashes == (try path(test.path)))
                try InclusionProof(path: hashes).verify(leafHashes[Int(test.index)], at: index, in: head)
            }
            for test in tree.consistency {
                let older = try #require(TreeSize(test.from))
                let hashes = try TilePlan(.consistency(from: older, to: size)).compute(from: tiles)
                #expect(hashes == (try path(test.path)))
                let from = TreeHead(size: older, root: MerkleTree.root(of: leafHashes[..<Int(test.from)]))
                try ConsistencyProof(path: hashes).verify(from: from, to: head)
            }
        }
    }

    // conformance 53, 61
    @Test func boundsAreThese() throws {
        let policy = try policy()
        let file: Bounds = try VectorFolder.json("indelible/bounds.json")
        #expect(file.cases.count == 9)
        for test in file.cases {
            let cosigned = try policy.verify(SignedCheckpoint(parsing: Array(test.checkpoint.utf8)))
            #expect(cosigned.isQuorumMet == (test.refused == nil))
            #expect(cosigned.upperBound == test.upper)
            #expect(cosigned.lowerBound == test.lower)
        }
    }

    @Test func proofsOfLoggingHold() throws {
        let policy = try policy()
        let file: Proofs = try VectorFolder.json("indelible/proofs.json")
        var count = 0
        for proofs in file.valid.values {
            for text in proofs.inclusion {
                let proof = try LogProof(parsing: Array(text.utf8))
                let cosigned = try policy.verify(proof.checkpoint)
                let leafHash = MerkleTree.leafHash(try #require(proof.extra))
                try proof.inclusion.verify(leafHash, at: proof.index, in: cosigned.head)
                if cosigned.isQuorumMet { try proof.verify(leafHash, under: policy) }
                count += 1
            }
        }
        #expect(count >= 8)
    }
}
