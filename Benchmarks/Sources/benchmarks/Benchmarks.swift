// SPDX-License-Identifier: Apache-2.0
import Foundation
import Ledger
import SystemPackage

/// Measures what a person waits for, as ratios against something on the same machine in the same run.
///
///     benchmarks FOLDER INDELIBLE [entries [PART]]     FOLDER is empty, INDELIBLE is the built tool, PART is one of
///                                                      hashing, append, verify, service, audit; all where none is named;
///                                                      or, only where it is named, growth; or grow, to come before it
@main
enum Benchmarks {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else {
            print("usage: benchmarks FOLDER INDELIBLE [entries]")
            exit(2)
        }
        let folder = FilePath(arguments[1])
        if arguments.count > 3, arguments[3] == "audit-memory", let kind = arguments.last {
            // In a process of its own, so that the memory is the audit's alone.
            return try await AuditBenchmark(ledger: folder).printMemory(tree: kind == "tree")
        }
        if arguments.count > 3, arguments[3] == "growth-sample" {
            return try await GrowthSample(ledger: folder.appending("growing")).run()
        }
        let entries = arguments.count > 3 ? Int(arguments[3]) ?? 1_000_000 : 1_000_000
        print("\(ProcessInfo.processInfo.activeProcessorCount) cores, \(entries) entries where there is a ledger\n")
        print(Measured.head)
        let part = arguments.count > 4 ? arguments[4] : nil
        if part ?? "hashing" == "hashing" {
            for measured in try HashingBenchmark(folder: folder, tool: arguments[2]).run() { print(measured.row) }
        }
        if part ?? "append" == "append" {
            for measured in try await AppendBenchmark(folder: folder).run() { print(measured.row) }
        }
        if part ?? "verify" == "verify" {
            for measured in try VerifyBenchmark(folder: folder, tool: arguments[2]).run() { print(measured.row) }
        }
        if part ?? "service" == "service" {
            for measured in try ServiceBenchmark(folder: folder.appending("service"), tool: arguments[2]).run() {
                print(measured.row)
            }
        }
        if part == "grow" {
            return try await GrowthBenchmark(folder: folder, program: arguments[0]).prepare(entries)
        }
        if part == "growth" {
            return try await GrowthBenchmark(folder: folder, program: arguments[0]).run(to: entries)
        }
        guard part ?? "audit" == "audit" else { return }
        let ledger = folder.appending("audited")
        let audit = AuditBenchmark(ledger: ledger)
        try await audit.makeLedger(of: entries)
        for measured in try await audit.run(of: entries, program: arguments[0]) { print(measured.row) }
    }

    /// Runs a program to its end and gives its standard output; stops if it fails.
    @discardableResult
    static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], expecting status: Int32 = 0
    ) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = environment.map { "\($0)=\($1)" } + [program] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == status else {
            print("\(program) \(arguments.joined(separator: " ")) ended with \(process.terminationStatus)")
            exit(1)
        }
        return String(decoding: data, as: UTF8.self)
    }
}
