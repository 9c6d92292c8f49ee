// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Ledger
import SystemPackage
import TransparencyLog

/// What one process that opens a log of some size waits for, and the memory that it takes.
struct GrowthSample {
    let ledger: FilePath

    /// What is measured at each size, and in which unit.
    static let columns: [(name: String, unit: String)] = [
        ("open_ms", "the log opened for writing, milliseconds"),
        ("register_ms", "one registration to its proof, milliseconds (the middle of 100)"),
        ("proof_ms", "one proof of any entry, nothing in memory, milliseconds (the middle of 200)"),
        ("find_ms", "where a document is, milliseconds (the middle of 200)"),
        ("proof_bytes", "the proof of an entry without the entry, bytes"),
        ("memory_mb", "memory of all that at its most, MB"),
        ("tile_bytes", "hash tiles, bytes an entry"), ("entry_bytes", "entry bundles, bytes an entry"),
        ("index_bytes", "lookup index, bytes an entry"),
        ("append_rate", "filings verified and admitted a second, batches of 8192"),
        ("append_ratio", "that against libsodium's rate of verifying on the same cores"),
        ("audit_rate", "entries audited a second, with signatures"),
        ("audit_new_ms", "the audit of 1,100 new entries, its state read and written, milliseconds"),
    ]

    static func open(_ ledger: FilePath, batchLimit: Int = 256) async throws -> LedgerLog {
        try await LedgerLog(
            ledger, identity: AppendBenchmark.identity(), waiting: false, batchLimit: batchLimit,
            clock: { UInt64(time(nil)) })
    }

    /// Prints a figure a line.
    func run() async throws {
        let watch = Watch()
        let log = try await Self.open(ledger)
        print("open_ms \(watch.seconds * 1000)")
        let policy = try AppendBenchmark.identity().policy()
        let size = Int(await log.sequencer.head?.size.value ?? 0)
        print("register_ms \(try await registration(log, size, policy))")
        let proofs = try await proofs(log, size, policy)
        print("proof_ms \(proofs.time)\nproof_bytes \(proofs.bytes)")
        print("find_ms \(try finding(log, size))")
        print("memory_mb \(peakMemory())")
        try await log.close()
    }

    private func registration(_ log: LedgerLog, _ size: Int, _ policy: TrustPolicy) async throws -> Double {
        let identity = try AppendBenchmark.identity()
        let members = try AuditBenchmark.members()
        var times: [Double] = []
        for number in size..<size + 100 {
            let filing = try AuditBenchmark.registration(number, members, identity)
            let watch = Watch()
            let receipt = try await log.sequencer.submit(filing)
            let reader = LedgerReader(log.files, at: try policy.verify(SignedCheckpoint(receipt.checkpoint)))
            let proof = try await reader.proof(of: receipt.index)
            times.append(watch.seconds * 1000)
            guard proof.index == receipt.index else { throw FormatError("benchmark", "another entry") }
        }
        return median(times)
    }

    private func proofs(
        _ log: LedgerLog, _ size: Int, _ policy: TrustPolicy
    ) async throws -> (time: Double, bytes: Double) {
        var times: [Double] = []
        var counts: [Double] = []
        for _ in 0..<200 {
            guard let index = LeafIndex(UInt64.random(in: 0..<UInt64(size))) else { continue }
            let watch = Watch()
            let reader = try await LedgerReader(log.files, under: policy)
            let proof = try await reader.proof(of: index)
            times.append(watch.seconds * 1000)
            let entry = try await reader.entry(at: index).bytes
            counts.append(Double(proof.bytes.count - (entry.count + 2) / 3 * 4))
        }
        return (median(times), median(counts))
    }

    private func finding(_ log: LedgerLog, _ size: Int) throws -> Double {
        var times: [Double] = []
        for _ in 0..<200 {
            let dossier = AuditBenchmark.dossier(Int.random(in: 11..<size))
            let watch = Watch()
            let found = try log.index.entries(under: .digest(dossier), from: 0, limit: 2)
            times.append(watch.seconds * 1000)
            guard found.count == 1 else { throw FormatError("benchmark", "an entry is not found") }
        }
        return median(times)
    }
}
