// SPDX-License-Identifier: Apache-2.0
import Evidence
import TransparencyLog

/// Holds the times that entries claim against the times of cosignatures, and the checkpoints that entries quote against
/// the tree.
///
/// The entries below the size of a checkpoint were there when it was cosigned, so none may claim a later time; those
/// behind it were not, so none may claim an earlier one. Clocks differ: a tolerance is granted.
struct AuditTimes: Sendable {
    /// A checkpoint that an entry quotes, with the first entry that does.
    struct Quoted: Sendable {
        let quote: Quote
        let index: LeafIndex
        let time: EntryTime
    }

    let source: any LedgerSource
    let policy: TrustPolicy
    let tolerance: UInt64
    /// Reads under the audited checkpoint.
    let reader: LedgerReader

    init(source: any LedgerSource, policy: TrustPolicy, tolerance: UInt64, at checkpoint: CosignedCheckpoint) {
        self.source = source
        self.policy = policy
        self.tolerance = tolerance
        reader = LedgerReader(source, at: checkpoint)
    }

    /// Judges the audited checkpoint, whose last entry claims the time `last`, and those that entries quote, which the
    /// log keeps.
    func judge(_ quoted: [Quoted], last: EntryTime?, _ findings: inout AuditFindings) async throws {
        if let last, let before = reader.checkpoint.upperBound, last.seconds > before + tolerance,
            let index = LeafIndex(reader.head.size.value - 1)
        {
            findings.add(
                .timeAfterCosignatures(index, time: last.seconds, cosigned: before, size: reader.head.size))
        }
        var missing = 0
        for item in quoted {
            try Task.checkCancellation()
            guard let note = try? await QuotedNote(item.quote, of: reader.checkpoint.verified.origin, in: source) else {
                missing += 1
                continue
            }
            let found: CosignedCheckpoint?
            do {
                found = try await ofThisHistory(note.checkpoint)
            } catch let error as CancellationError {
                throw error
            } catch {
                // What cannot be read of the tree is named where it lies.
                missing += 1
                continue
            }
            guard let checkpoint = found else {
                findings.add(.quoteOfAnotherHistory(item.index, note.checkpoint))
                continue
            }
            if let after = checkpoint.lowerBound, item.time.seconds + tolerance < after {
                findings.add(.timeBeforeQuoted(item.index, time: item.time.seconds, cosigned: after))
            }
            try await judge(checkpoint, &findings)
        }
        if missing > 0 { findings.add(.quotedNotKept(missing)) }
    }

    /// The checkpoint, judged under the policy, if the log signed it and its tree is the beginning of this one.
    private func ofThisHistory(_ note: SignedCheckpoint) async throws -> CosignedCheckpoint? {
        do {
            let checkpoint = try policy.verify(note)
            guard checkpoint.head.size <= reader.head.size else { return nil }
            return try await reader.head(of: checkpoint.head.size) == checkpoint.head ? checkpoint : nil
        } catch is CheckpointError {
            return nil
        }
    }

    /// The last entry below a checkpoint and the first one behind it, against its cosignatures. Times never run
    /// backwards, so that these two speak for all.
    private func judge(_ checkpoint: CosignedCheckpoint, _ findings: inout AuditFindings) async throws {
        let size = checkpoint.head.size
        if let before = checkpoint.upperBound, size > 0, let index = LeafIndex(size.value - 1),
            let time = try await time(of: index), time > before + tolerance
        {
            findings.add(.timeAfterCosignatures(index, time: time, cosigned: before, size: size))
        }
        if let after = checkpoint.lowerBound, size < reader.head.size, let time = try await time(of: size.nextIndex),
            time + tolerance < after
        {
            findings.add(.timeBeforeCosignatures(size.nextIndex, time: time, cosigned: after, size: size))
        }
    }

    /// The time of an entry; nil where it cannot be read, which the audit has named.
    private func time(of index: LeafIndex) async throws -> UInt64? {
        do {
            return try Entry(parsing: await reader.entry(at: index).bytes).time.seconds
        } catch is LedgerReadError {
            return nil
        } catch is FormatError {
            return nil
        }
    }
}
