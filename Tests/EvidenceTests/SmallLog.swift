// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// A log of any entries, whose rules nobody has looked at, with proofs by RFC 6962's own recursions.
struct SmallLog {
    var entries: [Entry] = []

    static let signer = RegistryWorld.person(RegistryWorld.origin)
    static let other = RegistryWorld.person("other.example/log")

    static var policy: TrustPolicy {
        get throws { try TrustPolicy(parsing: Array("log \(signer.verifierKey)\nquorum none\n".utf8)) }
    }

    static let witness = WitnessSigner(
        name: signerName("witness.example"), privateKey: RegistryWorld.person("witness.example").privateKey)

    private static func signerName(_ name: String) -> KeyName { RegistryWorld.person(name).verifierKey.name }

    /// The policy that wants the one witness.
    static var cosigningPolicy: TrustPolicy {
        get throws {
            try TrustPolicy(
                parsing: Array("log \(signer.verifierKey)\nwitness w \(witness.verifierKey)\nquorum w\n".utf8))
        }
    }

    /// A checkpoint with the witness's cosignature at this time.
    static func cosigned(_ checkpoint: SignedCheckpoint, at time: UInt64) throws -> SignedCheckpoint {
        try checkpoint.adding([witness.cosign(checkpoint.verified(by: [signer.verifierKey]), at: time)])
    }

    static let lin = RegistryWorld.person("lin-yue")

    /// A registration that differs from every other with another number.
    static func registration(
        _ number: UInt8, after: Quote? = nil, log: String = RegistryWorld.origin
    ) throws -> Filing {
        let dossier = SHA256.hash([number])
        return try RegistryWorld.filing(
            .register(Registration(dossier: dossier)), by: [lin], after: after, log: log)
    }

    mutating func add(_ filing: Filing) throws {
        let time = try #require(EntryTime(seconds: 1_700_000_000))
        entries.append(try Entry(time: time, filing: filing))
    }

    func checkpoint(of size: Int, by signer: NoteSigner = signer, root: Hash? = nil) throws -> SignedCheckpoint {
        let head = TreeHead(
            size: try #require(TreeSize(UInt64(size))), root: root ?? MerkleTree.root(of: leaves(size)))
        return try Checkpoint(origin: Origin(signer.verifierKey.name), head: head).signed(by: [signer])
    }

    func inclusion(of index: Int) -> InclusionProof {
        InclusionProof(path: Self.path(to: index, in: leaves(entries.count)[...]))
    }

    func consistency(from size: Int) -> ConsistencyProof {
        ConsistencyProof(path: Self.subproof(size, leaves(entries.count)[...], isWhole: true))
    }

    func related(_ index: Int) throws -> ProofFile.Related {
        ProofFile.Related(
            entry: entries[index], index: try #require(LeafIndex(UInt64(index))), inclusion: inclusion(of: index))
    }

    /// The inclusion of one entry in the tree of some.
    func inclusion(of index: Int, in size: Int, by signer: NoteSigner = signer) throws -> LogProof {
        try LogProof(
            extra: entries[index].bytes, index: try #require(LeafIndex(UInt64(index))),
            inclusion: InclusionProof(path: Self.path(to: index, in: leaves(size)[...])),
            checkpoint: checkpoint(of: size, by: signer))
    }

    /// The proof of one entry under the checkpoint of all.
    func proof(
        of index: Int, details: Opening? = nil, quoted: [ProofFile.Quoted] = [],
        related: [ProofFile.Related] = []
    ) throws -> ProofFile {
        let inclusion = try LogProof(
            extra: entries[index].bytes, index: try #require(LeafIndex(UInt64(index))),
            inclusion: inclusion(of: index), checkpoint: checkpoint(of: entries.count))
        return try ProofFile(inclusions: [inclusion], details: details, quoted: quoted, related: related)
    }

    private func leaves(_ count: Int) -> [Hash] { entries.prefix(count).map(\.leafHash) }

    private static func split(_ count: Int) -> Int {
        var left = 1
        while left * 2 < count { left *= 2 }
        return left
    }

    private static func path(to index: Int, in leaves: ArraySlice<Hash>) -> [Hash] {
        guard leaves.count > 1 else { return [] }
        let (left, right) = (leaves.prefix(split(leaves.count)), leaves.dropFirst(split(leaves.count)))
        return index < left.count
            ? path(to: index, in: left) + [MerkleTree.root(of: right)]
            : path(to: index - left.count, in: right) + [MerkleTree.root(of: left)]
    }

    private static func subproof(_ size: Int, _ leaves: ArraySlice<Hash>, isWhole: Bool) -> [Hash] {
        if size == leaves.count { return isWhole ? [] : [MerkleTree.root(of: leaves)] }
        let (left, right) = (leaves.prefix(split(leaves.count)), leaves.dropFirst(split(leaves.count)))
        return size <= left.count
            ? subproof(size, left, isWhole: isWhole) + [MerkleTree.root(of: right)]
            : subproof(size - left.count, right, isWhole: false) + [MerkleTree.root(of: left)]
    }
}
