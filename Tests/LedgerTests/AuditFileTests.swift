// SPDX-License-Identifier: Apache-2.0
import Foundation
import Ledger
import SystemPackage
import Testing
import TransparencyLog

/// Files that are gone, cut, too long, of another content, or in several places at once.
struct AuditFileTests {
    private static let small = AuditTestLog.opaque(600)
    /// A log with full tiles on two levels above the leaves' own.
    private static let large = AuditTestLog.opaque(66_000)
    private static let largeFiles: [String: [UInt8]]? = {
        do {
            return try large.files()
        } catch {
            Issue.record("\(error)")
            return nil
        }
    }()

    private func faults(
        _ log: AuditTestLog = small, keeping older: [Int] = [], _ change: (AuditTestSource) throws -> Void
    ) async throws -> [AuditFault] {
        try await faults(log.files(keeping: older), change)
    }

    private func faultsOfLarge(_ change: (AuditTestSource) throws -> Void) async throws -> [AuditFault] {
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

    private static func alterEntry(_ index: Int, in source: AuditTestSource) throws {
        let size: TreeSize = source["tile/entries/003"] == nil ? 600 : 66_000
        let bundle = try #require(Tile.bundle(holding: LeafIndex(UInt64(index))!, in: size))
        var entries = try EntryBundle(parsing: #require(source[bundle.path]), of: bundle).map { Array($0) }
        entries[index % 256][0] ^= 1
        source[bundle.path] = try EntryBundle(entries).bytes
    }

    @Test(arguments: [0, 1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537, 66_000])
    func everySizeHolds(size: Int) async throws {
        #expect(try await faults(.opaque(size)) { _ in } == [])
    }

    @Test func eachMissingFileIsNamed() async throws {
        for path in try Self.small.files().keys {
            #expect(try await faults { $0[path] = nil } == [.missing(path: path)])
        }
    }

    @Test func eachShortenedFileIsNamed() async throws {
        for path in try Self.small.files().keys {
            for count in [1, 33] {
                let faults = try await faults { $0[path]?.removeLast(count) }
                #expect(faults.count == 1 && faults.first?.paths == [path], "\(path)")
            }
            let faults = try await faults { $0[path] = [] }
            #expect(faults.count == 1 && faults.first?.paths == [path], "\(path)")
        }
    }

    @Test func eachLengthenedFileIsNamed() async throws {
        for path in try Self.small.files().keys where path != "checkpoint" {
            for bytes in [[0], [UInt8](repeating: 0, count: 32)] {
                let faults = try await faults { $0[path]? += bytes }
                #expect(faults.count == 1 && faults.first?.paths == [path], "\(path)")
            }
        }
    }

    @Test func swappedEntriesAreNamed() async throws {
        let faults = try await faults { source in
            var entries = Self.small.entries
            entries.swapAt(3, 7)
            source["tile/entries/000"] = try EntryBundle(entries[..<256]).bytes
        }
        #expect(faults == [.entry(3), .entry(7)])
    }

    @Test func swappedFilesAreNamed() async throws {
        let bundles = try await faults {
            ($0["tile/entries/000"], $0["tile/entries/001"]) = ($0["tile/entries/001"], $0["tile/entries/000"])
        }
        #expect(bundles.count == 512)
        let tiles = try await faults { ($0["tile/0/000"], $0["tile/0/001"]) = ($0["tile/0/001"], $0["tile/0/000"]) }
        #expect(tiles == [.tile(path: "tile/0/000"), .tile(path: "tile/0/001")])
    }

    @Test func tileAndEntryOfOneBundleAreToldApart() async throws {
        let faults = try await faults { source in
            try Self.alterEntry(300, in: source)
            source["tile/0/001"]?[0] ^= 1
            source["tile/0/001"]?[8_191] ^= 1
        }
        #expect(faults == [.tile(path: "tile/0/001"), .entry(300)])
    }

    @Test func entriesOfTheRightEdgeAreToldApart() async throws {
        let faults = try await faults { source in
            try Self.alterEntry(513, in: source)
            try Self.alterEntry(4, in: source)
            source["tile/0/002.p/88"]?[0] ^= 1
            source["tile/1/000.p/2"]?[0] ^= 1
            source["tile/1/000.p/2"]?[32] ^= 1
        }
        #expect(
            Set(faults) == [.tile(path: "tile/0/002.p/88"), .tile(path: "tile/1/000.p/2"), .entry(4), .entry(513)])
    }

    @Test func aSlotThatNoFileGivesIsNamedWithTileAndEntries() async throws {
        let faults = try await faults { source in
            // The same entry, altered in its bundle and in the tile in different ways.
            try Self.alterEntry(300, in: source)
            source["tile/0/001"]?[44 * 32] ^= 1
        }
        #expect(faults == [.undecided(paths: ["tile/0/001", "tile/entries/001"], entries: 256...511)])
    }

    @Test func aTileRewrittenWithItsEntryIsNamedWithIt() async throws {
        let faults = try await faults { source in
            try Self.alterEntry(300, in: source)
            let bundle = try EntryBundle(
                parsing: #require(source["tile/entries/001"]), of: Tile(parsing: Array("tile/entries/001".utf8)))
            source["tile/0/001"] = bundle.leafHashes.flatMap(\.bytes)
        }
        #expect(faults == [.undecided(paths: ["tile/0/001", "tile/entries/001"], entries: 256...511)])
    }

    @Test func allThatIsRewrittenUpToTheRootIsNamed() async throws {
        let faults = try await faults { source in
            var log = Self.small
            log.entries[5][0] ^= 1
            for (path, bytes) in try log.files() where path != "checkpoint" { source[path] = bytes }
        }
        #expect(faults == [.undecided(paths: ["tile/0/002.p/88", "tile/1/000.p/2"], entries: 0...599)])
    }

    @Test func aLostTileGivesWayToTheEntries() async throws {
        let tile = try await faults { source in
            source["tile/0/001"] = nil
        }
        #expect(tile == [.missing(path: "tile/0/001")])
        let both = try await faults { source in
            source["tile/0/001"] = nil
            try Self.alterEntry(300, in: source)
        }
        #expect(
            both == [
                .missing(path: "tile/0/001"), .undecided(paths: ["tile/entries/001"], entries: 256...511),
            ])
        let bundleAndTile = try await faults { source in
            source["tile/entries/001"] = nil
            source["tile/0/001"]?[0] ^= 1
        }
        #expect(
            bundleAndTile == [
                .missing(path: "tile/entries/001"), .undecided(paths: ["tile/0/001"], entries: 256...511),
            ])
        let neither = try await faults { source in
            source["tile/entries/001"] = nil
            source["tile/0/001"] = nil
        }
        #expect(neither == [.missing(path: "tile/0/001"), .missing(path: "tile/entries/001")])
    }

    @Test func aMalformedBundleNamesTheEntriesThatDiffer() async throws {
        let faults = try await faults { source in
            try Self.alterEntry(300, in: source)
            source["tile/entries/001"]?.append(0)
        }
        #expect(faults.count == 2 && faults[0].paths == ["tile/entries/001"] && faults[1] == .entry(300))
    }

    // MARK: - Higher levels

    @Test(arguments: ["tile/1/000", "tile/1/001.p/1", "tile/2/000.p/1", "tile/0/257.p/208"])
    func aTileOfAnyLevelIsNamedAlone(path: String) async throws {
        #expect(try await faultsOfLarge { $0[path]?[3] ^= 1 } == [.tile(path: path)])
        #expect(try await faultsOfLarge { $0[path] = nil } == [.missing(path: path)])
        let withEntry = try await faultsOfLarge { source in
            source[path]?[3] ^= 1
            try Self.alterEntry(1_000, in: source)
        }
        #expect(withEntry == [.tile(path: path), .entry(1_000)])
        let lostWithEntry = try await faultsOfLarge { source in
            source[path] = nil
            source["tile/0/007"]?[0] ^= 1
            try Self.alterEntry(1_000, in: source)
            try Self.alterEntry(65_700, in: source)
        }
        #expect(lostWithEntry == [.missing(path: path), .entry(1_000), .tile(path: "tile/0/007"), .entry(65_700)])
    }

    @Test func twoLevelsAreToldApart() async throws {
        let faults = try await faultsOfLarge { source in
            source["tile/2/000.p/1"]?[0] ^= 1
            source["tile/1/000"]?[32 * 9] ^= 1
            source["tile/0/009"]?[5] ^= 1
            try Self.alterEntry(2_304, in: source)
        }
        // For slot 9 of the level-1 tile its own file, the tile beneath and the entries give three wrong hashes.
        #expect(
            faults == [
                .undecided(paths: ["tile/0/257.p/208", "tile/1/001.p/1", "tile/2/000.p/1"], entries: 0...65_999)
            ])
        let resolved = try await faultsOfLarge { source in
            source["tile/2/000.p/1"]?[0] ^= 1
            source["tile/1/000"]?[32 * 9] ^= 1
            try Self.alterEntry(2_304, in: source)
        }
        #expect(resolved == [.tile(path: "tile/2/000.p/1"), .tile(path: "tile/1/000"), .entry(2_304)])
        let scattered = try await faultsOfLarge { source in
            source["tile/2/000.p/1"]?[0] ^= 1
            source["tile/1/000"]?[32 * 9] ^= 1
            source["tile/0/010"]?[0] ^= 1
            try Self.alterEntry(11 * 256, in: source)
        }
        #expect(
            scattered == [
                .tile(path: "tile/2/000.p/1"), .tile(path: "tile/1/000"), .tile(path: "tile/0/010"), .entry(2_816),
            ])
    }

    // MARK: - Other files

    @Test func aFullTileMayStandForAPartialOne() async throws {
        let larger = AuditTestLog.opaque(768)
        let source = try Self.small.source()
        for (path, bytes) in try larger.files() where path != "checkpoint" { source[path] = bytes }
        for path in source.files.keys where path.contains(".p/88") || path.contains(".p/2") { source[path] = nil }
        source["tile/1/000.p/2"] = try Self.small.files()["tile/1/000.p/2"]
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
        #expect(try await faults(keeping: older) { _ in } == [])
        let files = try Self.small.files(keeping: older)
        let kept = Set(files.keys).subtracting(try Self.small.files().keys)
        #expect(kept.count == 11)
        for path in kept {
            for place in [0, files[path]!.count / 2, files[path]!.count - 1] {
                let faults = try await faults(keeping: older) { $0[path]?[place] ^= 0x10 }
                #expect(faults == [.olderFile(path: path)], "\(path) \(place)")
            }
            #expect(try await faults(keeping: older) { $0[path]? += [0] } == [.olderFile(path: path)])
            #expect(try await faults(keeping: older) { $0[path]?.removeLast() } == [.olderFile(path: path)])
            #expect(try await faults(keeping: older) { $0[path] = nil } == [])
        }
    }

    @Test func whatIsNoPartOfTheLogIsNamed() async throws {
        let strays = [
            "tile/0/000.p/0", "tile/0/0", "tile/8/000", "tile/entries/x000/000", "tile/readme", "tile/0/000.bak",
        ]
        let source = try Self.small.source()
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
        let source = try Self.small.source()
        let ahead = ["tile/0/002.p/89", "tile/0/002", "tile/0/003", "tile/entries/003.p/1", "tile/2/000.p/1"]
        for path in ahead { source[path] = [0] }
        let report = try await Audit.report(source, depth: .tree)
        #expect(report.holds)
        #expect(Set(report.gaps) == Set(ahead.map { .fileAhead(path: $0) } + [.allFilings]))
    }

    @Test func whatCannotBeReadIsNotJudged() async throws {
        for path in ["tile/0/001", "tile/entries/001", "tile/1/000.p/2", "tile/0/002.p/88"] {
            let source = try Self.small.source()
            source.fail(path)
            let report = try await Audit.report(source, depth: .tree)
            #expect(report.faults == [] && !report.isComplete && !report.holds)
            #expect(report.gaps.contains { if case .fileNotRead(path, _) = $0 { true } else { false } })
        }
        let source = try Self.small.source()
        source.fail("checkpoint")
        await #expect(throws: AuditTestSource.Unreachable.self) { try await Audit.report(source) }
    }

    @Test func faultsAreListedUpToTheLimit() async throws {
        let source = try Self.small.source()
        source["tile/entries/000"] = source["tile/entries/001"]
        let audit = try Audit(of: source, under: Self.small.signers.policy, depth: .tree, listing: 10)
        let report = try await audit.run().report
        #expect(report.faults == (0..<10).map { .entry(LeafIndex($0)!) })
        #expect(report.faultCount == 256)
    }

    // MARK: - Folders

    @Test func aFolderIsAuditedAsItStands() async throws {
        let folder = try AuditTestFolder(Self.small.files(keeping: [520]))
        try folder.write([1], to: ".state/lock")
        try folder.write([1], to: "tile/0/.001.x.tmp")
        try folder.write([1], to: "tile/note")
        try FileManager.default.createSymbolicLink(
            at: folder.url.appendingPathComponent("tile/loop"), withDestinationURL: folder.url)
        let source = DirectoryStore.reading(FilePath(folder.url.path))
        let report = try await Audit.report(source, depth: .tree)
        #expect(report.holds)
        #expect(report.strays.contains("tile/note"))
        #expect(report.strays.allSatisfy { $0 == "tile/note" || $0.hasPrefix("tile/loop/") })

        try FileManager.default.removeItem(at: folder.url.appendingPathComponent("tile/loop"))
        try folder.write([UInt8](repeating: 0, count: 9_000), to: "tile/0/001")
        try folder.write([UInt8](repeating: 0, count: 3_000), to: "tile/0/002.p/8")
        let damaged = try await Audit.report(source, depth: .tree)
        #expect(damaged.faults.map(\.paths) == [["tile/0/001"], ["tile/0/002.p/8"]])
    }

    @Test func anEmptyFolderHasNoCheckpoint() async throws {
        let folder = try AuditTestFolder()
        let report = try await Audit.report(DirectoryStore.reading(FilePath(folder.url.path)))
        #expect(report.faults == [.missing(path: "checkpoint")])
        #expect(report.gaps == [.everythingElse])
        #expect(!report.holds && report.checkpoint == nil)
    }

    @Test func anAuditEndsWhenItIsCancelled() async throws {
        let task = Task {
            let audit = try Audit(of: Self.small.source(), under: Self.small.signers.policy, depth: .tree)
            return try await audit.run { _ in withUnsafeCurrentTask { $0?.cancel() } }
        }
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func progressComesToTheEnd() async throws {
        let steps = AuditTestSource([:])
        let audit = try Audit(
            of: AuditTestSource(#require(Self.largeFiles)), under: Self.large.signers.policy, depth: .tree)
        let report = try await audit.run { steps["\($0.done)"] = Array("\($0.total)".utf8) }.report
        #expect(report.holds)
        #expect(steps["0"] != nil && steps["66000"] == Array("66000".utf8) && steps.files.count > 2)
    }
}
