// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A program about to be run in a session of its own, so that it has no terminal but the one it is given, and can be
/// ended with everything it started.
struct Program {
    /// How a program ended.
    enum Ending: Equatable, CustomStringConvertible {
        case exited(Int32)
        case signalled(Int32)
        /// It was still running at its deadline, and was ended.
        case outOfTime

        var description: String {
            switch self {
            case .exited(let code): "exit \(code)"
            case .signalled(let signal): "ended by signal \(signal)"
            case .outOfTime: "ended: out of time"
            }
        }
    }

    let arguments: [String]
    let environment: [String: String]
    let directory: String
    /// The files that its standard streams are.
    let input: String
    let output: String
    let errors: String
    let conversation: Conversation?
    /// Whether its standard streams are the terminal, and not the files.
    let hasTerminalStreams: Bool

    // Glibc's additions to posix_spawn (setsid, chdir) are not visible from Swift, so a shell does these two steps and
    // then becomes the program. The leader of a new session takes the first terminal that it opens as its own.
    private static let launch = """
        cd "$1" || exit 126
        terminal=$2
        shift 2
        if [ -n "$terminal" ]; then exec 3<>"$terminal" 3>&-; fi
        exec "$@"
        """

    /// Runs the program until it ends, or ends it at `deadline`; whatever it leaves running is ended too.
    func run(until deadline: ContinuousClock.Instant) throws -> Ending {
        let child = try start()
        let listening = Result { try wait(for: child, until: deadline) }
        let isOutOfTime = !Self.hasEnded(child)
        let ending = Self.end(child)
        try conversation?.finish()
        try listening.get()
        return isOutOfTime ? .outOfTime : ending
    }

    /// Ends a started program, if it has not ended, and whatever it has left running.
    static func end(_ child: pid_t) -> Ending {
        // The child first: until it has called setsid it is not in the group. Only then the group, and before the child
        // is reaped, while its number cannot have gone to another process.
        kill(child, SIGKILL)
        while !hasEnded(child) { poll(nil, 0, 5) }
        kill(-child, SIGKILL)
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(signal)
    }

    private func wait(for child: pid_t, until deadline: ContinuousClock.Instant) throws {
        while !Self.hasEnded(child), ContinuousClock.now < deadline {
            if let conversation { try conversation.listen(milliseconds: 5) } else { poll(nil, 0, 5) }
        }
    }

    /// Whether a started program has ended.
    static func hasEnded(_ child: pid_t) -> Bool {
        var information = siginfo_t()
        let result = waitid(P_PID, id_t(child), &information, WEXITED | WNOHANG | WNOWAIT)
        return result != 0 || information.si_signo != 0
    }

    /// Starts the program, in a session of its own.
    func start() throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        posix_spawn_file_actions_init(&actions)
        posix_spawnattr_init(&attributes)
        defer {
            posix_spawn_file_actions_destroy(&actions)
            posix_spawnattr_destroy(&attributes)
        }
        let created = O_WRONLY | O_CREAT | O_TRUNC
        if let conversation, hasTerminalStreams {
            for stream in 0...2 as ClosedRange<Int32> {
                posix_spawn_file_actions_addopen(&actions, stream, conversation.device, O_RDWR, 0)
            }
        } else {
            posix_spawn_file_actions_addopen(&actions, 0, input, O_RDONLY, 0)
            posix_spawn_file_actions_addopen(&actions, 1, output, created, 0o600)
            posix_spawn_file_actions_addopen(&actions, 2, errors, created, 0o600)
        }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        sigfillset(&signals)
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let line = ["setsid", "/bin/sh", "-c", Program.launch, "sh", directory, conversation?.device ?? ""] + arguments
        var child: pid_t = 0
        let error = withCStrings(line) { line in
            withCStrings(environment.map { "\($0)=\($1)" }) { environment in
                posix_spawn(&child, "/usr/bin/setsid", &actions, &attributes, line, environment)
            }
        }
        guard error == 0 else { throw ScriptProblem("cannot start a program: \(String(cString: strerror(error)))") }
        return child
    }

    private func withCStrings<Result>(
        _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let copies = strings.map { strdup($0) } + [nil]
        defer { for copy in copies { free(copy) } }
        return body(copies)
    }
}
