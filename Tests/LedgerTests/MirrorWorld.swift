// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import Testing
import TransparencyLog

/// Mirrors of small logs in folders.
enum MirrorWorld {
    static let cosigner = WitnessSigner(
        name: KeyName("mirror.example/m1")!, privateKey: AuditTestLog.person("mirror.example/m1").privateKey)
    static let now: UInt64 = 1_800_000_100

    /// A mirror of the sample's log.
    static func mirror(
        of source: any LedgerSource, in store: any MirrorStore, cosigner: WitnessSigner? = cosigner,
        at now: UInt64 = now
    ) throws -> Mirror {
        Mirror(of: source, in: store, under: try AuditTestLog.Signers.sample.policy, cosigner: cosigner) { now }
    }

    /// The files of a log as a mirror without a key serves them.
    static func expected(_ log: AuditTestLog, keeping older: [Int] = []) throws -> [String: [UInt8]] {
        var files = try log.files(keeping: older)
        for size in older + [log.entries.count] {
            let note = try log.checkpoint(at: size)
            if let quote = Quote(of: note) { files[quote.path] = note.bytes }
        }
        return files
    }

    /// What a mirror's folder serves.
    static func served(_ folder: TemporaryFolder) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for path in try folder.files(in: "mirror") where !path.hasPrefix(".state") {
            files[path] = try folder.read("mirror/" + path)
        }
        return files
    }

    /// A log with an entry that quotes a checkpoint, which is time-stamped too; its files, and the paths of those two.
    static func withAttachments() throws -> (log: AuditTestLog, files: [String: [UInt8]], paths: [String]) {
        var log = try AuditTestLog.filings(6)
        let quoted = try log.checkpoint(at: 4)
        let quote = try #require(Quote(of: quoted))
        let registration = try Registration(dossier: SHA256.hash([7]))
        try log.enter(.register(registration), by: [AuditTestLog.person("ana")], after: quote, time: 1_800_000_000)
        var files = try log.files(keeping: [4])
        files[quote.path] = quoted.bytes
        files["timestamp/sizes"] = Array("4\n".utf8)
        files["timestamp/4.checkpoint"] = quoted.bytes
        files["timestamp/4.tsr"] = try TimestampTestAuthority().stamp(quoted.textHash).bytes
        return (log, files, [quote.path, "timestamp/4.checkpoint", "timestamp/4.tsr"])
    }
}

extension Result where Failure == any Error {
    /// What an asynchronous call comes to.
    static func of(_ body: () async throws -> Success) async -> Self {
        do { return .success(try await body()) } catch { return .failure(error) }
    }
}
