// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import Synchronization
import TransparencyLog

/// How many entries of each kind the log has. It follows the log some way with each question, so that no answer waits
/// for a large log to be read from its beginning.
final class EntryTally: Sendable {
    /// What was counted by now.
    struct Counted: Sendable {
        /// The number of entries that were counted, from the first on.
        let size: TreeSize
        /// How many there are of each kind, by the word of their action.
        let kinds: [String: UInt64]
    }

    /// The entries do not give the root of the tree.
    struct AnotherTree: Error, Sendable, CustomStringConvertible {
        var description: String { "the entries do not give the root that was signed" }
    }

    /// How many bundles of entries are read for one answer.
    static let bundles = 64

    private struct State: Sendable {
        var tree = CompactTree()
        var kinds: [String: UInt64] = [:]
    }

    private let state = Mutex(State())

    /// Counts on towards the end of the tree. Throws where all were counted and are not those that were signed.
    func follow(_ reader: LedgerReader) async throws -> Counted {
        var known = state.withLock { $0 }
        // Of a log that is served from an earlier state than one that was counted, nothing is known.
        if known.tree.size > reader.head.size { known = State() }
        for _ in 0..<Self.bundles {
            guard known.tree.size < reader.head.size else { break }
            for bytes in try await reader.unverifiedEntries(from: known.tree.size.nextIndex) {
                let entry = try Entry(parsing: bytes)
                known.kinds[entry.filing.action.word, default: 0] += 1
                known.tree.append(entry.leafHash)
            }
        }
        if known.tree.size == reader.head.size {
            guard known.tree.head == reader.head else { throw AnotherTree() }
        }
        let counted = known
        state.withLock { if $0.tree.size < counted.tree.size { $0 = counted } }
        return Counted(size: counted.tree.size, kinds: counted.kinds)
    }
}
