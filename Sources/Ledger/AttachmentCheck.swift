// SPDX-License-Identifier: Apache-2.0
import Evidence
import TransparencyLog

/// Judges what stands beside the tiles of a log against the tree of a verified checkpoint.
struct AttachmentCheck: Sendable {
    /// The longest time-stamp response that is read, in bytes.
    static let responseLimit = 1 << 20

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

    /// Whether these bytes are a time-stamp response over the text of a checkpoint: one DER value that holds the imprint.
    /// The authority's signature is not judged: that takes its certificates, and is the matter of whoever relies on it.
    func isResponse(_ bytes: [UInt8], over note: [UInt8]) -> Bool {
        guard Self.isOneSequence(bytes), let signed = try? SignedCheckpoint(parsing: note) else { return false }
        let imprint = signed.textHash.bytes
        return bytes.indices.contains { bytes[$0...].starts(with: imprint) }
    }

    /// Whether the bytes are a SEQUENCE of definite length, and nothing more.
    private static func isOneSequence(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 2, bytes[0] == 0x30 else { return false }
        let first = Int(bytes[1])
        guard first >= 0x80 else { return bytes.count == 2 + first }
        let digits = first & 0x7F
        guard (1...4).contains(digits), bytes.count >= 2 + digits else { return false }
        return bytes.count == 2 + digits + bytes[2..<2 + digits].reduce(0) { $0 << 8 | Int($1) }
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
