// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// How two copies of one log stand to each other, by their signed roots and what both copies prove under them.
public enum LedgerComparison: Sendable, Hashable {
    /// Both have the same tree.
    case same
    /// The smaller tree, of so many entries, is the beginning of the other.
    case prefix(TreeSize)
    /// The log has signed two histories. They differ from this size on, and in the entry before it; nil where a copy
    /// lacks the files that would show it.
    case conflict(firstSize: TreeSize?)

    /// Compares what two readers have, under the checkpoint of each.
    ///
    /// Throws what reading does where the copies do not give what is needed to tell.
    public init(_ first: LedgerReader, _ second: LedgerReader) async throws {
        let common = min(first.head.size, second.head.size)
        if first.head.size == second.head.size, first.head.root != second.head.root {
            self = .conflict(firstSize: try? await Self.firstDifference(below: common, first, second))
            return
        }
        if try await first.head(of: common) == second.head(of: common) {
            self = first.head.size == second.head.size ? .same : .prefix(common)
            return
        }
        self = .conflict(firstSize: try await Self.firstDifference(below: common, first, second))
    }

    /// The smallest size at which the roots differ; they differ at `size`, and at 0 they do not.
    private static func firstDifference(
        below size: TreeSize, _ first: LedgerReader, _ second: LedgerReader
    ) async throws -> TreeSize {
        var (same, differs) = (UInt64(0), size.value)
        while differs - same > 1 {
            let middle = same + (differs - same) / 2
            guard let size = TreeSize(middle) else { preconditionFailure("it is below a size") }
            if try await first.head(of: size) == second.head(of: size) { same = middle } else { differs = middle }
        }
        guard let found = TreeSize(differs) else { preconditionFailure("it is a size") }
        return found
    }
}
