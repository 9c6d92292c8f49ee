// SPDX-License-Identifier: Apache-2.0
import Foundation
import Ledger
import SystemPackage
import Testing
import TransparencyLog

/// Files that are gone, cut, too long, of another content, or in several places at once.
struct AuditFileTests {
    private let logs = AuditDamagedLogs()

    @Test(arguments: [0, 1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 66_000])
    func everySizeHolds(size: Int) async throws {
        #expect(try await logs.faults(.opaque(size)) { _ in } == [])
    }

    @Test func eachMissingFileIsNamed() async throws {
        for path in try AuditDamagedLogs.small.files().keys {
            #expect(try await logs.faults { $0[path] = nil } == [.missing(path: path)])
        }
    }

    @Test func eachShortenedFileIsNamed() async throws {
        for path in try AuditDamagedLogs.small.files().keys {
            for count in [1, 33] {
                let faults = try await logs.faults { $0[path]?.removeLast(count) }
                #expect(faults.count == 1 && faults.first?.paths == [path], "\(path)")
            }
            let faults = try await logs.faults { $0[path] = [] }
            #expect(faults.count == 1 && faults.first?.paths == [path], "\(path)")
        }
    }

    @Test func eachLengthenedFileIsNamed() async throws {
        for path in try AuditDamagedLogs.small.files().keys where path != "checkpoint" {
            for bytes in [[0], [UInt8](repeating: 0, count: 32)] {
                let faults = try await logs.faults { $0[path]? += bytes }
                #expect(faults.count == 1 && faults.first?.paths == [path], "\(path)")
            }
        }
    }

    @Test func swappedEntriesAreNamed() async throws {
        let faults = try await logs.faults { source in
            var entries = AuditDamagedLogs.small.entries
            entries.swapAt(3, 7)
            source["tile/entries/000"] = try EntryBundle(entries[..<256]).bytes
        }
        #expect(faults == [.entry(3), .entry(7)])
    }

    @Test func swappedFilesAreNamed() async throws {
        let bundles = try await logs.faults {
            ($0["tile/entries/000"], $0["tile/entries/001"]) = ($0["tile/entries/001"], $0["tile/entries/000"])
        }
        #expect(bundles.count == 512)
        let tiles = try await logs.faults {
            ($0["tile/0/000"], $0["tile/0/001"]) = ($0["tile/0/001"], $0["tile/0/000"])
        }
        #expect(tiles == [.tile(path: "tile/0/000"), .tile(path: "tile/0/001")])
    }

    // MARK: - Other files

    @Test func aFullTileMayStandForAPartialOne() async throws {
        let larger = AuditTestLog.opaque(768)
        let source = try AuditDamagedLogs.small.source()
        for (path, bytes) in try larger.files() where path != "checkpoint" { source[path] = bytes }
        for path in source.files.keys where path.contains(".p/88") || path.contains(".p/2") { source[path] = nil }
        source["tile/1/000.p/2"] = try AuditDamagedLogs.small.files()["tile/1/000.p/2"]
        let report = try await Audit.report(source, depth: .tree)
        #expect(report.holds)
        #expect(Set(report.gaps) == [.allFilings, .fileAhead(path: "tile/1/000.p/3")])

        source["tile/0/002"]?[0] ^= 1
        #expect(try await Audit.report(source, depth: .tree).faults == [.tile(path: "tile/0/002")])
        source["tile/0/002"]?[0] ^= 1
        source["tile/entries/002"]?[2] ^= 1
        #expect(try await Audit.report(source, depth: .tree).faults == [.entry(512)])
        source["tile/entries/002"]?[2] ^= 1
        // What is behind the tree that was signed is no matter of it.
        source["tile/0/002"]?[8_191] ^= 1
        #expect(try await Audit.report(source, depth: .tree).holds)
    }

    @Test func olderPartialFilesAreJudged() async throws {
        let older = [1, 100, 300, 520, 599]
        #expect(try await logs.faults(keeping: older) { _ in } == [])
        let files = try AuditDamagedLogs.small.files(keeping: older)
        let kept = Set(files.keys).subtracting(try AuditDamagedLogs.small.files().keys)
        #expect(kept.count == 11)
        for path in kept {
            for place in [0, files[path]!.count / 2, files[path]!.count - 1] {
                let faults = try await logs.faults(keeping: older) { $0[path]?[place] ^= 0x10 }
                #expect(faults == [.olderFile(path: path)], "\(path) \(place)")
            }
            #expect(try await logs.faults(keeping: older) { $0[path]? += [0] } == [.olderFile(path: path)])
            #expect(try await logs.faults(keeping: older) { $0[path]?.removeLast() } == [.olderFile(path: path)])
            #expect(try await logs.faults(keeping: older) { $0[path] = nil } == [])
        }
    }

    @Test func whatIsNoPartOfTheLogIsNamed() async throws {
        let strays = [
            "tile/0/000.p/0", "tile/0/0", "tile/8/000", "tile/entries/x000/000", "tile/readme", "tile/0/000.bak",
        ]
        let source = try AuditDamagedLogs.small.source()
        for path in strays + ["tile/.001.a1b2.tmp", "tile/0/.001.a1b2.tmp", ".state/tile", "other"] {
            source[path] = [0]
        }
        let report = try await Audit.report(source, depth: .tree)
        #expect(report.holds)
        #expect(Set(report.strays) == Set(strays) && report.strayCount == strays.count)

        let unlisted = try await Audit.report(AuditTestServer(source: source), depth: .tree)
        #expect(unlisted.holds && unlisted.strays == [] && unlisted.gaps == [.allFilings, .otherFiles])
    }

    @Test func filesOfALargerTreeAreNamedAsAhead() async throws {
        let source = try AuditDamagedLogs.small.source()
        let ahead = ["tile/0/002.p/89", "tile/0/002", "tile/0/003", "tile/entries/003.p/1", "tile/2/000.p/1"]
        for path in ahead { source[path] = [0] }
        let report = try await Audit.report(source, depth: .tree)
        #expect(report.holds)
        #expect(Set(report.gaps) == Set(ahead.map { .fileAhead(path: $0) } + [.allFilings]))
    }

    @Test func whatCannotBeReadIsNotJudged() async throws {
        for path in ["tile/0/001", "tile/entries/001", "tile/1/000.p/2", "tile/0/002.p/88"] {
            let source = try AuditDamagedLogs.small.source()
            source.fail(path)
            let report = try await Audit.report(source, depth: .tree)
            #expect(report.faults == [] && !report.isComplete && !report.holds)
            #expect(report.gaps.contains { if case .fileNotRead(path, _) = $0 { true } else { false } })
        }
        let source = try AuditDamagedLogs.small.source()
        source.fail("checkpoint")
        await #expect(throws: AuditTestSource.Unreachable.self) { try await Audit.report(source) }
    }

    @Test func faultsAreListedUpToTheLimit() async throws {
        let source = try AuditDamagedLogs.small.source()
        source["tile/entries/000"] = source["tile/entries/001"]
        let audit = try Audit(of: source, under: AuditDamagedLogs.small.signers.policy, depth: .tree, listing: 10)
        let report = try await audit.run().report
        #expect(report.faults == (0..<10).map { .entry(LeafIndex($0)!) })
        #expect(report.faultCount == 256)
    }

    // MARK: - Folders

    @Test func aFolderIsAuditedAsItStands() async throws {
        let folder = try TemporaryFolder()
        for (path, bytes) in try AuditDamagedLogs.small.files(keeping: [520]) { try folder.write(bytes, to: path) }
        try folder.write([1] as [UInt8], to: ".state/lock")
        try folder.write([1] as [UInt8], to: "tile/0/.001.x.tmp")
        try folder.write([1] as [UInt8], to: "tile/note")
        try FileManager.default.createSymbolicLink(
            atPath: folder("tile/loop").string, withDestinationPath: folder.path.string)
        let source = DirectoryStore.reading(folder.path)
        let report = try await Audit.report(source, depth: .tree)
        #expect(report.holds)
        #expect(report.strays.contains("tile/note"))
        #expect(report.strays.allSatisfy { $0 == "tile/note" || $0.hasPrefix("tile/loop/") })

        try FileManager.default.removeItem(atPath: folder("tile/loop").string)
        try folder.write([UInt8](repeating: 0, count: 9_000), to: "tile/0/001")
        try folder.write([UInt8](repeating: 0, count: 3_000), to: "tile/0/002.p/8")
        let damaged = try await Audit.report(source, depth: .tree)
        #expect(damaged.faults.map(\.paths) == [["tile/0/001"], ["tile/0/002.p/8"]])
    }

    @Test func anEmptyFolderHasNoCheckpoint() async throws {
        let folder = try TemporaryFolder()
        let report = try await Audit.report(DirectoryStore.reading(folder.path))
        #expect(report.faults == [.missing(path: "checkpoint")])
        #expect(report.gaps == [.everythingElse])
        #expect(!report.holds && report.checkpoint == nil)
    }

    @Test func anAuditEndsWhenItIsCancelled() async throws {
        let task = Task {
            let audit = try Audit(
                of: AuditDamagedLogs.small.source(), under: AuditDamagedLogs.small.signers.policy, depth: .tree)
            return try await audit.run { _ in withUnsafeCurrentTask { $0?.cancel() } }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func progressComesToTheEnd() async throws {
        let steps = AuditTestSource([:])
        let audit = try Audit(
            of: AuditTestSource(#require(AuditDamagedLogs.largeFiles)), under: AuditDamagedLogs.large.signers.policy,
            depth: .tree)
        let report = try await audit.run { steps["\($0.done)"] = Array("\($0.total)".utf8) }.report
        #expect(report.holds)
        #expect(steps["0"] != nil && steps["66000"] == Array("66000".utf8) && steps.files.count > 2)
    }
}
