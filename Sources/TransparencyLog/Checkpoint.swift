// SPDX-License-Identifier: Apache-2.0

/// What a log states of itself: its origin, its size and its root (C2SP tlog-checkpoint).
///
///     ledger.example/log
///     600
///     Ju2W1Kdm7BXhGwE7eHVof+cznGfc6nRYipzID0RjASM=
///     (any number of extension lines, none of them empty)
///
/// It is the text of a signed note. The exact bytes are kept. This value says nothing of signatures: see
/// `SignedCheckpoint` and `VerifiedCheckpoint`.
public struct Checkpoint: Sendable, Hashable {
    /// The log's name.
    public let origin: Origin
    /// The size and the root.
    public let head: TreeHead
    /// The text, with its final newline.
    public let text: [UInt8]

    /// A checkpoint without extension lines.
    public init(origin: Origin, head: TreeHead) {
        precondition(head.size > 0 || head.root == MerkleTree.emptyRoot, "the empty tree has one root")
        self.origin = origin
        self.head = head
        text = Array("\(origin)\n\(head.size)\n\(head.root.base64)\n".utf8)
    }

    /// Reads the text of a note. An empty tree must have the root of the empty tree.
    public init(parsing text: some Collection<UInt8>) throws(FormatError) {
        let bytes = Array(text)
        guard bytes.last == 0x0A else { throw FormatError("checkpoint", "does not end in a newline") }
        // What follows the three lines stands in one piece: a text of a megabyte may have half a million of them.
        let lines = bytes.dropLast().split(separator: 0x0A, maxSplits: 3, omittingEmptySubsequences: false)
        guard lines.count >= 3 else { throw FormatError("checkpoint", "want origin, size and root") }
        guard let origin = Origin(lines[0]) else { throw FormatError("checkpoint", line: 1, "origin") }
        guard let size = TreeSize(parsing: lines[1]) else { throw FormatError("checkpoint", line: 2, "size") }
        guard let root = Hash(base64: lines[2]) else { throw FormatError("checkpoint", line: 3, "root") }
        guard size > 0 || root == MerkleTree.emptyRoot else {
            throw FormatError("checkpoint", line: 3, "not the root of an empty tree")
        }
        var number = 4
        for place in (lines.count > 3 ? lines[3].startIndex..<bytes.endIndex : bytes.endIndex..<bytes.endIndex)
        where bytes[place] == 0x0A {
            guard bytes[place - 1] != 0x0A else {
                throw FormatError("checkpoint", line: number, "empty extension line")
            }
            number += 1
        }
        self.origin = origin
        head = TreeHead(size: size, root: root)
        self.text = bytes
    }

    /// The extension lines, which no rule here gives a meaning.
    public var extensionLines: [[UInt8]] {
        text.dropLast().split(separator: 0x0A, omittingEmptySubsequences: false).dropFirst(3).map { Array($0) }
    }

    /// The checkpoint as a note signed by keys of the log, whose names must be the origin.
    public func signed(by signers: [NoteSigner]) throws(FormatError) -> SignedCheckpoint {
        guard signers.allSatisfy({ $0.verifierKey.name.utf8 == origin.utf8 }) else {
            throw FormatError("checkpoint", "a log key's name is not the origin")
        }
        return try SignedCheckpoint(SignedNote(text: text, signatures: signers.map { $0.sign(text) }))
    }
}
