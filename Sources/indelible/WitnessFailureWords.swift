// SPDX-License-Identifier: Apache-2.0
import Ledger
import TransparencyLog

extension Failure {
    /// The log has an entry that it does not publish yet.
    init(heldBack error: CheckpointPublisher.HeldBack) {
        self.init(
            .cannotTell,
            "the log has it and does not publish it yet: too few servers of the trust list have cosigned (\(Self.tally(error)))",
            hint:
                "nothing is lost, and nothing need be done again: the next command that writes to the log publishes it, once enough servers answer"
        )
    }

    /// Who has cosigned, and who has not.
    static func tally(_ error: CheckpointPublisher.HeldBack) -> String {
        func names(_ names: [TrustPolicy.Name]) -> String {
            names.isEmpty ? "none" : names.map { Shown.bytes($0.utf8) }.joined(separator: ", ")
        }
        return "cosigned: \(names(error.cosigners)); missing: \(names(error.missing))"
    }

    /// A witness shows that this copy of the log must not sign.
    init(otherHistory error: OtherHistory) {
        let size = error.found.unverified.head.size
        let name = Shown.bytes(error.witness.utf8)
        if error.isLarger {
            self.init(
                .cannotTell,
                "this copy of the log is not the newest: the server \"\(name)\" has cosigned \(size) entries that this log's key signed",
                hint:
                    "nothing was signed; `indelible log recover --from-mirror COPY` brings the newer entries here; what it showed is kept in .state/conflicts of the ledger"
            )
        } else {
            self.init(
                .cannotTell,
                "another history of this log exists: the server \"\(name)\" has cosigned another tree of \(size) entries, signed by this log's key",
                hint:
                    "stop writing, keep both copies, and tell those who rely on the log; both signed checkpoints are kept in .state/conflicts of the ledger"
            )
        }
    }
}
