// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization
import SystemPackage
import Testing

@testable import LedgerService

@Suite("A served log that keeps itself")
struct LogKeepingTests {
    /// What was said of the log.
    private final class Notes: Sendable {
        private let all = Mutex<[String]>([])

        func add(_ line: String) { all.withLock { $0.append(line) } }

        var lines: [String] { all.withLock { $0 } }
    }

    @Test("A log that halted is opened again once it can be, says so once, and lost nothing")
    func reopening() async throws {
        let world = try await LogWorld()
        let service = await world.service()
        let notes = Notes()
        let keeping = LogKeeping(log: world.log, policy: world.policy) { notes.add($0) }
        var seen = LogKeeping.Seen()
        await keeping.look(&seen)
        #expect(notes.lines.isEmpty, "a log that works is left alone")

        // Nothing can be signed while it cannot be read what was signed last.
        let signed = world.folder.path.appending(".state/signed").string
        try FileManager.default.moveItem(atPath: signed, toPath: signed + ".away")
        try FileManager.default.createDirectory(atPath: signed + "/in the way", withIntermediateDirectories: true)
        let filing = try LogWorld.register(1)
        #expect(await service.file(filing.bytes).status == 503)
        #expect(await world.log.sequencer.head == nil)
        #expect(await service.get("/health").status == 503)
        await keeping.look(&seen)
        await keeping.look(&seen)
        #expect(notes.lines == ["the log is halted: nothing is signed until it can be opened again"])
        #expect(await service.file(filing.bytes).status == 503)

        try FileManager.default.removeItem(atPath: signed)
        try FileManager.default.moveItem(atPath: signed + ".away", toPath: signed)
        await keeping.look(&seen)
        #expect(notes.lines.last == "the log goes on" && notes.lines.count == 2)
        #expect(await service.get("/health").status == 200)
        #expect(await service.file(filing.bytes).status == 200)
        #expect(await world.log.sequencer.head?.size == 3)
    }

    @Test("What a start after a kill need not replay is kept with every sixth look, where the log has grown")
    func keepingTheRegistry() async throws {
        let world = try await LogWorld()
        let service = await world.service()
        let keeping = LogKeeping(log: world.log, policy: world.policy)
        let path = world.folder.path.appending(".state/registry").string
        var seen = LogKeeping.Seen()
        func kept() -> Data? { FileManager.default.contents(atPath: path) }
        for number in 1...2 {
            try? FileManager.default.removeItem(atPath: path)
            #expect(await service.file(try LogWorld.register(number).bytes).status == 200)
            for _ in 0..<5 { await keeping.look(&seen) }
            #expect(kept() == nil)
            await keeping.look(&seen)
            #expect(await kept() == Data(world.log.registry.snapshot()))
        }
        try FileManager.default.removeItem(atPath: path)
        for _ in 0..<12 { await keeping.look(&seen) }
        #expect(kept() == nil, "nothing is new")
    }
}
