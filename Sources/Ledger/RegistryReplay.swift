// SPDX-License-Identifier: Apache-2.0
public import Evidence
import TransparencyLog

extension Registry {
    /// Who may do what in a log, as all its entries give it: read, compared with the signed root, and replayed.
    ///
    /// Throws at the first entry whose signatures or rules do not hold; an `Audit` names every one.
    public init(replaying reader: LedgerReader, progress: @Sendable (UInt64) -> Void = { _ in }) async throws {
        var registry = Registry(origin: reader.checkpoint.verified.origin)
        var tree = CompactTree()
        var history = ReplayedHistory()
        try await reader.replay { entry, _ in
            try entry.verified()
        } taking: { entries in
            for verified in entries {
                let entry = verified.entry
                try registry.admit(verified, given: history.prior(for: entry.filing))
                _ = history.append(entry)
                tree.append(entry.leafHash)
            }
            progress(tree.size.value)
        }
        self = registry
        guard tree.head == reader.head else { throw LedgerReadError.doesNotHold(path: "tile/entries") }
    }
}
