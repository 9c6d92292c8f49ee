// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A pseudo-terminal and the person who sits at it: waits for a question, types the answer, waits for the next.
///
/// The program finds it as `/dev/tty`. What the person types appears in what was shown only if the terminal echoes it.
final class Conversation {
    /// A question, and what is typed in answer to it.
    struct Exchange {
        let question: Pattern
        let answer: String
    }

    /// The device that the program opens.
    let device: String
    /// Everything shown on the terminal so far.
    private(set) var shown = Data()

    private let person: FileHandle
    // Held open until the program is gone: while nobody holds the device, reading at the other end fails.
    private let seat: FileHandle
    private var exchanges: ArraySlice<Exchange>
    /// How much of `shown` came before the last answer.
    private var answered = 0

    init(_ exchanges: [Exchange]) throws(ScriptProblem) {
        var ends: (person: Int32, seat: Int32) = (-1, -1)
        guard openpty(&ends.person, &ends.seat, nil, nil, nil) == 0 else {
            throw ScriptProblem("no terminal to be had: \(String(cString: strerror(errno)))")
        }
        person = FileHandle(fileDescriptor: ends.person, closeOnDealloc: true)
        seat = FileHandle(fileDescriptor: ends.seat, closeOnDealloc: true)
        for end in [ends.person, ends.seat] { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        _ = fcntl(ends.person, F_SETFL, O_NONBLOCK)
        var name = [CChar](repeating: 0, count: 64)
        guard ttyname_r(ends.seat, &name, name.count) == 0 else { throw ScriptProblem("the terminal has no name") }
        device = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        self.exchanges = exchanges[...]
    }

    /// The first question that was not asked.
    var unasked: Pattern? { exchanges.first?.question }

    /// Waits up to `milliseconds` for something to be shown, and answers what is asked.
    func listen(milliseconds: Int32) throws {
        var event = pollfd(fd: person.fileDescriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&event, 1, milliseconds) > 0 else { return }
        _ = read()
        while let exchange = exchanges.first {
            let text = String(decoding: shown[answered...], as: UTF8.self)
            guard try exchange.question.matches(text) else { return }
            answered = shown.count
            exchanges.removeFirst()
            try person.write(contentsOf: Data((exchange.answer + "\n").utf8))
        }
    }

    /// Reads what the program left when it ended.
    func finish() throws {
        // The kernel hands over what was written some time after; the end is told once the last holder is gone.
        try seat.close()
        var event = pollfd(fd: person.fileDescriptor, events: Int16(POLLIN), revents: 0)
        while poll(&event, 1, 5000) > 0, read() {}
    }

    /// Whether there may be more to come.
    private func read() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(person.fileDescriptor, &buffer, buffer.count)
            if count > 0 {
                shown += buffer[..<count]
            } else if count < 0, errno == EINTR {
                continue
            } else {
                return count < 0 && errno == EAGAIN
            }
        }
    }
}
