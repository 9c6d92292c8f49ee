// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import Ledger
import LedgerService

/// Hands alerts on: to a command on its standard input, and to an address by POST.
///
/// The command is run by `/bin/sh -c` as the person wrote it: nothing of an alert becomes part of it.
struct AlertDelivery {
    private static let patience = Duration.seconds(60)
    private let command: String?
    private let url: String?

    init(command: String?, url: String?) throws {
        if let url, !url.lowercased().hasPrefix("http://"), !url.lowercased().hasPrefix("https://") {
            throw Failure(.usage, "an alert is posted to an http(s) address, not \(Shown.bytes(url.utf8))")
        }
        self.command = command
        self.url = url
    }

    /// Throws unless everybody has taken the alert.
    func deliver(_ json: [UInt8]) async throws {
        if let command { try await run(command, json) }
        if let url { try await post(json, to: url) }
    }

    private func post(_ json: [UInt8], to url: String) async throws {
        let request = HTTPRequest(
            .post, url, headers: [("Content-Type", "application/json")], body: json, maximumAnswer: 1 << 16,
            deadline: Self.patience)
        let answer: HTTPAnswer
        do {
            answer = try await HTTPClientTransport.with(environment: ProcessInfo.processInfo.environment) {
                try await $0.send(request)
            }
        } catch let error as HTTPFailure {
            throw Failure(
                .cannotTell, "an alert was not delivered: \(error)", hint: "it is delivered with the next look")
        }
        guard (200..<300).contains(answer.status) else {
            throw Failure(
                .cannotTell, "an alert was not delivered: the server answers with status \(answer.status)",
                hint: "it is delivered with the next look")
        }
    }

    private func run(_ command: String, _ json: [UInt8]) async throws {
        // A file without a name: a command that does not read it breaks no pipe.
        guard let file = tmpfile() else { throw Failure(.cannotTell, "an alert was not delivered: errno \(errno)") }
        defer { fclose(file) }
        let input = fileno(file)
        guard json.withUnsafeBytes({ write(input, $0.baseAddress, $0.count) }) == json.count,
            lseek(input, 0, SEEK_SET) == 0
        else { throw Failure(.cannotTell, "an alert was not delivered: errno \(errno)") }
        let child = try start(command, input)
        let deadline = ContinuousClock.now + Self.patience
        var status: Int32 = 0
        while waitpid(child, &status, WNOHANG) == 0 {
            guard ContinuousClock.now < deadline else {
                kill(child, SIGKILL)
                waitpid(child, &status, 0)
                throw Failure(.cannotTell, "an alert was not delivered: the command did not end within a minute")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        guard status == 0 else {
            throw Failure(
                .cannotTell, "an alert was not delivered: the command ended with \(Self.words(for: status))",
                hint: "it is delivered with the next look")
        }
    }

    private func start(_ command: String, _ input: Int32) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
        // What it says is for people: standard output is for the alerts themselves.
        posix_spawn_file_actions_adddup2(&actions, STDERR_FILENO, STDOUT_FILENO)
        var arguments: [UnsafeMutablePointer<CChar>?] =
            ["/bin/sh", "-c", command].map { (word: String) in strdup(word) } + [nil]
        defer { arguments.forEach { free($0) } }
        var child: pid_t = 0
        let error = posix_spawn(&child, "/bin/sh", &actions, nil, &arguments, environ)
        guard error == 0 else { throw Failure(.cannotTell, "an alert was not delivered: errno \(error)") }
        return child
    }

    private static func words(for status: Int32) -> String {
        status & 0x7F == 0 ? "exit code \(status >> 8 & 0xFF)" : "signal \(status & 0x7F)"
    }
}
