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
        guard let size = try await archive.sizes().first(where: { $0.contains(proof.index) }) else { return proof }
        let stamped = try await archive.stamped(at: size)
        let responses = stamped.stamping.map(\.bytes).filter { !proof.timestamps.contains($0) }
        guard !responses.isEmpty else { return proof }
        guard !proof.inclusions.contains(where: { $0.checkpoint.textHash == stamped.checkpoint.textHash }) else {
            return try proof.stamped(with: responses, under: nil)
        }
        let reader = LedgerReader(source, at: try policy.verify(stamped.checkpoint))
        let inclusion = try await reader.proof(of: proof.index)
        guard inclusion.extra == proof.entry.bytes else {
            throw ProofRenewal.RenewalError.anotherEntry(proof.index)
        }
        return try proof.stamped(with: responses, under: inclusion)
    }
}
