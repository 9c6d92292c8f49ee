// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Ledger
import SystemPackage
import Testing
import TransparencyLog

/// The lookup index of a log in a folder is not believed: it is made anew, or no answer of it is wrong.
@Suite struct LedgerIndexTests {
    private typealias Log = Sequencer<FilingRules>

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    /// One of another version, or of no form: it is made anew.
    @Test func indexOfAnotherVersion() async throws {
        let filings = [try FilingWorld.charter(), try FilingWorld.enrol("ana"), try FilingWorld.register(1)]
        var log: LedgerLog? = try await FilingWorld.open(folder.path)
        _ = await log?.sequencer.submit(filings)
        await folder.letGo(&log)
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
            await folder.letGo(&log)
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
        await folder.letGo(&log)
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
            await folder.letGo(&log)
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
            await folder.letGo(&log)
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
        await folder.letGo(&log)
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
}
