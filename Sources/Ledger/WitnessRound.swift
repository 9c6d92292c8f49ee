// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// What the witnesses of a policy answered when they were asked to cosign one checkpoint.
public struct WitnessRound: Sendable {
    /// What became of one witness.
    public enum Answer: Sendable, Hashable {
        /// It cosigned, and its cosignature verifies; others that it sent along are kept as they are.
        case cosigned(Cosignature, lines: [SignedNote.Signature])
        /// It could not be reached, or did not answer: in words.
        case silent(String)
        /// It refused, with this status.
        case refused(Int)
        /// It answered what cannot be used: in words.
        case unusable(String)
        /// It holds a larger checkpoint that this log's key has signed.
        case ahead(SignedCheckpoint)
        /// It holds a checkpoint of the same size with another root that this log's key has signed.
        case conflicting(SignedCheckpoint)
    }

    /// The witnesses that were asked, with what they answered, in the order of their answers.
    public private(set) var answers: [(witness: TrustPolicy.Witness, answer: Answer)] = []

    init() {}

    mutating func add(_ witness: TrustPolicy.Witness, _ answer: Answer) {
        answers.append((witness, answer))
    }

    subscript(witness: TrustPolicy.Witness) -> Answer? {
        answers.first { $0.witness == witness }?.answer
    }

    /// Those who cosigned.
    public var cosigners: [TrustPolicy.Witness] {
        answers.compactMap { if case .cosigned = $0.answer { $0.witness } else { nil } }
    }

    /// The lines to be added to the checkpoint.
    public var lines: [SignedNote.Signature] {
        answers.flatMap { (_, answer) -> [SignedNote.Signature] in
            if case .cosigned(_, let lines) = answer { lines } else { [] }
        }
    }

    /// The first sign of a history other than the one that was to be cosigned.
    public var otherHistory: OtherHistory? {
        for (witness, answer) in answers {
            switch answer {
            case .ahead(let found): return OtherHistory(witness: witness.name, found: found, isLarger: true)
            case .conflicting(let found): return OtherHistory(witness: witness.name, found: found, isLarger: false)
            default: continue
            }
        }
        return nil
    }
}

/// A checkpoint that this log's key has signed and this copy of the log does not lead to.
public struct OtherHistory: Error, Sendable, Hashable {
    /// Who holds it.
    public let witness: TrustPolicy.Name
    /// The checkpoint: signed by the log.
    public let found: SignedCheckpoint
    /// Whether it is of a larger tree; otherwise of one as large, with another root.
    public let isLarger: Bool
}
