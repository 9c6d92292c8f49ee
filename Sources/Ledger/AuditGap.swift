// SPDX-License-Identifier: Apache-2.0
public import Evidence
public import TransparencyLog

/// Something that an audit has not judged: because it was not asked to, or because it could not.
///
/// With a gap that was not chosen, nothing says that the log holds.
public enum AuditGap: Sendable, Hashable {
    /// Form, signatures and rules of filings: the audit is of the tree alone.
    case allFilings
    /// The entries below this size, which an earlier audit has replayed: their files were not read again.
    case earlierEntries(below: TreeSize)
    /// Older and other files: the source cannot list what it has.
    case otherFiles
    /// A file of a larger tree than the checkpoint states, as a log writes it before it publishes.
    case fileAhead(path: String)
    /// So many checkpoints that entries quote: the source does not have them, or not what they are compared with.
    case quotedNotKept(Int)

    /// Everything but the checkpoint: there is none that the log has signed.
    case everythingElse
    /// Whether the log begins with what an earlier audit has seen at this size.
    case appendOnly(since: TreeSize)
    /// A file that the source could not be asked for, and why.
    case fileNotRead(path: String, reason: String)
    /// The files that the source has, and why it could not list them.
    case filesNotListed(reason: String)
    /// The filings of these entries: what was read of them is not what stands under the signed root.
    case filings(of: ClosedRange<LeafIndex>)
    /// The rules for the entries behind entry 0: it sets none.
    case rulesWithoutCharter
    /// A rule that an entry may break only because an earlier entry, the one named or one behind it, was not read.
    case rule(LeafIndex, RegistryError, unread: LeafIndex)
    /// What an entry refers to: that earlier entry was not read.
    case reference(LeafIndex, to: LeafIndex)
    /// Whether the charter in force names a key that has signed the checkpoint: entries were not read.
    case checkpointKey
    /// Whether the checkpoint of this size that was stamped is of the log's tree: tiles were not read.
    case timestampedTree(TreeSize)
}

extension AuditGap {
    /// Whether this was left out by choice, or is no matter of the checkpoint that was judged.
    public var isChosen: Bool {
        switch self {
        case .allFilings, .earlierEntries, .otherFiles, .fileAhead, .quotedNotKept: true
        default: false
        }
    }
}

extension AuditGap: CustomStringConvertible {
    /// One line, without a full stop, that begins with what was not judged.
    public var description: String {
        switch self {
        case .allFilings: "the form, signatures and rules of filings: the audit is of the tree alone"
        case .earlierEntries(let size):
            "the files of the \(size) entries that an earlier audit has replayed: they were not read again"
        case .otherFiles: "older and other files: the source cannot list what it has"
        case .fileAhead(let path): "\(path): it belongs to a larger tree than the checkpoint states"
        case .quotedNotKept(let count):
            count == 1
                ? "a checkpoint that an entry quotes: it, or the tree that it is compared with, is not all here"
                : "\(count) checkpoints that entries quote: they, or the tree that they are compared with, are not all here"
        case .everythingElse: "everything but the checkpoint: there is none that the log has signed"
        case .appendOnly(let size): "whether the log begins with what an earlier audit has seen at size \(size)"
        case .fileNotRead(let path, let reason): "\(path): it could not be read: \(reason)"
        case .filesNotListed(let reason): "older and other files: they could not be listed: \(reason)"
        case .filings(let entries): "the filings of \(AuditFault.words(for: entries)): what was read does not hold"
        case .rulesWithoutCharter: "the rules for the entries behind entry 0: it sets none"
        case .rule(let index, let error, let unread):
            "whether entry \(index) breaks a rule (\(error)): entry \(unread) was not read, and could decide it"
        case .reference(let index, let target):
            "what entry \(index) refers to: entry \(target) was not read"
        case .checkpointKey: "whether the charter in force names a key of the checkpoint: entries were not read"
        case .timestampedTree(let size):
            "whether the checkpoint of size \(size) that was stamped is of this tree: tiles were not read"
        }
    }
}
