// SPDX-License-Identifier: Apache-2.0
import Foundation
import Ledger
import SystemPackage
import TransparencyLog

/// Appending opaque entries of 600 bytes, each batch durable under a signed checkpoint.
struct AppendBenchmark {
    let folder: FilePath
    private static let count = 1 << 18

    func run() async throws -> [Measured] {
        let synced = try synchronizedWrites()
        return try await [
            batched(256, against: synced, wanted: "at least 40,000 entries/s where a well-known Go log did 41,000"),
            batched(1 << 14, against: synced, wanted: "at least 60,000 entries/s"), alone(against: synced),
        ]
    }

    private func batched(_ batch: Int, against synced: Double, wanted: String) async throws -> Measured {
        let sequencer = try await open("batched-\(batch)", batchLimit: batch)
        let entries = (0..<Self.count).map(entry)
        let watch = Watch()
        for start in stride(from: 0, to: Self.count, by: batch) {
            for result in await sequencer.submit(Array(entries[start..<start + batch])) { _ = try result.get() }
        }
        let elapsed = watch.seconds
        let writes = Int(elapsed / Double(Self.count / batch) / synced)
        return Measured(
            what: "append, batches of \(batch), durable", figure: "\(Int(Double(Self.count) / elapsed)) entries/s",
            against: "a batch takes as long as \(writes) flushed 4 kB writes", ratio: nil, wanted: wanted)
    }

    private func alone(against synced: Double) async throws -> Measured {
        let sequencer = try await open("alone")
        let policy = try Self.identity().policy()
        let store = DirectoryStore.reading(folder.appending("alone"))
        var times: [Double] = []
        for number in 0..<300 { times.append(try await once(number, sequencer, store, policy)) }
        return Measured(
            what: "one entry alone, to its proof", figure: "\(Double(Int(median(times) * 100_000)) / 100) ms",
            against: "as long as \(Int(median(times) / synced)) flushed 4 kB writes", ratio: nil, wanted: "under 10 ms")
    }

    /// How long it takes from offering an entry to holding its proof, in seconds.
    @inline(never)
    private func once(
        _ number: Int, _ sequencer: Sequencer<OpaqueEntries>, _ store: DirectoryStore, _ policy: TrustPolicy
    ) async throws -> Double {
        let watch = Watch()
        guard let receipt = try await sequencer.submit([entry(number)]).first?.get() else { return .infinity }
        let reader = try reader(of: store, at: receipt.checkpoint, policy)
        let proof = try await reader.proof(of: receipt.index)
        return proof.index == receipt.index ? watch.seconds : .infinity
    }

    private func reader(of store: DirectoryStore, at note: SignedNote, _ policy: TrustPolicy) throws -> LedgerReader {
        LedgerReader(store, at: try policy.verify(SignedCheckpoint(note)))
    }

    private func open(_ name: String, batchLimit: Int = 256) async throws -> Sequencer<OpaqueEntries> {
        let place = folder.appending(name)
        try DurableFile.makeFolder(place)
        return try await Sequencer(
            store: DirectoryStore.writing(place), identity: Self.identity(), rules: OpaqueEntries(),
            batchLimit: batchLimit, clock: { UInt64(time(nil)) })
    }

    static func identity() throws -> LogIdentity {
        guard let name = KeyName("benchmark.example/log"),
            let key = Ed25519.PrivateKey(seed: [UInt8](repeating: 7, count: 32))
        else { throw FormatError("benchmark", "key") }
        return LogIdentity(signers: [NoteSigner(name: name, privateKey: key)])
    }

    private func entry(_ number: Int) -> [UInt8] {
        var entry = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 600)
        withUnsafeBytes(of: number) { entry.replaceSubrange(0..<8, with: $0) }
        return entry
    }

    /// How long writing 4 kB to a new file and flushing it takes, in seconds.
    private func synchronizedWrites() throws -> Double {
        let place = folder.appending("flushed")
        try DurableFile.makeFolder(place)
        var times: [Double] = []
        for number in 0..<200 {
            let path = place.appending("\(number)").string
            times.append(
                seconds {
                    let descriptor = Glibc.open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
                    let bytes = [UInt8](repeating: 1, count: 4096)
                    _ = write(descriptor, bytes, bytes.count)
                    fsync(descriptor)
                    close(descriptor)
                })
        }
        return median(times)
    }
}
