// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Ledger
import SystemPackage
import TransparencyLog

/// Audits of a ledger of signed registrations, against libsodium's own rate of verifying.
struct AuditBenchmark {
    let ledger: FilePath

    /// Makes the ledger: a charter, ten members, and registrations by them.
    func makeLedger(of count: Int) async throws {
        try DurableFile.makeFolder(ledger)
        let identity = try AppendBenchmark.identity()
        let sequencer = try await Sequencer(
            store: DirectoryStore.writing(ledger), identity: identity, rules: OpaqueEntries(), batchLimit: 8192,
            clock: { UInt64(time(nil)) })
        let steward = try Self.signer("steward", 1)
        let members = try Self.members()
        let charter = try Charter(
            stewards: [steward.verifierKey], threshold: 1, sponsors: 0, admission: .members,
            logKeys: identity.verifierKeys)
        var first = [try Self.entry(of: Self.filing(.charter(charter), [steward], identity))]
        for member in members {
            first.append(
                try Self.entry(
                    of: Self.filing(
                        .enrol(Enrolment(key: member.verifierKey, revokers: [])), [member, steward], identity)))
        }
        for result in await sequencer.submit(first) { _ = try result.get() }
        for start in stride(from: first.count, to: count, by: 8192) {
            let batch = try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
                for number in start..<min(start + 8192, count) {
                    group.addTask {
                        (number, try Self.entry(of: Self.registration(number, members, identity)))
                    }
                }
                var batch: [(Int, [UInt8])] = []
                for try await made in group { batch.append(made) }
                return batch.sorted { $0.0 < $1.0 }.map(\.1)
            }
            for result in await sequencer.submit(batch) { _ = try result.get() }
        }
    }

    func run(of count: Int, program: String) async throws -> [Measured] {
        let rate = try libsodiumRate()
        let policy = try AppendBenchmark.identity().policy()
        let source = DirectoryStore.reading(ledger)
        let full = try await duration(of: Audit(of: source, under: policy))
        // Before and after, since what else the machine does changes.
        let both = (rate + (try libsodiumRate())) / 2
        let tree = try await duration(of: Audit(of: source, under: policy, depth: .tree))
        let memory = try Benchmarks.run(program, [ledger.string, "-", "audit-memory", "full"])
        let treeMemory = try Benchmarks.run(program, [ledger.string, "-", "audit-memory", "tree"])
        return [
            Measured(
                what: "audit with signatures", figure: "\(Int(Double(count) / full)) entries/s",
                against: "libsodium verifies \(Int(both)) of these filings/s on the same cores",
                ratio: Double(count) / full / both, wanted: "at least 0.85"),
            Measured(
                what: "audit of the tree (`--no-signatures`)", figure: "\(Int(Double(count) / tree)) entries/s",
                against: "the audit with signatures", ratio: full / tree, wanted: "at least 1,000,000 entries/s"),
            Measured(
                what: "memory of the audit with signatures",
                figure: memory.trimmingCharacters(in: .whitespacesAndNewlines),
                against: "of the tree alone \(treeMemory.trimmingCharacters(in: .whitespacesAndNewlines))", ratio: nil,
                wanted: "under 100 MB at a million entries"),
        ]
    }

    private func duration(of audit: Audit) async throws -> Double {
        let watch = Watch()
        guard try await audit.run().report.holds else { throw FormatError("audit", "does not hold") }
        return watch.seconds
    }

    func printMemory(tree: Bool) async throws {
        let policy = try AppendBenchmark.identity().policy()
        _ = try await Audit(of: DirectoryStore.reading(ledger), under: policy, depth: tree ? .tree : .filings).run()
        print("\(peakMemory()) MB")
    }

    /// How many signatures over a filing of this length libsodium verifies in a second, on all cores at once.
    func libsodiumRate() throws -> Double {
        let signer = try Self.signer("member-0", 10)
        let message = try Self.registration(0, [signer], AppendBenchmark.identity()).text.bytes
        let signature = signer.privateKey.sign(message)
        let key = signer.verifierKey.keyBytes
        let cores = ProcessInfo.processInfo.activeProcessorCount
        let count = 20_000
        let watch = Watch()
        DispatchQueue.concurrentPerform(iterations: cores) { _ in
            for _ in 0..<count where !Ed25519.verify(signature, over: message, by: key) { exit(1) }
        }
        return Double(cores * count) / watch.seconds
    }

    /// A registration of 600 bytes or so: with two published hashes.
    static func registration(_ number: Int, _ members: [NoteSigner], _ identity: LogIdentity) throws -> Filing {
        let dossier = dossier(number)
        let registration = try Registration(dossier: dossier, published: [SHA256.hash(dossier.bytes), dossier])
        return try filing(.register(registration), [members[number % members.count]], identity)
    }

    /// The digest of the dossier of this number.
    static func dossier(_ number: Int) -> Hash { SHA256.hash(Array("dossier \(number)".utf8)) }

    static func filing(_ action: Action, _ signers: [NoteSigner], _ identity: LogIdentity) throws -> Filing {
        let text = try FilingText(log: identity.origin, signers: signers.map(\.verifierKey), action: action)
        return try Filing(text, signedBy: signers)
    }

    private static func entry(of filing: Filing) throws -> [UInt8] {
        guard let time = EntryTime(seconds: 1_700_000_000) else { throw FormatError("benchmark", "time") }
        return try Entry(time: time, filing: filing).bytes
    }

    static func members() throws -> [NoteSigner] {
        try (0..<10).map { try signer("member-\($0)", UInt8(10 + $0)) }
    }

    static func signer(_ name: String, _ seed: UInt8) throws -> NoteSigner {
        guard let name = KeyName(name), let key = Ed25519.PrivateKey(seed: [UInt8](repeating: seed, count: 32)) else {
            throw FormatError("benchmark", "key")
        }
        return NoteSigner(name: name, privateKey: key)
    }
}
