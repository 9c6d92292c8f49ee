// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport
import Testing

/// Calls of the write path fail, one by one, in the program as it is shipped: no proof without an entry, no fork, no
/// ledger that needs a person.
///
/// INDELIBLE_FAULTS says how many cases are run, taken evenly over all; without it, a small sample. INDELIBLE_FAULT_CASE
/// takes them of those alone whose description contains it.
@Suite("Faults", .serialized)
struct FaultMatrixTests {
    private static let sample = 120
    private static let sampleMakingKeys = 6

    @Test func everyPromiseIsKept() async throws {
        #expect(try await onOwnThread { try Self.run() } == [])
    }

    private static func run() throws -> [String] {
        let environment = ProcessInfo.processInfo.environment
        let program = try WatchedProgram()
        let wanted = environment["INDELIBLE_FAULT_CASE"]
        func cases(of operations: [Operation]) -> [FaultCase] {
            let all = FaultCase.all(of: operations)
            return wanted.map { wanted in all.filter { $0.description.contains(wanted) } } ?? all
        }
        let others = cases(of: try Operation.others(program))
        let makingKeys = cases(of: try Operation.makingKeys(program))
        let count = environment["INDELIBLE_FAULTS"].flatMap { Int($0) }
        let cases =
            if let count { few(others + makingKeys, count) } else if wanted != nil { others + makingKeys } else {
                few(others, sample) + few(makingKeys, sampleMakingKeys)
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

    /// So many cases, by a stride that meets every operation and every kind, and is the same in every run.
    private static func few(_ cases: [FaultCase], _ count: Int) -> [FaultCase] {
        let count = min(count, cases.count)
        return (0..<count).map { cases[$0 * cases.count / count] }
    }

    /// At once: what waits to be written is lost where a run is stopped.
    private static func say(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }
}
