// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// What a log keeps of an earlier checkpoint of its own, held against the tree that it serves.
enum PastCheckpoint<Kept: Sendable>: Sendable {
    /// It is kept, and is an earlier state of this log.
    case kept(Kept)
    /// It is not kept here.
    case absent
    /// What is kept cannot be read, or is no earlier state of this log.
    case broken

    /// What `read` gives; nil where there is nothing.
    init(reading read: () async throws -> Kept?) async throws {
        do {
            self = try await read().map { .kept($0) } ?? .absent
        } catch let error where error is LedgerReadError || error is CheckpointError || error is ProofError {
            self = .broken
        }
    }
}

extension LogView {
    /// The checkpoint that a filing quotes.
    func quoted(_ quote: Quote) async throws -> PastCheckpoint<CosignedCheckpoint> {
        try await PastCheckpoint {
            guard let kept = try await reader.quoted(quote) else { return nil }
            return try policy.verify(kept.checkpoint)
        }
    }

    /// The sizes of the trees that were stamped, ascending.
    func stampedSizes() async throws -> PastCheckpoint<[TreeSize]> {
        try await PastCheckpoint { try await TimestampArchive(of: reader.source).sizes() }
    }

    /// The stamped checkpoint of a size that is listed.
    func stamped(at size: TreeSize) async throws -> PastCheckpoint<StampedCheckpoint> {
        guard size <= head.size else { return .broken }
        return try await PastCheckpoint { try await StampedCheckpoint(of: size, self) }
    }

    /// The first stamped checkpoint that covers an entry.
    func stamped(covering index: LeafIndex) async throws -> PastCheckpoint<StampedCheckpoint> {
        switch try await stampedSizes() {
        case .absent: return .absent
        case .broken: return .broken
        case .kept(let sizes):
            guard let size = sizes.first(where: { $0.contains(index) }) else { return .absent }
            return try await stamped(at: size)
        }
    }
}
