// SPDX-License-Identifier: Apache-2.0
import Foundation
import TestSupport

/// One fault at one call of one operation, and what must hold afterwards.
///
///     run under the fault   ->   the power fails, in some   ->   run again, without   ->   audit, verify all proofs
struct FaultCase: Sendable, CustomStringConvertible {
    let operation: Operation
    let fault: Fault
    /// The first call that is hit.
    let ordinal: Int
    /// For what a torn power cut leaves.
    let seed: UInt64

    /// What came of it.
    struct Result: Sendable {
        /// The calls that were hit: those that a program made that had not ended before.
        let hits: Int
        /// What does not hold; nothing, as it must be.
        let failures: [String]
        /// Temporary files that are left of a run that was killed.
        let leftovers: Int
    }

    var description: String {
        let call = operation.calls.indices.contains(ordinal - 1) ? operation.calls[ordinal - 1] : nil
        return
            "\(operation.name), \(fault) at call \(ordinal) (\(call?.name ?? "none") \(call?.path.split(separator: "/").suffix(2).joined(separator: "/") ?? ""))"
    }

    /// Every case of some operations, in order.
    static func all(of operations: [Operation]) -> [FaultCase] {
        var cases: [FaultCase] = []
        for operation in operations {
            for fault in Fault.table {
                for call in operation.calls where fault.happens(to: call.name) {
                    cases.append(
                        FaultCase(operation: operation, fault: fault, ordinal: call.ordinal, seed: UInt64(cases.count)))
                }
            }
        }
        return cases
    }

    /// Runs it in a folder that is made anew for it.
    func run(_ program: WatchedProgram, in folder: FaultFolder) throws -> Result {
        try folder.begin(with: operation.template)
        var promises = Promises(in: folder)
        promises.see()
        var failures: [String] = []
        func demand(_ holds: Bool, _ what: String) { if !holds { failures.append(what) } }
        let isModelled = fault.sequel != .none || fault.effect == .lost || fault.effect == .back

        let first = try program.run(operation.arguments, in: folder, fault, at: ordinal, modelled: isModelled)
        let hits = first.calls.count { $0.isHit }
        if let complaint = complaint(first.ending) { failures.append(complaint) }
        try promises.take(operation.proofs)
        promises.see(signed: fault.sequel != .powerCut && fault.sequel != .tornPowerCut)
        switch fault.sequel {
        case .powerCut: try PowerCut(disk: folder.disk) { false }.strike(folder)
        case .tornPowerCut:
            var random = SeededGenerator(seed: seed)
            try PowerCut(disk: folder.disk) { random.once(in: 2) }.strike(folder)
        case .none, .latePowerCut, .laterPowerCut: break
        }

        let isLate = fault.sequel.isLate
        let again = try program.run(operation.arguments, in: folder, nil, modelled: isLate, clock: 10).ending
        demand(operation.succeeds(again), "the next run ends with \(again.code ?? -1): \(again.errors)")
        if let carries = operation.carries, again.code == 0 {
            try FileManager.default.copyItem(
                atPath: folder.world + "/" + carries, toPath: folder.world + "/carried.filing")
        }
        try promises.take(operation.proofs)
        promises.see()
        if isLate {
            let isFollowed = fault.sequel == .laterPowerCut
            if isFollowed {
                let next = try program.run(Operation.next, in: folder, nil, modelled: true, clock: 20).ending
                demand(next.code == 0, "the run behind it ends with \(next.code ?? -1): \(next.errors)")
                try promises.take([Operation.nextProof])
                promises.see()
            }
            try PowerCut(disk: folder.disk) { false }.strike(folder)
            for arguments in [operation.arguments, Operation.next] {
                let last = try program.run(arguments, in: folder, clock: 30)
                let isDone = arguments == Operation.next ? last.code == 0 : operation.succeeds(last)
                demand(isDone, "a run after the power cut ends with \(last.code ?? -1): \(last.errors)")
            }
            promises.see()
        }
        for arguments in operation.uses {
            let use = try program.run(arguments, in: folder, clock: 35)
            demand(use.code == 0, "\(arguments) at the end ends with \(use.code ?? -1): \(use.errors)")
        }
        if !operation.uses.isEmpty { try promises.take(operation.proofs + [Operation.nextProof]) }
        promises.see()

        let audit = try program.run(["audit"], in: folder, clock: 40)
        demand(audit.code == 0, "the audit ends with \(audit.code ?? -1): \(audit.output)\(audit.errors)")
        if let entries = operation.entries {
            demand(audit.output.contains(": \(entries) entries HOLD"), "not \(entries) entries: \(audit.output)")
        }
        let verify = try program.run(
            ["verify", "--trust", "keys/policy"] + promises.handedOut(), in: folder, clock: 40)
        demand(verify.code == 0, "a proof that was handed out does not hold: \(verify.output)\(verify.errors)")
        try promises.compare()
        let leftovers = folder.names().count { $0.hasSuffix(".tmp") }
        demand(leftovers == 0 || fault.outcome == .killed || hidesAFile(first.calls), "a temporary file is left")
        return Result(hits: hits, failures: failures + promises.broken + wrongModes(folder), leftovers: leftovers)
    }

    /// What is wrong with how a run under a fault ended: it says in one line what is the matter, or it has done its work.
    private func complaint(_ ending: WatchedProgram.Ending) -> String? {
        guard let code = ending.code else {
            return fault.outcome == .killed ? nil : "ended by a signal: \(ending.errors)"
        }
        let errors = ending.errors.split(separator: "\n").filter { $0.hasPrefix("indelible: error: ") }
        if code == 0 { return errors.isEmpty ? nil : "exit 0 with: \(ending.errors)" }
        guard code == 3 else { return "ended with \(code): \(ending.errors)" }
        return errors.count == 1 ? nil : "no one line says what is wrong: \(ending.errors)"
    }

    /// Whether a file was made, or was to be removed, in a way that the program cannot know of.
    private func hidesAFile(_ calls: [WatchedProgram.Call]) -> Bool {
        calls.contains { $0.isHit && ["open", "unlink"].contains($0.name) }
    }

    /// What is private stays so.
    private func wrongModes(_ folder: FaultFolder) -> [String] {
        folder.names().compactMap { name in
            let isPrivate =
                name.contains("/.state") || name.hasSuffix(".private") || name.hasSuffix(".draft")
                || name.hasSuffix(".pem")
            var status = stat()
            guard isPrivate, stat(folder.world + "/" + name, &status) == 0 else { return nil }
            // What is in the folder of the state is private by it.
            if name.contains("/.state/") || status.st_mode & 0o077 == 0 { return nil }
            return "\(name) can be read by others"
        }
    }
}
