// SPDX-License-Identifier: Apache-2.0
import Synchronization
public import TransparencyLog

/// Asks the witnesses of a policy to cosign a log's checkpoints (C2SP tlog-witness).
///
/// All are asked at once, each within one deadline, with retries. What a witness answers is believed only as far as it
/// verifies: its cosignature by its key, a larger tree or another root by the log's own signature. So a witness that
/// answers rubbish, nothing, late, or for another log takes nothing away but its own cosignature. One that was silent
/// in a round is asked once in the next, without retries.
public final class WitnessClient: Sendable {
    /// How long a round may take.
    public struct Patience: Sendable {
        /// For the whole round.
        public var deadline: Duration = .seconds(10)
        /// For those that have not answered once the quorum is met.
        public var grace: Duration = .seconds(2)
        /// Before the first retry; doubled for each further one.
        public var firstPause: Duration = .milliseconds(250)
        /// How often one witness is asked at most.
        public var attempts = 4

        /// The patience of somebody who waits at a terminal.
        public init() {}
    }

    private let policy: TrustPolicy
    private let transport: HTTPTransport
    private let patience: Patience
    private let silent = Mutex<Set<TrustPolicy.Witness>>([])

    /// A client for the witnesses that `policy` gives an address of.
    public init(policy: TrustPolicy, transport: HTTPTransport, patience: Patience = Patience()) {
        self.policy = policy
        self.transport = transport
        self.patience = patience
    }

    /// Asks all witnesses to cosign a checkpoint that the log has signed.
    ///
    /// `known` is the checkpoint as it was cosigned before: whoever has cosigned it knows its size. `consistency` gives
    /// the proof from an earlier size of the log.
    public func round(
        over checkpoint: VerifiedCheckpoint, known: CosignedCheckpoint?,
        consistency: @escaping @Sendable (TreeSize) async throws -> ConsistencyProof
    ) async -> WitnessRound {
        let asked = policy.witnesses.filter { $0.url != nil && $0.key.type == .cosignature }
        let start = ContinuousClock.now
        let end = start + patience.deadline
        var round = WitnessRound()
        let before = known?.agreeing(checkpoint) ?? []
        await withTaskGroup(of: (TrustPolicy.Witness, WitnessRound.Answer)?.self) { group in
            for witness in asked {
                let cosigned = known?.cosigners.contains { $0.witness == witness } == true
                var patience = patience
                if silent.withLock({ $0.contains(witness) }) { patience.attempts = 1 }
                let call = WitnessCall(
                    witness: witness, checkpoint: checkpoint, transport: transport, patience: patience, end: end,
                    consistency: consistency)
                group.addTask { (witness, await call.answer(from: cosigned ? known?.head.size ?? 0 : 0)) }
            }
            var waiting = asked.count
            var isInGrace = false
            while waiting > 0, let next = await group.next() {
                guard let (witness, answer) = next else { break }
                waiting -= 1
                round.add(witness, answer)
                guard waiting > 0, !isInGrace, policy.isQuorumMet(by: round.cosigners + before) else { continue }
                isInGrace = true
                let grace = patience.grace
                group.addTask {
                    try? await Task.sleep(for: grace)
                    return nil
                }
            }
            group.cancelAll()
            for await case let (witness, answer)? in group { round.add(witness, answer) }
        }
        remember(round)
        return round
    }

    private func remember(_ round: WitnessRound) {
        silent.withLock { silent in
            for (witness, answer) in round.answers {
                if case .silent = answer { silent.insert(witness) } else { silent.remove(witness) }
            }
        }
    }
}

extension CosignedCheckpoint {
    /// Those who have cosigned the very checkpoint.
    fileprivate func agreeing(_ checkpoint: VerifiedCheckpoint) -> [TrustPolicy.Witness] {
        self.checkpoint.text == checkpoint.checkpoint.text ? cosigners.map(\.witness) : []
    }
}
