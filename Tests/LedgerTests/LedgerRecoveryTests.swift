// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Ledger
import Synchronization
import SystemPackage
import Testing
import TransparencyLog

/// A log that is brought forward from a copy has every entry, whatever was left of it and whenever that was stopped; and
/// at no moment in between does it forget what was signed.
@Suite struct LedgerRecoveryTests {
    /// What was left of the log's folder.
    enum Remnant: CaseIterable {
        case nothing, backup, state, checkpoint, filesAlone, damaged
    }

    /// A copy whose server goes away at one of its answers.
    private final class DyingSource: LedgerSource {
        struct Death: Error {}
        private let source: DirectoryStore
        private let death: Int
        private let reads = Mutex(0)

        init(_ source: DirectoryStore, at death: Int) {
            self.source = source
            self.death = death
        }

        func read(_ path: String, limit: Int) throws -> [UInt8]? {
            let number = reads.withLock { number in
                number += 1
                return number
            }
            guard death == 0 || number < death else { throw Death() }
            return try source.read(path, limit: limit)
        }
    }

    /// A log of 270 entries in `log`, a copy of it in `mirror`, and its folder as it was at three entries in `backup`.
    private static func world() async throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.makeFolder("log")
        let log = try await FilingWorld.open(folder("log"))
        _ = try await log.sequencer.submit(try FilingWorld.charter())
        _ = try await log.sequencer.submit(try FilingWorld.enrol("ana"))
        _ = try await log.sequencer.submit(try FilingWorld.register(0))
        try folder.copy(folder("log"), to: "backup")
        let more = try (1..<268).map { try FilingWorld.register($0) }
        for result in await log.sequencer.submit(more) { _ = try result.get() }
        try await log.close()
        _ = try await Mirror(
            of: DirectoryStore.reading(folder("log")), in: MirrorFolder(folder("mirror")),
            under: FilingWorld.identity.policy()
        ).update()
        return folder
    }

    private static func recovery(_ folder: FilePath, from source: any LedgerSource) throws -> LedgerRecovery {
        LedgerRecovery(of: folder, FilingWorld.identity, from: source, under: try FilingWorld.identity.policy())
    }

    private static func lay(_ remnant: Remnant, in folder: TemporaryFolder, as name: String) throws {
        func remove(_ path: String) throws { try FileManager.default.removeItem(atPath: folder(name + path).string) }
        switch remnant {
        case .nothing: return
        case .backup, .state, .checkpoint: try folder.copy(folder("backup"), to: name)
        case .filesAlone, .damaged: try folder.copy(folder("log"), to: name)
        }
        switch remnant {
        case .nothing, .backup: break
        case .state:
            try remove("/checkpoint")
            try remove("/tile")
        case .checkpoint: try remove("/.state")
        case .filesAlone:
            try remove("/.state")
            try remove("/checkpoint")
        case .damaged:
            var bytes = try folder.read(name + "/tile/entries/000")
            bytes[20_000] ^= 1
            try folder.write(bytes, to: name + "/tile/entries/000")
        }
    }

    private static func tiles(_ folder: TemporaryFolder, _ name: String) throws -> [String: [UInt8]] {
        var files: [String: [UInt8]] = [:]
        // The partial forms that a backup had are beginnings of what is there now.
        for path in try folder.files(in: name + "/tile") where !path.contains(".p/") || path.contains(".p/14") {
            files[path] = try folder.read(name + "/tile/" + path)
        }
        return files
    }

    /// The log opens with all its entries, and goes on.
    private static func check(_ folder: TemporaryFolder, _ name: String, _ number: Int) async throws {
        #expect(try tiles(folder, name) == tiles(folder, "log"))
        #expect(try folder.read(name + "/checkpoint") == folder.read("log/checkpoint"))
        let log = try await FilingWorld.open(folder(name))
        #expect(await log.sequencer.head?.size == 270)
        let receipt = try await log.sequencer.submit(try FilingWorld.register(1000 + number))
        #expect(receipt.index == 270)
        try await FilingWorld.check(log, in: folder(name))
    }

    /// Runs a recovery of a folder whose log was just let go, and may still be held for a moment.
    private static func recover(_ folder: FilePath, from source: any LedgerSource) async throws {
        var tries = 0
        while true {
            do {
                _ = try await recovery(folder, from: source).run()
                return
            } catch DirectoryStore.OpenError.inUse where tries < 100_000 {
                tries += 1
                await Task.yield()
            }
        }
    }

    @Test(arguments: Remnant.allCases) func itComesBackFrom(_ remnant: Remnant) async throws {
        let folder = try await Self.world()
        try Self.lay(remnant, in: folder, as: "here")
        let source = DirectoryStore.reading(folder("mirror"))
        let report = try await Self.recovery(folder("here"), from: source).run()
        let sizes: [Remnant: TreeSize] = [.backup: 3, .state: 3, .checkpoint: 3, .damaged: 270]
        #expect(report.before == sizes[remnant])
        #expect(report.writtenFiles > 0 && report.unreadable.isEmpty && report.missing.isEmpty)
        let again = try await Self.recovery(folder("here"), from: source).run()
        #expect(again.before == 270 && again.writtenFiles == 0)
        #expect(DurableFile.exists(folder("here/.state/replaced")) == (remnant == .damaged))
        try await Self.check(folder, "here", 0)
    }

    @Test(arguments: [Remnant.nothing, .backup, .damaged])
    func stoppedAnywhereItIsRunAgain(_ remnant: Remnant) async throws {
        let folder = try await Self.world()
        let source = DirectoryStore.reading(folder("mirror"))
        var death = 0
        while true {
            death += 1
            try #require(death < 100)
            let name = "here-\(death)"
            try Self.lay(remnant, in: folder, as: name)
            do {
                _ = try await Self.recovery(folder(name), from: DyingSource(source, at: death)).run()
                break
            } catch {
                // Once it has begun, whoever opens the log gets it as it was, or whole, or not at all.
                let hasBegun = [".state/signed", "checkpoint"].contains { DurableFile.exists(folder(name + "/" + $0)) }
                if hasBegun, death % 4 == 1, let log = try? await FilingWorld.open(folder(name)) {
                    let size = try #require(await log.sequencer.head).size
                    #expect(size == 270 || remnant == .backup && size == 3, "\(death)")
                }
            }
            try await Self.recover(folder(name), from: source)
            #expect(try Self.tiles(folder, name) == Self.tiles(folder, "log"))
            #expect(try folder.read(name + "/checkpoint") == folder.read("log/checkpoint"))
        }
        #expect(death > 5)
    }

    @Test func whatWasSignedHereIsNotForgotten() async throws {
        let folder = try await Self.world()
        // The copy is older than the log.
        let older = DirectoryStore.reading(folder("backup"))
        let before = try folder.read("log/.state/signed")
        await #expect(throws: LedgerRecovery.Failure.copyIsOlder(here: 270, copy: 3)) {
            _ = try await Self.recovery(folder("log"), from: older).run()
        }
        #expect(try folder.read("log/.state/signed") == before)
        // Nor where only its files say so.
        try Self.lay(.filesAlone, in: folder, as: "files")
        await #expect(throws: LedgerRecovery.Failure.moreIsHere(path: "tile/entries/000", copy: 3)) {
            _ = try await Self.recovery(folder("files"), from: older).run()
        }
        #expect(!DurableFile.exists(folder("files/.state/signed")))
    }

    @Test func anotherHistoryIsKeptAndNotTaken() async throws {
        let folder = try await Self.world()
        try folder.copy(folder("backup"), to: "fork")
        let log = try await FilingWorld.open(folder("fork"))
        for number in 0..<3 { _ = try await log.sequencer.submit(try FilingWorld.register(5000 + number)) }
        for (here, copy) in [("fork", "mirror"), ("log", "fork")] {
            try folder.copy(folder(here), to: "here")
            let signed = try folder.read("here/.state/signed")
            do {
                _ = try await Self.recovery(folder("here"), from: DirectoryStore.reading(folder(copy))).run()
                Issue.record("taken")
            } catch LedgerRecovery.Failure.conflict(_, _, let kept) {
                #expect(kept?.count == 2)
                #expect(kept?.allSatisfy { DurableFile.exists($0) } == true)
            }
            #expect(try folder.read("here/.state/signed") == signed)
            try FileManager.default.removeItem(atPath: folder("here").string)
        }
    }
}
