// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Every script in `Scripts`, run with the built tool.
@Suite("Scripts")
struct ScriptTests {
    @Test("A script holds", arguments: try ScriptFile.all())
    func holds(_ file: ScriptFile) async throws {
        do {
            try await ScriptQueue.run(file)
        } catch let problem as ScriptProblem {
            Issue.record("\(problem.reason)\n\n\(problem.transcript)", sourceLocation: file.location(problem.line ?? 1))
        }
    }

    /// Where this is skipped, `crash-points` and a part of `full-disk` have nothing to say: they need strace, and a
    /// system that lets it trace.
    @Test("Programs can be stopped at an exact call", .enabled(if: Self.canTrace))
    func canStopAtACall() {
        #expect(Self.canTrace)
    }

    private static let canTrace: Bool = {
        let strace = Process()
        strace.executableURL = URL(fileURLWithPath: "/usr/bin/strace")
        strace.arguments = ["-f", "-qq", "-o", "/dev/null", "true"]
        strace.standardError = FileHandle.nullDevice
        do {
            try strace.run()
        } catch {
            return false
        }
        strace.waitUntilExit()
        return strace.terminationStatus == 0
    }()

    @Test("There are scripts")
    func isNotEmpty() throws {
        #expect(try !ScriptFile.all().isEmpty)
    }
}

/// A script's file, named as its test case is shown.
struct ScriptFile: CustomTestStringConvertible {
    let url: URL

    var testDescription: String { url.lastPathComponent }

    /// The scripts by name; only the one that INDELIBLE_SCRIPT names, if it is set.
    static func all() throws -> [ScriptFile] {
        let chosen = ProcessInfo.processInfo.environment["INDELIBLE_SCRIPT"]
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Scripts")
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "txt" }
            .filter { chosen == nil || $0.deletingPathExtension().lastPathComponent == chosen }
            .sorted { $0.path < $1.path }
            .map(ScriptFile.init)
    }

    func run() throws {
        let name = url.deletingPathExtension().lastPathComponent
        try ScriptRun.perform(
            Script(name: name, Data(contentsOf: url)), tool: try BuiltTool.url(),
            repository: (0..<3).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() })
    }

    func location(_ line: Int) -> SourceLocation {
        SourceLocation(fileID: "CommandTests/\(testDescription)", filePath: url.path, line: line, column: 1)
    }
}

/// Where scripts wait their turn: two at a time, on threads of their own, since a script waits for programs.
enum ScriptQueue {
    private static let queue = {
        let queue = OperationQueue()
        queue.maxConcurrentOperationCount = 2
        return queue
    }()

    static func run(_ file: ScriptFile) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            queue.addOperation { continuation.resume(with: Result { try file.run() }) }
        }
    }
}

/// The tool that was built together with the tests.
enum BuiltTool {
    /// It lies beside the program that runs the tests, whatever the configuration and the scratch path.
    static func url() throws -> URL {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let tool = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("indelible")
        guard FileManager.default.isExecutableFile(atPath: tool.path) else {
            throw ScriptProblem("\(tool.path) is not there: build the product indelible first")
        }
        return tool
    }
}
