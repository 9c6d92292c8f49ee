// SPDX-License-Identifier: Apache-2.0

/// What came of many faults, by operation and by kind.
struct FaultTable: CustomStringConvertible {
    private struct Line {
        var cases = 0
        var faults = 0
        var missed = 0
        var failures = 0
        var leftovers = 0
    }

    private var operations: [String: Line] = [:]
    private var kinds: [String: Line] = [:]

    /// How many cases do not hold.
    var failures: Int { kinds.values.reduce(0) { $0 + $1.failures } }
    /// In how many the program ended before the call: how many calls it makes can differ from run to run.
    var missed: Int { kinds.values.reduce(0) { $0 + $1.missed } }

    mutating func add(_ one: FaultCase, _ result: FaultCase.Result) {
        for (table, key) in [(\FaultTable.operations, one.operation.name), (\FaultTable.kinds, "\(one.fault)")] {
            self[keyPath: table][key, default: Line()].cases += 1
            self[keyPath: table][key, default: Line()].faults += result.hits
            self[keyPath: table][key, default: Line()].missed += result.hits == 0 ? 1 : 0
            self[keyPath: table][key, default: Line()].failures += result.failures.isEmpty ? 0 : 1
            self[keyPath: table][key, default: Line()].leftovers += result.leftovers
        }
    }

    var description: String {
        "\n" + Self.text("operation", operations) + "\n" + Self.text("kind of fault", kinds)
    }

    private static func text(_ title: String, _ lines: [String: Line]) -> String {
        var sum = Line()
        for line in lines.values {
            sum.cases += line.cases
            sum.faults += line.faults
            sum.missed += line.missed
            sum.failures += line.failures
            sum.leftovers += line.leftovers
        }
        let rows = lines.sorted { $0.key < $1.key } + [("all", sum)]
        return row(title, "cases", "faults", "missed", "fail", "leftovers")
            + rows.map { row($0, "\($1.cases)", "\($1.faults)", "\($1.missed)", "\($1.failures)", "\($1.leftovers)") }
            .joined()
    }

    private static func row(_ title: String, _ cells: String...) -> String {
        func blanks(_ text: String, _ width: Int) -> String {
            String(repeating: " ", count: max(width - text.count, 0))
        }
        return title + blanks(title, 44) + cells.map { blanks($0, 10) + $0 }.joined() + "\n"
    }
}
