// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Ledger
import Synchronization
import SystemPackage
import Testing
import TransparencyLog

/// A log of filings in a folder, from its charter to its end.
@Suite struct LedgerLogTests {
    private typealias Log = Sequencer<FilingRules>

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// The files that anybody can read.
    private func served() throws -> [String: [UInt8]] { try MemoryStore.Contents(of: folder.path).files }

    // MARK: - Entering

    @Test func fromCharterToClosing() async throws {
        let time = Mutex(FilingWorld.start)
        let log = try await FilingWorld.open(folder.path) { time.withLock { $0 } }
        let ana = FilingWorld.person("ana").verifierKey
        let first = try FilingWorld.register(1)
        let place = try FilingWorld.reference(first, at: 3, time: FilingWorld.start + 3)
        let hash = SHA256.hash([1])
        let filings = [
            try FilingWorld.charter(), try FilingWorld.enrol("ana", revokers: ["rev"]),
            try FilingWorld.enrol("ben", by: "ana"), first,
            try FilingWorld.filing(
                .addRevoker(RevokerAddition(revoker: SHA256.hash(FilingWorld.person("ben").verifierKey.utf8))),
                by: ["ana"]),
            try FilingWorld.filing(.custody(Custody(of: place, event: .collected)), by: ["ben"]),
            try FilingWorld.register(2, by: "ben", published: [hash], relations: [.init(.contests, place)]),
            try FilingWorld.revoke("ana", by: "rev"), try FilingWorld.filing(.close(Closing()), by: ["steward"]),
        ]
        for (number, filing) in filings.enumerated() {
            time.withLock { $0 = FilingWorld.start + UInt64(number) }
            let receipt = try await log.sequencer.submit(filing)
            #expect(receipt.index.value == UInt64(number))
            #expect(!receipt.wasPresent)
            let proof = try await FilingWorld.reader(folder.path).proof(of: receipt.index)
            #expect(try Entry(parsing: proof.extra ?? []).filing == filing)
            #expect(try Entry(parsing: proof.extra ?? []).time.seconds == FilingWorld.start + UInt64(number))
            try await FilingWorld.check(log, in: folder.path)
        }
        let report = try await FilingWorld.check(DirectoryStore.reading(folder.path))
        #expect(report.tally.counts == [1, 2, 1, 1, 2, 1, 1])
        #expect(report.registry?.closedAt == 8)
        let index = try #require(LookupIndex(reading: folder(".state/index.sqlite")))
        #expect(try index.entries(under: .published(hash)) == [6])
        #expect(try index.entries(under: .reference(3)) == [5, 6])
        #expect(try index.entries(under: .key(#require(ana.publicKey))) == [1, 2, 3, 4, 7])
        #expect(try index.entries(under: .text(first.text.hash)) == [3])
        #expect(try index.entries(under: .digest(SHA256.hash(Array("dossier 2".utf8)))) == [6])
        await #expect(throws: RegistryError.closed(8)) { try await log.sequencer.submit(FilingWorld.register(3)) }
    }

    /// Offered again, a filing is answered with the entry that it has: at once, in the batch, and after a restart.
    @Test func duplicates() async throws {
        var log: LedgerLog? = try await FilingWorld.open(folder.path)
        let filings = [try FilingWorld.charter(), try FilingWorld.enrol("ana"), try FilingWorld.register(1)]
        let twice = try await #require(log).sequencer.submit(filings + filings)
        #expect(try twice.map { try $0.get().index.value } == [0, 1, 2, 0, 1, 2])
        #expect(try twice.map { try $0.get().wasPresent } == [false, false, false, true, true, true])
        for isClosed in [false, true] {
            if isClosed { try await log?.close() }
            log = nil
            log = try await FilingWorld.open(folder.path)
            let before = try served()
            for (number, filing) in filings.enumerated().reversed() {
                let receipt = try await #require(log).sequencer.submit(filing)
                #expect(receipt.index.value == UInt64(number))
                #expect(receipt.wasPresent)
                #expect(receipt.checkpoint.bytes == before["checkpoint"])
            }
            #expect(try served() == before)
        }
        // Revoked or not, what is there is there.
        let last = try #require(log)
        _ = try await last.sequencer.submit(FilingWorld.revoke("ana"))
        #expect(try await last.sequencer.submit(filings[2]).index == 2)
        try await FilingWorld.check(last, in: folder.path)
    }

    @Test func refusalsLeaveNothing() async throws {
        let log = try await FilingWorld.open(folder.path)
        await #expect(throws: RegistryError.notAFirstCharter) {
            try await log.sequencer.submit(FilingWorld.register(1))
        }
        #expect(try served() == [:])
        _ = await log.sequencer.submit([try FilingWorld.charter(), try FilingWorld.enrol("ana")])
        let before = try served()
        let registry = await log.registry
        let nowhere = EntryReference(index: 1, leafHash: MerkleTree.emptyRoot)!
        let later = EntryReference(index: 2, leafHash: MerkleTree.emptyRoot)!
        let charter = try FilingWorld.reference(try FilingWorld.charter(), at: 0)
        var altered = try FilingWorld.register(1).bytes
        altered[altered.count - 10] ^= 2
        let other = Origin(FilingWorld.person("log.example/other").verifierKey.name)
        let refused: [Filing] = [
            try FilingWorld.register(1, by: "ben"), try FilingWorld.charter(amends: later),
            try FilingWorld.enrol("ana"), try FilingWorld.enrol("ben", by: "carl"),
            try FilingWorld.register(1, relations: [.init(.corrects, nowhere)]),
            try FilingWorld.register(1, relations: [.init(.corrects, later)]),
            try FilingWorld.filing(.custody(Custody(of: nowhere, event: .lost)), by: ["ana"]),
            try FilingWorld.filing(.custody(Custody(of: charter, event: .lost)), by: ["ana"]),
            try FilingWorld.filing(.close(Closing()), by: ["ana"]),
            try FilingWorld.filing(.register(Registration(dossier: MerkleTree.emptyRoot)), by: ["ana"], log: other),
            try Filing(parsing: altered),
        ]
        for result in await log.sequencer.submit(refused.filter { $0 != (try? FilingWorld.enrol("ana")) }) {
            #expect(throws: (any Error).self) { try result.get() }
        }
        #expect(try served() == before)
        #expect(await log.registry == registry)
        // Each alone, too.
        for filing in refused.filter({ $0 != (try? FilingWorld.enrol("ana")) }) {
            await #expect(throws: (any Error).self) { try await log.sequencer.submit(filing) }
        }
        #expect(try served() == before)
        try await FilingWorld.check(log, in: folder.path)
    }

    /// Each filing is judged against the entries ahead of it in the batch; one that is refused is as if it were not there.
    @Test func batchesAreJudgedInOrder() async throws {
        let log = try await FilingWorld.open(folder.path)
        let registered = try FilingWorld.register(1)
        let place = try FilingWorld.reference(registered, at: 2)
        let custody = try FilingWorld.filing(.custody(Custody(of: place, event: .sealed)), by: ["ana"])
        let shifted = EntryReference(index: 3, leafHash: place.leafHash)!
        let indices = await log.sequencer.indices(of: [
            try FilingWorld.register(0),  // not before the charter
            try FilingWorld.charter(), try FilingWorld.enrol("ana"), registered, custody,
            try FilingWorld.register(2, by: "ben"),  // not enrolled yet
            try FilingWorld.register(3, relations: [.init(.answers, shifted)]),  // no such entry
            try FilingWorld.register(4, relations: [.init(.answers, place)]), try FilingWorld.enrol("ben"),
            try FilingWorld.register(2, by: "ben"), registered, try FilingWorld.revoke("ana"),
            try FilingWorld.register(5),  // revoked
            try FilingWorld.enrol("ana"),  // there already
            custody, try FilingWorld.revoke("ben", by: "ben"), try FilingWorld.register(6, by: "ben"),
        ])
        #expect(indices == [nil, 0, 1, 2, 3, nil, nil, 4, 5, 6, 2, 7, nil, 1, 3, 8, nil])
        try await FilingWorld.check(log, in: folder.path)
    }

    @Test func clockBeyondWhatEntriesHold() async throws {
        let log = try await FilingWorld.open(folder.path) { 1 << 53 }
        await #expect(throws: FilingRulesError.timeOutOfRange(1 << 53)) {
            try await log.sequencer.submit(FilingWorld.charter())
        }
        #expect(try served() == [:])
    }

    // MARK: - Opening again

    /// Lets a log go, and waits until its index is whole in its own file.
    private func letGo(_ log: inout LedgerLog?) async {
        log = nil
        while DurableFile.exists(folder(".state/index.sqlite-wal")) { await Task.yield() }
    }

    /// Registry snapshot and index, each absent or of any of several sizes: both come back equal.
    @Test func staleSnapshotsAndIndexes() async throws {
        let sizes = [nil, 0, 1, 3, 7]
        try await staleSnapshotsAndIndexes(sizes.flatMap { index in sizes.map { (index, $0) } }, of: 7)
    }

    /// The same where a tile has just become full, or is about to.
    @Test func staleSnapshotsAndIndexesAtTheSeam() async throws {
        try await staleSnapshotsAndIndexes([(nil, 256), (255, 257), (257, 255), (256, 256)], of: 258)
    }

    private func staleSnapshotsAndIndexes(_ pairs: [(index: Int?, registry: Int?)], of count: Int) async throws {
        var filings = [try FilingWorld.charter(), try FilingWorld.enrol("ana"), try FilingWorld.enrol("ben")]
        filings += try (3..<count).map { try FilingWorld.register($0, by: $0 % 2 == 0 ? "ana" : "ben") }
        var size = 0
        for next in Set(pairs.flatMap { [$0.index, $0.registry] }.compactMap(\.self) + [count]).sorted() {
            var log: LedgerLog? = try await FilingWorld.open(folder.path)
            for result in await log?.sequencer.submit(Array(filings[size..<next])) ?? [] { _ = try result.get() }
            size = next
            try await log?.close()
            await letGo(&log)
            try folder.copy(folder(".state"), to: "state \(next)")
        }
        let report = try await FilingWorld.check(DirectoryStore.reading(folder.path))
        #expect(report.head?.size.value == UInt64(count))
        let places = [count - 1, 4, count / 2]
        for pair in pairs {
            for (name, size) in [("index.sqlite", pair.index), ("registry", pair.registry)] {
                try DurableFile.remove(folder(".state/" + name))
                if let size { try folder.copy(folder("state \(size)/" + name), to: ".state/" + name) }
            }
            var log: LedgerLog? = try await FilingWorld.open(folder.path)
            #expect(await log?.registry == report.registry, "\(pair)")
            let index = try #require(LookupIndex(reading: folder(".state/index.sqlite")))
            #expect(try index.size().value == UInt64(count), "\(pair)")
            #expect(
                await log?.sequencer.indices(of: places.map { filings[$0] }) == places.map { UInt64($0) }, "\(pair)")
            try index.close()
            await letGo(&log)
        }
        let last = try await FilingWorld.open(folder.path)
        #expect(await last.sequencer.indices(of: [try FilingWorld.register(count)]) == [UInt64(count)])
        try await FilingWorld.check(last, in: folder.path)
    }

    /// A snapshot that is damaged, of another log, or ahead of the log is not used.
    @Test func otherSnapshots() async throws {
        let filings = [try FilingWorld.charter(), try FilingWorld.enrol("ana"), try FilingWorld.register(1)]
        var log: LedgerLog? = try await FilingWorld.open(folder.path)
        _ = await log?.sequencer.submit(filings)
        let registry = try #require(await log?.registry)
        try await log?.close()
        log = nil
        let snapshot = try folder.read(".state/registry")
        #expect(try folder(".state/registry").mode == 0o600)

        let text = String(decoding: snapshot, as: UTF8.self)
        for other in [
            "", "junk", text.replacingOccurrences(of: "log.example/filings", with: "log.example/others"),
            text.replacingOccurrences(of: "size 3", with: "size 4"), String(text.dropLast()), text + "\n",
            text.replacingOccurrences(of: "snapshot/v1", with: "snapshot/v2"),
        ] {
            try folder.write(other, to: ".state/registry")
            log = try await FilingWorld.open(folder.path)
            #expect(await log?.registry == registry)
            if let log { try await FilingWorld.check(log, in: folder.path) }
            log = nil
        }
    }

    // MARK: - The index is not believed

    /// One of another version, or of no form: it is made anew.
    @Test func indexOfAnotherVersion() async throws {
        let filings = [try FilingWorld.charter(), try FilingWorld.enrol("ana"), try FilingWorld.register(1)]
        var log: LedgerLog? = try await FilingWorld.open(folder.path)
        _ = await log?.sequencer.submit(filings)
        await letGo(&log)
        let index = try folder.read(".state/index.sqlite")
        // SQLite keeps the version in four bytes from 60 on.
        var otherVersion = index
        #expect(Array(otherVersion[60..<64]) == [0, 0, 0, 2])
        otherVersion[63] = 1
        for bytes in [otherVersion, [], Array("junk".utf8), Array(index.prefix(100)), Array(index.prefix(4096))] {
            try folder.write(bytes, to: ".state/index.sqlite")
            if bytes != [], bytes.count != 4096 { #expect(LookupIndex(reading: folder(".state/index.sqlite")) == nil) }
            log = try await FilingWorld.open(folder.path)
            if let log {
                try await FilingWorld.check(log, in: folder.path)
                #expect(await log.sequencer.indices(of: filings) == [0, 1, 2])
                let index = try #require(LookupIndex(reading: folder(".state/index.sqlite")))
                #expect(try index.entries(under: .charter) == [0])
            }
            await letGo(&log)
        }
    }

    /// Bytes of the index are others: the log opens all the same, and no answer is wrong.
    ///
    /// What damage hides without breaking SQLite's form is not found, and is entered again: the index is the only one
    /// who knows. The audit names such an entry.
    @Test func indexWithOtherBytes() async throws {
        var filings = [try FilingWorld.charter(), try FilingWorld.enrol("ana")]
        filings += try (2..<12).map { try FilingWorld.register($0) }
        var log: LedgerLog? = try await FilingWorld.open(folder.path)
        _ = await log?.sequencer.submit(filings)
        try await log?.close()
        await letGo(&log)
        let parts = ["checkpoint", "tile", ".state"]
        for part in parts { try folder.copy(folder(part), to: "kept \(part)") }
        let index = try folder.read(".state/index.sqlite")
        func answers(_ place: Int, _ byte: UInt8) async throws -> [Log.Receipt?] {
            for part in parts {
                try FileManager.default.removeItem(atPath: folder(part).string)
                try folder.copy(folder("kept \(part)"), to: part)
            }
            var altered = index
            altered[place] = byte
            try folder.write(altered, to: ".state/index.sqlite")
            log = try await FilingWorld.open(folder.path)
            let results = await log?.sequencer.submit([filings[5], filings[11]]) ?? []
            await letGo(&log)
            return results.map { try? $0.get() }
        }

        // The headers of the file and of its pages, and some places of what is in them.
        var places = Array(0..<100) + Array(stride(from: 100, to: index.count, by: 499))
        for page in 1..<index.count / 4096 { places += Array(4096 * page..<4096 * page + 12) }
        for place in places {
            for (number, receipt) in try await answers(place, index[place] ^ 0x81).enumerated() {
                guard let receipt, receipt.wasPresent else { continue }
                #expect(receipt.index.value == [5, 11][number], "byte \(place)")
            }
        }
        // The format that SQLite writes: with a higher one the file can only be read, which must not show only when an
        // entry is signed.
        for value in [0, 3, 0x82, 0xFF] as [UInt8] {
            for place in [18, 19] {
                #expect(try await answers(place, value).map { $0?.index } == [5, 11], "byte \(place) is \(value)")
            }
            log = try await FilingWorld.open(folder.path)
            #expect(await log?.sequencer.indices(of: [try FilingWorld.register(12)]) == [12])
            if let log { try await FilingWorld.check(log, in: folder.path) }
            await letGo(&log)
        }
    }

    /// Rows that lead to other entries: the entry is read and compared, and nothing is entered twice.
    @Test func indexWithOtherRows() async throws {
        var log: LedgerLog? = try await FilingWorld.open(folder.path)
        let filings = [
            try FilingWorld.charter(), try FilingWorld.enrol("ana"), try FilingWorld.register(1),
            try FilingWorld.register(2),
        ]
        _ = await log?.sequencer.submit(filings)
        await letGo(&log)
        let state = try folder.read(".state/signed")
        let entries = try filings.map { try FilingWorld.entry($0) }
        try LookupIndex.delete(folder(".state/index.sqlite"))
        var index: LookupIndex? = try LookupIndex(at: folder(".state/index.sqlite"))
        try index?.follow([entries[0], entries[1], entries[3], entries[2]], from: 0)
        index = nil
        log = try await FilingWorld.open(folder.path)
        for result in await log?.sequencer.submit(filings.suffix(2)) ?? [] {
            #expect(throws: (any Error).self) { try result.get() }
        }
        #expect(await log?.sequencer.indices(of: [filings[1]]) == [1])
        #expect(try folder.read(".state/signed") == state)
        try await FilingWorld.check(DirectoryStore.reading(folder.path))
    }

    // MARK: - Tiles that do not hold

    @Test func damagedEntriesAreNotReplayed() async throws {
        var log: LedgerLog? = try await FilingWorld.open(folder.path)
        var filings = [try FilingWorld.charter(), try FilingWorld.enrol("ana")]
        filings += try (2..<257).map { try FilingWorld.register($0) }
        for result in await log?.sequencer.submit(filings) ?? [] { _ = try result.get() }
        await letGo(&log)
        try LookupIndex.delete(folder(".state/index.sqlite"))
        // Another dossier in an entry far from the right edge; the entry keeps its form.
        var bundle = try folder.read("tile/entries/000")
        let digest = try #require(
            String(decoding: bundle, as: UTF8.self).range(of: "register ").map {
                String(decoding: bundle, as: UTF8.self).utf8.distance(
                    from: String(decoding: bundle, as: UTF8.self).startIndex, to: $0.upperBound)
            })
        bundle[digest] = bundle[digest] == 65 ? 66 : 65
        try folder.write(bundle, to: "tile/entries/000")
        await #expect(throws: (any Error).self) { try await FilingWorld.open(folder.path) }
    }
}
