// SPDX-License-Identifier: Apache-2.0
import Evidence
import Synchronization
public import TransparencyLog

/// Follows a log from a verified state, and says what somebody who watches it should know.
///
///     let step = await monitor.step(from: state, memory, at: now)
///     deliver(step.alerts)                    then keep step.state and step.memory
///
/// A step is an audit of what is new. What a log's entries say is told once, when the state is kept behind it; trouble
/// is told when it begins and when it is over. Whoever keeps the state only after the alerts were delivered loses none
/// of them, and may deliver one twice: its `id` is then the same.
public struct Monitor: Sendable {
    /// What one look at the log has come to.
    public struct Step: Sendable {
        /// What is to be told, in the order of the log.
        public let alerts: [MonitorAlert]
        /// The state to go on from: the old one, unless everything that was judged holds.
        public let state: AuditState?
        /// What to remember besides.
        public let memory: MonitorMemory
        /// Whether the log, as it is now, does not hold.
        public let isInTrouble: Bool
        /// Why the log could not be read or judged now; nil where it was.
        public let obstacle: String?
        /// The entries so far that watched keys have signed, where the log was looked at for the first time.
        public let signedBefore: [LeafIndex]
    }

    private let source: any LedgerSource
    private let policy: TrustPolicy
    private let keys: Set<Ed25519.PublicKey>
    private let patience: UInt64?
    private let silence: UInt64?

    /// A monitor of what `source` serves. `keys` are watched by their 32 bytes. After `patience` seconds in which the log
    /// cannot be read an alert is made, and after `silence` seconds without an entry or a cosignature; never where nil.
    public init(
        of source: any LedgerSource, under policy: TrustPolicy, watching keys: [VerifierKey] = [],
        patience: UInt64? = nil, silence: UInt64? = nil
    ) {
        self.source = source
        self.policy = policy
        self.keys = Set(keys.compactMap(\.publicKey))
        self.patience = patience
        self.silence = silence
    }

    /// Looks at the log once. `now` is the present in POSIX seconds. `progress` is told how far it has come.
    ///
    /// Throws `Audit.Failure` where the state is not one of this log, and `CancellationError`.
    public func step(
        from state: AuditState?, _ memory: MonitorMemory, at now: UInt64,
        progress: @escaping @Sendable (Audit.Progress) -> Void = { _ in }
    ) async throws -> Step {
        var (news, result): (MonitorNews, Audit.Result)
        do {
            (news, result) = try await look(from: state, progress)
            // What a server answered while the log grew may not fit together: damage is told if it is there twice.
            if result.report.faultCount > 0 { (news, result) = try await look(from: state, progress) }
        } catch let error as CancellationError {
            throw error
        } catch let error as Audit.Failure {
            throw error
        } catch {
            return notRead("\(error)", state, memory, now)
        }
        if let reason = Self.obstacle(in: result.report) { return notRead(reason, state, memory, now) }
        guard let newState = result.state else { return inTrouble(result.report, state, memory, now) }
        return read(newState, from: state, news, memory, now)
    }

    private func look(
        from state: AuditState?, _ progress: @escaping @Sendable (Audit.Progress) -> Void
    ) async throws -> (MonitorNews, Audit.Result) {
        let news = MonitorNews(watching: keys, charter: state?.registry?.charterInForce?.charter)
        let audit = Audit(of: source, under: policy, continuing: state) { news.take($0, $1) }
        return (news, try await audit.run(progress: progress))
    }

    /// Why an audit says nothing of the log: there is none to be had, or some of it could not be read.
    private static func obstacle(in report: AuditReport) -> String? {
        if report.checkpoint == nil, case .missing(let path)? = report.faults.first {
            return "\(path) is not there"
        }
        guard report.faultCount == 0, !report.isComplete else { return nil }
        return report.gaps.first { !$0.isChosen }.map { "\($0)" } ?? "not everything could be read"
    }

    private func notRead(_ reason: String, _ state: AuditState?, _ memory: MonitorMemory, _ now: UInt64) -> Step {
        var memory = memory
        let since = memory.unreachableSince ?? now
        memory.unreachableSince = since
        let alert = MonitorAlert.unreachable(since: since, reason: reason)
        let isLong = patience.map { now >= since + $0 } ?? false
        let alerts = isLong && memory.tell(alert.id) ? [alert] : []
        return Step(
            alerts: alerts, state: state, memory: memory, isInTrouble: false, obstacle: reason, signedBefore: [])
    }

    /// Something does not hold: the old state stays, so that the log is held to it.
    private func inTrouble(
        _ report: AuditReport, _ state: AuditState?, _ memory: MonitorMemory, _ now: UInt64
    ) -> Step {
        var memory = memory
        memory.unreachableSince = nil
        let alert = Self.trouble(in: report)
        // Only the trouble of now is in force: an earlier one that comes back is told again.
        let isNew = !memory.told.contains(alert.id)
        memory.told = [alert.id]
        return Step(
            alerts: isNew ? [alert] : [], state: state, memory: memory, isInTrouble: true, obstacle: nil,
            signedBefore: [])
    }

    private static func trouble(in report: AuditReport) -> MonitorAlert {
        for fault in report.faults {
            if case .rewritten(let seen, let now) = fault { return .split(seen: seen, now: now) }
            if case .shrunk(let seen, let now) = fault { return .backwards(seen: seen, now: now) }
            if case .quoteOfAnotherHistory(_, let quoted) = fault, let now = report.checkpoint {
                return .split(seen: quoted, now: now.verified.signed)
            }
        }
        if report.faults == [.quorumNotMet], let head = report.head { return .quorumLost(head) }
        return .doesNotHold(Array(report.faults.prefix(10)), count: report.faultCount)
    }

    private func read(
        _ new: AuditState, from old: AuditState?, _ news: MonitorNews, _ memory: MonitorMemory, _ now: UInt64
    ) -> Step {
        var memory = memory
        var alerts: [MonitorAlert] = []
        let wasTold = memory.told.contains { !$0.hasPrefix("stalled") }
        memory.unreachableSince = nil
        memory.told = memory.told.filter { $0.hasPrefix("stalled") }
        if wasTold { alerts.append(.recovered) }
        if old != nil { alerts += news.alerts }
        if isNews(new, since: old) {
            memory.newsAt = now
            memory.told = []
        }
        let stalled = MonitorAlert.stalled(since: memory.newsAt)
        if let silence, now >= memory.newsAt + silence, memory.tell(stalled.id) { alerts.append(stalled) }
        return Step(
            alerts: alerts, state: new, memory: memory, isInTrouble: false, obstacle: nil,
            signedBefore: old == nil ? news.signed : [])
    }

    /// Whether there is an entry or a cosignature that was not there before.
    private func isNews(_ new: AuditState, since old: AuditState?) -> Bool {
        guard let old, old.head == new.head else { return true }
        return lastCosigned(new) > lastCosigned(old)
    }

    private func lastCosigned(_ state: AuditState) -> UInt64 {
        do throws(CheckpointError) {
            return try policy.verify(state.checkpoint).cosigners.map(\.time).max() ?? 0
        } catch {
            return 0
        }
    }
}

/// What new entries tell, as an audit comes upon them.
private final class MonitorNews: Sendable {
    private struct State {
        var alerts: [MonitorAlert] = []
        var signed: [LeafIndex] = []
        var charter: Charter?
    }

    private let keys: Set<Ed25519.PublicKey>
    private let state: Mutex<State>

    init(watching keys: Set<Ed25519.PublicKey>, charter: Charter?) {
        self.keys = keys
        state = Mutex(State(charter: charter))
    }

    var alerts: [MonitorAlert] { state.withLock { $0.alerts } }
    var signed: [LeafIndex] { state.withLock { $0.signed } }

    func take(_ index: LeafIndex, _ entry: Entry) {
        let watched = entry.filing.signers.filter { signer in
            guard let key = signer.publicKey else { return false }
            return keys.contains(key)
        }
        state.withLock { state in
            if !watched.isEmpty {
                state.alerts.append(.signed(index, entry, by: watched))
                state.signed.append(index)
            }
            switch entry.filing.action {
            case .enrol(let enrolment): state.alerts.append(.enrolled(index, entry, enrolment.key))
            case .revoke(let revocation): state.alerts.append(.revoked(index, entry, revocation))
            case .addRevoker: state.alerts.append(.revokerAdded(index, entry))
            case .close: state.alerts.append(.closed(index, entry))
            case .charter(let charter):
                if let old = state.charter {
                    let changes = MonitorAlert.CharterChange.changes(from: old, to: charter)
                    state.alerts.append(.charter(index, entry, changes: changes))
                }
                state.charter = charter
            case .register, .custody: break
            }
        }
    }
}
