// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

extension Registry {
    /// Judges the next entry and, if it breaks no rule, takes it in. A registry that throws is as it was before.
    public mutating func admit(_ entry: VerifiedEntry, given prior: PriorEntries) throws(RegistryError) {
        try judge(entry.entry.filing, at: entry.entry.time, given: prior)
        record(entry.entry)
    }

    /// As for verified entries, for an audit that skips signatures. The registry says so from then on.
    public mutating func admit(_ entry: UnverifiedEntry, given prior: PriorEntries) throws(RegistryError) {
        try judge(entry.entry.filing, at: entry.entry.time, given: prior)
        record(entry.entry)
        restsOnUnverifiedSignatures = true
    }

    /// Counts the next entry without taking it in, for an audit that has found it at fault and goes on behind it.
    ///
    /// The entry has no effect: what rests on it is refused too.
    public mutating func passOver() {
        advance()
        passedOver += 1
    }

    private mutating func record(_ entry: Entry) {
        let index = size.nextIndex
        switch entry.filing.action {
        case .charter(let charter):
            guard let reference = EntryReference(index: index, leafHash: entry.leafHash) else {
                preconditionFailure("a log has fewer than 2^53 entries")
            }
            charterInForce = CharterInForce(entry: reference, charter: charter)
        case .enrol(let enrolment):
            insert(Member(key: enrolment.key, enrolledAt: index, revokers: enrolment.revokers))
        case .addRevoker(let addition):
            membersByKey[entry.filing.signers[0].ed25519]?.add(addition.revoker)
        case .revoke(let revocation):
            insert(RecordedRevocation(index: index, revocation: revocation, signers: entry.filing.signers))
        case .close: closedAt = index
        case .register, .custody: break
        }
        advance()
        lastTime = entry.time
    }

    private mutating func advance() {
        guard let next = TreeSize(through: size.nextIndex) else {
            preconditionFailure("a log has fewer than 2^63 entries")
        }
        size = next
    }

    mutating func insert(_ member: Member) {
        membersByKey[member.key.ed25519] = member
        memberKeysByName[member.key.name] = member.key.ed25519
    }

    mutating func insert(_ revocation: RecordedRevocation) {
        revocationsByKey[revocation.revocation.key.ed25519, default: []].append(revocation)
    }
}
