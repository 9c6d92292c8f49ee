// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The program under test, and the library that is preloaded to it.
///
/// INDELIBLE_PROGRAM names another one than that which was built with the tests.
struct WatchedProgram: Sendable {
    /// How a run ended, and what was said.
    struct Ending: Sendable {
        /// The exit code; nil if a signal ended it.
        let code: Int32?
        let output: String
        let errors: String
    }

    /// A call that was watched.
    struct Call: Sendable {
        let ordinal: Int
        let name: String
        let isHit: Bool
        let path: String
    }

    let path: String
    let library: String

    /// Finds the program, and builds the library beside it.
    init() throws {
        let tests = URL(fileURLWithPath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
            .deletingLastPathComponent()
        path =
            ProcessInfo.processInfo.environment["INDELIBLE_PROGRAM"]
            ?? tests.appendingPathComponent("indelible").path
        library = tests.appendingPathComponent("libfaults.so").path
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Preload")
        try Self.build(
            library, from: ["calls.c", "plan.c", "disk.c", "clock.c"].map { sources.appendingPathComponent($0).path })
    }

    private static func build(_ library: String, from sources: [String]) throws {
        // Beside it first, under a name of its own: another test may be building or loading one at the same time.
        let fresh = library + ".\(UUID().uuidString)"
        let compiler = Process()
        compiler.executableURL = URL(fileURLWithPath: "/bin/sh")
        // Swift brings clang; any other will do.
        compiler.arguments =
            ["-c", "$(command -v clang || command -v cc) \"$@\"", "sh"]
            + ["-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC", "-o", fresh] + sources + ["-lpthread"]
        try compiler.run()
        compiler.waitUntilExit()
        guard compiler.terminationStatus == 0, rename(fresh, library) == 0 else {
            throw Problem("the preloaded library does not build")
        }
    }

    /// Runs the program in `folder` to its end, with its clock ahead by so many seconds.
    func run(
        _ arguments: [String], in folder: FaultFolder, _ environment: [String: String] = [:], clock ahead: Int = 0
    ) throws -> Ending {
        let (output, errors) = (folder.scratch + "/output", folder.scratch + "/errors")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder.world)
        process.environment = folder.environment.merging(environment) { $1 }
            .merging(["LD_PRELOAD": library, "FAULT_CLOCK": "\(ahead)"]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try Self.file(output)
        process.standardError = try Self.file(errors)
        try process.run()
        process.waitUntilExit()
        return Ending(
            code: process.terminationReason == .exit ? process.terminationStatus : nil,
            output: try String(contentsOfFile: output, encoding: .utf8),
            errors: try String(contentsOfFile: errors, encoding: .utf8))
    }

    /// Runs it with the library: `at` the ordinal of the call to be hit, or none. With `modelled`, what is not flushed is
    /// remembered for a power cut.
    func run(
        _ arguments: [String], in folder: FaultFolder, _ fault: Fault?, at ordinal: Int = 0, modelled: Bool,
        clock ahead: Int = 0
    ) throws -> (ending: Ending, calls: [Call]) {
        let trace = folder.scratch + "/trace"
        unlink(trace)
        var environment = ["FAULT_FOLDER": folder.world, "FAULT_TRACE": trace]
        if modelled { environment["FAULT_DISK"] = folder.disk }
        if let fault {
            environment["FAULT_AT"] = "\(ordinal)"
            environment["FAULT_RUN"] = "\(fault.inARow)"
            environment["FAULT_ERROR"] = fault.outcome.rawValue
            environment["FAULT_EFFECT"] = fault.effect.rawValue
        }
        let ending = try run(arguments, in: folder, environment, clock: ahead)
        return (ending, try Self.calls(trace))
    }

    /// What was watched, from the trace of a run.
    static func calls(_ trace: String) throws -> [Call] {
        guard let bytes = FileManager.default.contents(atPath: trace) else { return [] }
        return try String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { line in
            let words = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
            guard words.count == 4, let ordinal = Int(words[0]) else { throw Problem("a trace: \(line)") }
            return Call(ordinal: ordinal, name: String(words[1]), isHit: words[2] == "hit", path: String(words[3]))
        }
    }

    private static func file(_ path: String) throws -> FileHandle {
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw Problem("cannot write \(path)") }
        return handle
    }
}

/// Something that keeps a test from being run.
struct Problem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
