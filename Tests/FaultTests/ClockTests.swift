// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The clock of the log's machine is wrong, back and forth: nothing is entered before the entry ahead of it, nothing that
/// was handed out is lost, and the log goes on when the clock is right.
@Suite("A clock that is wrong")
struct ClockTests {
    /// A step of the clock before a document is registered, in seconds; whether it is.
    private static let steps: [(ahead: Int, isRegistered: Bool)] = [
        (0, true), (-1000, false), (-86_400 * 365, false), (1000, true), (0, false), (999 - 900, false), (1001, true),
        (-5, false), (2000, true),
    ]

    @Test func stepsBackAndForth() throws {
        let program = try WatchedProgram()
        let folder = try FaultFolder()
        #expect(try program.run(["init", "--origin", "ledger.example/2026"], in: folder).code == 0)
        try folder.quickenKeys(in: folder.home)
        var registered: [String] = []
        for (number, step) in Self.steps.enumerated() {
            let name = "document-\(number)"
            try folder.write("The document \(number).\n", to: name)
            let run = try program.run(["register", name], in: folder, clock: step.ahead)
            if step.isRegistered {
                #expect(run.code == 0, "\(step): \(run.errors)")
                registered.append(name)
            } else {
                #expect(run.code == 3, "\(step)")
                #expect(run.errors.contains("indelible: error: this machine's clock"), "\(step): \(run.errors)")
                #expect(!FileManager.default.fileExists(atPath: folder.world + "/\(name).proof"))
            }
            let audit = try program.run(["audit"], in: folder, clock: 3000)
            #expect(audit.code == 0, "\(step): \(audit.output)")
            #expect(try program.run(["verify"] + registered, in: folder, clock: step.ahead).code == 0)
        }
        // What was refused is registered when the clock is right, by the same command.
        for number in Self.steps.indices {
            let run = try program.run(["register", "document-\(number)"], in: folder, clock: 3000)
            #expect(run.code == 0, "\(run.errors)")
        }
        let audit = try program.run(["audit"], in: folder, clock: 3000)
        #expect(audit.output.contains(": \(2 + Self.steps.count) entries HOLD"), "\(audit.output)")
    }
}
