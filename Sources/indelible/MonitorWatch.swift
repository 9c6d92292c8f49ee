// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// A monitor at work: looks, tells, and keeps the state behind what was told.
///
///     FILE            the verified state, as `indelible audit --state` keeps it
///     FILE.memory     what was told and is not over
///     FILE.evidence/  checkpoints of the log that cannot both be
struct MonitorWatch {
    private let monitor: Monitor
    private let place: FilePath
    private let delivery: AlertDelivery
    private let language: Language
    private let speaksJSON: Bool
    private var state: AuditState?
    private var memory: MonitorMemory
    /// What was last said of a log that cannot be read: it is said once.
    private var lastObstacle: String?
    /// Whether it was said in this run that the log does not hold.
    private var wasTroubleSaid = false

    private var memoryPath: FilePath { FilePath(place.string + ".memory") }
    private var evidencePath: FilePath { FilePath(place.string + ".evidence") }

    init(
        monitor: Monitor, place: FilePath, delivery: AlertDelivery, language: Language, speaksJSON: Bool
    ) throws {
        self.monitor = monitor
        self.place = place
        self.delivery = delivery
        self.language = language
        self.speaksJSON = speaksJSON
        state = DurableFile.exists(place) ? try AuditState(reading: place) : nil
        memory =
            try MonitorMemory(reading: FilePath(place.string + ".memory")) ?? MonitorMemory(beginningAt: Moment.now())
    }

    /// Looks again and again. Alerts that could not be delivered are delivered with the next look.
    mutating func goOn(every time: Duration) async throws {
        while true {
            do {
                _ = try await look()
            } catch let error as CancellationError {
                throw error
            } catch let failure as Failure where failure.code == .cannotTell {
                Console.note("indelible: \(failure.message)")
            }
            try await Task.sleep(for: time)
        }
    }

    /// Looks once; gives the exit code where the log does not hold or could not be read.
    mutating func look() async throws -> Failure.Code? {
        let now = Moment.now()
        let step = try await stepped(at: now)
        let isFirst = state == nil && step.state != nil
        for alert in step.alerts { try await tell(alert, at: now) }
        // Only now: what was not delivered is told again.
        if var new = step.state, new.checkpoint != state?.checkpoint { try new.write(to: place) }
        if step.memory != memory || !DurableFile.exists(memoryPath) { try step.memory.write(to: memoryPath) }
        (state, memory) = (step.state, step.memory)
        if isFirst, let state { sayBegun(state, step.signedBefore) }
        if let obstacle = step.obstacle {
            let line = language == .english ? "unreachable: \(obstacle)" : "无法读取:\(obstacle)"
            if lastObstacle != obstacle { Console.note(Shown.bytes(line.utf8)) }
            lastObstacle = obstacle
            return .cannotTell
        }
        lastObstacle = nil
        guard step.isInTrouble else { return nil }
        if step.alerts.isEmpty, !wasTroubleSaid {
            Console.note(language == .english ? "what was told before is not over" : "先前所报情况尚未解除")
        }
        wasTroubleSaid = true
        return .doesNotHold
    }

    private func stepped(at now: UInt64) async throws -> Monitor.Step {
        let progress = Progress("auditing", total: nil, unit: "entries")
        defer { progress.finish() }
        do {
            return try await monitor.step(from: state, memory, at: now) {
                progress.reach($0.done.value, of: $0.total.value)
            }
        } catch Audit.Failure.stateOfAnotherLog(let origin) {
            throw Failure(
                .usage, "the state is that of another log: \(Shown.bytes(origin.utf8))",
                hint: "name another file with --state")
        }
    }

    /// Prints an alert and hands it on. The two checkpoints of a second history are kept first.
    private func tell(_ alert: MonitorAlert, at now: UInt64) async throws {
        var kept: [FilePath] = []
        if let (seen, present) = alert.checkpoints {
            kept = try ConflictEvidence.keep([seen, present], in: evidencePath) ?? []
        }
        let words = AlertWords(alert: alert, kept: kept, time: now, language: language)
        if speaksJSON {
            Console.data(bytes: words.json.encoded() + [0x0A])
        } else {
            words.lines.forEach { Console.data($0) }
        }
        try await delivery.deliver(words.json.encoded() + [0x0A])
    }

    private func sayBegun(_ state: AuditState, _ signed: [LeafIndex]) {
        let size = state.head.size
        let places = signed.prefix(20).map { "\($0)" }.joined(separator: ", ") + (signed.count > 20 ? ", …" : "")
        Console.note(
            language == .english
                ? "watching from entry \(size) on: what came before holds"
                : "自第 \(size) 号起监看,此前各条成立")
        if !signed.isEmpty {
            Console.note(
                language == .english
                    ? "entries before that the keys you watch have signed: \(places)" : "所监看密钥此前已签署:第 \(places) 号")
        }
    }
}
