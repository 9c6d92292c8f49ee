// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Glibc
import Ledger

/// The command line.
@main
struct Indelible: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "indelible",
        abstract: "Shows that testimony has not been altered since it was registered.",
        discussion: """
            A log holds a sealed digest of each document, signed and in order. A proof file shows later, without the \
            log and without a network, that a document is the one that was registered, and with which key. It never \
            shows that a document is accurate, or who holds a key.
            """,
        version: version,
        subcommands: [
            RegisterCommand.self, SubmitCommand.self, SignCommand.self, ShareCommand.self, VerifyCommand.self,
            CompareCommand.self, ShowCommand.self, CustodyCommand.self, LockCommand.self, UnlockCommand.self,
            ForgetCommand.self, KeyCommand.self, InitCommand.self, AuditCommand.self, MirrorCommand.self,
            MonitorCommand.self, TimestampCommand.self, JoinCommand.self, LogCommand.self, WitnessCommand.self,
            PageCommand.self,
            ServeCommand.self, TokenCommand.self,
        ])

    static func main() async {
        ProcessMemory.close()
        do {
            try Self.requireUTF8()
            try Self.requireWholeOptions()
            var command = try parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            Glibc.exit(Failure.report(error))
        }
    }
}

extension Indelible {
    /// Refuses arguments that are not UTF-8: the standard library would have put other characters in their place.
    private static func requireUTF8() throws {
        for argument in UnsafeBufferPointer(start: CommandLine.unsafeArgv, count: Int(CommandLine.argc)) {
            guard let argument else { continue }
            let bytes = UnsafeBufferPointer(start: argument, count: strlen(argument)).map { UInt8(bitPattern: $0) }
            guard String(validating: bytes, as: UTF8.self) == nil else { continue }
            throw Failure(
                .usage, "this name is not UTF-8: \(Shown.bytes(bytes))",
                hint: "give the file a name in UTF-8 and run the command again: no proof could show this one")
        }
    }

    /// Refuses words such as `-h.txt`, which would be taken for several options in one, `-h` among them: help would be
    /// printed, and the command would end as if all were well. No option of this tool is spelled so.
    private static func requireWholeOptions() throws {
        for word in CommandLine.arguments.dropFirst().prefix(while: { $0 != "--" })
        where word.utf8.count > 2 && word.hasPrefix("-") && !word.hasPrefix("--") {
            throw Failure(
                .usage, "\(Shown.bytes(word.utf8)) is no option",
                hint: "a file whose name begins with a dash is named with ./ before it, or behind the word --")
        }
    }
}

extension Failure {
    /// Says how a command ended and gives its exit code. The one place where errors become words and codes.
    static func report(_ error: any Error) -> Int32 {
        if let ended = error as? Ended { return ended.code.rawValue }
        let exitCode = Indelible.exitCode(for: error)
        if exitCode.isSuccess {
            // Help and version are what was asked for.
            Console.data(Indelible.fullMessage(for: error))
            return 0
        }
        let failure = Failure(explaining: error)
        Console.note("indelible: error: \(failure.message)")
        if let hint = failure.hint { Console.note("indelible: hint: \(hint)") }
        return failure.code.rawValue
    }
}
