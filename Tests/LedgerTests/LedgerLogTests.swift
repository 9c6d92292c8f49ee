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
        let index = try #require(LookupIndex(reading: folder(".state/index")))
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
            log = nil
            try folder.copy(folder(".state"), to: "state \(next)")
        }
        let report = try await FilingWorld.check(DirectoryStore.reading(folder.path))
        #expect(report.head?.size.value == UInt64(count))
        let places = [count - 1, 4, count / 2]
        for pair in pairs {
            for (name, size) in [("index", pair.index), ("registry", pair.registry)] {
                try? FileManager.default.removeItem(atPath: folder(".state/" + name).string)
                if let size { try folder.copy(folder("state \(size)/" + name), to: ".state/" + name) }
            }
            var log: LedgerLog? = try await FilingWorld.open(folder.path)
            #expect(await log?.registry == report.registry, "\(pair)")
            let index = try #require(LookupIndex(reading: folder(".state/index")))
            #expect(try index.size().value == UInt64(count), "\(pair)")
            #expect(
                await log?.sequencer.indices(of: places.map { filings[$0] }) == places.map { UInt64($0) }, "\(pair)")
            try index.close()
            log = nil
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

    // MARK: - Tiles that do not hold

    @Test func damagedEntriesAreNotReplayed() async throws {
        var log: LedgerLog? = try await FilingWorld.open(folder.path)
        var filings = [try FilingWorld.charter(), try FilingWorld.enrol("ana")]
        filings += try (2..<257).map { try FilingWorld.register($0) }
        for result in await log?.sequencer.submit(filings) ?? [] { _ = try result.get() }
        log = nil
        try LookupIndex.delete(folder(".state/index"))
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
