// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Calls of the write path fail, one by one, in the program as it is shipped: no proof without an entry, no fork, no
/// ledger that needs a person.
///
/// INDELIBLE_FAULTS says how many cases are run, taken evenly over all; without it, a small sample. INDELIBLE_FAULT_CASE
/// runs those whose description contains it.
@Suite("Faults", .serialized)
struct FaultMatrixTests {
    private static let sample = 120

    @Test func everyPromiseIsKept() async throws {
        let failures = try await withCheckedThrowingContinuation {
            (done: CheckedContinuation<[String], any Error>) in
            Thread.detachNewThread { done.resume(with: Result { try Self.run() }) }
        }
        #expect(failures == [])
    }

    private static func run() throws -> [String] {
        let environment = ProcessInfo.processInfo.environment
        let program = try WatchedProgram()
        let operations = try Operation.all(program)
        var cases = FaultCase.all(of: operations)
        let all = cases.count
        if let wanted = environment["INDELIBLE_FAULT_CASE"] {
            cases = cases.filter { $0.description.contains(wanted) }
        } else {
            let count = min(environment["INDELIBLE_FAULTS"].flatMap { Int($0) } ?? sample, all)
            // A stride that meets every operation and every kind, and is the same in every run.
            cases = (0..<count).map { cases[$0 * all / count] }
        }
        let folder = try FaultFolder()
        var table = FaultTable()
        var failures: [String] = []
        for (number, one) in cases.enumerated() {
            let result = try one.run(program, in: folder)
            table.add(one, result)
            failures += result.failures.map { "\(one): \($0)" }
            if (number + 1) % 250 == 0 { say("\(number + 1) of \(cases.count) cases; \(table.failures) fail") }
        }
        say("\(table)")
        if table.missed * 50 > cases.count {
            failures.append("\(table.missed) of \(cases.count) calls were not made: more than one in fifty")
        }
        return failures
    }

    /// At once: what waits to be written is lost where a run is stopped.
    private static func say(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }
}
