// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// Which check of a proof file does not hold. One case a check, in the order in which they are made.
public enum ProofVerificationError: Error, Sendable, Hashable {
    /// The last inclusion: its checkpoint's signatures, the policy's quorum, or its inclusion proof.
    case inclusion(LogProofError)
    /// An earlier inclusion, counted from 0: a signature that claims a known key, or its inclusion proof.
    case earlierInclusion(Int, LogProofError)
    /// The filing is for another log than the checkpoint is of.
    case filingForAnotherLog
    /// The filing's signatures.
    case filing(FilingError)
    /// The dossier's opening does not give the digest that was registered.
    case dossierDigest
    /// What the dossier's opening shows is not what a dossier has.
    case dossier(DossierError)
    /// What the exhibit's opening shows is not what an exhibit has.
    case exhibit(ExhibitError)
    /// The details' opening does not give the digest that the custody entry names.
    case detailsDigest
    /// What the details' opening shows is not what details have.
    case details(DetailsError)
    /// A quoted checkpoint, counted from 0, that no shown `after` line quotes, or that is carried twice.
    case quotedByNothing(Int)
    /// A quoted checkpoint is of another log.
    case quotedOfAnotherLog(Int)
    /// A quoted checkpoint is not from before the entry.
    case quotedIsNotEarlier(Int)
    /// A quoted checkpoint is not of the same history as the last inclusion.
    case quotedConsistency(Int, ProofError)
    /// A related entry, counted from 0, is not in the log at its index.
    case relatedInclusion(Int, ProofError)
    /// A related entry's filing: its log or its signatures.
    case relatedFiling(Int)
    /// A related entry is carried twice, or is the entry itself.
    case relatedTwice(Int)
    /// A time-stamp, counted from 0, is malformed, or an authority's refusal.
    case timestamp(Int, FormatError)
    /// A time-stamp is not of the checkpoint of any inclusion.
    case timestampForAnotherCheckpoint(Int)
}

extension ProofVerificationError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .inclusion(let error): error.description
        case .earlierInclusion(let number, let error): "inclusion \(number + 1): \(error)"
        case .filingForAnotherLog: "the entry's filing is for another log"
        case .filing(let error): error.description
        case .dossierDigest: "the dossier shown is not the one that the entry registers"
        case .dossier(let error): error.description
        case .exhibit(let error): "what is shown is not an exhibit: \(error)"
        case .detailsDigest: "the details shown are not those that the entry names"
        case .details(let error): "the details shown are malformed: \(error)"
        case .quotedByNothing(let number): "quoted checkpoint \(number + 1) is quoted by nothing that is shown"
        case .quotedOfAnotherLog(let number): "quoted checkpoint \(number + 1) is of another log"
        case .quotedIsNotEarlier(let number): "quoted checkpoint \(number + 1) is not from before the entry"
        case .quotedConsistency(let number, let error):
            "quoted checkpoint \(number + 1) is of another history: \(error)"
        case .relatedInclusion(let number, let error):
            "related entry \(number + 1) is not shown to be in the log: \(error)"
        case .relatedFiling(let number): "related entry \(number + 1): its signatures do not hold"
        case .relatedTwice(let number): "related entry \(number + 1) is carried twice"
        case .timestamp(let number, let error): "time-stamp \(number + 1): \(error)"
        case .timestampForAnotherCheckpoint(let number): "time-stamp \(number + 1) is for another checkpoint"
        }
    }
}
