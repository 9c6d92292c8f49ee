// SPDX-License-Identifier: Apache-2.0

/// What happens to one call of a program, or to a few in a row.
struct Fault: Sendable, CustomStringConvertible {
    /// What the program sees.
    enum Outcome: String, Sendable {
        case inputOutput = "EIO"
        case noSpace = "ENOSPC"
        /// It sees nothing more.
        case killed = "KILL"
    }

    /// What becomes of the call (`Preload/faults.h`).
    enum Effect: String, Sendable {
        case before
        case after
        case half
        case lost
        case back
    }

    /// What happens besides.
    enum Sequel: String, Sendable {
        case none = ""
        /// The power fails: all is gone that was not flushed.
        case powerCut = ", power cut"
        /// The power fails, and of what was not flushed some is there and some is not.
        case tornPowerCut = ", torn power cut"
        /// The power fails only when the program was run once more, and has answered.
        case latePowerCut = ", power cut after the next run"
        /// The same, with another entry behind the first by then, of which the batch alone is staged.
        case laterPowerCut = ", power cut after two more runs"

        /// Whether the program is run once more before the power fails.
        var isLate: Bool { self == .latePowerCut || self == .laterPowerCut }
    }

    /// Which calls it can happen to.
    enum Reach: Sendable {
        case all
        case writes
        case flushes
    }

    let outcome: Outcome
    let effect: Effect
    let inARow: Int
    let sequel: Sequel
    let reach: Reach

    init(_ outcome: Outcome, _ effect: Effect, inARow: Int = 1, _ sequel: Sequel = .none, of reach: Reach = .all) {
        self.outcome = outcome
        self.effect = effect
        self.inARow = inARow
        self.sequel = sequel
        self.reach = reach
    }

    var description: String { "\(outcome.rawValue) \(effect.rawValue) x\(inARow)\(sequel.rawValue)" }

    /// Every kind of fault, each for every call that it can happen to.
    static let table: [Fault] =
        [Outcome.inputOutput, .noSpace].flatMap { outcome in
            (1...3).flatMap { inARow in
                [
                    Fault(outcome, .before, inARow: inARow),
                    Fault(outcome, .after, inARow: inARow),
                    Fault(outcome, .half, inARow: inARow, of: .writes),
                ]
            }
        }
        + (1...3).flatMap { inARow in
            [
                Fault(.inputOutput, .lost, inARow: inARow, .latePowerCut, of: .flushes),
                Fault(.inputOutput, .lost, inARow: inARow, .laterPowerCut, of: .flushes),
                Fault(.inputOutput, .back, inARow: inARow, of: .flushes),
                Fault(.inputOutput, .lost, inARow: inARow, .powerCut, of: .flushes),
            ]
        } + [
            Fault(.killed, .before),
            Fault(.killed, .after),
            Fault(.killed, .half, of: .writes),
            Fault(.killed, .after, .powerCut),
            Fault(.killed, .after, .tornPowerCut),
            Fault(.killed, .after, .latePowerCut),
            Fault(.killed, .after, .laterPowerCut),
        ]

    /// Whether it can happen to a call of this name.
    func happens(to call: String) -> Bool {
        // A lock that is not to be had is one fault, and what holds no bytes is not cut off from power.
        if call == "fcntl" || call == "flock" {
            return reach == .all && sequel == .none && outcome != .noSpace && effect == .before
        }
        switch reach {
        case .all: return true
        case .writes: return call.hasSuffix("write") || call.hasSuffix("writev")
        case .flushes: return call.hasPrefix("fsync") || call == "fdatasync"
        }
    }
}
