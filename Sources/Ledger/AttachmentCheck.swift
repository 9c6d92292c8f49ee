// SPDX-License-Identifier: Apache-2.0
import Evidence
import TransparencyLog

/// Judges what stands beside the tiles of a log against the tree of a verified checkpoint.
struct AttachmentCheck: Sendable {
    private let policy: TrustPolicy
    private let reader: LedgerReader

    /// Judges by the tiles that `reader` reads: they are verified as they are read.
    init(under policy: TrustPolicy, by reader: LedgerReader) {
        self.policy = policy
        self.reader = reader
    }

    /// Whether these bytes are the checkpoint that an `after` line quotes: of that hash, signed by the log, of that size,
    /// and with the root that the tree had then.
    func isQuoted(_ bytes: [UInt8], by quote: Quote) async throws -> Bool {
        guard SHA256.hash(bytes) == quote.checkpointHash else { return false }
        return try await isCheckpoint(bytes, of: quote.size)
    }

    /// Whether these bytes are a checkpoint that the log signed of its tree at a size.
    func isCheckpoint(_ bytes: [UInt8], of size: TreeSize) async throws -> Bool {
        guard size <= reader.head.size, let head = head(signedIn: bytes), head.size == size else { return false }
        return try await reader.head(of: size) == head
    }

    /// Whether these bytes are time-stamp responses over the text of a checkpoint, one behind the other. The authorities'
    /// signatures are not judged: that takes their certificates, and is the matter of whoever relies on them.
    func areResponses(_ bytes: [UInt8], over note: [UInt8]) -> Bool {
        guard let signed = try? SignedCheckpoint(parsing: note),
            let responses = try? TimestampResponse.all(in: bytes, limit: TimestampArchive.maximumResponses)
        else { return false }
        return responses.allSatisfy { $0.token?.imprint == signed.textHash }
    }

    private func head(signedIn bytes: [UInt8]) -> TreeHead? {
        guard let signed = try? SignedCheckpoint(parsing: bytes),
            signed.unverified.origin == reader.checkpoint.checkpoint.origin,
            // A line that claims to be by somebody known and is not, is damage.
            (try? policy.verify(signed)) != nil
        else { return nil }
        return signed.unverified.head
    }
}
