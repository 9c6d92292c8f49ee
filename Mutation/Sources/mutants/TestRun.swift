// SPDX-License-Identifier: Apache-2.0
import Foundation

/// One run of some of the tests, in a process of its own.
struct TestRun: Sendable {
    /// How it ended.
    enum Outcome: Sendable {
        case passed
        /// A test recorded an issue, in this file if it was told, or the process crashed.
        case failed(file: String?)
        /// It took far longer than without the mutant, or far more memory.
        case late
    }

    /// The test bundle, a program.
    let bundle: String
    /// The names of tests, as the bundle lists them; all where there are none.
    let tests: [String]
    let environment: [String: String]
    let seconds: Int

    /// How far what is started stands behind everything else on the machine; `Process` does not hand that on.
    private static let niceness = ProcessInfo.processInfo.environment["INDELIBLE_NICE"].flatMap { Int($0) } ?? 19

    /// Runs them one after another, until the first issue.
    func run() throws -> Outcome {
        let filters = tests.flatMap { ["--filter", "^" + NSRegularExpression.escapedPattern(for: $0)] }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments =
            [
                "-c", "ulimit -v 8000000; ulimit -c 0; exec nice -n \(Self.niceness) timeout -s KILL \"$@\"", "sh",
                String(seconds), bundle,
            ]
            + ["--testing-library", "swift-testing", "--no-parallel"] + filters
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        process.standardInput = FileHandle.nullDevice
        let ended = DispatchSemaphore(value: 0)
        process.terminationHandler = { _ in ended.signal() }
        try process.run()
        var printed = Data()
        let mark = Data("recorded an issue".utf8)
        var found = false
        while !found {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { break }
            printed = printed.suffix(4096) + more
            // The line says further on where: ` at SignedNoteTests.swift:20:9: …`
            guard let place = printed.range(of: mark) else { continue }
            found = printed[place.upperBound...].contains(0x0A)
        }
        if found { process.terminate() }
        ended.wait()
        if found {
            let text = String(decoding: printed, as: UTF8.self)
            return .failed(file: text.firstMatch(of: /recorded an issue.* at (\w+)\.swift:/).map { String($0.1) })
        }
        if process.terminationReason == .exit, process.terminationStatus == 0 { return .passed }
        let wasKilled = process.terminationStatus == SIGKILL || process.terminationStatus == 128 + SIGKILL
        return wasKilled ? .late : .failed(file: nil)
    }

    /// The names of all tests.
    static func names(in bundle: String) throws -> [String] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: bundle)
        process.arguments = ["--testing-library", "swift-testing", "--list-tests"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(separator: "\n").map(String.init).filter { $0.contains("/") }
    }
}
