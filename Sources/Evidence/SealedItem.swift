// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// One item of a sealed list, in the form in which it is shown.
///
/// An item is a label and a value. The list commits to the label's bytes and to the SHA-256 of the value, so the form
/// makes no difference to the digest: a value can be shown whole, or by its hash. (Formats section 3.)
public enum SealedItem: Sendable, Hashable {
    /// A value that is shown as text, which must be UTF-8.
    case text(label: [UInt8], [UInt8])
    /// A value that is shown by its SHA-256.
    case sha256(label: [UInt8], Hash)
    /// Slice `number` of the text of file `file`, whose label is `file/<k>#<n>`; it is shown in runs.
    case slice(file: Int, number: Int, ArraySlice<UInt8>)

    /// The SHA-256 of the value.
    public var valueHash: Hash {
        switch self {
        case .text(_, let text): SHA256.hash(text)
        case .sha256(_, let hash): hash
        case .slice(_, _, let text): SHA256.hash(text)
        }
    }

    /// The label's bytes.
    public var label: [UInt8] {
        switch self {
        case .text(let label, _), .sha256(let label, _): label
        case .slice(let file, let number, _): ItemLabel.slice(file: file, number: number).utf8
        }
    }

    /// The hash of the leaf that holds this item under the seed of that leaf.
    func leaf(seed: SealedSeed) -> Hash {
        var hasher = SHA256()
        hasher.update(0x00)
        hasher.update(seed.raw)
        hasher.update(valueHash)
        switch self {
        case .text(let label, _), .sha256(let label, _): hasher.update(label)
        case .slice(let file, let number, _): ItemLabel.updateWithSlice(&hasher, file: file, number: number)
        }
        return hasher.finish()
    }
}
