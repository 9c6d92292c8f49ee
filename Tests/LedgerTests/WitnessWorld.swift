// SPDX-License-Identifier: Apache-2.0
import Ledger
import Synchronization
import SystemPackage
import Testing
import TransparencyLog

/// A log that can sign any history of itself, for tests of the witness that is to notice.
struct WitnessWorld {
    /// A history: the leaves from `fork` on are others than those of the true one.
    struct History: Sendable {
        let fork: Int?

        static let truth = History(fork: nil)

        private func leaf(_ index: Int) -> Hash {
            let word = if let fork, index >= fork { "fork at \(fork)" } else { "leaf" }
            return MerkleTree.leafHash(Array("\(word) \(index)".utf8))
        }

        func leaves(_ size: Int) -> [Hash] { (0..<size).map(leaf) }

        func head(_ size: Int) throws -> TreeHead {
            TreeHead(size: try #require(TreeSize(UInt64(size))), root: MerkleTree.root(of: leaves(size)))
        }
    }

    /// PROOF(older, D[n]) of RFC 6962.
    static func consistency(_ older: Int, _ leaves: ArraySlice<Hash>, isWhole: Bool = true) -> [Hash] {
        if older == leaves.count { return isWhole ? [] : [MerkleTree.root(of: leaves)] }
        var half = 1
        while half * 2 < leaves.count { half *= 2 }
        let (left, right) = (leaves.prefix(half), leaves.dropFirst(half))
        return older <= half
            ? consistency(older, left, isWhole: isWhole) + [MerkleTree.root(of: right)]
            : consistency(older - half, right, isWhole: false) + [MerkleTree.root(of: left)]
    }

    let signer: NoteSigner
    let witness: WitnessSigner

    init(origin: String = "ledger.example/witnessed", witness: String = "witness.example/w1") throws {
        signer = NoteSigner(name: try #require(KeyName(origin)), privateKey: try Self.key(1))
        self.witness = WitnessSigner(name: try #require(KeyName(witness)), privateKey: try Self.key(2))
    }

    var origin: Origin { Origin(signer.verifierKey.name) }
    var originHash: Hash { SHA256.hash(origin.utf8) }

    static func key(_ number: UInt8) throws -> Ed25519.PrivateKey {
        try #require(Ed25519.PrivateKey(seed: [UInt8](repeating: number, count: 32)))
    }

    /// A request of a right form from one size to another of a history.
    func request(
        _ old: Int, _ size: Int, of history: History = .truth, signers: [NoteSigner]? = nil,
        more: [SignedNote.Signature] = []
    ) throws -> AddCheckpoint {
        let checkpoint = try Checkpoint(origin: origin, head: history.head(size)).signed(by: signers ?? [signer])
        let path = (1..<max(size, 1)).contains(old) ? Self.consistency(old, history.leaves(size)[...]) : []
        return try AddCheckpoint(
            old: try #require(TreeSize(UInt64(old))), proof: ConsistencyProof(path: path),
            checkpoint: checkpoint.adding(more))
    }

    /// A witness on a folder that knows the log.
    func open(
        _ folder: FilePath, at time: UInt64 = 1_700_000_000,
        write: (@Sendable (_ bytes: [UInt8], _ path: FilePath) throws -> Void)? = nil
    ) throws -> Witness {
        _ = try WitnessStore(folder: folder).add([signer.verifierKey])
        let store = write.map { WitnessStore(folder: folder, write: $0) } ?? WitnessStore(folder: folder)
        return try Witness(store, signer: witness, clock: { time })
    }

    /// The policy of somebody who relies on this witness.
    func policy() throws -> TrustPolicy {
        try TrustPolicy(
            parsing: Array("log \(signer.verifierKey)\nwitness w \(witness.verifierKey)\nquorum w\n".utf8))
    }

    /// Whether an answer holds: the lines verify over what was asked.
    func holds(_ answer: AddCheckpointAnswer, for request: AddCheckpoint) throws -> Bool {
        let own = try SignedNote(
            text: Array(request.note.unverifiedText),
            signatures: request.note.signatures.filter {
                $0.name == signer.verifierKey.name
            })
        return try policy().verify(SignedCheckpoint(own).adding(answer.signatures)).isQuorumMet
    }
}

extension Witness.Answer {
    /// The status code that it is sent with.
    var status: Int {
        switch self {
        case .cosigned: 200
        case .refused(let refusal, _, _): refusal.statusCode
        case .unable: 503
        }
    }

    var lines: AddCheckpointAnswer? {
        if case .cosigned(let answer, _, _) = self { answer } else { nil }
    }
}
