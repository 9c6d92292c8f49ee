// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

/// Runs, for each mutant, the tests that reach it, the quickest first and until the first one fails.
struct MutationRun: Sendable {
    /// What became of a mutant.
    enum Fate: String, Sendable {
        case killed
        /// Its tests never ended, or needed too much memory.
        case late
        /// Every test passed.
        case survived
        /// No test comes to its place.
        case unreached
    }

    let bundle: String
    let baseline: Baseline
    let workers: Int
    /// The seconds above which a test is left out, in a quick run.
    let longest: Double?
    let state: State

    /// The fate of each, in their order.
    func run(_ mutants: [Mutant]) throws -> [(mutant: Mutant, fate: Fate)] {
        let settled = try state.fates()
        let fates = Mutex<[Int: Fate]>(settled)
        let killers = Mutex<[String: [String]]>([:])
        let rest = mutants.filter { settled[$0.number] == nil }
        if rest.count < mutants.count { say("\(mutants.count - rest.count) are settled") }
        inParallel(rest, workers: workers) { mutant in
            let fate = try fate(of: mutant, killers: killers)
            if fate != .survived || longest == nil { try state.keep(fate, of: mutant) }
            let counts = fates.withLock { fates in
                fates[mutant.number] = fate
                return [Fate.killed, .late, .survived, .unreached].map { fate in fates.values.count { $0 == fate } }
            }
            if fate == .survived || fate == .unreached { say("\(fate.rawValue)  \(mutant.description)") }
            let done = counts.reduce(0, +)
            if done % 100 == 0 {
                say(
                    "\(done) of \(mutants.count): \(counts[0]) killed, \(counts[1]) never ended, "
                        + "\(counts[2]) survived, \(counts[3]) not reached")
            }
        }
        let all = fates.withLock { $0 }
        return mutants.map { ($0, all[$0.number] ?? .unreached) }
    }

    private func fate(of mutant: Mutant, killers: borrowing Mutex<[String: [String]]>) throws -> Fate {
        let tests = baseline.tests(reaching: mutant)
        guard !tests.isEmpty else { return .unreached }
        // What killed its neighbours, and the tests named for its file, are likely to kill it too.
        let noun = mutant.file.split(separator: "/").last.map { $0.dropLast(".swift".count) } ?? ""
        let likely = killers.withLock { $0[mutant.file, default: []] } + ["\(noun)Tests"]
        let isLikely = { (test: Baseline.Test) in likely.contains { test.name.contains(".\($0)/") } }
        var rest = (tests.filter(isLikely) + tests.filter { !isLikely($0) })[...]
        for budget in [0.5, 3, longest == nil ? Double.infinity : 0] {
            var seconds = 0.0
            var batch: [String] = []
            while let test = rest.first, batch.isEmpty && budget > 0 || seconds + test.seconds - 0.05 <= budget {
                rest = rest.dropFirst()
                if let longest, test.seconds > longest { continue }
                seconds += test.seconds - 0.05
                batch.append(test.name)
            }
            guard !batch.isEmpty else { break }
            let run = TestRun(
                bundle: bundle, tests: batch, environment: ["INDELIBLE_MUTANT": String(mutant.number)],
                seconds: Int(8 + 6 * seconds))
            switch try run.run() {
            case .passed: continue
            case .failed(let file):
                if let file {
                    killers.withLock { killers in
                        killers[mutant.file] = Array(
                            ([file] + killers[mutant.file, default: []].filter { $0 != file }).prefix(3))
                    }
                }
                return .killed
            case .late: return .late
            }
        }
        return .survived
    }
}
