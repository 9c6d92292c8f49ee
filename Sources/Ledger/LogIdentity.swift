// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// A log as its own sequencer knows it: the origin, and the keys that sign its checkpoints.
public struct LogIdentity: Sendable {
    /// The log's origin, which is the name of its keys.
    public let origin: Origin
    /// The vkeys that verify the log's checkpoints: those at hand, and those that have signed before.
    public let verifierKeys: [VerifierKey]
    private let signers: [NoteSigner]

    /// The identity of a log with one key, or with two while one takes the place of the other. All have one name.
    ///
    /// What `others` have signed before is the log's own as well.
    public init(signers: [NoteSigner], knowing others: [VerifierKey] = []) {
        precondition((1...2).contains(signers.count), "a log has one or two keys")
        let own = signers.map(\.verifierKey)
        origin = Origin(signers[0].verifierKey.name)
        verifierKeys = own + others.filter { !own.contains($0) }
        self.signers = signers
    }

    /// The policy of somebody who trusts this log alone, and no witness: `quorum none`.
    public func policy() throws(FormatError) -> TrustPolicy {
        var text = PolicyText()
        for key in verifierKeys { text.log(key) }
        text.quorum(nil)
        return try text.policy()
    }

    /// The keys at hand that may sign a checkpoint; throws where there is none. All may where nothing names them.
    func signers(among named: [VerifierKey]?) throws(SequencerError) -> [NoteSigner] {
        guard let named else { return signers }
        let chosen = signers.filter { named.contains($0.verifierKey) }
        guard !chosen.isEmpty else { throw .keyNotChartered }
        return chosen
    }

    /// Signs a tree, and verifies what it signed before anybody else sees it.
    func sign(_ head: TreeHead, by signers: [NoteSigner]) throws -> SignedNote {
        let signed = try Checkpoint(origin: origin, head: head).signed(by: signers)
        let verified = try signed.verified(by: verifierKeys)
        guard verified.signers.count == signers.count, verified.head == head else { throw SequencerError.notThisLog }
        return signed.note
    }

    /// The tree that a checkpoint of this log states.
    func verify(_ note: SignedNote) throws -> TreeHead {
        let verified: VerifiedCheckpoint
        do {
            verified = try SignedCheckpoint(note).verified(by: verifierKeys)
        } catch {
            throw SequencerError.notThisLog
        }
        return verified.head
    }
}
