// SPDX-License-Identifier: Apache-2.0
import Evidence
public import TransparencyLog

/// What a signed checkpoint goes through before it is served: cosigned by the policy's witnesses, or as it is.
public struct CheckpointPublisher: Sendable {
    /// What is done where the quorum is not met.
    public enum Mode: String, Sendable {
        /// The checkpoint is not served, and nobody gets a proof under it, until the quorum is met.
        case required
        /// It is served as it is.
        case bestEffort = "best-effort"
    }

    /// What is to be served.
    public struct Publication: Sendable {
        /// The checkpoint with the cosignatures that it has.
        public let note: SignedNote
        /// What is kept beside it for good: where it meets the quorum, a copy by its hash, so that it can be quoted.
        public let files: [StoredFile]
    }

    /// The quorum of the policy was not met, and nothing is served without it.
    public struct HeldBack: Error, Sendable, Hashable {
        /// The size of the tree that waits.
        public let size: TreeSize
        /// The witnesses that have cosigned it.
        public let cosigners: [TrustPolicy.Name]
        /// The others.
        public let missing: [TrustPolicy.Name]
    }

    let prepare: @Sendable (_ signed: SignedNote, _ served: SignedNote?) async throws -> Publication

    /// Serves what the log has signed, with the cosignatures that it has gathered before.
    public static let unwitnessed = CheckpointPublisher { signed, served in
        Publication(note: Self.gathered(signed, served), files: [])
    }

    /// Whom a log has its checkpoints cosigned by.
    public struct Cosigning: Sendable {
        let policy: TrustPolicy
        let client: WitnessClient
        let mode: Mode
        let report: @Sendable (WitnessRound) -> Void

        /// By the witnesses of a policy; `report` is told what each answered.
        public init(
            under policy: TrustPolicy, by client: WitnessClient, mode: Mode,
            report: @escaping @Sendable (WitnessRound) -> Void
        ) {
            self.policy = policy
            self.client = client
            self.mode = mode
            self.report = report
        }
    }

    /// Has witnesses cosign each checkpoint of the log whose tiles `source` has.
    ///
    /// Throws `OtherHistory` where a witness shows that this copy of the log is an old one, or a second one.
    /// The two checkpoints that show it are given to `keeping` first.
    public static func cosigned(
        _ cosigning: Cosigning, source: any LedgerSource,
        keeping: @escaping @Sendable (_ own: SignedCheckpoint, OtherHistory) throws -> Void
    ) -> CheckpointPublisher {
        let policy = cosigning.policy
        return CheckpointPublisher { signed, served in
            let own = try policy.verify(SignedCheckpoint(signed))
            let known = try served.map { try Self.known($0, under: policy) } ?? nil
            let reader = LedgerReader(source, at: own)
            let round = await cosigning.client.round(over: own.verified, known: known) {
                try await reader.consistency(from: $0)
            }
            cosigning.report(round)
            if let other = round.otherHistory {
                try keeping(own.verified.signed, other)
                throw other
            }
            let gathered = Self.gathered(signed, known?.verified.signed.note)
            return try Self.publication(of: try gathered.replacing(round.lines), under: policy, cosigning.mode)
        }
    }

    /// What is served may come from anywhere: one whose cosignatures do not verify is as good as none.
    private static func known(_ served: SignedNote, under policy: TrustPolicy) throws -> CosignedCheckpoint? {
        try? policy.verify(SignedCheckpoint(served))
    }

    private static func gathered(_ signed: SignedNote, _ served: SignedNote?) -> SignedNote {
        guard let served, served.unverifiedText == signed.unverifiedText else { return signed }
        return served
    }

    private static func publication(
        of note: SignedNote, under policy: TrustPolicy, _ mode: Mode
    ) throws -> Publication {
        let cosigned = try policy.verify(SignedCheckpoint(note))
        guard cosigned.isQuorumMet else {
            guard mode == .bestEffort else {
                let names = cosigned.cosigners.map(\.witness.name)
                throw HeldBack(
                    size: cosigned.head.size, cosigners: names,
                    missing: policy.witnesses.map(\.name).filter { !names.contains($0) })
            }
            return Publication(note: note, files: [])
        }
        guard policy.quorum != nil, let quote = Quote(of: cosigned.verified.signed) else {
            return Publication(note: note, files: [])
        }
        return Publication(note: note, files: [StoredFile(path: quote.path, bytes: note.bytes)])
    }
}
