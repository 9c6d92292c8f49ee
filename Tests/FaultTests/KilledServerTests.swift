// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing
import TestSupport

/// A served log is killed at any moment, again and again, while several file at once: whatever it answered is kept, and
/// it starts again by itself.
///
/// INDELIBLE_KILLS says how many times.
@Suite("A served log that is killed", .serialized)
struct KilledServerTests {
    private static let kills = ProcessInfo.processInfo.environment["INDELIBLE_KILLS"].flatMap { Int($0) } ?? 15
    /// So many times it is killed over one log: it grows over a full tile, and stays quick to check.
    private static let killsOfALog = 50
    private static let filingsOfALog = 400

    @Test func everyAnswerIsKept() async throws {
        #expect(try await onOwnThread { try Self.run() } == [])
    }

    private static func run() throws -> [String] {
        let program = try WatchedProgram()
        let (template, filings) = try prepared(program, filings: filingsOfALog)
        var random = SeededGenerator(seed: 20)
        var failures: [String] = []
        var answers = 0
        for first in stride(from: 0, to: kills, by: killsOfALog) {
            let folder = try FaultFolder()
            try folder.begin(with: template)
            let log = try ServedFolder(folder, program, filings: filings)
            for _ in first..<min(first + killsOfALog, kills) {
                try log.live(
                    clients: 2 + random.below(3), untilAnswers: random.below(12),
                    thenMilliseconds: random.below(5))
            }
            answers += log.answers
            failures += try log.check().map { "log \(first / killsOfALog): \($0)" }
        }
        let closing = "\(kills) kills of a served log, \(answers) answers; \(failures.count) failures\n"
        FileHandle.standardOutput.write(Data(closing.utf8))
        return failures
    }

    /// A log, and filings for it that were made where it is not.
    static func prepared(_ program: WatchedProgram, filings count: Int) throws -> (FaultFolder, [[UInt8]]) {
        let folder = try FaultFolder()
        try run(program, ["init", "--origin", "ledger.example/2026"], in: folder)
        try folder.quickenKeys(in: folder.home)
        let names = (0..<count).map { "statement-\($0).txt" }
        for name in names { try folder.write("What was said, as \(name) has it.\n", to: name) }
        try run(program, ["register", "--ledger", "absent"] + names, in: folder)
        let filings = try names.map {
            [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder.world + "/" + $0 + ".filing")))
        }
        for name in names { for ending in ["", ".filing", ".draft"] { unlink(folder.world + "/" + name + ending) } }
        return (folder, filings)
    }

    private static func run(_ program: WatchedProgram, _ arguments: [String], in folder: FaultFolder) throws {
        let ending = try program.run(arguments, in: folder)
        guard ending.code == 0 else { throw Problem("\(arguments): \(ending.errors)") }
    }
}
