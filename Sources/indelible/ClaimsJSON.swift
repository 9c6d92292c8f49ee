// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

extension ClaimsReport {
    /// The claims for programs. What was not checked is not there.
    var json: JSON {
        var members = [
            JSON.Member("holds", .bool(holds)),
            JSON.Member("documents", .array(comparisons.map(\.json))),
            JSON.Member("registered_files_missing", folder == nil ? .null : .number(UInt64(missingFiles))),
            JSON.Member("copies_too_many", folder == nil ? .null : .number(UInt64(surplusCopies))),
            JSON.Member("origin", .text(proof.checkpoint.verified.origin.utf8)),
            JSON.Member("entry", .number(proof.index.value)),
            JSON.Member("action", .text(proof.filing.filing.action.word)),
            JSON.Member("registered_with", .array(proof.filing.filing.signers.map { .text($0.utf8) })),
            JSON.Member("attestations", .array(proof.attestations.map(\.json))),
            JSON.Member("log_time", .text(Moment(seconds: proof.entry.time.seconds).rfc3339)),
            JSON.Member("logged_before", Self.moment(proof.loggedBefore)),
            JSON.Member("signed_after", Self.moment(proof.signedAfter)),
            JSON.Member("contradicts_itself", .bool(isContradictory)),
            JSON.Member("cosigned_by", .array(proof.checkpoint.cosigners.map { .text($0.witness.key.utf8) })),
            JSON.Member("trust_list", .text(trust.name)),
            JSON.Member("trust_list_sha256", .text(trust.policy.fingerprint.hex)),
            JSON.Member("tree_size", .number(proof.checkpoint.head.size.value)),
            JSON.Member("timestamps", timestamps.json),
        ]
        if let exhibit = proof.exhibit {
            members.append(JSON.Member("items_shown", .number(UInt64(exhibit.shownCount))))
            members.append(JSON.Member("items_withheld", .number(UInt64(exhibit.withheldCount))))
        }
        if let dossier = proof.dossier {
            members.append(JSON.Member("attestation_slots_withheld", .number(UInt64(dossier.withheldSlotCount))))
        }
        let entries = later ?? LaterEntries(in: proof)
        members.append(JSON.Member("later_entries", .array(entries.entries.map(\.json))))
        members.append(
            JSON.Member("later_entries_looked_up_to", entries.lookedUpTo.map { .number($0.value) } ?? .null))
        members.append(
            JSON.Member(
                "not_shown",
                .array([
                    .text("that the contents are accurate"), .text("who holds the keys"), .text("when it was written"),
                ])))
        return .object(members)
    }

    private static func moment(_ seconds: UInt64?) -> JSON {
        seconds.map { .text(Moment(seconds: $0).rfc3339) } ?? .null
    }
}

extension DocumentComparison {
    var json: JSON {
        var members = [JSON.Member("path", .text(Shown.path(path)))]
        switch result {
        case .same(let file):
            members.append(JSON.Member("result", .text("same")))
            members.append(JSON.Member("file", .number(UInt64(file))))
        case .sameText(let file, let spellings):
            let words = spellings.map { $0.words(.english) }.joined(separator: ", and ")
            members.append(JSON.Member("result", .text("differs only in \(words)")))
            members.append(JSON.Member("file", .number(UInt64(file))))
        case .differs(let line):
            members.append(JSON.Member("result", .text("not the same")))
            if let line { members.append(JSON.Member("first_different_line", .number(UInt64(line)))) }
        case .nothingToCompare: members.append(JSON.Member("result", .text("cannot be compared")))
        }
        return .object(members)
    }
}

extension VerifiedProof.Vouching {
    var json: JSON {
        var members = [
            JSON.Member("slot", .number(UInt64(slot))), JSON.Member("key", .text(attestation.signer.utf8)),
            JSON.Member("role", .text(attestation.role.word)),
        ]
        if let name = attestation.text.name { members.append(JSON.Member("calls_itself", .text(name.utf8))) }
        if let note = attestation.text.note { members.append(JSON.Member("note", .text(note.utf8))) }
        return .object(members)
    }
}

extension LaterEntries.Item {
    var json: JSON {
        let says =
            switch bearing {
            case .relation(let verb): verb.word
            case .custody(let event): event.word
            case .revocation(let revocation): "revokes \(revocation.key): \(revocation.reason)"
            case .charter, .enrolment, .revoker: entry.filing.action.word
            }
        return .object([
            JSON.Member("entry", .number(index.value)), JSON.Member("says", .text(says)),
            JSON.Member("signers", .array(entry.filing.signers.map { .text($0.utf8) })),
            JSON.Member("log_time", .text(Moment(seconds: entry.time.seconds).rfc3339)),
        ])
    }
}
