// SPDX-License-Identifier: Apache-2.0
import Ledger
import Testing
import TransparencyLog

/// Damage in tiles, bundles and entries at once: each is named as far as the hashes that are left can tell.
struct AuditTileTests {
    private let logs = AuditDamagedLogs()

    @Test func tileAndEntryOfOneBundleAreToldApart() async throws {
        let faults = try await logs.faults { source in
            try AuditDamagedLogs.alterEntry(300, in: source)
            source["tile/0/001"]?[0] ^= 1
            source["tile/0/001"]?[8_191] ^= 1
        }
        #expect(faults == [.tile(path: "tile/0/001"), .entry(300)])
    }

    @Test func entriesOfTheRightEdgeAreToldApart() async throws {
        let faults = try await logs.faults { source in
            try AuditDamagedLogs.alterEntry(513, in: source)
            try AuditDamagedLogs.alterEntry(4, in: source)
            source["tile/0/002.p/88"]?[0] ^= 1
            source["tile/1/000.p/2"]?[0] ^= 1
            source["tile/1/000.p/2"]?[32] ^= 1
        }
        #expect(
            Set(faults) == [.tile(path: "tile/0/002.p/88"), .tile(path: "tile/1/000.p/2"), .entry(4), .entry(513)])
    }

    @Test func aSlotThatNoFileGivesIsNamedWithTileAndEntries() async throws {
        let faults = try await logs.faults { source in
            // The same entry, altered in its bundle and in the tile in different ways.
            try AuditDamagedLogs.alterEntry(300, in: source)
            source["tile/0/001"]?[44 * 32] ^= 1
        }
        #expect(faults == [.undecided(paths: ["tile/0/001", "tile/entries/001"], entries: 256...511)])
    }

    @Test func aTileRewrittenWithItsEntryIsNamedWithIt() async throws {
        let faults = try await logs.faults { source in
            try AuditDamagedLogs.alterEntry(300, in: source)
            let bundle = try EntryBundle(
                parsing: #require(source["tile/entries/001"]), of: Tile(parsing: Array("tile/entries/001".utf8)))
            source["tile/0/001"] = bundle.leafHashes.flatMap(\.bytes)
        }
        #expect(faults == [.undecided(paths: ["tile/0/001", "tile/entries/001"], entries: 256...511)])
    }

    @Test func allThatIsRewrittenUpToTheRootIsNamed() async throws {
        let faults = try await logs.faults { source in
            var log = AuditDamagedLogs.small
            log.entries[5][0] ^= 1
            for (path, bytes) in try log.files() where path != "checkpoint" { source[path] = bytes }
        }
        #expect(faults == [.undecided(paths: ["tile/0/002.p/88", "tile/1/000.p/2"], entries: 0...599)])
    }

    @Test func aLostTileGivesWayToTheEntries() async throws {
        let tile = try await logs.faults { source in
            source["tile/0/001"] = nil
        }
        #expect(tile == [.missing(path: "tile/0/001")])
        let both = try await logs.faults { source in
            source["tile/0/001"] = nil
            try AuditDamagedLogs.alterEntry(300, in: source)
        }
        #expect(
            both == [
                .missing(path: "tile/0/001"), .undecided(paths: ["tile/entries/001"], entries: 256...511),
            ])
        let bundleAndTile = try await logs.faults { source in
            source["tile/entries/001"] = nil
            source["tile/0/001"]?[0] ^= 1
        }
        #expect(
            bundleAndTile == [
                .missing(path: "tile/entries/001"), .undecided(paths: ["tile/0/001"], entries: 256...511),
            ])
        let neither = try await logs.faults { source in
            source["tile/entries/001"] = nil
            source["tile/0/001"] = nil
        }
        #expect(neither == [.missing(path: "tile/0/001"), .missing(path: "tile/entries/001")])
    }

    @Test func aMalformedBundleNamesTheEntriesThatDiffer() async throws {
        let faults = try await logs.faults { source in
            try AuditDamagedLogs.alterEntry(300, in: source)
            source["tile/entries/001"]?.append(0)
        }
        #expect(faults.count == 2 && faults[0].paths == ["tile/entries/001"] && faults[1] == .entry(300))
    }

    // MARK: - Higher levels

    @Test(arguments: ["tile/1/000", "tile/1/001.p/1", "tile/2/000.p/1", "tile/0/257.p/208"])
    func aTileOfAnyLevelIsNamedAlone(path: String) async throws {
        #expect(try await logs.faultsOfLarge { $0[path]?[3] ^= 1 } == [.tile(path: path)])
        #expect(try await logs.faultsOfLarge { $0[path] = nil } == [.missing(path: path)])
        let withEntry = try await logs.faultsOfLarge { source in
            source[path]?[3] ^= 1
            try AuditDamagedLogs.alterEntry(1_000, in: source)
        }
        #expect(withEntry == [.tile(path: path), .entry(1_000)])
        let lostWithEntry = try await logs.faultsOfLarge { source in
            source[path] = nil
            source["tile/0/007"]?[0] ^= 1
            try AuditDamagedLogs.alterEntry(1_000, in: source)
            try AuditDamagedLogs.alterEntry(65_700, in: source)
        }
        #expect(lostWithEntry == [.missing(path: path), .entry(1_000), .tile(path: "tile/0/007"), .entry(65_700)])
    }

    @Test func twoLevelsAreToldApart() async throws {
        let faults = try await logs.faultsOfLarge { source in
            source["tile/2/000.p/1"]?[0] ^= 1
            source["tile/1/000"]?[32 * 9] ^= 1
            source["tile/0/009"]?[5] ^= 1
            try AuditDamagedLogs.alterEntry(2_304, in: source)
        }
        // For slot 9 of the level-1 tile its own file, the tile beneath and the entries give three wrong hashes.
        #expect(
            faults == [
                .undecided(paths: ["tile/0/257.p/208", "tile/1/001.p/1", "tile/2/000.p/1"], entries: 0...65_999)
            ])
        let resolved = try await logs.faultsOfLarge { source in
            source["tile/2/000.p/1"]?[0] ^= 1
            source["tile/1/000"]?[32 * 9] ^= 1
            try AuditDamagedLogs.alterEntry(2_304, in: source)
        }
        #expect(resolved == [.tile(path: "tile/2/000.p/1"), .tile(path: "tile/1/000"), .entry(2_304)])
        let scattered = try await logs.faultsOfLarge { source in
            source["tile/2/000.p/1"]?[0] ^= 1
            source["tile/1/000"]?[32 * 9] ^= 1
            source["tile/0/010"]?[0] ^= 1
            try AuditDamagedLogs.alterEntry(11 * 256, in: source)
        }
        #expect(
            scattered == [
                .tile(path: "tile/2/000.p/1"), .tile(path: "tile/1/000"), .tile(path: "tile/0/010"), .entry(2_816),
            ])
    }
}
