// SPDX-License-Identifier: Apache-2.0
public import Evidence
public import TransparencyLog

/// Reads a log under one verified checkpoint: what it gives was checked against that root.
///
/// Each proof is planned, its tiles fetched once, computed and verified before it is handed on.
public struct LedgerReader: Sendable {
    /// The checkpoint, signed by the log and judged under the policy.
    public let checkpoint: CosignedCheckpoint
    /// Where it reads: of what it has besides entries and tiles nothing is verified.
    public let source: any LedgerSource
    private let tiles: TileReader

    /// Reads and verifies the checkpoint that a source serves. Whether it meets the quorum is in `checkpoint`.
    public init(_ source: any LedgerSource, under policy: TrustPolicy) async throws {
        guard let bytes = try await source.read("checkpoint", limit: SignedNote.maximumByteCount) else {
            throw LedgerReadError.noCheckpoint
        }
        let signed: SignedCheckpoint
        do throws(FormatError) {
            signed = try SignedCheckpoint(parsing: bytes)
        } catch {
            throw LedgerReadError.malformed(path: "checkpoint", error)
        }
        self.init(source, at: try policy.verify(signed))
    }

    /// Reads under a checkpoint that was verified before. What was read before comes from `memory`, where there is one.
    public init(_ source: any LedgerSource, at checkpoint: CosignedCheckpoint, keeping memory: TileMemory? = nil) {
        self.source = source
        self.checkpoint = checkpoint
        tiles = TileReader(source: source, keeping: memory)
    }

    /// The size and root of the tree.
    public var head: TreeHead { checkpoint.head }

    /// The bytes of an entry, with the proof that it stands there.
    public func entry(at index: LeafIndex) async throws -> (bytes: [UInt8], inclusion: InclusionProof) {
        guard let tile = Tile.bundle(holding: index, in: head.size) else {
            throw LedgerReadError.beyondSize(index, head.size)
        }
        let bytes = Array(try await tiles.bundle(tile)[Int(index.value % UInt64(Tile.fullWidth))])
        let plan = TilePlan(try .inclusion(of: index, in: head.size))
        let proof = InclusionProof(path: try plan.compute(from: await tiles.hashTiles(plan.tiles)))
        do throws(ProofError) {
            try proof.verify(MerkleTree.leafHash(bytes), at: index, in: head)
        } catch {
            throw LedgerReadError.doesNotHold(path: tile.path)
        }
        return (bytes, proof)
    }

    /// The entries from `first` on, at most one bundle of them, as they stand: not verified one by one.
    ///
    /// Whoever replays a log compares the root of all of them with `head`.
    public func unverifiedEntries(from first: LeafIndex) async throws -> [[UInt8]] {
        guard let tile = Tile.bundle(holding: first, in: head.size) else {
            throw LedgerReadError.beyondSize(first, head.size)
        }
        return try await tiles.bundle(tile).dropFirst(Int(first.value % UInt64(Tile.fullWidth))).map { Array($0) }
    }

    /// The frontier of the tree at an earlier size, as the tiles have it: not verified.
    public func unverifiedTree(of size: TreeSize) async throws -> CompactTree? {
        try await tiles.unverifiedTree(of: size)
    }

    /// A proof of logging of an entry, with the entry as its `extra` line.
    ///
    /// Never inlined: Swift 6.3.1 crashes when it optimises some of those who call it.
    @inline(never)
    public func proof(of index: LeafIndex) async throws -> LogProof {
        let (bytes, inclusion) = try await entry(at: index)
        return try LogProof(extra: bytes, index: index, inclusion: inclusion, checkpoint: checkpoint.verified.signed)
    }

    /// A checkpoint that a text quotes, with the proof that its tree is the beginning of this one; nil where the log does
    /// not have it.
    public func quoted(_ quote: Quote) async throws -> ProofFile.Quoted? {
        guard quote.size <= head.size,
            let note = try await QuotedNote(quote, of: checkpoint.verified.origin, in: source)
        else { return nil }
        let consistency = try await consistency(from: note.checkpoint.unverified.head)
        return ProofFile.Quoted(checkpoint: note.checkpoint, consistency: consistency)
    }

    /// The proof that the tree of an earlier size is the beginning of this one.
    public func consistency(from older: TreeSize) async throws -> ConsistencyProof {
        guard older > 0 else { throw ProofError.emptyTree }
        guard older <= head.size else { throw ProofError.sizesReversed }
        return try await consistency(from: try await tiles.unverifiedHead(of: older, in: head.size))
    }

    /// The proof that the tree of an earlier checkpoint is the beginning of this one.
    public func consistency(from older: TreeHead) async throws -> ConsistencyProof {
        let plan = TilePlan(try .consistency(from: older.size, to: head.size))
        let proof = ConsistencyProof(path: try plan.compute(from: await tiles.hashTiles(plan.tiles)))
        try proof.verify(from: older, to: head)
        return proof
    }

    /// The size and root that the tree had at an earlier size, proved to be the beginning of this one.
    public func head(of size: TreeSize) async throws -> TreeHead {
        guard size <= head.size else { throw LedgerReadError.beyondSize(size.nextIndex, head.size) }
        let earlier = try await tiles.unverifiedHead(of: size, in: head.size)
        guard size > 0 else { return earlier }
        do {
            _ = try await consistency(from: earlier)
        } catch is ProofError {
            throw LedgerReadError.doesNotHold(path: "tile")
        }
        return earlier
    }
}
