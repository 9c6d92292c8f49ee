// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import TestSupport
import Testing

/// A served log fails behind the signing of a tree, and opens itself again; and that fails too, once or several times
/// (Raio2025h2a). It signs nothing until it has succeeded, and then goes on from what was signed.
///
/// Each takes as long as the log waits between two looks, ten seconds for each that fails and one more: one is in every
/// run, all with INDELIBLE_FAULTS.
@Suite("A served log that cannot be opened again")
struct FailedReloadTests {
    private struct Failure: Sendable, CustomStringConvertible {
        let error: String
        /// How many times opening it again fails.
        let reloads: Int
        /// Whether the power is cut when it has gone on.
        var cutsPower = false

        var description: String { "\(error), \(reloads) reloads\(cutsPower ? ", power cut" : "")" }
    }

    private static let failures: [Failure] = {
        let all = [
            Failure(error: "EIO", reloads: 1, cutsPower: true), Failure(error: "ENOSPC", reloads: 1),
            Failure(error: "EIO", reloads: 2), Failure(error: "ENOSPC", reloads: 3, cutsPower: true),
        ]
        return ProcessInfo.processInfo.environment["INDELIBLE_FAULTS"] == nil ? Array(all.prefix(1)) : all
    }()

    @Test func theLogGoesOnWhenItCan() async throws {
        #expect(try await onOwnThread { try Self.run() } == [])
    }

    /// All at once: they wait most of the time.
    private static func run() throws -> [String] {
        let program = try WatchedProgram()
        let (template, filings) = try KilledServerTests.prepared(program, filings: 2)
        let results = Mutex<[Result<[String], any Error>]>([])
        let group = DispatchGroup()
        for failure in failures {
            group.enter()
            Thread.detachNewThread {
                defer { group.leave() }
                let result = Result { try run(failure, program, template, filings).map { "\(failure): \($0)" } }
                results.withLock { $0.append(result) }
            }
        }
        group.wait()
        return try results.withLock { $0 }.flatMap { try $0.get() }
    }

    private static func run(
        _ failure: Failure, _ program: WatchedProgram, _ template: FaultFolder, _ filings: [[UInt8]]
    ) throws -> [String] {
        let folder = try FaultFolder()
        try folder.begin(with: template)
        let log = try ServedFolder(folder, program, filings: filings)
        let trace = folder.scratch + "/trace"
        var environment = [
            "LD_PRELOAD": program.library, "FAULT_FOLDER": folder.world, "FAULT_TRACE": trace,
            // The signed checkpoint has its name, and the log does not know; the temporary file is to be removed; and
            // then each time the file is opened to which it is to be written anew.
            "FAULT_CALL": "rename", "FAULT_PATH": "/.state/signed", "FAULT_RUN": "\(2 + failure.reloads)",
            "FAULT_ERROR": failure.error, "FAULT_EFFECT": "after",
        ]
        if failure.cutsPower { environment["FAULT_DISK"] = folder.disk }
        let said = try log.live(throughFailure: environment)
        if failure.cutsPower { try PowerCut(disk: folder.disk) { false }.strike(folder) }
        var failures = try log.check()
        func demand(_ holds: Bool, _ what: String) { if !holds { failures.append(what) } }
        demand(said.contains("the log is halted"), "it does not say that it is halted: \(said)")
        let hits = try WatchedProgram.calls(trace).filter(\.isHit)
        let opened = hits.dropFirst(2).filter { $0.name == "open" && $0.path.contains("/.state/.signed.") }
        demand(hits.first?.name == "rename" && opened.count == failure.reloads, "other calls were hit: \(hits)")
        return failures
    }
}
