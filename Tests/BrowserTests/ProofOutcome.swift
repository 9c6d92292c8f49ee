// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import TransparencyLog

/// What a verification comes to, in one line, so that two implementations can be compared.
enum ProofOutcome {
    /// What this program finds.
    static func of(_ bytes: [UInt8], under policy: TrustPolicy) -> String {
        let proof: ProofFile
        do throws(ProofFileError) {
            proof = try ProofFile(parsing: bytes)
        } catch {
            if case .anotherVersion = error { return "other version" }
            return "malformed"
        }
        do throws(ProofVerificationError) {
            return claims(try proof.verified(under: policy))
        } catch {
            if case .inclusion(.checkpoint(.unknownOrigin)) = error { return "unknown log" }
            return "refused: \(error)"
        }
    }

    private static func claims(_ proof: VerifiedProof) -> String {
        let reference = EntryReference(index: proof.index, leafHash: proof.entry.leafHash)
        let keys = proof.filing.filing.signers + proof.attestations.map(\.attestation.signer)
        let later = proof.related.flatMap { related in
            reference.map { Bearing.of(related.entry, on: $0, keys: keys) } ?? []
        }.filter {
            switch $0 {
            case .relation, .custody, .revocation: true
            case .charter, .enrolment, .revoker: false
            }
        }
        return [
            "holds", "\(proof.index)", moment(proof.loggedBefore), moment(proof.signedAfter),
            proof.exhibit.map { "\($0.shownCount)" } ?? "-", proof.exhibit.map { "\($0.withheldCount)" } ?? "-",
            proof.dossier.map { "\($0.withheldSlotCount)" } ?? "-", "\(proof.contradictsItself)", "\(later.count)",
            proof.attestations.map { "\($0.slot) \($0.attestation.role)" }.joined(separator: ","),
            "\(proof.checkpoint.cosigners.count)", "\(proof.checkpoint.head.size)",
        ].joined(separator: "|")
    }

    private static func moment(_ seconds: UInt64?) -> String {
        guard let seconds else { return "null" }
        guard seconds < 1 << 40 else { return "second \(seconds)" }
        return Date(timeIntervalSince1970: Double(seconds)).formatted(.iso8601)
    }

    /// What the page finds: a function of a proof and a trust list, both bytes.
    static let function = """
        async (proof, policy) => {
            try {
                const c = await indelible.verify(proof, policy);
                if (c.holds === null) return "unknown log";
                if (c.reason !== undefined) return "refused: " + c.reason;
                return ["holds", c.entry, String(c.logged_before), String(c.signed_after), c.items_shown ?? "-",
                    c.items_withheld ?? "-", c.attestation_slots_withheld ?? "-", c.contradicts_itself,
                    c.later_entries.length, c.attestations.map((one) => one.slot + " " + one.role).join(),
                    c.cosigned_by.length, c.tree_size].join("|");
            } catch (error) {
                return { FormatError: "malformed", OtherVersion: "other version" }[error.name] ?? String(error.stack);
            }
        }
        """

    /// What turns base64 into bytes, in the page.
    static let bytes = "(text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0))"
}
