// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// What one entry of a log says about another, or about the keys behind it. These are its signers' words.
public enum Bearing: Sendable, Hashable {
    /// It registers something that stands in this relation to the other.
    case relation(RelationVerb)
    /// It says what happened to what the other registers.
    case custody(CustodyEvent)
    /// It enrols one of the keys.
    case enrolment(VerifierKey)
    /// It names somebody who may revoke one of the keys.
    case revoker(of: VerifierKey)
    /// It revokes one of the keys.
    case revocation(Revocation)
    /// It sets or amends the rules of the log.
    case charter

    /// What `entry` says about the one at `reference`, or about `keys`; nothing where it does neither.
    public static func of(
        _ entry: Entry, on reference: EntryReference, keys: [VerifierKey]
    ) -> [Bearing] {
        switch entry.filing.action {
        case .charter: return [.charter]
        case .enrol(let enrolment):
            return keys.contains { $0.hasKey(of: enrolment.key) } ? [.enrolment(enrolment.key)] : []
        case .addRevoker:
            return entry.filing.signers.filter { signer in keys.contains { $0.hasKey(of: signer) } }.map {
                .revoker(of: $0)
            }
        case .revoke(let revocation):
            return keys.contains { $0.hasKey(of: revocation.key) } ? [.revocation(revocation)] : []
        case .register(let registration):
            return registration.relations.filter { $0.entry == reference }.map { .relation($0.verb) }
        case .custody(let custody):
            return custody.entry == reference ? [.custody(custody.event)] : []
        case .close: return []
        }
    }
}
