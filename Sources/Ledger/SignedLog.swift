// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// What a sequencer knows to be signed and applied.
struct SignedState: Sendable {
    let edge: RightEdge
    let checkpoint: SignedNote?
    let lastTime: UInt64?
    /// The checkpoint that is served, with its cosignatures: of this tree, or of an earlier one while this is held back.
    var published: SignedNote?

    /// Whether what is served is of the signed tree.
    var isPublished: Bool { checkpoint?.unverifiedText == published?.unverifiedText }
}

/// The stores of one log, and the steps that change them: a batch and the recovery after a crash take the same.
struct SignedLog: Sendable {
    let store: any LedgerStore
    let identity: LogIdentity

    /// Stages a batch, and says what appending it leads to, computed from what was read back: a bit that flipped in
    /// memory or on the way is caught here.
    func stage(_ entries: [[UInt8]], after edge: RightEdge) async throws -> RightEdge.Growth {
        try await store.stage(StagedBatch(oldSize: edge.size, entries: entries).bytes)
        guard let read = try await store.staged() else { throw SequencerError.stagedDiffers }
        let staged = try StagedBatch(parsing: read)
        guard staged.oldSize == edge.size else { throw SequencerError.stagedDiffers }
        return try edge.growing(by: staged.entries)
    }

    /// Puts the signed checkpoint in the place of the one before, and applies what it covers.
    func commit(
        _ growth: RightEdge.Growth, under checkpoint: SignedNote, after state: SignedState, lastTime: UInt64?
    ) async throws -> SignedState {
        try await store.replace(state.checkpoint?.bytes, with: checkpoint.bytes)
        try await apply(growth)
        return SignedState(
            edge: growth.edge, checkpoint: checkpoint, lastTime: lastTime, published: state.published)
    }

    /// Serves a checkpoint of the signed tree.
    func publish(_ publication: CheckpointPublisher.Publication, of state: SignedState) async throws -> SignedState {
        if !publication.files.isEmpty { try await store.create(publication.files) }
        if publication.note.bytes != state.published?.bytes { try await store.publish(publication.note.bytes) }
        var state = state
        state.published = publication.note
        return state
    }

    /// Makes what was signed readable. A crash anywhere in here is made good by the next start, which comes here too.
    private func apply(_ growth: RightEdge.Growth) async throws {
        try await store.create(growth.files)
        try await store.dropPartials(of: growth.completedPaths)
    }

    // MARK: - Start

    /// The signed state as the stores have it: what was signed is applied, and its right edge verified.
    func recovered(time: (_ entry: [UInt8]) -> UInt64?) async throws -> SignedState {
        let served = try await store.read("checkpoint", limit: SignedNote.maximumByteCount)
        guard let signedBytes = try await store.signedCheckpoint() else {
            guard served == nil else { throw SequencerError.stateMissing }
            return SignedState(edge: RightEdge(), checkpoint: nil, lastTime: nil)
        }
        let checkpoint = try SignedNote(parsing: signedBytes)
        let head = try identity.verify(checkpoint)
        let published = try served.map { try SignedNote(parsing: $0) }
        let servedSize = try published.map { try check($0, against: head) }

        // What is served was signed durably and applied as a whole before; so was what is not served, unless its batch is
        // still staged.
        var edge: RightEdge?
        if servedSize != head.size {
            // Of what is not served it is not known whether it is on the disk: who wrote it may have been stopped before
            // it was flushed, or told that it could not be. What is built on it comes after it was written once more.
            try await store.replace(signedBytes, with: signedBytes)
            edge = try await applyStaged(to: head)
        }
        if edge == nil { edge = try await RightEdge(of: head.size, in: store) }
        guard let edge, edge.head == head else { throw SequencerError.tilesDoNotHold(head.size) }
        return SignedState(
            edge: edge, checkpoint: checkpoint, lastTime: edge.lastEntry.flatMap(time), published: published)
    }

    /// Applies the staged batch, if it leads to the signed tree: nobody was promised anything of one that was never
    /// signed, nor of one that is torn because the next was being written over it.
    private func applyStaged(to head: TreeHead) async throws -> RightEdge? {
        guard let read = try await store.staged(), let staged = try? StagedBatch(parsing: read),
            staged.newSize == head.size
        else { return nil }
        let before = try await RightEdge(of: staged.oldSize, in: store)
        let growth = try before.growing(by: staged.entries)
        guard growth.edge.head == head else { return nil }
        try await apply(growth)
        return growth.edge
    }

    private func check(_ served: SignedNote, against signed: TreeHead) throws -> TreeSize {
        let head = try identity.verify(served)
        guard head.size <= signed.size else {
            throw SequencerError.stateIsOld(served: head.size, signed: signed.size)
        }
        guard head.size < signed.size || head.root == signed.root else { throw SequencerError.anotherRoot(head.size) }
        return head.size
    }
}
