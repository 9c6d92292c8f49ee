// SPDX-License-Identifier: Apache-2.0
import Foundation

// mutants write ROOT COPY                          writes the mutated sources into the copy
// mutants list ROOT COPY                           writes them too, and prints every mutant with its number
// mutants run ROOT COPY BUNDLE [--again] [--quick] [--on] [FILE…]   runs the tests for every mutant of these files, or of all
//
// --again: what survived the last time. --quick: without the slowest tests, so some of what survives is killed by those.
// --on: what the runs of this build have found before is not run again.
// Exit status: 0 if no mutant is left, 1 if some are, 2 if there is no result.

let arguments = CommandLine.arguments
guard arguments.count >= 4 else {
    stop("usage: mutants write|run ROOT COPY [BUNDLE [--again] [--quick] [--on] [FILE…]]")
}
let root = URL(fileURLWithPath: arguments[2])
let folder = URL(fileURLWithPath: arguments[3])
do {
    let copy = try Copy(of: root, in: folder)
    if arguments[1] == "list" {
        for mutant in copy.mutants { print(mutant.number, mutant.description) }
        exit(0)
    }
    guard arguments[1] == "run" else {
        say("\(copy.mutants.count) mutants")
        exit(0)
    }
    let bundle = arguments[4]
    let wanted = arguments.dropFirst(5).filter { !$0.hasPrefix("--") }
    let survivorsFile = folder.appendingPathComponent("survivors")
    var mutants = copy.mutants
    if !wanted.isEmpty {
        mutants = mutants.filter { mutant in wanted.contains { "/\(mutant.file)".hasSuffix("/\($0)") } }
    }
    if arguments.contains("--again") {
        let last = Set(try String(contentsOf: survivorsFile, encoding: .utf8).split(separator: "\n").map(String.init))
        mutants = mutants.filter { last.contains(Equivalents.Key($0).description) }
    }
    guard !mutants.isEmpty else { stop("no mutant is left to run") }
    let equivalents = try Equivalents(
        parsing: String(contentsOf: root.appendingPathComponent("Mutation/equivalent"), encoding: .utf8))

    let workers = 2
    let state = try State(
        of: bundle, in: folder.appendingPathComponent("state"), goesOn: arguments.contains("--on"))
    let baseline = try Baseline(bundle: bundle, folder: folder, state: state, workers: workers)
    say("\(baseline.tests.count) tests; running \(mutants.count) mutants")
    let fates = try MutationRun(
        bundle: bundle, baseline: baseline, workers: workers, longest: arguments.contains("--quick") ? 1.5 : nil,
        state: state
    ).run(mutants)
    let report = Report(fates: fates, equivalents: equivalents, isWhole: mutants.count == copy.mutants.count)
    let survivors = report.survivors
    let lines = survivors.map { Equivalents.Key($0).description + "\n" }.joined()
    try Data(lines.utf8).write(to: survivorsFile)
    print(report.table)
    if !survivors.isEmpty { print("\nSurvived:") }
    for mutant in survivors { print(mutant.description) }
    if !report.stale.isEmpty { print("\nIn Mutation/equivalent, though no such mutant survives:") }
    for line in report.stale { print(line) }
    exit(survivors.isEmpty && report.stale.isEmpty ? 0 : 1)
} catch {
    stop("\(error)")
}
