// SPDX-License-Identifier: Apache-2.0
import Foundation
import Glibc
import Ledger
import SystemPackage
import TestSupport
import Testing
import TransparencyLog

/// A ledger in a real folder.
@Suite struct DirectoryStoreTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func file(_ path: String, _ text: String) -> StoredFile { StoredFile(path: path, bytes: Array(text.utf8)) }

    // MARK: - Opening

    @Test func opening() throws {
        #expect(throws: DirectoryStore.OpenError.absent(folder("none"))) {
            try DirectoryStore.writing(folder("none"))
        }
        try folder.write("x", to: "file")
        #expect(throws: DirectoryStore.OpenError.absent(folder("file"))) {
            try DirectoryStore.writing(folder("file"))
        }
        let store = try DirectoryStore.writing(folder.path)
        #expect(try folder(".state").mode == 0o700)
        #expect(try folder(".state/lock").mode == 0o600)
        withExtendedLifetime(store) {}
    }

    /// A folder in which nobody can make anything.
    @Test(.enabled(if: DurableFile.isFolder("/sys/kernel"))) func readOnlyFolder() throws {
        #expect(throws: FileError.self) { try DirectoryStore.writing("/sys/kernel") }
        #expect(try DirectoryStore.reading("/sys/kernel").read("checkpoint", limit: 10) == nil)
    }

    @Test func oneWriterAtATime() throws {
        var first: DirectoryStore? = try DirectoryStore.writing(folder.path)
        for _ in 0..<3 {
            #expect(throws: DirectoryStore.OpenError.inUse(folder.path)) { try DirectoryStore.writing(folder.path) }
        }
        #expect(try first?.staged() == nil)
        first = nil
        first = try DirectoryStore.writing(folder.path)
        #expect(throws: DirectoryStore.OpenError.inUse(folder.path)) { try DirectoryStore.writing(folder.path) }
        // Readers are not in the way, nor kept away.
        #expect(try DirectoryStore.reading(folder.path).read("checkpoint", limit: 10) == nil)
        withExtendedLifetime(first) {}
    }

    @Test func waitingForTheOther() async throws {
        let path = folder.path
        var first: DirectoryStore? = try DirectoryStore.writing(path)
        try first?.stage([1])
        // The kernel names who waits for a lock, where it can be asked.
        let before = Self.waiters()
        async let second = onOwnThread { try DirectoryStore.writing(path, waiting: true) }
        var looks = 0
        while Self.waiters() == before, looks < 10_000 {
            looks += 1
            await Task.yield()
        }
        try first?.stage([2])
        first = nil
        #expect(try await second.staged() == [2])
    }

    private static func waiters() -> Int {
        let locks = try? String(contentsOfFile: "/proc/locks", encoding: .utf8)
        return locks?.split(separator: "\n").count { $0.contains("-> FLOCK") } ?? 0
    }

    /// A lock that is not had is closed once: a second time would close a file of somebody else.
    @Test func refusedLockClosesNothingElse() async throws {
        let store = try DirectoryStore.writing(folder.path)
        let path = folder.path
        let stopped = DispatchSemaphore(value: 0)
        let done = DispatchSemaphore(value: 0)
        nonisolated(unsafe) var lost = 0
        Thread.detachNewThread {
            while stopped.wait(timeout: .now()) == .timedOut {
                let descriptors = (0..<4).map { _ in open("/dev/null", O_RDONLY | O_CLOEXEC) }
                for descriptor in descriptors where close(descriptor) != 0 { lost += 1 }
            }
            done.signal()
        }
        for _ in 0..<500 { #expect(throws: DirectoryStore.OpenError.self) { try DirectoryStore.writing(path) } }
        stopped.signal()
        done.wait()
        #expect(lost == 0)
        withExtendedLifetime(store) {}
    }

    // MARK: - Files that never change

    @Test func creatingIsIdempotent() throws {
        let store = try DirectoryStore.writing(folder.path)
        let files = [file("tile/0/000.p/1", "one"), file("tile/0/x001/000", "two"), file("tile/entries/000.p/1", "")]
        try store.create(files)
        let inodes = try files.map { try inode($0.path) }
        try store.create(files)
        for (file, inode) in zip(files, inodes) {
            #expect(try self.inode(file.path) != inode, "whether what is there is on the disk is not known")
        }
        try store.create(files)
        for file in files { #expect(try folder.read(file.path) == file.bytes) }
        #expect(try folder.files(in: "tile") == ["0/000.p/1", "0/x001/000", "entries/000.p/1"])
        #expect(try folder("tile/0/000.p/1").mode & 0o600 == 0o600)
    }

    /// Other content under a name that is taken is refused, whatever its length; what is there stays, and nothing is
    /// left behind.
    @Test(arguments: ["", "on", "One", "one more", String(repeating: "one", count: 1000)])
    func otherContentIsRefused(_ content: String) throws {
        let store = try DirectoryStore.writing(folder.path)
        try store.create([file("tile/0/000", "one")])
        let more = [file("tile/0/001", "1"), file("tile/0/000", content), file("tile/0/002", "2")]
        for files in [more, more.reversed()] {
            #expect(throws: FileError.self) { try store.create(files) }
            #expect(try folder.read("tile/0/000") == Array("one".utf8))
            #expect(try folder.files(in: "tile").filter { $0.hasSuffix(".tmp") } == [])
        }
        try store.create([file("tile/0/001", "1"), file("tile/0/002", "2")])
    }

    @Test func foldersInTheWay() throws {
        let store = try DirectoryStore.writing(folder.path)
        try folder.makeFolder("tile/0/000")
        #expect(throws: FileError.self) { try store.create([file("tile/0/000", "one")]) }
        try folder.write("x", to: "tile/1")
        #expect(throws: FileError.self) { try store.create([file("tile/2/000", "a"), file("tile/1/000", "one")]) }
        #expect(try folder.files(in: "tile") == ["1"])
    }

    @Test func partialsAreDropped() throws {
        let store = try DirectoryStore.writing(folder.path)
        try store.create([
            file("tile/0/000.p/1", "1"), file("tile/0/000.p/255", "255"), file("tile/0/000", "256"),
            file("tile/0/001.p/1", "1"), file("tile/entries/000.p/7", "7"), file("tile/entries/000", "256"),
        ])
        try folder.write("left over", to: "tile/0/000.p/.9.tmp")
        for _ in 0..<2 { try store.dropPartials(of: ["tile/0/000", "tile/entries/000", "tile/1/000"]) }
        #expect(try folder.files(in: "tile") == ["0/000", "0/001.p/1", "entries/000"])
        #expect(!DurableFile.exists(folder("tile/0/000.p")))
    }

    // MARK: - Reading

    @Test func reading() throws {
        try folder.write("four", to: "tile/0/000")
        let store = DirectoryStore.reading(folder.path)
        #expect(try store.read("tile/0/000", limit: 4) == Array("four".utf8))
        #expect(throws: FileError("read", folder("tile/0/000"), .fileTooLarge)) {
            try store.read("tile/0/000", limit: 3)
        }
        for path in ["checkpoint", "tile/0/001", "tile/0", "tile/0/000/0", "none/at/all"] {
            #expect(try store.read(path, limit: 4) == nil)
        }
    }

    // MARK: - What is signed

    @Test func signedCheckpointIsSwapped() throws {
        let store = try DirectoryStore.writing(folder.path)
        #expect(try store.signedCheckpoint() == nil)
        #expect(throws: SequencerError.signedElsewhere) { try store.replace([1], with: [2]) }
        try store.replace(nil, with: [1])
        #expect(throws: SequencerError.signedElsewhere) { try store.replace(nil, with: [2]) }
        #expect(throws: SequencerError.signedElsewhere) { try store.replace([2], with: [2]) }
        #expect(try store.signedCheckpoint() == [1])
        try store.replace([1], with: [2])
        #expect(try store.signedCheckpoint() == [2])
        #expect(try folder(".state/signed").mode == 0o600)
    }

    @Test func stagedBatch() throws {
        let store = try DirectoryStore.writing(folder.path)
        #expect(try store.staged() == nil)
        try store.stage([1, 2])
        try store.stage([3])
        #expect(try store.staged() == [3])
        #expect(try folder(".state/staged").mode == 0o600)
        #expect(try folder.files(in: ".state") == ["lock", "staged"])
    }

    @Test func checkpointIsPublished() throws {
        let store = try DirectoryStore.writing(folder.path)
        for content in ["one", "two"] {
            try store.publish(Array(content.utf8))
            #expect(try store.read("checkpoint", limit: 10) == Array(content.utf8))
        }
        #expect(try folder.files() == [".state/lock", "checkpoint"])
    }

    // MARK: - A log

    /// Files of writes that were cut short do not disturb a log, nor its audit.
    @Test func leftoversAreIgnored() async throws {
        let log = try await DirectoryWorld.open(folder.path)
        let first = await log.submit(["a", "b"])
        for name in [
            ".state/.staged.x.tmp", ".checkpoint.x.tmp", "tile/.x.tmp", "tile/0/000.p/.3.x.tmp",
            "tile/entries/000.p/.3.x.tmp", "tile/0/.000.x.tmp",
        ] {
            try folder.write("left over", to: name)
        }
        let second = await log.submit(["c"])
        try await DirectoryWorld.check(folder.path, (first + second).map { try $0.get() }, ["a", "b", "c"])
    }

    /// What a killed process was writing is removed by the next that opens the log; nothing else is.
    @Test func unfinishedWritesAreRemoved() async throws {
        _ = try await DirectoryWorld.open(folder.path).submit(["a"])
        let kept = [
            ".state/.mine", ".state/.signed.tmp", ".state/.other.1a2b.tmp", ".checkpoint.orig", "tile/.x.1.tmp",
        ]
        let unfinished = [".state/.signed.1a2b3c.tmp", ".state/.registry.z.tmp", ".checkpoint.0123456789abc.tmp"]
        for name in kept + unfinished { try folder.write("half", to: name) }
        _ = DirectoryStore.reading(folder.path)
        #expect(try Set(folder.files()).isSuperset(of: kept + unfinished))
        _ = try DirectoryStore.writing(folder.path)
        #expect(try Set(folder.files()).isSuperset(of: kept))
        #expect(try Set(folder.files()).isDisjoint(with: unfinished))
    }

    /// What was signed and is not served may be nowhere but in memory: a start builds on it only when it is written anew.
    @Test func signedIsWrittenAnewWhereItIsNotServed() async throws {
        do {
            let log = try await DirectoryWorld.open(folder.path)
            _ = try await log.submit("a")
            try await log.publish()
        }
        let first = try inode(".state/signed")
        _ = try await DirectoryWorld.open(folder.path)
        #expect(try inode(".state/signed") == first, "what is served was flushed before")
        let signed = try folder.read(".state/signed")
        try FileManager.default.removeItem(atPath: folder("checkpoint").string)
        _ = try await DirectoryWorld.open(folder.path)
        #expect(try inode(".state/signed") != first)
        #expect(try folder.read(".state/signed") == signed)
    }

    /// Who holds an older checkpoint gets every proof under it, from the full tiles that took the place of partial ones.
    @Test func readersOfOlderCheckpoints() async throws {
        let log = try await DirectoryWorld.open(folder.path)
        var checkpoints: [CosignedCheckpoint] = []
        let policy = try SequencerWorld.identity.policy()
        for texts in [0..<1, 1..<200, 200..<255, 255..<256, 256..<258] {
            for result in await log.submit(texts.map { "entry \($0)" }) { _ = try result.get() }
            let note = try #require(await log.checkpoint)
            checkpoints.append(try policy.verify(SignedCheckpoint(note)))
        }
        #expect(try folder.files(in: "tile/0").contains("000.p/1") == false)
        let source = DirectoryStore.reading(folder.path)
        let newest = LedgerReader(source, at: try #require(checkpoints.last))
        for checkpoint in checkpoints {
            let reader = LedgerReader(source, at: checkpoint)
            let size = checkpoint.head.size.value
            for index in Set([0, size / 2, size - 1] + [2, 199, 254, 255, 256].filter { $0 < size }) {
                let proof = try await reader.proof(of: LeafIndex(index)!)
                try proof.verify(MerkleTree.leafHash(proof.extra ?? []), under: policy)
                #expect(CountingRules.text(of: proof.extra ?? []) == "entry \(index)")
            }
            _ = try await newest.consistency(from: checkpoint.head)
            for other in checkpoints where other.head.size <= checkpoint.head.size {
                _ = try await reader.consistency(from: other.head)
            }
        }
    }

    private func inode(_ path: String) throws -> UInt {
        var status = stat()
        guard stat(folder(path).string, &status) == 0 else { throw Errno(rawValue: errno) }
        return status.st_ino
    }
}
