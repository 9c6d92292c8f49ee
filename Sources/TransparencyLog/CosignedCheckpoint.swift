// SPDX-License-Identifier: Apache-2.0

/// A checkpoint of a log that a policy knows, with the policy's judgement of who has cosigned it.
///
/// It is made by a `TrustPolicy` alone. Whether the quorum is met is a value, not an error: a checkpoint that does
/// not meet it is still one that the log has signed.
public struct CosignedCheckpoint: Sendable, Hashable {
    /// A witness of the policy with the time in its verified cosignature.
    public struct Cosigner: Sendable, Hashable {
        /// The witness, as the policy has it.
        public let witness: TrustPolicy.Witness
        /// When it says it cosigned, in POSIX seconds; 0 where it does not say.
        public let time: UInt64
    }

    /// The checkpoint, signed by the log.
    public let verified: VerifiedCheckpoint
    /// The policy's witnesses that have cosigned, in the order of the note's lines.
    public let cosigners: [Cosigner]
    /// Whether the cosigners meet the policy's quorum, whatever times they state (C2SP tlog-proof).
    public let isQuorumMet: Bool
    /// The earliest T such that the witnesses that state a time of 1 to T alone meet the quorum: the checkpoint existed
    /// by then. Nil where there is none, and with `quorum none`.
    public let upperBound: UInt64?
    /// The latest T from 1 on such that the witnesses that state T or later alone meet the quorum: the whole set of
    /// cosignatures did not exist before. Nil where there is none, and with `quorum none`.
    public let lowerBound: UInt64?

    /// What the log has stated.
    public var checkpoint: Checkpoint { verified.checkpoint }
    /// The size and the root that the log has stated.
    public var head: TreeHead { verified.head }

    init(_ verified: VerifiedCheckpoint, under policy: TrustPolicy) throws(CheckpointError) {
        self.verified = verified
        var cosigners: [Cosigner] = []
        for line in verified.signed.note.signatures {
            guard let witness = policy.witness(claimedBy: line), let key = witness.key.publicKey else { continue }
            guard let time = Self.time(of: line, by: key, over: verified.checkpoint) else {
                throw .invalidCosignature(witness.key.name)
            }
            cosigners.append(Cosigner(witness: witness, time: time))
        }
        self.cosigners = cosigners
        isQuorumMet = policy.isQuorumMet(by: cosigners.map(\.witness))
        let times = policy.quorum == nil ? [] : cosigners.map(\.time).filter { $0 > 0 }.sorted()
        upperBound = times.first { time in
            policy.isQuorumMet(by: cosigners.filter { (1...time).contains($0.time) }.map(\.witness))
        }
        lowerBound = times.last { time in
            policy.isQuorumMet(by: cosigners.filter { $0.time >= time }.map(\.witness))
        }
    }

    /// The time in a line that is a cosignature by `key`; nil where it is not one, in form or in substance.
    private static func time(
        of line: SignedNote.Signature, by key: Ed25519.PublicKey, over checkpoint: Checkpoint
    ) -> UInt64? {
        do throws(FormatError) {
            let cosignature = try Cosignature(parsing: line.bytes)
            return cosignature.verifies(by: key, over: checkpoint.text) ? cosignature.time : nil
        } catch {
            return nil
        }
    }
}
