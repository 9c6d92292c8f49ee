// SPDX-License-Identifier: Apache-2.0
import Evidence
import Glibc
import Ledger
import SystemPackage
import TestSupport
import Testing
import TransparencyLog

/// Time-stamps as a ledger keeps them.
struct TimestampStoreTests {
    private static let log = AuditTestLog.opaque(300)
    private let folder: TemporaryFolder
    private let store: TimestampStore
    private let archive: TimestampArchive

    init() throws {
        folder = try TemporaryFolder()
        store = TimestampStore(folder.path)
        archive = TimestampArchive(of: DirectoryStore.reading(folder.path))
    }

    private func text(_ name: String) throws -> String { String(decoding: try folder.read(name), as: UTF8.self) }

    @Test("What is stored is read, with its checkpoint, in the order of the sizes")
    func storesAndReads() async throws {
        #expect(try await archive.sizes() == [])
        let authority = try TimestampTestAuthority()
        for size in [300, 7, 20] {
            let checkpoint = try Self.log.checkpoint(at: size)
            let response = try authority.stamp(checkpoint.textHash)
            #expect(try store.add([response], to: checkpoint) == [true])
            let stamped = try await archive.stamped(at: TreeSize(UInt64(size))!)
            #expect(stamped.checkpoint == checkpoint)
            #expect(stamped.responses == [response] && stamped.stamping == [response])
        }
        #expect(try await archive.sizes() == [7, 20, 300])
        #expect(try text("timestamp/sizes") == "7\n20\n300\n")
        let files = ["20.checkpoint", "20.tsr", "300.checkpoint", "300.tsr", "7.checkpoint", "7.tsr", "sizes"]
        #expect(try folder.files(in: "timestamp") == files)
    }

    @Test("Several authorities stand one behind the other; one is kept once")
    func severalAuthorities() async throws {
        let checkpoint = try Self.log.checkpoint(at: 9)
        let (one, two) = (try TimestampTestAuthority("One"), try TimestampTestAuthority("Two"))
        let first = try one.stamp(checkpoint.textHash)
        let second = try two.stamp(checkpoint.textHash)
        #expect(try store.add([first], to: checkpoint) == [true])
        #expect(try store.add([one.stamp(checkpoint.textHash), second], to: checkpoint) == [false, true])
        #expect(try folder.read("timestamp/9.tsr") == first.bytes + second.bytes)
        #expect(try store.add([first, second], to: checkpoint) == [false, false])
        #expect(try await archive.stamped(at: 9).responses == [first, second])
    }

    @Test("What is no time-stamp of the checkpoint is not stored")
    func anotherImprint() throws {
        let response = try TimestampTestAuthority().stamp(SHA256.hash([1]))
        #expect(throws: TimestampStore.StoreError.notOfCheckpoint) {
            try store.add([response], to: Self.log.checkpoint(at: 9))
        }
        #expect(try folder.files() == [])
    }

    @Test("Another checkpoint of a size is another history")
    func anotherCheckpoint() throws {
        let checkpoint = try Self.log.checkpoint(at: 9)
        try store.keep(checkpoint)
        let other = try AuditTestLog.Signers.sample.checkpoint(of: TreeHead(size: 9, root: SHA256.hash([1])))
        #expect(throws: TimestampStore.StoreError.anotherCheckpoint(9)) { try store.keep(other) }
        #expect(try folder.read("timestamp/9.checkpoint") == checkpoint.bytes)
    }

    @Test("A checkpoint that is kept is found by what was stamped, and gathers cosignatures")
    func kept() async throws {
        let cosigned = try Self.log.checkpoint(at: 9)
        let bare = try AuditTestLog.Signers.sample.checkpoint(of: cosigned.unverified.head, cosigned: false)
        #expect(try store.checkpoint(withTextHash: bare.textHash) == nil)
        try store.keep(bare)
        #expect(try store.checkpoint(withTextHash: bare.textHash) == bare)
        #expect(try store.checkpoint(withTextHash: SHA256.hash([1])) == nil)
        #expect(try await archive.sizes() == [])
        try store.keep(cosigned)
        try store.keep(bare)
        #expect(try store.checkpoint(withTextHash: bare.textHash)?.note.signatures.count == 3)
    }

    @Test("What a crash left between the files is written again")
    func crash() async throws {
        let checkpoint = try Self.log.checkpoint(at: 9)
        let response = try TimestampTestAuthority().stamp(checkpoint.textHash)
        try folder.write(checkpoint.bytes, to: "timestamp/9.checkpoint")
        try folder.write(response.bytes, to: "timestamp/9.tsr")
        #expect(try await archive.sizes() == [])
        #expect(try store.add([response], to: checkpoint) == [false])
        #expect(try await archive.sizes() == [9])
    }

    /// The lock, held as by another process.
    private func held() throws -> Int32 {
        try store.keep(Self.log.checkpoint(at: 9))
        let lock = open(folder(".state/timestamp.lock").string, O_RDWR | O_CLOEXEC)
        try #require(lock >= 0)
        #expect(flock(lock, LOCK_EX) == 0)
        return lock
    }

    @Test("A process that was stopped at it is not waited for for ever")
    func aLockThatIsNotGivenUp() throws {
        let lock = try held()
        let waiting = TimestampStore(folder.path, waiting: .milliseconds(20))
        let checkpoint = try Self.log.checkpoint(at: 20)
        let response = try TimestampTestAuthority().stamp(checkpoint.textHash)
        let inUse = TimestampStore.StoreError.inUse(folder(".state/timestamp.lock"))
        #expect(throws: inUse) { try waiting.keep(checkpoint) }
        #expect(throws: inUse) { try waiting.add([response], to: checkpoint) }
        #expect(try folder.files(in: "timestamp") == ["9.checkpoint"])
        close(lock)
        #expect(try waiting.add([response], to: checkpoint) == [true])
    }

    @Test("One that is busy for a moment is waited for")
    func aLockThatIsGivenUp() async throws {
        let lock = try held()
        // Patient enough for a machine on which all else goes on at the same time.
        let waiting = TimestampStore(folder.path, waiting: .seconds(600))
        let checkpoint = try Self.log.checkpoint(at: 20)
        async let kept: Void = onOwnThread { try waiting.keep(checkpoint) }
        for _ in 0..<100 { await Task.yield() }
        close(lock)
        try await kept
        #expect(try folder.files(in: "timestamp") == ["20.checkpoint", "9.checkpoint"])
    }

    @Test("No more than 16 are kept of one checkpoint")
    func full() throws {
        let checkpoint = try Self.log.checkpoint(at: 9)
        let response = try TimestampTestAuthority().stamp(checkpoint.textHash)
        let sixteen = [[UInt8]](repeating: response.bytes, count: 16)
        try folder.write(Array(sixteen.joined()), to: "timestamp/9.tsr")
        let another = try TimestampTestAuthority("Another").stamp(checkpoint.textHash)
        #expect(throws: TimestampStore.StoreError.full(9)) { try store.add([another], to: checkpoint) }
        #expect(try folder.read("timestamp/9.tsr").count == 16 * response.bytes.count)
    }

    @Test("What is missing or malformed is named by its file")
    func damaged() async throws {
        let checkpoint = try Self.log.checkpoint(at: 9)
        try folder.write("9\n", to: "timestamp/sizes")
        await #expect(throws: LedgerReadError.missing(path: "timestamp/9.checkpoint")) {
            try await archive.stamped(at: 9)
        }
        try folder.write(checkpoint.bytes, to: "timestamp/9.checkpoint")
        await #expect(throws: LedgerReadError.missing(path: "timestamp/9.tsr")) { try await archive.stamped(at: 9) }
        try folder.write("?", to: "timestamp/9.tsr")
        await #expect(throws: LedgerReadError.self) { try await archive.stamped(at: 9) }
        try folder.write(checkpoint.bytes, to: "timestamp/8.checkpoint")
        await #expect(throws: LedgerReadError.self) { try await archive.stamped(at: 8) }
    }

    @Test(
        "A list of sizes is as it would be written",
        arguments: ["", "9", "9\n9\n", "9\n8\n", "0\n", "09\n", "9\n\n", "\n", "9 \n", "+9\n", "9223372036854775808\n"])
    func sizes(_ text: String) async throws {
        try folder.write(text, to: "timestamp/sizes")
        await #expect(throws: LedgerReadError.self) { try await archive.sizes() }
    }
}
