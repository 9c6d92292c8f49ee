// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import TransparencyLog

/// conformance 112: the proofs of transparency-dev/merkle, right and wrong.
///
/// The folders `subtreeinclusion` and `subtreeconsistency` are not read: they are of proofs between arbitrary subtrees
/// (draft-ietf-plants-merkle-tree-certs), which nothing here makes or accepts.
@Suite("Proofs of transparency-dev/merkle", .enabled(if: VectorFolder.isPresent))
struct ExternalMerkleTests {
    struct Inclusion: Decodable {
        let leafIdx: UInt64
        let treeSize: UInt64
        let root: Data
        let leafHash: Data
        let proof: [Data]?
        let wantErr: Bool
    }

    struct Consistency: Decodable {
        let size1: UInt64
        let size2: UInt64
        let root1: Data
        let root2: Data
        let proof: [Data]?
        let wantErr: Bool
    }

    /// A hash of another length, or an index that no log has, is refused by its type and so never reaches the proof.
    struct NotOfTheType: Error {}

    @Test func inclusionProofs() throws {
        let files = VectorFolder.files(under: "external/merkle/testdata/inclusion", ending: ".json")
        #expect(files.count == 98)
        for file in files {
            let test: Inclusion = try VectorFolder.json(file)
            let outcome = Result {
                guard let index = LeafIndex(test.leafIdx), let size = TreeSize(test.treeSize) else {
                    throw NotOfTheType()
                }
                let proof = InclusionProof(path: try hashes(test.proof))
                try proof.verify(hash(test.leafHash), at: index, in: TreeHead(size: size, root: hash(test.root)))
            }
            #expect(isRefused(outcome) == test.wantErr, "\(file)")
        }
    }

    /// Some cases start at size 0, which the verification refuses as the library does. Where a witness must allow it
    /// (`old 0` with no proof), its endpoint does, and does not ask here.
    @Test func consistencyProofs() throws {
        let files = VectorFolder.files(under: "external/merkle/testdata/consistency", ending: ".json")
        #expect(files.count == 98)
        var fromEmpty = 0
        for file in files {
            let test: Consistency = try VectorFolder.json(file)
            let outcome = Result {
                guard let from = TreeSize(test.size1), let to = TreeSize(test.size2) else { throw NotOfTheType() }
                let proof = ConsistencyProof(path: try hashes(test.proof))
                try proof.verify(
                    from: TreeHead(size: from, root: root(test.root1)), to: TreeHead(size: to, root: root(test.root2)))
            }
            #expect(isRefused(outcome) == test.wantErr, "\(file)")
            if test.size1 == 0 { fromEmpty += 1 }
        }
        #expect(fromEmpty == 9)
    }

    private func isRefused(_ outcome: Result<Void, any Error>) -> Bool {
        if case .failure = outcome { true } else { false }
    }

    /// Where roots are only compared, some cases have other bytes in their place: equal ones stay equal.
    private func root(_ data: Data) -> Hash {
        Hash(data) ?? SHA256.hash([UInt8](data))
    }

    private func hash(_ data: Data) throws -> Hash {
        guard let hash = Hash(data) else { throw NotOfTheType() }
        return hash
    }

    private func hashes(_ list: [Data]?) throws -> [Hash] {
        try (list ?? []).map(hash)
    }
}
