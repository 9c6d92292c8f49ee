// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

extension Registry {
    /// Whether the log may enter this filing as its next entry, at this time. Throws the first rule that it breaks.
    ///
    /// `prior` comes from `RegistryHistory.prior(for:)`, asked about the same filing.
    public func judge(
        _ filing: VerifiedFiling, at time: EntryTime, given prior: PriorEntries
    ) throws(RegistryError) {
        try judge(filing.filing, at: time, given: prior)
    }

    func judge(_ filing: Filing, at time: EntryTime, given prior: PriorEntries) throws(RegistryError) {
        precondition(prior.textHash == filing.text.hash, "what is known of the entries before is about another filing")
        if let closedAt { throw .closed(closedAt) }
        guard filing.log == origin else { throw .otherLog(filing.log) }
        if let lastTime, time < lastTime { throw .timeRunsBackwards(last: lastTime) }
        if let same = prior.sameText { throw .duplicate(same) }
        if let quoted = filing.after?.size, quoted > size { throw .quoteOfLaterTree(quoted) }
        guard let inForce = charterInForce else { return try judgeFirst(filing) }

        for signer in filing.signers { try checkName(of: signer) }
        // A revoked key signs nothing more, not even beside others. So no signer is revoked in what follows, and
        // stewards, sponsors and revokers can be counted among the signers without looking again.
        for signer in filing.signers where isRevoked(signer.ed25519) { throw .revokedSigner(signer) }

        switch filing.action {
        case .charter(let charter): try judge(charter, by: filing.signers, amending: inForce)
        case .enrol(let enrolment): try judge(enrolment, by: filing.signers, under: inForce.charter)
        case .addRevoker(let addition): try judge(addition, by: filing.signers)
        case .revoke(let revocation): try judge(revocation, at: time, by: filing.signers, under: inForce.charter)
        case .register:
            try checkAdmission(of: filing.signers, under: inForce.charter)
            try checkReferences(of: filing.action, given: prior)
        case .custody(let custody):
            try checkAdmission(of: filing.signers, under: inForce.charter)
            try checkReferences(of: filing.action, given: prior)
            guard prior.leaves.allSatisfy({ $0?.isRegistration == true }) else {
                throw .custodyOfNoRegistration(custody.entry.index)
            }
            guard custody.event != .handedOver || filing.signers.count >= 2 else { throw .handOverByOne }
        case .close:
            let stewards = inForce.charter.stewards(among: filing.signers)
            let threshold = inForce.charter.threshold
            guard stewards >= threshold else {
                throw .closingLacksSignatures(stewards: stewards, threshold: threshold)
            }
        }
    }

    /// Entry 0 is a charter without `amends`, signed by a quorum of the stewards that it names.
    private func judgeFirst(_ filing: Filing) throws(RegistryError) {
        guard size == 0, case .charter(let charter) = filing.action, charter.amends == nil else {
            throw .notAFirstCharter
        }
        try checkStewardsNamed(in: charter, by: filing.signers)
    }

    private func judge(
        _ charter: Charter, by signers: [VerifierKey], amending inForce: CharterInForce
    ) throws(RegistryError) {
        guard let amended = charter.amends else { throw .charterWithoutAmends }
        guard amended == inForce.entry else { throw .charterAmendsAnother(inForce: inForce.entry) }
        guard charter.continues == nil else { throw .continuesAfterFirstEntry }
        // A steward may take another name; a member is one vkey for good.
        for steward in charter.stewards {
            if let known = membersByKey[steward.ed25519]?.key, known != steward { throw .keyUnderAnotherName(known) }
        }
        try checkStewardsNamed(in: charter, by: signers)
        let signed = inForce.charter.stewards(among: signers)
        guard signed >= inForce.charter.threshold else {
            throw .charterLacksStewardsInForce(signed: signed, threshold: inForce.charter.threshold)
        }
    }

    private func checkStewardsNamed(in charter: Charter, by signers: [VerifierKey]) throws(RegistryError) {
        // A key that becomes known by this charter signs it under the name that the charter gives it.
        for signer in signers where knownKey(signer.ed25519) == nil {
            if let steward = charter.stewards.first(where: { $0.hasKey(of: signer) }), steward != signer {
                throw .keyUnderAnotherName(steward)
            }
        }
        let signed = charter.stewards(among: signers)
        guard signed >= charter.threshold else {
            throw .charterLacksItsStewards(signed: signed, threshold: charter.threshold)
        }
    }

    private func judge(
        _ enrolment: Enrolment, by signers: [VerifierKey], under charter: Charter
    ) throws(RegistryError) {
        if let known = knownKey(enrolment.key.ed25519) { throw .keyIsKnown(known) }
        if let bearer = knownKey(named: enrolment.key.name) { throw .nameIsTaken(bearer) }
        // The whole vkey is compared, not the key alone: it signs under the name that it is enrolled with.
        guard signers.contains(enrolment.key) else { throw .newKeyHasNotSigned }
        let stewards = charter.stewards(among: signers)
        let members = signers.count { membersByKey[$0.ed25519] != nil }
        guard stewards >= charter.threshold || charter.sponsors > 0 && members >= charter.sponsors else {
            throw .enrolmentLacksSignatures(
                stewards: stewards, threshold: charter.threshold, members: members, sponsors: charter.sponsors)
        }
    }

    private func judge(_ addition: RevokerAddition, by signers: [VerifierKey]) throws(RegistryError) {
        guard signers.count == 1 else { throw .revokerAddedByMany }
        guard let member = membersByKey[signers[0].ed25519] else { throw .revokerAddedByNonMember(signers[0]) }
        guard member.revokers.count < Enrolment.maximumRevokers || member.revokers.contains(addition.revoker)
        else { throw .tooManyRevokers }
    }

    private func judge(
        _ revocation: Revocation, at time: EntryTime, by signers: [VerifierKey], under charter: Charter
    ) throws(RegistryError) {
        try checkName(of: revocation.key)
        let key = revocation.key.ed25519
        let stewards = charter.stewards(among: signers)
        let hasAuthority =
            stewards >= charter.threshold
            || signers.contains { $0.hasKey(of: revocation.key) || membersByKey[key]?.namesAsRevoker($0) == true }
        guard hasAuthority else {
            throw .revocationLacksAuthority(stewards: stewards, threshold: charter.threshold)
        }
        for earlier in revocations(of: key) {
            if let again = signers.first(where: { signer in earlier.signers.contains { $0.hasKey(of: signer) } }) {
                throw .revokedBefore(by: again, at: earlier.index)
            }
        }
        if let since = revocation.since, since > time { throw .sinceIsLater(time) }
    }

    /// Where the 32 bytes of `key` are known, it is that vkey byte for byte.
    private func checkName(of key: VerifierKey) throws(RegistryError) {
        if let known = knownKey(key.ed25519), known != key { throw .keyUnderAnotherName(known) }
    }

    private func checkAdmission(of signers: [VerifierKey], under charter: Charter) throws(RegistryError) {
        guard charter.admission == .members else { return }
        guard signers.contains(where: { membersByKey[$0.ed25519] != nil }) else { throw .noMemberSigned }
    }

    private func checkReferences(of action: Action, given prior: PriorEntries) throws(RegistryError) {
        for (reference, leaf) in zip(action.references, prior.leaves) {
            guard size.contains(reference.index), leaf?.hash == reference.leafHash else {
                throw .noSuchEntry(reference)
            }
        }
    }
}

extension VerifierKey {
    /// The public key of a vkey that a filing holds.
    var ed25519: Ed25519.PublicKey {
        guard let publicKey else { preconditionFailure("every vkey in a filing is of type 0x01") }
        return publicKey
    }
}
