// SPDX-License-Identifier: Apache-2.0
import Evidence
import TransparencyLog

/// A checkpoint that a log keeps because it can be quoted: `cosigned/7a/7a3f...` in the ledger, the note by its hash.
///
/// It is the very note that is quoted. Neither its signatures nor its tree are verified.
struct QuotedNote: Sendable {
    /// The checkpoint.
    let checkpoint: SignedCheckpoint

    /// Reads the note that is quoted; nil where the source has none there, or another.
    init?(_ quote: Quote, of origin: Origin, in source: any LedgerSource) async throws {
        guard let bytes = try await source.read(quote.path, limit: SignedNote.maximumByteCount),
            SHA256.hash(bytes) == quote.checkpointHash, let checkpoint = try? SignedCheckpoint(parsing: bytes),
            checkpoint.unverified.head.size == quote.size, checkpoint.unverified.origin == origin
        else { return nil }
        self.checkpoint = checkpoint
    }
}
