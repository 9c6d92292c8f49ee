// SPDX-License-Identifier: Apache-2.0

/// A note whose text is a checkpoint, none of its signatures verified yet.
public struct SignedCheckpoint: Sendable, Hashable {
    /// The note, as received.
    public let note: SignedNote
    /// What the text states. Nothing says yet that the log stated it.
    public let unverified: Checkpoint

    /// Reads the text of a note as a checkpoint.
    public init(_ note: SignedNote) throws(FormatError) {
        unverified = try Checkpoint(parsing: note.unverifiedText)
        self.note = note
    }

    /// Reads a note whose text is a checkpoint.
    public init(parsing bytes: [UInt8]) throws(FormatError) {
        try self.init(SignedNote(parsing: bytes))
    }

    /// The whole note.
    public var bytes: [UInt8] { note.bytes }

    /// SHA-256 of the whole note, signatures included: what an `after` line quotes.
    public var noteHash: Hash { SHA256.hash(note.bytes) }

    /// SHA-256 of the note's text: what a time-stamp covers.
    public var textHash: Hash { SHA256.hash(note.unverifiedText) }

    /// The checkpoint with more signature lines, such as those that witnesses answer with.
    public func adding(_ signatures: [SignedNote.Signature]) throws(FormatError) -> SignedCheckpoint {
        try SignedCheckpoint(note.adding(signatures))
    }
}
