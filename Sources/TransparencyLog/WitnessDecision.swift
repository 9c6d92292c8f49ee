// SPDX-License-Identifier: Apache-2.0

/// What a witness does with a request: it cosigns, or says why not.
public enum WitnessDecision: Sendable, Hashable {
    /// The checkpoint is cosigned, once it is stored.
    case accept(AcceptedCheckpoint)
    /// Nothing is signed. Where `isSplitView`, the log has signed two trees of one size: the checkpoint is evidence.
    case refuse(WitnessRefusal, isSplitView: Bool)
}

/// Why a witness does not cosign (C2SP tlog-witness, add-checkpoint). The cases are in the order in which they are
/// looked for.
public enum WitnessRefusal: Error, Sendable, Hashable {
    /// The request cannot be read.
    case malformed(FormatError)
    /// The witness does not know the log.
    case unknownOrigin
    /// No line is by a key of the log.
    case noTrustedSignature
    /// A line claims to be by a key of the log and does not verify.
    case badTrustedSignature
    /// The old size is larger than the checkpoint's.
    case oldAboveSize
    /// The old size is not that of the tree cosigned last, which is this one; 0 for none.
    case oldDiffers(last: TreeSize)
    /// The checkpoint gives the empty tree another root than it has.
    case emptyTreeOtherRoot
    /// There is nothing to prove from the empty tree, and a proof was given.
    case unwantedProof
    /// The tree that was cosigned has this size and another root.
    case sameSizeOtherRoot
    /// The tree is not shown to begin with the one cosigned last.
    case badProof(ProofError)

    /// The status code of the answer.
    public var statusCode: Int {
        switch self {
        case .malformed, .oldAboveSize: 400
        case .noTrustedSignature, .badTrustedSignature: 403
        case .unknownOrigin: 404
        case .oldDiffers: 409
        case .emptyTreeOtherRoot, .unwantedProof, .sameSizeOtherRoot, .badProof: 422
        }
    }

    /// The media type of the answer to `oldDiffers`; that of the others is not fixed.
    public static let sizeType = "text/x.tlog.size"

    /// The body of the answer: the size in decimal for `oldDiffers`, and words for all others, each with a newline.
    public var body: [UInt8] { Array("\(description)\n".utf8) }

    /// The size in the body of the answer to `oldDiffers`; nil where it is not of that form.
    public static func lastSize(parsing body: [UInt8]) -> TreeSize? {
        body.last == 0x0A ? TreeSize(parsing: body.dropLast()) : nil
    }
}

extension WitnessRefusal: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformed(let error): error.description
        case .unknownOrigin: "unknown log"
        case .noTrustedSignature: "no signature by a key of the log"
        case .badTrustedSignature: "a signature of the log does not verify"
        case .oldAboveSize: "the old size is larger than the size"
        case .oldDiffers(let last): last.description
        case .emptyTreeOtherRoot: "not the root of an empty tree"
        case .unwantedProof: "a proof from an empty tree"
        case .sameSizeOtherRoot: "another root was cosigned for this size"
        case .badProof(let error): error.description
        }
    }
}
