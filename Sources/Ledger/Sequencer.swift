// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// The owner of a log: admits entries, batches them, and signs one history.
///
/// It never signs a tree inconsistent with one that it signed, and never answers before an entry is durable under a
/// signed checkpoint. Each batch goes one way:
///
///     admit -> stage durably -> hash again from what was staged, compare roots -> sign
///     -> compare-and-swap the signed checkpoint -> apply tiles -> publish -> answer
///
/// What opens a log after a crash runs the same code from "apply" on. A write that failed, or whose outcome is not
/// known, stops everything until a `reload` succeeds.
public actor Sequencer<Rules: EntryRules> {
    /// Where an entry stands, and the signed checkpoint that covers it.
    public struct Receipt: Sendable {
        /// The entry's index.
        public let index: LeafIndex
        /// A signed checkpoint of a tree that holds it.
        public let checkpoint: SignedNote
        /// Whether the log had the entry before.
        public let wasPresent: Bool
    }

    private struct Waiter {
        let submission: Rules.Submission
        let answer: (Result<Receipt, any Error>) -> Void
    }

    /// What a batch makes of the rules, kept from before it is signed until it is known whether it was.
    private struct Pending {
        var rules: Rules
        let growth: RightEdge.Growth
        let entries: [[UInt8]]
        let firstIndex: LeafIndex
    }

    private let store: any LedgerStore
    private let identity: LogIdentity
    private let clock: @Sendable () -> UInt64
    private let batchLimit: Int

    /// What is signed and applied; nil while a reload is needed.
    private var state: SignedState?
    private var haltReason = "not opened"

    private var rules: Rules
    /// The tree that `rules` stand for; nil until it is known.
    private var ruled: TreeHead?
    private var pending: Pending?

    private var pool: [Waiter] = []
    private var reloads: [CheckedContinuation<Void, any Error>] = []
    private var isWorking = false

    /// Opens a log: applies what was signed and not applied, and verifies the right edge against the signed root.
    ///
    /// `rules` must stand for the entries that the log already has. `clock` gives POSIX seconds.
    public init(
        store: any LedgerStore, identity: LogIdentity, rules: Rules, batchLimit: Int = 256,
        clock: @escaping @Sendable () -> UInt64
    ) async throws {
        self.store = store
        self.identity = identity
        self.rules = rules
        self.clock = clock
        self.batchLimit = batchLimit
        try await open()
    }

    /// The signed tree, or nil while the log is halted.
    public var head: TreeHead? { state?.edge.head }

    /// The signed checkpoint; nil before the first entry, and while the log is halted.
    public var checkpoint: SignedNote? { state?.checkpoint }

    /// The rules, as of the last signed entry.
    public var currentRules: Rules { rules }

    /// Offers something to the log, and waits until it is durable under a signed checkpoint and published.
    ///
    /// Throws what the rules refuse it for, or `SequencerError`. All that wait share one commit.
    public func submit(_ submission: Rules.Submission) async throws -> Receipt {
        try await withCheckedThrowingContinuation { answer in
            pool.append(Waiter(submission: submission) { answer.resume(with: $0) })
            work()
        }
    }

    /// Offers several things at once; they are judged in order and share as few commits as the batch limit allows.
    public func submit(_ submissions: [Rules.Submission]) async -> [Result<Receipt, any Error>] {
        guard !submissions.isEmpty else { return [] }
        return await withCheckedContinuation { answer in
            var results = [Result<Receipt, any Error>?](repeating: nil, count: submissions.count)
            var missing = submissions.count
            for (place, submission) in submissions.enumerated() {
                pool.append(
                    Waiter(submission: submission) { result in
                        results[place] = result
                        missing -= 1
                        if missing == 0 { answer.resume(returning: results.compactMap(\.self)) }
                    })
            }
            work()
        }
    }

    /// Reads the log's state from its stores again, after a failure.
    public func reload() async throws {
        try await withCheckedThrowingContinuation { answer in
            reloads.append(answer)
            work()
        }
    }

    // MARK: - One thing after the other

    /// What reads the stores anew must never meet a batch that is halfway, nor another of its kind.
    private func work() {
        guard !isWorking else { return }
        isWorking = true
        Task {
            while true {
                if !reloads.isEmpty {
                    await answerReloads()
                } else if !pool.isEmpty {
                    let batch = Array(pool.prefix(batchLimit))
                    pool.removeFirst(batch.count)
                    await commit(batch)
                } else {
                    break
                }
            }
            isWorking = false
        }
    }

    private func answerReloads() async {
        let asked = reloads
        reloads = []
        do {
            try await open()
            for answer in asked { answer.resume() }
        } catch {
            for answer in asked { answer.resume(throwing: error) }
        }
    }

    // MARK: - One batch

    private func commit(_ batch: [Waiter]) async {
        guard let state else {
            return answer(batch, with: SequencerError.halted(haltReason))
        }
        let now = clock()
        if let last = state.lastTime, now < last {
            return answer(batch, with: SequencerError.clockIsBehind(last: last, now: now))
        }
        var judged = rules
        let admissions = await judged.admit(batch.map(\.submission), from: state.edge.size.nextIndex, at: now)
        precondition(admissions.count == batch.count, "one answer for each submission")
        var entries: [[UInt8]] = []
        var placed: [(waiter: Waiter, index: LeafIndex, wasPresent: Bool)] = []
        var refused: [(waiter: Waiter, error: any Error)] = []
        for (waiter, admission) in zip(batch, admissions) {
            switch admission {
            case .entry(let bytes):
                guard bytes.count <= EntryBundle.maximumEntryByteCount,
                    let size = TreeSize(state.edge.size.value + UInt64(entries.count))
                else {
                    // The rules made what no log may hold: nothing of this batch is sound.
                    return answer(batch, with: SequencerError.entryTooLong)
                }
                placed.append((waiter, size.nextIndex, false))
                entries.append(bytes)
            case .present(let index): placed.append((waiter, index, true))
            case .refused(let error): refused.append((waiter, error))
            }
        }
        do {
            let next = entries.isEmpty ? state : try await sign(entries, after: state, judged)
            guard placed.isEmpty || next.checkpoint != nil else { throw SequencerError.notThisLog }
            // A refusal may rest on an entry ahead in the batch: it is told once that is signed.
            for (waiter, error) in refused { waiter.answer(.failure(error)) }
            guard let checkpoint = next.checkpoint else { return }
            for (waiter, index, wasPresent) in placed {
                waiter.answer(.success(Receipt(index: index, checkpoint: checkpoint, wasPresent: wasPresent)))
            }
        } catch {
            self.state = nil
            haltReason = "\(error)"
            answer(batch, with: error)
        }
    }

    private func answer(_ waiters: [Waiter], with error: any Error) {
        for waiter in waiters { waiter.answer(.failure(error)) }
    }

    private func sign(
        _ entries: [[UInt8]], after state: SignedState, _ judged: Rules
    ) async throws -> SignedState {
        var expected = state.edge.tree
        expected.append(contentsOf: entries.map { MerkleTree.leafHash($0) })

        try await store.stage(StagedBatch(oldSize: state.edge.size, entries: entries).bytes)
        // From here on only what was read back counts: a bit that flipped in memory or on the way is caught here.
        guard let read = try await store.staged() else { throw SequencerError.stagedDiffers }
        let staged = try StagedBatch(parsing: read)
        let growth = try state.edge.growing(by: staged.entries)
        guard staged.oldSize == state.edge.size, growth.edge.head == expected.head else {
            throw SequencerError.stagedDiffers
        }
        let checkpoint = try identity.sign(growth.edge.head)
        pending = Pending(
            rules: judged, growth: growth, entries: staged.entries, firstIndex: state.edge.size.nextIndex)
        try await store.replace(state.checkpoint?.bytes, with: checkpoint.bytes)

        try await apply(growth, under: checkpoint)
        try await followRules(to: growth.edge.head)
        let next = SignedState(
            edge: growth.edge, checkpoint: checkpoint, lastTime: Rules.time(of: staged.entries.last ?? []))
        self.state = next
        return next
    }

    /// Makes what was signed readable. A crash anywhere in here is made good by the next start, which comes here too.
    private func apply(_ growth: RightEdge.Growth, under checkpoint: SignedNote) async throws {
        try await store.create(growth.files)
        try await store.publish(checkpoint.bytes)
        try await store.dropPartials(of: growth.completedPaths)
    }

    /// Brings the rules to the signed tree: what they stand for, or that with the batch whose outcome was not known.
    private func followRules(to head: TreeHead) async throws {
        if let ruled, ruled != head {
            guard var batch = pending, batch.growth.edge.head == head else { throw SequencerError.signedElsewhere }
            try await batch.rules.follow(batch.entries, leafHashes: batch.growth.leafHashes, from: batch.firstIndex)
            rules = batch.rules
        }
        ruled = head
        pending = nil
    }

    // MARK: - Start

    private func open() async throws {
        state = nil
        do {
            let found = try await recover()
            try await followRules(to: found.edge.head)
            state = found
        } catch {
            haltReason = "\(error)"
            throw error
        }
    }

    private func recover() async throws -> SignedState {
        let served = try await store.read("checkpoint", limit: SignedNote.maximumByteCount)
        guard let signedBytes = try await store.signedCheckpoint() else {
            guard served == nil else { throw SequencerError.stateMissing }
            return SignedState(edge: RightEdge(), checkpoint: nil, lastTime: nil)
        }
        let checkpoint = try SignedNote(parsing: signedBytes)
        let head = try identity.verify(checkpoint)
        let servedSize = try served.map { try check($0, against: head) }

        var edge: RightEdge
        // What is served was applied as a whole before.
        if servedSize != head.size, let read = try await store.staged(), let staged = try? StagedBatch(parsing: read),
            staged.newSize == head.size
        {
            let before = try await RightEdge(of: staged.oldSize, in: store)
            let growth = try before.growing(by: staged.entries)
            guard growth.edge.head == head else { throw SequencerError.stagedIsForeign }
            try await apply(growth, under: checkpoint)
            edge = growth.edge
        } else {
            // A batch that was applied, or one that was never signed: nobody was promised anything of it.
            edge = try await RightEdge(of: head.size, in: store)
            guard edge.head == head else { throw SequencerError.tilesDoNotHold(head.size) }
            // What is served may bear cosignatures that came later; it is only replaced by a larger tree.
            if servedSize != head.size { try await store.publish(signedBytes) }
        }
        let lastTime = edge.lastEntry.flatMap { Rules.time(of: $0) }
        let now = clock()
        if let lastTime, now < lastTime { throw SequencerError.clockIsBehind(last: lastTime, now: now) }
        return SignedState(edge: edge, checkpoint: checkpoint, lastTime: lastTime)
    }

    private func check(_ served: [UInt8], against signed: TreeHead) throws -> TreeSize {
        let head = try identity.verify(SignedNote(parsing: served))
        guard head.size <= signed.size else {
            throw SequencerError.stateIsOld(served: head.size, signed: signed.size)
        }
        guard head.size < signed.size || head.root == signed.root else { throw SequencerError.anotherRoot(head.size) }
        return head.size
    }
}

/// What a sequencer knows to be signed and applied.
struct SignedState: Sendable {
    let edge: RightEdge
    let checkpoint: SignedNote?
    let lastTime: UInt64?
}
