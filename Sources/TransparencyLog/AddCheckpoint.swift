// SPDX-License-Identifier: Apache-2.0

/// What a log asks of a witness: to cosign a checkpoint, with the proof that it follows from the one before
/// (C2SP tlog-witness, add-checkpoint).
///
///     old 20852014
///     PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=        0 to 63: the consistency proof, the lowest hash first
///     (an empty line)
///     the checkpoint, verbatim
///
/// The exact note is kept. Nothing is verified by reading it; a checkpoint of size 0 may even state another root than
/// the empty tree's, since the answer to that is not the answer to what cannot be read.
public struct AddCheckpoint: Sendable, Hashable {
    /// The longest request that is read, in bytes: the longest note behind the longest lines before it.
    public static let maximumByteCount = SignedNote.maximumByteCount + 24 + 45 * ConsistencyProof.maximumCount + 1

    /// The size of the tree that the witness is thought to have cosigned last; 0 for none.
    public let old: TreeSize
    /// The proof from the tree of that size; empty where it is 0.
    public let proof: ConsistencyProof
    /// The checkpoint's note, as it was received.
    public let note: SignedNote
    /// The log that the checkpoint names. Nothing says yet that the log stated it.
    public let origin: Origin
    /// The size and the root that the checkpoint names.
    public let head: TreeHead

    /// A request; the proof has 63 hashes at most.
    public init(old: TreeSize, proof: ConsistencyProof, checkpoint: SignedCheckpoint) throws(FormatError) {
        guard proof.path.count <= ConsistencyProof.maximumCount else {
            throw FormatError("add-checkpoint", "more than 63 hashes")
        }
        self.old = old
        self.proof = proof
        note = checkpoint.note
        origin = checkpoint.unverified.origin
        head = checkpoint.unverified.head
    }

    /// Reads a request's body.
    public init(parsing bytes: [UInt8]) throws(FormatError) {
        guard bytes.count <= Self.maximumByteCount else { throw FormatError("add-checkpoint", "longer than its limit") }
        var rest = bytes[...]
        var number = 0
        func line() throws(FormatError) -> ArraySlice<UInt8> {
            number += 1
            guard let end = rest.firstIndex(of: 0x0A) else {
                throw FormatError("add-checkpoint", line: number, "ends before the checkpoint")
            }
            defer { rest = rest[(end + 1)...] }
            return rest[..<end]
        }
        let first = try line()
        guard first.starts(with: "old ".utf8), let old = TreeSize(parsing: first.dropFirst(4)) else {
            throw FormatError("add-checkpoint", line: 1, "want old and a size")
        }
        var path: [Hash] = []
        var next = try line()
        while !next.isEmpty {
            guard path.count < ConsistencyProof.maximumCount else {
                throw FormatError("add-checkpoint", line: number, "more than 63 hashes")
            }
            guard let hash = Hash(base64: next) else { throw FormatError("add-checkpoint", line: number, "hash") }
            path.append(hash)
            next = try line()
        }
        note = try SignedNote(parsing: Array(rest))
        (origin, head) = try Self.statement(of: Array(note.unverifiedText))
        self.old = old
        proof = ConsistencyProof(path: path)
    }

    /// The request's body.
    public var bytes: [UInt8] {
        var header = "old \(old)\n"
        for hash in proof.path { header += "\(hash.base64)\n" }
        return Array(header.utf8) + [0x0A] + note.bytes
    }

    /// What a checkpoint's text names, whatever root it gives to an empty tree.
    private static func statement(of text: [UInt8]) throws(FormatError) -> (Origin, TreeHead) {
        do {
            let checkpoint = try Checkpoint(parsing: text)
            return (checkpoint.origin, checkpoint.head)
        } catch {
            var lines = text.split(separator: 0x0A, maxSplits: 3, omittingEmptySubsequences: false)
            guard lines.count == 4, lines[1].elementsEqual("0".utf8), let root = Hash(base64: lines[2]) else {
                throw error
            }
            lines[2] = Array(MerkleTree.emptyRoot.base64.utf8)[...]
            let checkpoint = try Checkpoint(parsing: Array(lines.joined(separator: [0x0A])))
            return (checkpoint.origin, TreeHead(size: 0, root: root))
        }
    }
}

/// What a witness answers when it has cosigned: signature lines, one or more (C2SP tlog-witness, add-checkpoint).
///
///     — witness.example/w1 I7rEps0pvK2UqkS2gSpVUDhrhVtQV9lgF6pRrWAvjJHj...
///
/// Lines by keys that the reader does not know may be among them. Nothing is verified by reading it: whoever asked adds
/// those of the lines whose keys it knows to its checkpoint, and has a `TrustPolicy` verify that.
public struct AddCheckpointAnswer: Sendable, Hashable {
    /// The longest answer that is read, in bytes.
    public static let maximumByteCount = SignedNote.maximumByteCount / 2

    /// The signature lines, in their order.
    public let signatures: [SignedNote.Signature]

    /// An answer of 1 to 64 lines, each by another key.
    public init(_ signatures: [SignedNote.Signature]) throws(FormatError) {
        try self.init(parsing: signatures.flatMap(\.line))
    }

    /// Reads an answer's body.
    public init(parsing bytes: [UInt8]) throws(FormatError) {
        guard bytes.count <= Self.maximumByteCount else {
            throw FormatError("add-checkpoint answer", "longer than its limit")
        }
        // The lines are read as those of a note, with a text that they do not have.
        let text: [UInt8] = [0x2E, 0x0A]
        do throws(FormatError) {
            let note = try SignedNote(parsing: text + [0x0A] + bytes)
            guard note.unverifiedText.elementsEqual(text) else {
                throw FormatError("add-checkpoint answer", "empty line")
            }
            signatures = note.signatures
        } catch {
            throw FormatError("add-checkpoint answer", line: error.line.map { $0 - 2 }, error.reason)
        }
    }

    /// The answer's body.
    public var bytes: [UInt8] { signatures.flatMap(\.line) }
}
