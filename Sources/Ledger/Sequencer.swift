// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// The owner of a log: admits entries, batches them, and signs one history.
///
/// It never signs a tree inconsistent with one that it signed, and never answers before an entry is durable under a
/// signed checkpoint. Each batch goes one way:
///
///     admit -> stage durably -> hash again from what was staged, compare roots -> sign
///     -> compare-and-swap the signed checkpoint -> apply tiles -> cosign -> publish -> answer
///
/// What opens a log after a crash runs the same code from "apply" on (`SignedLog`). A write that failed, or whose outcome
/// is not known, stops everything until a `reload` succeeds. A checkpoint that does not get its quorum stops nothing: it
/// is held back, and brought to the witnesses again with the next batch or `publish`.
public actor Sequencer<Rules: EntryRules> {
    /// Where an entry stands, and the signed checkpoint that covers it.
    public struct Receipt: Sendable {
        /// The entry's index.
        public let index: LeafIndex
        /// The published checkpoint, of a tree that holds it.
        public let checkpoint: SignedNote
        /// Whether the log had the entry before.
        public let wasPresent: Bool
    }

    /// A class, since it goes through several lists, and a filing has many parts to be counted with each copy.
    private final class Waiter {
        let submission: Rules.Submission
        let answer: (Result<Receipt, any Error>) -> Void

        init(submission: Rules.Submission, answer: @escaping (Result<Receipt, any Error>) -> Void) {
            self.submission = submission
            self.answer = answer
        }
    }

    /// Something to be done between two batches.
    private struct Order {
        enum Deed { case reload, publish }
        let deed: Deed
        let done: CheckedContinuation<Void, any Error>
    }

    /// What a batch makes of the rules, kept from before it is signed until it is known whether it was.
    private struct Pending {
        var rules: Rules
        let growth: RightEdge.Growth
        let firstIndex: LeafIndex
    }

    private let log: SignedLog
    private let publisher: CheckpointPublisher
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
    private var orders: [Order] = []
    private var isWorking = false

    /// Opens a log: applies what was signed and not applied, and verifies the right edge against the signed root.
    ///
    /// `rules` must stand for the entries that the log already has. `clock` gives POSIX seconds. What was signed and not
    /// published is published by `publish` or with the next batch, not by opening.
    public init(
        store: any LedgerStore, identity: LogIdentity, rules: Rules, publisher: CheckpointPublisher = .unwitnessed,
        batchLimit: Int = 256, clock: @escaping @Sendable () -> UInt64
    ) async throws {
        log = SignedLog(store: store, identity: identity)
        self.publisher = publisher
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

    /// The checkpoint that is served; nil before the first, and while the log is halted.
    public var published: SignedNote? { state?.published }

    /// Whether something is signed and not published.
    public var isHeldBack: Bool { state?.isPublished == false }

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
        try await order(.reload)
    }

    /// Publishes what is signed and was held back, or gathers newer cosignatures for what is published.
    ///
    /// Throws `CheckpointPublisher.HeldBack` where the quorum is still missing.
    public func publish() async throws {
        try await order(.publish)
    }

    private func order(_ deed: Order.Deed) async throws {
        try await withCheckedThrowingContinuation { done in
            orders.append(Order(deed: deed, done: done))
            work()
        }
    }

    // MARK: - One thing after the other

    /// What reads the stores anew must never meet a batch that is halfway, nor another of its kind.
    private func work() {
        guard !isWorking else { return }
        isWorking = true
        // All wait for this one thing. At the priority of those who wait it would come after each filing of theirs that
        // is still to be verified, at every step: the disk would be idle then, and after that the processors.
        Task(priority: .high) {
            while true {
                if !orders.isEmpty {
                    await perform(orders.removeFirst())
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

    private func perform(_ order: Order) async {
        do {
            switch order.deed {
            case .reload: try await open()
            case .publish: try await publishSigned()
            }
            order.done.resume()
        } catch {
            order.done.resume(throwing: error)
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
        } catch {
            halt(error)
            return answer(batch, with: error)
        }
        // A refusal may rest on an entry ahead in the batch: it is told once that is signed.
        for (waiter, error) in refused { waiter.answer(.failure(error)) }
        guard !placed.isEmpty else { return }
        do {
            if self.state?.isPublished == false { try await publishSigned() }
            guard let checkpoint = self.state?.published else { throw SequencerError.notThisLog }
            for (waiter, index, wasPresent) in placed {
                waiter.answer(.success(Receipt(index: index, checkpoint: checkpoint, wasPresent: wasPresent)))
            }
        } catch {
            answer(placed.map(\.waiter), with: error)
        }
    }

    private func halt(_ error: any Error) {
        state = nil
        haltReason = "\(error)"
    }

    private func answer(_ waiters: [Waiter], with error: any Error) {
        for waiter in waiters { waiter.answer(.failure(error)) }
    }

    private func sign(
        _ entries: [[UInt8]], after state: SignedState, _ judged: Rules
    ) async throws -> SignedState {
        // The new tree is signed by the keys that its own last charter names, and by no other.
        let signers = try identity.signers(among: judged.checkpointKeys)
        var expected = state.edge.tree
        expected.append(contentsOf: entries.map { MerkleTree.leafHash($0) })

        let growth = try await log.stage(entries, after: state.edge)
        guard growth.edge.head == expected.head else { throw SequencerError.stagedDiffers }
        let checkpoint = try identity.sign(growth.edge.head, by: signers)
        pending = Pending(
            rules: judged, growth: growth, firstIndex: state.edge.size.nextIndex)
        let next = try await log.commit(
            growth, under: checkpoint, after: state, lastTime: Rules.time(of: growth.edge.lastEntry ?? []))
        try await followRules(to: growth.edge.head)
        self.state = next
        return next
    }

    /// Serves the signed checkpoint, cosigned as the publisher sees to. Being held back changes nothing; whatever else
    /// fails halts the log: what was written is not known, or another history was signed.
    private func publishSigned() async throws {
        guard let state else { throw SequencerError.halted(haltReason) }
        guard let checkpoint = state.checkpoint else { return }
        do {
            let publication = try await publisher.prepare(checkpoint, state.published)
            self.state = try await log.publish(publication, of: state)
        } catch let error as CheckpointPublisher.HeldBack {
            throw error
        } catch {
            halt(error)
            throw error
        }
    }

    /// Brings the rules to the signed tree: what they stand for, or that with the batch whose outcome was not known.
    private func followRules(to head: TreeHead) async throws {
        if let ruled, ruled != head {
            guard var batch = pending, batch.growth.edge.head == head else { throw SequencerError.signedElsewhere }
            try await batch.rules.follow(
                batch.growth.entries, leafHashes: batch.growth.leafHashes, from: batch.firstIndex)
            rules = batch.rules
        }
        ruled = head
        pending = nil
    }

    // MARK: - Start

    private func open() async throws {
        state = nil
        do {
            let now = clock()
            let found = try await log.recovered { Rules.time(of: $0) }
            if let last = found.lastTime, now < last { throw SequencerError.clockIsBehind(last: last, now: now) }
            try await followRules(to: found.edge.head)
            state = found
        } catch {
            halt(error)
            throw error
        }
    }
}
