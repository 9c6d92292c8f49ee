// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// Why something cannot be a dossier, or an opening not be one of a dossier (formats section 4).
public enum DossierError: Error, Sendable, Hashable {
    /// An attestation was to stand at a position that the dossier does not have.
    case noSlot(position: Int)
    /// A dossier has 16 items, or 32, 64, ...; and no more than its attestations need.
    case count(Int)
    /// The item at this position does not have the label of its position.
    case label(position: Int)
    /// The item at this position is not in the form of its kind: `exhibit` by SHA-256, the others as text.
    case form(position: Int)
    /// The attestation at this position does not hold.
    case attestation(position: Int, AttestationError)
    /// The attestation at this position is for another log.
    case attestationForOtherLog(position: Int)
    /// The attestation at this position is about another exhibit.
    case attestationOfOtherExhibit(position: Int)
    /// Two attestations are by one public key.
    case twoAttestationsByOneKey(VerifierKey)
    /// The item `exhibit` is hidden, though an exhibit or an attestation of one is shown.
    case exhibitHidden
    /// The item `exhibit` is not of this exhibit and the signers of this filing.
    case exhibitOrSignersDiffer
}

extension DossierError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noSlot(let position): "the dossier has no slot \(position)"
        case .count(let count): "a dossier does not have \(count) items, or does not need as many"
        case .label(let position): "dossier item \(position): not the label of its position"
        case .form(let position): "dossier item \(position): not shown in the form of its kind"
        case .attestation(let position, let error): "attestation \(position): \(error)"
        case .attestationForOtherLog(let position): "attestation \(position): for another log"
        case .attestationOfOtherExhibit(let position): "attestation \(position): about another exhibit"
        case .twoAttestationsByOneKey(let key): "two attestations by the key of \"\(key.name)\""
        case .exhibitHidden: "the item is hidden that ties what is shown to the entry"
        case .exhibitOrSignersDiffer: "what is shown is not what the entry registers, or other keys registered it"
        }
    }
}
