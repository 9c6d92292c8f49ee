// SPDX-License-Identifier: Apache-2.0
import Ledger
import Synchronization
import TransparencyLog

/// Readers of a log under the checkpoint that it serves, made once for each checkpoint.
final class Newest: Sendable {
    private let log: LedgerLog
    private let source: UnblockedSource
    private let policy: TrustPolicy
    private let memory = TileMemory()
    private let kept = Mutex<LedgerReader?>(nil)

    init(_ log: LedgerLog, _ source: UnblockedSource, _ policy: TrustPolicy) {
        self.log = log
        self.source = source
        self.policy = policy
    }

    /// A reader under the checkpoint that is served now.
    func reader() async throws -> LedgerReader {
        guard let note = await log.sequencer.published else {
            // Halted: what is served can be read all the same.
            return try await LedgerReader(source, under: policy)
        }
        return try reader(at: note)
    }

    /// A reader under a checkpoint of this log. Those who wait for one batch share it, so that it is verified once.
    func reader(at note: SignedNote) throws -> LedgerReader {
        if let reader = kept.withLock({ $0 }), reader.checkpoint.verified.signed.bytes == note.bytes { return reader }
        let reader = LedgerReader(source, at: try policy.verify(SignedCheckpoint(note)), keeping: memory)
        kept.withLock { $0 = reader }
        return reader
    }
}
