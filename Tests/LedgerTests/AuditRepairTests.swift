// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import Testing
import TransparencyLog

/// Each file of a small ledger, damaged or gone, comes back as it was; a copy that lies writes nothing.
@Suite struct AuditRepairTests {
    private static let damages = ["flipped", "cut", "longer", "gone", "empty"]

    /// A ledger with everything that stands beside its tiles.
    private static func files(_ size: Int = 6, keeping older: [Int] = [4]) throws -> [String: [UInt8]] {
        var log = try AuditTestLog.filings(size)
        let quoted = try log.checkpoint(at: 4)
        let quote = try #require(Quote(of: quoted))
        try log.enter(
            .register(Registration(dossier: SHA256.hash([7]))), by: [AuditTestLog.person("ana")], after: quote,
            time: 1_800_000_000)
        var files = try log.files(keeping: older)
        files[quote.path] = quoted.bytes
        files["timestamp/sizes"] = Array("4\n".utf8)
        files["timestamp/4.checkpoint"] = quoted.bytes
        files["timestamp/4.tsr"] = try TimestampTestAuthority().stamp(quoted.textHash).bytes
        return files
    }

    private static func folder(_ files: [String: [UInt8]]) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        for (path, bytes) in files { try folder.write(bytes, to: "ledger/" + path) }
        return folder
    }

    private static func contents(_ folder: TemporaryFolder) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        for path in try folder.files(in: "ledger") { files[path] = try folder.read("ledger/" + path) }
        return files
    }

    private static func damage(_ files: inout [String: [UInt8]], _ path: String, _ damage: String) {
        switch damage {
        case "flipped":
            // What an authority has signed is not judged here: of a response, its form and its imprint.
            let place = path.hasSuffix(".tsr") ? 0 : (files[path]?.count ?? 0) / 2
            files[path]?[place] ^= 1
        case "cut": files[path]?.removeLast()
        case "longer": files[path]?.append(0x0A)
        case "empty": files[path] = []
        default: files[path] = nil
        }
    }

    private static func repair(_ folder: TemporaryFolder, from other: any LedgerSource) async throws
        -> AuditRepair.Result
    {
        try await AuditRepair(of: folder("ledger"), from: other, under: AuditTestLog.Signers.sample.policy).run()
    }

    @Test(arguments: damages) func eachFileComesBack(_ damage: String) async throws {
        let whole = try Self.files()
        // Who knows nothing of an older file that is gone, or of a list that is shorter, does not miss it.
        let optional = Set(whole.keys.filter { $0.contains(".p/4") })
        for path in whole.keys {
            if damage == "gone", optional.contains(path) { continue }
            var damaged = whole
            Self.damage(&damaged, path, damage)
            let folder = try Self.folder(damaged)
            let result = try await Self.repair(folder, from: AuditTestSource(whole))
            #expect(result.restored == [path], "\(path)")
            #expect(result.unrestored.isEmpty, "\(path): \(result.unrestored)")
            #expect(try Self.contents(folder) == whole, "\(path)")
        }
    }

    @Test func everythingAtOnceComesBack() async throws {
        let whole = try Self.files(600, keeping: [])
        let folder = try Self.folder([:])
        try folder.makeFolder("ledger")
        let result = try await Self.repair(folder, from: AuditTestSource(whole))
        #expect(result.unrestored.isEmpty)
        #expect(try Self.contents(folder) == whole)
        #expect(result.restored.contains("checkpoint"))
    }

    @Test func aWholeLedgerIsLeftAlone() async throws {
        let whole = try Self.files()
        let folder = try Self.folder(whole)
        let result = try await Self.repair(folder, from: AuditTestSource([:]))
        #expect(result.restored.isEmpty && result.unrestored.isEmpty)
    }

    /// A larger copy has the partial files of an earlier tree in a wider form, or within full ones.
    @Test(arguments: [8, 256, 300]) func aLargerCopyServes(_ size: Int) async throws {
        let log = try AuditTestLog.filings(size)
        var part = log
        part.entries = Array(log.entries[..<7])
        let whole = try part.files()
        for path in whole.keys where path != "checkpoint" {
            var damaged = whole
            damaged[path] = nil
            let folder = try Self.folder(damaged)
            let result = try await Self.repair(folder, from: log.source())
            #expect(result.restored == [path])
            #expect(try Self.contents(folder) == whole)
        }
    }

    /// The other copy is damaged in the same file, or of another history: nothing is written.
    @Test(arguments: damages) func whatDoesNotHoldIsNotWritten(_ damage: String) async throws {
        let whole = try Self.files()
        for path in whole.keys where path != "timestamp/sizes" {
            if damage == "gone", path.contains(".p/4") { continue }
            var damaged = whole
            Self.damage(&damaged, path, "flipped")
            var lying = whole
            Self.damage(&lying, path, damage)
            let folder = try Self.folder(damaged)
            let result = try await Self.repair(folder, from: AuditTestSource(lying))
            #expect(result.restored.isEmpty, "\(path)")
            #expect(result.unrestored.map(\.path).contains(path), "\(path)")
            #expect(try Self.contents(folder) == damaged, "\(path)")
        }
    }

    @Test func anotherHistoryRestoresNothing() async throws {
        var fork = AuditTestLog.opaque(300)
        fork.entries[10] = Array("another".utf8)
        let log = AuditTestLog.opaque(300)
        let whole = try log.files()
        for path in ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"] {
            var damaged = whole
            damaged[path] = nil
            let folder = try Self.folder(damaged)
            let result = try await Self.repair(folder, from: fork.source())
            #expect(result.restored.isEmpty, "\(path)")
            #expect(result.unrestored.map(\.path).contains(path), "\(result.unrestored)")
            #expect(try Self.contents(folder) == damaged)
        }
    }

    /// Where the log itself is written, no other checkpoint than the one signed last may take its place.
    @Test(arguments: [(5, false), (6, true), (8, false)])
    func aLogIsNotTakenBackOrAhead(_ size: Int, _ isRestored: Bool) async throws {
        let log = try AuditTestLog.filings(8)
        var (part, other) = (log, log)
        part.entries = Array(log.entries[..<6])
        other.entries = Array(log.entries[..<size])
        var damaged = try part.files()
        damaged["checkpoint"]?[30] ^= 1
        let folder = try Self.folder(damaged)
        try folder.write(try part.checkpoint().bytes, to: "ledger/.state/signed")
        let result = try await Self.repair(folder, from: other.source())
        #expect(result.restored == (isRestored ? ["checkpoint"] : []))
        #expect(result.unrestored.map(\.path) == (isRestored ? [] : ["checkpoint"]))
    }

    @Test func aLogThatIsWrittenToIsLeftAlone() async throws {
        let folder = try Self.folder(try Self.files())
        try folder.makeFolder("ledger/.state")
        let store = try DirectoryStore.writing(folder("ledger"))
        #expect(throws: DirectoryStore.OpenError.inUse(folder("ledger"))) {
            try AuditRepair(of: folder("ledger"), from: AuditTestSource([:]), under: AuditTestLog.Signers.sample.policy)
        }
        withExtendedLifetime(store) {}
    }
}

/// Two copies of one log, and the first size at which they differ.
@Suite struct LedgerComparisonTests {
    private func compare(_ first: AuditTestLog, _ second: AuditTestLog) async throws -> LedgerComparison {
        let policy = try AuditTestLog.Signers.sample.policy
        return try await LedgerComparison(
            LedgerReader(first.source(), under: policy), LedgerReader(second.source(), under: policy))
    }

    @Test func everyFirstDifferenceIsNamed() async throws {
        for size in [1, 2, 5, 9] {
            for other in [1, 3, 9, 12] {
                let log = AuditTestLog.opaque(size)
                let common = min(size, other)
                #expect(
                    try await compare(log, .opaque(other))
                        == (size == other ? .same : .prefix(TreeSize(UInt64(common))!)))
                for place in 0..<common {
                    var fork = AuditTestLog.opaque(other)
                    for later in place..<other { fork.entries[later] = Array("fork \(later)".utf8) }
                    let found = try await compare(log, fork)
                    #expect(found == .conflict(firstSize: TreeSize(UInt64(place + 1))!), "\(size) \(other) \(place)")
                }
            }
        }
    }

    @Test(arguments: [(300, 300, 257), (300, 700, 3), (513, 512, 256)])
    func acrossTiles(_ size: Int, _ other: Int, _ place: Int) async throws {
        var fork = AuditTestLog.opaque(other)
        fork.entries[place] = []
        let found = try await compare(.opaque(size), fork)
        #expect(found == .conflict(firstSize: TreeSize(UInt64(place + 1))!))
    }
}
