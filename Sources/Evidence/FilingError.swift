// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// Why the signatures of a filing do not hold, or cannot be put together.
public enum FilingError: Error, Sendable, Hashable {
    /// The signature lines are not exactly one for each signer, in the order of the signer lines.
    case signatureLinesDiffer
    /// The signature by this signer does not verify.
    case invalidSignature(VerifierKey)
    /// A signature is by a key that the filing does not name as a signer.
    case notASigner(KeyName)
    /// Two drafts that were to be joined have different texts.
    case differentTexts
    /// A draft was to be finished, and these have not signed it.
    case unsigned([VerifierKey])
}

extension FilingError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .signatureLinesDiffer: "signature lines differ from signer lines"
        case .invalidSignature(let key): "the signature by \"\(key.name)\" does not verify"
        case .notASigner(let name): "\"\(name)\" is not named as a signer"
        case .differentTexts: "these are drafts of two different filings"
        case .unsigned(let keys): "not yet signed by " + keys.map { "\"\($0.name)\"" }.joined(separator: ", ")
        }
    }
}
