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

    /// One of another version, of no form, or damaged: it is made anew.
    @Test func indexOfAnotherForm() async throws {
        let filings = [try FilingWorld.charter(), try FilingWorld.enrol("ana"), try FilingWorld.register(1)]
        var log: LedgerLog? = try await FilingWorld.open(folder.path)
        _ = await log?.sequencer.submit(filings)
        log = nil
        let journal = try folder.read(".state/index/recent")
        for bytes in [[], Array("junk".utf8), Array(journal.prefix(100)), Array(journal.dropLast()), journal] {
            try folder.write(bytes, to: ".state/index/recent")
            log = try await FilingWorld.open(folder.path)
            if let log {
                try await FilingWorld.check(log, in: folder.path)
                #expect(await log.sequencer.indices(of: filings) == [0, 1, 2])
                let index = try #require(LookupIndex(reading: folder(".state/index")))
                #expect(try index.entries(under: .charter) == [0])
            }
            log = nil
        }
        #expect(try folder.read(".state/index/recent") == journal)
    }

    /// Rows that lead to other entries: the entry is read and compared, and nothing is entered twice.
    @Test func indexWithOtherRows() async throws {
        var log: LedgerLog? = try await FilingWorld.open(folder.path)
        let filings = [
            try FilingWorld.charter(), try FilingWorld.enrol("ana"), try FilingWorld.register(1),
            try FilingWorld.register(2),
        ]
        _ = await log?.sequencer.submit(filings)
        log = nil
        let state = try folder.read(".state/signed")
        let entries = try filings.map { try FilingWorld.entry($0) }
        try LookupIndex.delete(folder(".state/index"))
        var index: LookupIndex? = try LookupIndex(at: folder(".state/index"))
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
