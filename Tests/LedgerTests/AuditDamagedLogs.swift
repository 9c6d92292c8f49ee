// SPDX-License-Identifier: Apache-2.0
import Ledger
import Synchronization
import Testing
import TransparencyLog

/// Two logs of opaque entries whose files a test damages, and what the audit then finds.
struct AuditDamagedLogs {
    static let small = AuditTestLog.opaque(600)
    /// Its files, with those of older sizes.
    private static let smallFiles = Mutex<[[Int]: [String: [UInt8]]]>([:])
    /// A log with full tiles on two levels above the leaves' own.
    static let large = AuditTestLog.opaque(66_000)
    static let largeFiles: [String: [UInt8]]? = {
        do {
            return try large.files()
        } catch {
            Issue.record("\(error)")
            return nil
        }
    }()

    func faults(
        _ log: AuditTestLog = small, keeping older: [Int] = [], _ change: (AuditTestSource) throws -> Void
    ) async throws -> [AuditFault] {
        guard log.entries == Self.small.entries else { return try await faults(log.files(keeping: older), change) }
        let files = try Self.smallFiles.withLock { known in
            let files = try known[older] ?? log.files(keeping: older)
            known[older] = files
            return files
        }
        return try await faults(files, change)
    }

    func faultsOfLarge(_ change: (AuditTestSource) throws -> Void) async throws -> [AuditFault] {
        try await faults(#require(Self.largeFiles), change)
    }

    private func faults(
        _ files: [String: [UInt8]], _ change: (AuditTestSource) throws -> Void
    ) async throws -> [AuditFault] {
        let source = AuditTestSource(files)
        try change(source)
        let report = try await Audit.report(source, depth: .tree)
        #expect(report.holds == (report.faultCount == 0))
        #expect(report.faultCount == report.faults.count)
        return report.faults
    }

    static func alterEntry(_ index: Int, in source: AuditTestSource) throws {
        let size: TreeSize = source["tile/entries/003"] == nil ? 600 : 66_000
        let bundle = try #require(Tile.bundle(holding: LeafIndex(UInt64(index))!, in: size))
        var entries = try EntryBundle(parsing: #require(source[bundle.path]), of: bundle).map { Array($0) }
        entries[index % 256][0] ^= 1
        source[bundle.path] = try EntryBundle(entries).bytes
    }
}
