// SPDX-License-Identifier: Apache-2.0
public import Ledger
public import TransparencyLog

/// What a served log does by itself: it publishes what was held back once enough servers cosign, keeps cosignatures new,
/// opens itself again after a failure that has passed, such as a full disk, and keeps what lets the next start begin where
/// this one ends, should it end at once.
public struct LogKeeping: Sendable {
    private let log: LedgerLog
    private let policy: TrustPolicy
    private let note: @Sendable (String) -> Void

    /// How long it waits between two looks.
    public static let interval = Duration.seconds(10)
    /// How old the newest cosignatures may get, in looks.
    private static let renewal = 18
    /// After how many looks it keeps who may do what: what a start after a kill replays at most.
    private static let keeping = 6

    /// Keeps a log. `note` is told of what changes, in one line each.
    public init(log: LedgerLog, policy: TrustPolicy, note: @escaping @Sendable (String) -> Void = { _ in }) {
        self.log = log
        self.policy = policy
        self.note = note
    }

    /// Runs until the task is cancelled.
    public func run() async {
        var seen = Seen()
        while !Task.isCancelled {
            do {
                try await Task.sleep(for: Self.interval)
            } catch {
                return
            }
            await look(&seen)
        }
    }

    /// What is remembered from one look to the next.
    struct Seen {
        fileprivate var looks = 0
        fileprivate var wasHalted = false
        fileprivate var kept: TreeSize?
    }

    /// Looks once, and mends what can be.
    func look(_ seen: inout Seen) async {
        seen.looks += 1
        if await log.sequencer.head == nil {
            if !seen.wasHalted { note("the log is halted: nothing is signed until it can be opened again") }
            seen.wasHalted = true
            do {
                try await log.sequencer.reload()
            } catch {
                return
            }
            note("the log goes on")
        }
        seen.wasHalted = false
        if seen.looks.isMultiple(of: Self.keeping) { await keep(&seen) }
        let isBehind = await log.sequencer.isHeldBack
        guard isBehind || (policy.quorum != nil && seen.looks.isMultiple(of: Self.renewal)) else { return }
        do {
            try await log.sequencer.publish()
            if isBehind { note("what was held back is published") }
        } catch is CheckpointPublisher.HeldBack {
            return
        } catch {
            note("cannot publish: \(error)")
        }
    }

    private func keep(_ seen: inout Seen) async {
        guard let size = await log.sequencer.head?.size, size != seen.kept else { return }
        do {
            try await log.keep()
            seen.kept = size
        } catch {
            note("cannot keep who may do what: \(error)")
        }
    }
}
