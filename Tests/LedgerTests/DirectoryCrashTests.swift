// SPDX-License-Identifier: Apache-2.0
import Ledger
import SystemPackage
import Testing
import TransparencyLog

/// The process that writes a ledger is killed at each of its writes, and at each write of the start behind that.
@Suite struct DirectoryCrashTests {
    private static let batches = [["entry 254"], ["entry 255", "entry 256", "entry 257"], ["entry 258"]]

    /// A ledger of 254 entries to copy from.
    private static func prepared() async throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.makeFolder("ledger")
        let log = try await DirectoryWorld.open(folder("ledger"))
        for result in await log.submit((0..<254).map { "entry \($0)" }) { _ = try result.get() }
        return folder
    }

    /// Offers all batches until the store dies; gives the receipts that were handed out.
    private func run(_ folder: FilePath, _ store: inout DyingStore?, at death: Int, _ moment: DyingSteps.Moment)
        async throws -> [(text: String, receipt: SequencerWorld.Log.Receipt)]
    {
        var receipts: [(text: String, receipt: SequencerWorld.Log.Receipt)] = []
        var made: DyingStore?
        defer { store = made }
        let log = try await DirectoryWorld.open(folder) { opened in
            let dying = DyingStore(opened, DyingSteps(at: death, moment))
            made = dying
            return dying
        }
        for texts in Self.batches {
            for (text, result) in zip(texts, await log.submit(texts)) {
                if case .success(let receipt) = result { receipts.append((text, receipt)) }
            }
        }
        return receipts
    }

    @Test(arguments: DyingSteps.Moment.allCases) func killedAtEachWrite(_ moment: DyingSteps.Moment) async throws {
        let prepared = try await Self.prepared()
        var store: DyingStore?
        try prepared.copy(prepared("ledger"), to: "undisturbed")
        let all = try await run(prepared("undisturbed"), &store, at: 0, moment)
        #expect(all.count == 5)
        let writes = try #require(store).count
        #expect(writes == 5 * Self.batches.count)

        for death in 1...writes {
            let name = "killed at \(death)"
            try prepared.copy(prepared("ledger"), to: name)
            store = nil
            // At its first writes the log is being opened.
            let receipts = (try? await run(prepared(name), &store, at: death, moment)) ?? []
            store = nil
            #expect(receipts.count < 5 || death == writes)
            try await DirectoryWorld.check(prepared(name), receipts.map(\.receipt), receipts.map(\.text))
            try await goOn(prepared(name), behind: receipts)
        }
    }

    /// Killed once in a batch, and again in the start that puts it right.
    @Test(arguments: DyingSteps.Moment.allCases) func killedAgainAtTheStart(_ moment: DyingSteps.Moment) async throws {
        let prepared = try await Self.prepared()
        // Behind the signature of the batch that fills a tile, before its tiles.
        for death in [2 + 6 + 3, 2 + 6 + 4, 2 + 6 + 5] {
            for again in 1...5 {
                let name = "killed at \(death) and \(again)"
                try prepared.copy(prepared("ledger"), to: name)
                var store: DyingStore?
                let receipts = try await run(prepared(name), &store, at: death, moment)
                store = nil
                _ = try? await DirectoryWorld.open(prepared(name)) { DyingStore($0, DyingSteps(at: again, moment)) }
                try await DirectoryWorld.check(prepared(name), receipts.map(\.receipt), receipts.map(\.text))
                try await goOn(prepared(name), behind: receipts)
            }
        }
    }

    /// The next start needs nobody's help: all entries are entered once, and the ones with receipts are where they were.
    private func goOn(
        _ folder: FilePath, behind receipts: [(text: String, receipt: SequencerWorld.Log.Receipt)]
    ) async throws {
        let log = try await DirectoryWorld.open(folder)
        let texts = Self.batches.flatMap(\.self)
        let results = try await log.submit(texts).map { try $0.get() }
        #expect(results.map(\.index.value) == Array(254..<259))
        for (text, receipt) in receipts {
            let place = try #require(texts.firstIndex(of: text))
            #expect(results[place].index == receipt.index)
            #expect(results[place].wasPresent)
        }
        try await DirectoryWorld.check(folder, results, texts)
    }
}
