// SPDX-License-Identifier: Apache-2.0
import Evidence
import Glibc
import Ledger
import Synchronization
import SystemPackage

/// The two streams of a command: data for programs on standard output, words for people on standard error.
enum Console {
    /// Writes a line of data.
    static func data(_ line: String) {
        write(line + "\n", to: STDOUT_FILENO)
    }

    /// Writes bytes of data as they are.
    static func data(bytes: [UInt8]) {
        write(bytes, to: STDOUT_FILENO)
    }

    /// Writes a line for the person at the terminal.
    static func note(_ line: String) {
        write(line + "\n", to: STDERR_FILENO)
    }

    /// Whether a person watches standard error.
    static var isWatched: Bool { isatty(STDERR_FILENO) == 1 }

    static func write(_ text: String, to descriptor: Int32) {
        write(Array(text.utf8), to: descriptor)
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 {
                if errno == EINTR { continue }
                // Whoever read this is gone, or the disk behind it is full: a half answer must not look whole.
                exit(descriptor == STDOUT_FILENO ? 3 : 0)
            }
            rest = rest.dropFirst(count)
        }
    }
}

/// A line on the terminal that tells how far long work has come; nothing at all where nobody watches.
final class Progress: Sendable {
    private struct State {
        var done: UInt64 = 0
        var lastShown: ContinuousClock.Instant
        var isShown = false
        var total: UInt64?
    }

    private let title: String
    private let unit: String
    private let start = ContinuousClock.now
    private let state: Mutex<State>

    /// Work of `total` units, such as bytes or entries.
    init(_ title: String, total: UInt64?, unit: String) {
        self.title = title
        state = Mutex(State(lastShown: .now, total: total))
        self.unit = unit
    }

    /// Tells how much is done by now, and how much there is where that was not known before.
    func reach(_ done: UInt64, of total: UInt64? = nil) {
        guard Console.isWatched else { return }
        state.withLock { state in
            state.done = done
            state.total = total ?? state.total
            guard state.lastShown.duration(to: .now) > .milliseconds(250) else { return }
            state.lastShown = .now
            state.isShown = true
            Console.write("\r\u{1B}[K" + line(done, of: state.total), to: STDERR_FILENO)
        }
    }

    /// Takes the line away.
    func finish() {
        state.withLock { state in
            if state.isShown { Console.write("\r\u{1B}[K", to: STDERR_FILENO) }
            state.isShown = false
        }
    }

    private func line(_ done: UInt64, of total: UInt64?) -> String {
        let seconds = max(start.duration(to: .now) / .seconds(1), 0.001)
        let rate = Double(done) / seconds
        var line = "\(title): \(amount(done))"
        if let total, total > 0 {
            line += " of \(amount(total)) (\(done * 100 / total)%)"
            if rate > 0, done <= total { line += ", \(Int(Double(total - done) / rate) + 1) s left" }
        }
        return line + ", \(amount(UInt64(rate)))/s"
    }

    private func amount(_ value: UInt64) -> String {
        guard unit == "bytes" else { return "\(value) \(unit)" }
        return value < 10_000_000 ? "\(value / 1000) kB" : "\(value / 1_000_000) MB"
    }
}

extension Console {
    /// Writes JSON as data, indented for people who look at it.
    static func data(_ json: JSON) {
        data(bytes: json.encoded(lines: 4))
    }
}

extension Console {
    /// The terminal of whoever runs this, whatever its streams are; the caller closes it. `what` is what it is for.
    static func terminal(for what: String, hint: String) throws -> Int32 {
        let terminal = open("/dev/tty", O_RDWR | O_CLOEXEC)
        guard terminal >= 0 else {
            throw Failure(.usage, "\(what), and there is no terminal to ask on", hint: hint)
        }
        return terminal
    }
}
