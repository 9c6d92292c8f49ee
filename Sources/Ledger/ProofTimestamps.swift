// SPDX-License-Identifier: Apache-2.0
public import Evidence
public import TransparencyLog

/// Puts into a proof what a log keeps of time-stamps: the earliest that covers the entry.
///
/// A time-stamp is of a checkpoint's text, so the proof gets an inclusion under that very checkpoint, in its place among
/// the others. What the proof carries already stays. (Formats section 5.)
public struct ProofTimestamps: Sendable {
    private let source: any LedgerSource
    private let policy: TrustPolicy

    /// Those that the log in `source` keeps; its checkpoints are verified under `policy`.
    public init(of source: any LedgerSource, under policy: TrustPolicy) {
        self.source = source
        self.policy = policy
    }

    /// The proof with them; the same one where no checkpoint that covers the entry was stamped.
    public func added(to proof: ProofFile) async throws -> ProofFile {
        let archive = TimestampArchive(of: source)
        guard let size = Self.first(of: try await archive.sizes(), covering: proof.index) else { return proof }
        let stamped = try await archive.stamped(at: size)
        let responses = Self.responses(of: stamped, missingIn: proof)
        if responses.isEmpty { return proof }
        if Self.isIncluded(stamped.checkpoint, in: proof) { return try proof.stamped(with: responses, under: nil) }
        return try proof.stamped(with: responses, under: try await inclusion(of: proof, under: stamped.checkpoint))
    }

    /// That the entry is in the log, under the checkpoint that was stamped.
    ///
    /// Swift 6.3.1 crashes when it optimises this coroutine; it reads a few tiles, and loses nothing by going unoptimised.
    @_optimize(none)
    private func inclusion(of proof: ProofFile, under checkpoint: SignedCheckpoint) async throws -> LogProof {
        let reader = try reader(under: checkpoint)
        return try Self.checked(try await reader.proof(of: proof.index), of: proof)
    }

    private func reader(under checkpoint: SignedCheckpoint) throws -> LedgerReader {
        LedgerReader(source, at: try policy.verify(checkpoint))
    }

    private static func checked(_ inclusion: LogProof, of proof: ProofFile) throws -> LogProof {
        guard inclusion.extra == proof.entry.bytes else { throw ProofRenewal.RenewalError.anotherEntry(proof.index) }
        return inclusion
    }

    private static func first(of sizes: [TreeSize], covering index: LeafIndex) -> TreeSize? {
        sizes.first { $0.contains(index) }
    }

    private static func responses(of stamped: TimestampArchive.Stamped, missingIn proof: ProofFile) -> [[UInt8]] {
        stamped.stamping.map(\.bytes).filter { !proof.timestamps.contains($0) }
    }

    private static func isIncluded(_ checkpoint: SignedCheckpoint, in proof: ProofFile) -> Bool {
        proof.inclusions.contains { $0.checkpoint.textHash == checkpoint.textHash }
    }
}
