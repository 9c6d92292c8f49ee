// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A program that a script has started and that runs beside the lines after it.
///
///     background witness indelible witness serve --listen 127.0.0.1:0
///     await witness '^listening on (.*)$'
///     save ADDRESS witness.stdout '^listening on (.*)$'
///     stop witness TERM
struct BackgroundProgram {
    /// What the script calls it.
    let name: String
    /// The files that its streams are.
    let output: String
    let errors: String
    private let child: pid_t

    /// Starts the program.
    init(named name: String, _ program: Program) throws {
        self.name = name
        output = program.output
        errors = program.errors
        child = try program.start()
    }

    /// Waits until what it has written on one of its streams has a match.
    func wait(for pattern: Pattern, until deadline: ContinuousClock.Instant) throws {
        while true {
            // Asked first: what it wrote before it ended is still looked at.
            let hasEnded = Program.hasEnded(child)
            for stream in [output, errors] where try pattern.matches(text(stream)) { return }
            guard !hasEnded else { throw ScriptProblem("\(name) ended without a match of: \(pattern)") }
            guard ContinuousClock.now < deadline else {
                throw ScriptProblem("out of time; \(name) has no match of: \(pattern)")
            }
            poll(nil, 0, 5)
        }
    }

    /// Sends it a signal and waits for its end.
    func stop(_ signal: Int32, until deadline: ContinuousClock.Instant) throws -> Program.Ending {
        guard !Program.hasEnded(child) else {
            throw ScriptProblem("\(name) had ended by itself: \(Program.end(child))")
        }
        kill(child, signal)
        while !Program.hasEnded(child), ContinuousClock.now < deadline { poll(nil, 0, 5) }
        let isOutOfTime = !Program.hasEnded(child)
        let ending = Program.end(child)
        return isOutOfTime ? .outOfTime : ending
    }

    /// Ends it with everything that it started.
    func end() {
        _ = Program.end(child)
    }

    /// The number of a signal by its name.
    static func signal(named name: String) throws(ScriptProblem) -> Int32 {
        switch name {
        case "HUP": SIGHUP
        case "INT": SIGINT
        case "KILL": SIGKILL
        case "TERM": SIGTERM
        case "USR1": SIGUSR1
        default: throw ScriptProblem("no signal \(name): HUP, INT, KILL, TERM and USR1 are there")
        }
    }

    private func text(_ path: String) -> String {
        String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
}
