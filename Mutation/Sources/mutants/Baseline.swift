// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

/// Which tests reach which mutants, and how long each test takes, found by running each test by itself.
struct Baseline: Sendable {
    /// One test.
    struct Test: Sendable {
        let name: String
        let seconds: Double
        /// One byte for each mutant: 1 where the test reaches its place.
        let reached: [UInt8]
        let reachedCount: Int

        init(name: String, seconds: Double, reached: [UInt8]) {
            self.name = name
            self.seconds = seconds
            self.reached = reached
            reachedCount = reached.count { $0 != 0 }
        }
    }

    /// First those that take little time and are about little.
    let tests: [Test]

    /// Runs every test by itself, without any mutant, unless that was done for this build before.
    init(bundle: String, folder: URL, state: State, workers: Int) throws {
        if let tests = try state.tests() {
            self.tests = tests
            return
        }
        say("Running each test by itself, without any mutant")
        let names = try TestRun.names(in: bundle)
        let measured = Mutex<[Test]>([])
        let failures = Mutex<[String]>([])
        inParallel(names, workers: workers) { name in
            let file = folder.appendingPathComponent("reached-\(UUID().uuidString)")
            defer { try? FileManager.default.removeItem(at: file) }
            let start = Date()
            let run = TestRun(
                bundle: bundle, tests: [name], environment: ["INDELIBLE_REACHED": file.path], seconds: 600)
            guard case .passed = try run.run() else {
                failures.withLock { $0.append(name) }
                return
            }
            let seconds = Date().timeIntervalSince(start)
            let reached = Array(try Data(contentsOf: file))
            measured.withLock { $0.append(Test(name: name, seconds: seconds, reached: reached)) }
        }
        let failed = failures.withLock { $0 }
        guard failed.isEmpty else { throw Stopped("fails without any mutant: \(failed.joined(separator: ", "))") }
        tests = measured.withLock { $0 }.sorted {
            $0.seconds * Double($0.reachedCount) < $1.seconds * Double($1.reachedCount)
        }
        try state.keep(tests)
    }

    /// The tests that reach a mutant, the likeliest to tell first.
    func tests(reaching mutant: Mutant) -> [Test] {
        tests.filter { $0.reached[mutant.number] != 0 }
    }
}

/// Does something for each value, some of them at a time; what throws ends the program, since nothing would be shown.
func inParallel<Value: Sendable>(
    _ values: [Value], workers: Int, _ body: @escaping @Sendable (Value) throws -> Void
) {
    let next = Mutex(0)
    // Threads of their own: `DispatchQueue.concurrentPerform` may use fewer.
    let ended = DispatchSemaphore(value: 0)
    for _ in 0..<workers {
        Thread.detachNewThread {
            while true {
                let index = next.withLock { next in
                    defer { next += 1 }
                    return next
                }
                guard index < values.count else { break }
                do { try body(values[index]) } catch { stop("\(error)") }
            }
            ended.signal()
        }
    }
    for _ in 0..<workers { ended.wait() }
}
