// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

extension FuzzTarget {
    /// The formats of C2SP: notes, keys, checkpoints, proofs of logging, tiles, policies, what witnesses are asked.
    static let publicFormats: [FuzzTarget] = [
        note, vkey, checkpoint, cosignature, policy, logProof, addCheckpoint, addCheckpointAnswer, tilePath, tile,
        entryBundle,
    ]

    private static let noteWords = ["\n\n\u{2014} ", "\u{2014} ", "=\n", "+", "\n"]

    private static let note = FuzzTarget(
        "note", words: noteWords,
        seeds: {
            FuzzGround.shared.proofs.flatMap { proof in
                proof.inclusions.map(\.checkpoint.bytes) + [proof.entry.filing.bytes]
                    + FuzzGround.attestations(in: proof)
            }
        }
    ) { bytes in
        guard let note = try read({ try SignedNote(parsing: bytes) }) else { return }
        let again = try SignedNote(text: Array(note.unverifiedText), signatures: note.signatures)
        try promise("a note is written as it was read", note.bytes == bytes && again.bytes == bytes && again == note)
        try promise("a note has one to 64 signatures", (1...64).contains(note.signatures.count))
    }

    private static let vkey = FuzzTarget(
        "vkey", upTo: 512,
        seeds: {
            let keys = FuzzGround.shared.policy.map { $0.logs.map(\.key) + $0.witnesses.map(\.key) } ?? []
            return (keys + FuzzGround.shared.proofs.flatMap { $0.entry.filing.signers }).map(\.utf8)
        }
    ) { bytes in
        guard let key = try read({ try VerifierKey(parsing: bytes) }) else { return }
        try promise("a vkey is written as it was read", key.utf8 == bytes)
        try promise("a name is at most 255 bytes", key.name.utf8.count <= 255)
    }

    private static let checkpoint = FuzzTarget(
        "checkpoint", words: noteWords,
        seeds: {
            FuzzGround.shared.proofs.flatMap { proof in
                (proof.inclusions.map(\.checkpoint) + proof.quoted.map(\.checkpoint)).map(\.bytes)
            } + [try FuzzGround.bytes("ledger/checkpoint")]
        }
    ) { bytes in
        guard let signed = try read({ try SignedCheckpoint(parsing: bytes) }) else { return }
        let checkpoint = signed.unverified
        let text =
            Checkpoint(origin: checkpoint.origin, head: checkpoint.head).text
            + checkpoint.extensionLines.flatMap { $0 + [0x0A] }
        try promise("a checkpoint is written as it was read", signed.bytes == bytes && text == checkpoint.text)
        guard let policy = FuzzGround.shared.policy, let cosigned = try read({ try policy.verify(signed) }) else {
            return
        }
        try promise("nothing is verified that the log did not sign", FuzzGround.shared.heads.contains(cosigned.head))
    }

    private static let cosignature = FuzzTarget(
        "cosignature", upTo: 256,
        seeds: {
            FuzzGround.shared.proofs.flatMap { $0.inclusions.flatMap { $0.checkpoint.note.signatures.map(\.bytes) } }
        }
    ) { bytes in
        guard let cosignature = try read({ try Cosignature(parsing: bytes) }) else { return }
        try promise("a cosignature is written as it was read", cosignature.bytes == bytes)
    }

    private static let policy = FuzzTarget(
        "policy",
        words: ["log ", "witness ", "group ", "quorum ", " none", " any ", " all ", "# ", " 1 ", " 2 ", "https://"],
        seeds: { try [FuzzGround.bytes("keys/policy")] + [Array("quorum none\n".utf8)] }
    ) { bytes in
        guard let policy = try read({ try TrustPolicy(parsing: bytes) }) else { return }
        try promise("a policy is kept as it was read", policy.bytes == bytes)
        try promise("nobody meets no quorum but that of none", policy.isQuorumMet(by: []) == (policy.quorum == nil))
        _ = policy.isQuorumMet(by: policy.witnesses)
        for log in policy.logs { try promise("a log has its key", policy.logKeys(for: log.origin).contains(log.key)) }
    }

    private static let logProof = FuzzTarget(
        "log-proof", upTo: 8192, words: noteWords + ["c2sp.org/tlog-proof@v1\n", "extra ", "index "],
        seeds: { FuzzGround.shared.proofs.flatMap { $0.inclusions.map(\.bytes) } }
    ) { bytes in
        guard let proof = try read({ try LogProof(parsing: bytes) }) else { return }
        let again = try LogProof(
            extra: proof.extra, index: proof.index, inclusion: proof.inclusion, checkpoint: proof.checkpoint)
        try promise("a proof of logging is written as it was read", again.bytes == bytes && again == proof)
        guard let policy = FuzzGround.shared.policy, let extra = proof.extra else { return }
        let leaf = MerkleTree.leafHash(extra)
        guard try read({ try proof.verify(leaf, under: policy) }) != nil else { return }
        try promise("nothing is proven that was not logged", FuzzGround.shared.leaves.contains(leaf))
    }

    private static let addCheckpoint = FuzzTarget(
        "add-checkpoint", words: noteWords + ["old "],
        seeds: {
            try FuzzGround.shared.proofs.flatMap { proof in
                try proof.quoted.map { quoted in
                    try AddCheckpoint(
                        old: quoted.checkpoint.unverified.head.size, proof: quoted.consistency,
                        checkpoint: proof.inclusions[proof.inclusions.count - 1].checkpoint
                    ).bytes
                } + [
                    AddCheckpoint(old: 0, proof: ConsistencyProof(path: []), checkpoint: proof.inclusions[0].checkpoint)
                        .bytes
                ]
            }
        }
    ) { bytes in
        guard let request = try read({ try AddCheckpoint(parsing: bytes) }) else { return }
        try promise("a request is written as it was read", request.bytes == bytes)
        guard let policy = FuzzGround.shared.policy else { return }
        let keys = policy.logs.map(\.key)
        for last in [nil, FuzzGround.shared.heads.first] {
            guard case .accept(let accepted) = try counted({ try WitnessedLog(keys: keys, last: last).decide(request) })
            else {
                continue
            }
            try promise("a witness cosigns what the log signed", FuzzGround.shared.heads.contains(accepted.head))
        }
    }

    private static let addCheckpointAnswer = FuzzTarget(
        "add-checkpoint-answer", words: noteWords,
        seeds: {
            FuzzGround.shared.proofs.map { $0.inclusions[0].checkpoint.note.signatures.flatMap(\.line) } + [
                Array("12\n".utf8)
            ]
        }
    ) { bytes in
        if let size = counted({ WitnessRefusal.lastSize(parsing: bytes) }) {
            try promise("a size is written as it was read", Array("\(size)\n".utf8) == bytes)
        }
        guard let answer = try read({ try AddCheckpointAnswer(parsing: bytes) }) else { return }
        try promise("an answer is written as it was read", answer.bytes == bytes)
    }

    private static let tilePath = FuzzTarget(
        "tile-path", upTo: 128, words: ["tile/", "entries/", "x000/", ".p/"],
        seeds: {
            [
                "tile/3/x001/x234/067.p/12", "tile/entries/x001/067", "tile/0/000", "tile/63/999.p/255",
                "tile/entries/x009/x223/x372/x036/x854/x775/807",
            ].map { Array($0.utf8) }
        }
    ) { bytes in
        guard let tile = try read({ try Tile(parsing: bytes) }) else { return }
        try promise("a path is written as it was read", Array(tile.path.utf8) == bytes)
    }

    /// The first byte is the width of the tile less one.
    private static let tile = FuzzTarget(
        "tile", upTo: 8193,
        seeds: {
            [1, 2, 13, 256].map { width in
                [UInt8(width - 1)] + (0..<width * 32).map { UInt8(truncatingIfNeeded: $0 * 7) }
            }
        }
    ) { bytes in
        guard let width = bytes.first, let tile = Tile(.hashes(level: 0), index: 0, width: Int(width) + 1) else {
            return
        }
        guard let data = try read({ try TileData(parsing: Array(bytes.dropFirst()), of: tile) }) else { return }
        try promise("a tile is written as it was read", data.bytes.elementsEqual(bytes.dropFirst()))
        let quick = data.withInterior()
        for height in 0...8 {
            let (slow, fast) = (data.root(height: height, index: 0), quick.root(height: height, index: 0))
            try promise("a root is the same, computed before or now", slow == fast)
        }
    }

    /// The first byte is the number of entries less one.
    private static let entryBundle = FuzzTarget(
        "entry-bundle", upTo: 16_384,
        seeds: {
            let entries = FuzzGround.shared.entries
            return try [[UInt8(0), 0, 0]]
                + stride(from: 1, through: min(entries.count, 12), by: 3).map { count in
                    try [UInt8(count - 1)] + EntryBundle(entries.prefix(count)).bytes
                }
        }
    ) { bytes in
        guard let width = bytes.first, let tile = Tile(.entries, index: 0, width: Int(width) + 1),
            let bundle = try read({ try EntryBundle(parsing: Array(bytes.dropFirst()), of: tile) })
        else { return }
        let again = try EntryBundle(bundle.map { Array($0) })
        try promise("a bundle is written as it was read", again.bytes.elementsEqual(bytes.dropFirst()))
        try promise("a bundle has a leaf for each entry", bundle.leafHashes.count == Int(width) + 1)
    }
}
