// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import Ledger
import Synchronization
import SystemPackage
import TestSupport
import Testing
import TransparencyLog

/// What a witness tells follows from what it got to the disk, and from nothing else; and it waits for nobody for ever.
@Suite("A witness whose flushes fail")
struct WitnessDurabilityTests {
    /// A disk whose flushes may fail: what is written can be read, and each time it is said that it is not durable.
    private final class Disk: Sendable {
        struct Failure: Error {}
        let state = Mutex((fails: false, writes: [String]()))

        func write(_ bytes: [UInt8], _ path: FilePath) throws {
            try DurableFile.write(bytes, to: path)
            let fails = state.withLock { state in
                state.writes.append(path.lastComponent?.string ?? "")
                return state.fails
            }
            if fails { throw Failure() }
        }

        func fail(_ fails: Bool) { state.withLock { $0.fails = fails } }
        /// The files that were written since this was last asked.
        func writes() -> [String] {
            state.withLock { state in
                defer { state.writes = [] }
                return state.writes
            }
        }
    }

    private let folder: TemporaryFolder
    private let world: WitnessWorld

    init() throws {
        folder = try TemporaryFolder()
        world = try WitnessWorld()
    }

    /// A checkpoint that could not be flushed can be read. Nothing is told that rests on it until it could be written
    /// anew: not itself, not that a smaller tree is refused for it, and no cosignature.
    @Test func aFailedFlushIsNotGoneOnFrom() throws {
        let disk = Disk()
        let witness = try world.open(folder("witness")) { try disk.write($0, $1) }
        #expect(witness.addCheckpoint(try world.request(0, 3)).status == 200)
        disk.fail(true)
        #expect(witness.addCheckpoint(try world.request(3, 5)).status == 503)
        #expect(try witness.store.status().first?.last?.unverified.head.size == 5, "it can be read")
        for request in try [world.request(0, 3), world.request(3, 5), world.request(5, 5), world.request(5, 7)] {
            #expect(witness.addCheckpoint(request).status == 503)
        }
        #expect(throws: Disk.Failure.self) { try witness.store.checkpoint(ofOriginHash: world.originHash) }

        disk.fail(false)
        _ = disk.writes()
        #expect(witness.addCheckpoint(try world.request(3, 5)).status == 409)
        #expect(disk.writes() == ["checkpoint"], "what could not be flushed is written anew")
        #expect(witness.addCheckpoint(try world.request(5, 7)).status == 200)
        #expect(disk.writes() == ["checkpoint"], "what was flushed is not written again")
        let shown = try #require(try witness.store.checkpoint(ofOriginHash: world.originHash))
        #expect(try SignedCheckpoint(parsing: shown).unverified.head.size == 7)
        #expect(disk.writes() == [])
    }

    /// A process does not know what the one before it got to the disk, nor another beside it.
    @Test func whatAnotherWroteIsWrittenAnew() throws {
        let disks = [Disk(), Disk()]
        let witnesses = try disks.map { disk in try world.open(folder("witness")) { try disk.write($0, $1) } }
        #expect(witnesses[0].addCheckpoint(try world.request(0, 3)).status == 200)
        disks[1].fail(true)
        #expect(throws: Disk.Failure.self) { try witnesses[1].store.checkpoint(ofOriginHash: world.originHash) }
        disks[1].fail(false)
        _ = disks.map { $0.writes() }
        for _ in 0..<2 { #expect(try witnesses[1].store.checkpoint(ofOriginHash: world.originHash) != nil) }
        #expect(disks[1].writes() == ["checkpoint"])
        #expect(witnesses[1].addCheckpoint(try world.request(3, 4)).status == 200)
        #expect(witnesses[0].addCheckpoint(try world.request(3, 5)).status == 409)
        #expect(disks.map { $0.writes() } == [["checkpoint"], ["checkpoint"]])
    }

    /// The keys of a log that are known already may be nowhere but in memory too.
    @Test func keysThatAreKnownAreWrittenAnew() throws {
        let disk = Disk()
        let store = WitnessStore(folder: folder("witness")) { try disk.write($0, $1) }
        #expect(try store.add([world.signer.verifierKey]) == .added)
        disk.fail(true)
        #expect(throws: Disk.Failure.self) { try store.add([world.signer.verifierKey]) }
        disk.fail(false)
        #expect(try store.add([world.signer.verifierKey]) == .unchanged)
    }

    /// A process that was stopped holds its locks: those who wait for it are told so.
    @Test func aLockThatIsNotGivenUp() throws {
        let witness = try world.open(folder("witness"))
        #expect(witness.addCheckpoint(try world.request(0, 3)).status == 200)
        let store = WitnessStore(folder: folder("witness"), waiting: .milliseconds(20)) {
            try DurableFile.write($0, to: $1)
        }
        let path = folder("witness").appending(world.originHash.hex).appending("lock")
        let waiting = try Witness(store, signer: world.witness, clock: { 1_800_000_000 })
        let stopped = open(path.string, O_RDWR | O_CLOEXEC)
        try #require(stopped >= 0)
        #expect(flock(stopped, LOCK_EX) == 0)
        guard case .unable(let error, world.origin) = waiting.addCheckpoint(try world.request(3, 4)) else {
            Issue.record("not told")
            return
        }
        let inUse = WitnessStore.StoreError.inUse(path)
        #expect(error as? WitnessStore.StoreError == inUse)
        #expect(throws: inUse) { try store.checkpoint(ofOriginHash: world.originHash) }
        #expect(throws: inUse) { try store.add([world.signer.verifierKey]) }
        #expect(throws: inUse) { try store.status() }
        close(stopped)
        #expect(witness.addCheckpoint(try world.request(3, 4)).status == 200)
    }

    /// One that is busy for a moment is waited for.
    @Test func aLockThatIsGivenUp() async throws {
        _ = try world.open(folder("witness"))
        // Patient enough for a machine on which all else goes on at the same time.
        let store = WitnessStore(folder: folder("witness"), waiting: .seconds(600)) {
            try DurableFile.write($0, to: $1)
        }
        let witness = try Witness(store, signer: world.witness, clock: { 1_800_000_000 })
        let path = folder("witness").appending(world.originHash.hex).appending("lock")
        let other = open(path.string, O_RDWR | O_CLOEXEC)
        try #require(other >= 0)
        #expect(flock(other, LOCK_EX) == 0)
        let request = try world.request(0, 3)
        async let status = onOwnThread { witness.addCheckpoint(request).status }
        for _ in 0..<100 { await Task.yield() }
        close(other)
        #expect(try await status == 200)
    }
}
