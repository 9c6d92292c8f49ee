// SPDX-License-Identifier: Apache-2.0
import Evidence
import TransparencyLog

extension FuzzTarget {
    /// What people sign, what the log makes of it, and what it knows by it.
    static let filings: [FuzzTarget] = [filingText, filing, draft, entry, attestationText, attestation, snapshot]

    private static let words = [
        "indelible-filing/v1\n", "indelible-attestation/v1\n", "indelible-registry/v1\n", "time ", "log ", "after ",
        "signer ",
        "charter\n", "amends ", "steward ", "threshold ", "sponsors ", "admission members\n", "admission anyone\n",
        "log-key ",
        "continues ", "note ", "enrol ", "revoker ", "add-revoker ", "revoke ", "reason lost\n", "since ", "register ",
        "sha256 ", "relation contests ", "custody ", "event sealed\n", "details ", "close\n", "attest ",
        "role counsel\n",
        "name ", "size ", "passed-over ", "signatures verified\n", "signatures skipped\n", "closed ", "member ",
        "revoked ",
        "\n\n\u{2014} ",
    ]

    /// The entries of the samples and of the goldens.
    private static let entries: @Sendable () -> [Entry] = {
        FuzzGround.shared.entries.compactMap { try? Entry(parsing: $0) }
            + FuzzGround.shared.proofs.flatMap { [$0.entry] + $0.related.map(\.entry) }
    }

    private static let filingText = FuzzTarget(
        "filing-text", words: words, seeds: { entries().map(\.filing.text.bytes) }
    ) { bytes in
        guard let text = try read({ try FilingText(parsing: bytes[...]) }) else { return }
        let again = try FilingText(log: text.log, after: text.after, signers: text.signers, action: text.action)
        try promise("a filing's text is written as it was read", text.bytes == bytes && again == text)
        try promise("a filing has one to 16 signers", (1...16).contains(text.signers.count))
        // With keys that were read before it comes to the same.
        var keys = FilingKeyCache()
        for _ in 0..<2 { try promise("a key is known again", try FilingText(parsing: bytes[...], keys: &keys) == text) }
    }

    private static let filing = FuzzTarget("filing", words: words, seeds: { entries().map(\.filing.bytes) }) { bytes in
        guard let filing = try read({ try Filing(parsing: bytes) }) else { return }
        try promise("a filing is kept as it was read", filing.bytes == bytes)
        guard try read({ try filing.verified() }) != nil else { return }
        let can = FuzzGround.shared.canBeSigned(filing.text.bytes, by: filing.signers)
        try promise("nothing verifies that was not signed", can)
    }

    private static let draft = FuzzTarget(
        "draft", words: words,
        seeds: {
            entries().flatMap { [FilingDraft($0.filing.text).bytes, $0.filing.bytes] }
        }
    ) { bytes in
        guard var draft = try read({ try FilingDraft(parsing: bytes) }) else { return }
        try promise("a draft is written as it was read", draft.bytes == bytes)
        try promise(
            "everybody has signed or not", draft.signed.count + draft.unsigned.count == draft.text.signers.count)
        let other = draft
        _ = try read { try draft.add(other) }
        guard try read({ try draft.finished() }) != nil else { return }
        let can = FuzzGround.shared.canBeSigned(draft.text.bytes, by: draft.text.signers)
        try promise("nothing verifies that was not signed", can)
    }

    private static let entry = FuzzTarget("entry", words: words, seeds: { entries().map(\.bytes) }) { bytes in
        guard let entry = try read({ try Entry(parsing: bytes) }) else { return }
        let again = try Entry(time: entry.time, filing: entry.filing)
        try promise("an entry is written as it was read", again == entry && entry.bytes == bytes)
    }

    private static let attestationText = FuzzTarget(
        "attestation-text", words: words,
        seeds: {
            FuzzGround.shared.proofs.flatMap { FuzzGround.attestations(in: $0) }.compactMap {
                try? Attestation(parsing: $0).text.bytes
            }
        }
    ) { bytes in
        guard let text = try read({ try AttestationText(parsing: bytes[...]) }) else { return }
        let again = try AttestationText(
            log: text.log, after: text.after, signer: text.signer, exhibit: text.exhibit, role: text.role,
            name: text.name,
            note: text.note)
        try promise("an attestation's text is written as it was read", again.bytes == bytes && again == text)
    }

    private static let attestation = FuzzTarget(
        "attestation", words: words,
        seeds: {
            FuzzGround.shared.proofs.flatMap { FuzzGround.attestations(in: $0) }
        }
    ) { bytes in
        guard let attestation = try read({ try Attestation(parsing: bytes) }) else { return }
        try promise("an attestation is kept as it was read", attestation.bytes == bytes)
        let can = FuzzGround.shared.canBeSigned(attestation.text.bytes, by: [attestation.signer])
        try promise("nothing verifies that was not signed", can)
    }

    private static let snapshot = FuzzTarget(
        "registry", upTo: 8192, words: words,
        seeds: {
            guard var registry = FuzzGround.shared.policy?.logs.first.map({ Registry(origin: $0.origin) }) else {
                return []
            }
            var history = ReplayedHistory()
            var snapshots = [registry.snapshot()]
            for entry in entries() {
                guard let verified = try? entry.skippingSignatures() else { continue }
                let prior = history.prior(for: verified.entry.filing)
                guard (try? registry.admit(verified, given: prior)) != nil else { continue }
                guard history.append(verified.entry) else { continue }
                snapshots.append(registry.snapshot())
            }
            return snapshots
        }
    ) { bytes in
        guard let registry = try read({ try Registry(snapshot: bytes) }) else { return }
        try promise("a registry is written as it was read", registry.snapshot() == bytes)
    }
}
