// SPDX-License-Identifier: Apache-2.0

/// Why a Merkle proof does not hold, or cannot be made.
public enum ProofError: Error, Sendable, Hashable {
    /// The tree, or the older of two, has no leaves: there is nothing to prove of it.
    case emptyTree
    /// The tree has no leaf at the index.
    case indexBeyondSize
    /// The older tree is the larger.
    case sizesReversed
    /// The trees have one size, and the proof has hashes all the same.
    case notEmpty
    /// Hashes are missing at the end.
    case tooShort
    /// There are more hashes than the sizes call for.
    case tooLong
    /// The hashes lead to another root than the tree's.
    case wrongRoot
    /// The hashes lead to another root than the older tree's.
    case wrongOldRoot
}

extension ProofError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .emptyTree: "a tree without entries has no proof"
        case .indexBeyondSize: "the index is beyond the size of the tree"
        case .sizesReversed: "the older tree is larger than the newer"
        case .notEmpty: "the trees are of one size, but the proof is not empty"
        case .tooShort: "the proof has too few hashes"
        case .tooLong: "the proof has too many hashes"
        case .wrongRoot: "the proof does not lead to the root of the tree"
        case .wrongOldRoot: "the proof does not lead to the root of the older tree"
        }
    }
}
