// SPDX-License-Identifier: Apache-2.0
import Ledger
import Synchronization
import TransparencyLog

/// Tells a person what witnesses answered: each thing once a command. Keeps the client that asks them, which knows who
/// was silent before.
final class WitnessNotes: Sendable {
    private let said = Mutex<Set<String>>([])
    private let clients = Mutex<[TrustPolicy: WitnessClient]>([:])

    /// The client for a policy's witnesses.
    func client(for policy: TrustPolicy, make: () -> WitnessClient) -> WitnessClient {
        clients.withLock { clients in
            let client = clients[policy] ?? make()
            clients[policy] = client
            return client
        }
    }

    /// Says which servers did not cosign, and whether it matters.
    func tell(_ round: WitnessRound, under policy: TrustPolicy, _ mode: CheckpointPublisher.Mode) {
        for (witness, answer) in round.answers {
            guard let words = Self.words(answer) else { continue }
            say("the server \"\(Shown.bytes(witness.name.utf8))\" did not cosign: \(words)")
        }
        if mode == .bestEffort, !policy.isQuorumMet(by: round.cosigners) {
            say(
                "too few servers cosigned for the trust list; the log goes on without them, as INDELIBLE_COSIGNING asks"
            )
        }
    }

    private func say(_ line: String) {
        guard said.withLock({ $0.insert(line).inserted }) else { return }
        Console.note(line)
    }

    /// Why there is no cosignature, in words; nil where there is one.
    private static func words(_ answer: WitnessRound.Answer) -> String? {
        switch answer {
        case .cosigned: nil
        case .silent(let words): Shown.bytes(words.utf8)
        case .refused(403): "it does not know this log's key (status 403)"
        case .refused(404):
            "it does not know this log (status 404); its operator adds it with `indelible witness add-log`"
        case .refused(let status): "it refused with status \(status)"
        case .unusable(let words): Shown.bytes(words.utf8)
        case .ahead(let found): "it holds a larger tree of this log, of \(found.unverified.head.size) entries"
        case .conflicting: "it holds another tree of the same size, signed by this log's key"
        }
    }
}
