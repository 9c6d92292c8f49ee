// SPDX-License-Identifier: Apache-2.0
import Synchronization
import SystemPackage
import TransparencyLog

/// The folder of a log as a `Mirror` writes to it when the log is recovered: nothing there counts until it was verified
/// anew, and what does not hold gives way.
///
///     .state/replaced/...                          what stood in the place of something else
final class RecoveryStore: Sendable {
    private let store: DirectoryStore
    private let identity: LogIdentity
    private let seen: SignedCheckpoint?
    private let unreadable: [String]
    private let written = Mutex<Int>(0)

    /// `seen` is the newest checkpoint that was here; `unreadable` are the paths of those that do not hold.
    init(_ store: DirectoryStore, _ identity: LogIdentity, seen: SignedCheckpoint?, unreadable: [String]) {
        self.store = store
        self.identity = identity
        self.seen = seen
        self.unreadable = unreadable
    }

    /// How many files were written that were not here, or were others.
    var writtenCount: Int { written.withLock { $0 } }

    /// Puts a checkpoint in the place of the signed one, with the log's own signatures alone.
    func sign(off checkpoint: SignedNote) throws {
        _ = try identity.verify(checkpoint)
        let own = try checkpoint.keeping(where: identity.verifierKeys.isClaimed)
        try DurableFile.write(own.bytes, to: store.state.appending("signed"), mode: 0o600)
    }

    /// Moves what is at a path out of the way, under a name of its own.
    private func setAside(_ path: String) throws(FileError) {
        let folder = store.state.appending("replaced")
        try DurableFile.makeFolder(folder, mode: 0o700)
        let name = path.split(separator: "/").joined(separator: "-")
        var target = folder.appending(name)
        var number = 1
        while DurableFile.exists(target) {
            number += 1
            target = folder.appending("\(name)~\(number)")
        }
        try DurableFile.rename(store.folder.appending(path), to: target)
    }

    private func holds(_ path: FilePath, _ bytes: [UInt8]) -> Bool {
        (try? DurableFile.readIfPresent(path, limit: bytes.count)) == bytes
    }
}

extension RecoveryStore: MirrorStore {
    func read(_ path: String, limit: Int) throws(FileError) -> [UInt8]? {
        // What the mirror is to go on from; a longer file in the place of a bundle is none.
        if path == "checkpoint" { return seen?.bytes }
        do {
            return try store.read(path, limit: limit)
        } catch {
            if error.errno == .fileTooLarge { return nil }
            throw error
        }
    }

    func create(_ files: [StoredFile]) throws(FileError) {
        var new = 0
        for file in files {
            let path = store.folder.appending(file.path)
            if holds(path, file.bytes) { continue }
            new += 1
            if DurableFile.exists(path) { try setAside(file.path) }
        }
        try store.create(files)
        written.withLock { $0 += new }
    }

    func put(_ bytes: [UInt8], at path: String) throws(FileError) {
        let place = store.folder.appending(path)
        if !holds(place, bytes) { written.withLock { $0 += 1 } }
        try DurableFile.makeFolder(place.removingLastComponent())
        try DurableFile.write(bytes, to: place)
    }

    func dropPartials(of fullPaths: [String]) throws(FileError) { try store.dropPartials(of: fullPaths) }

    /// No file is known to be here.
    func signedCheckpoint() -> [UInt8]? { nil }

    /// All is here that the checkpoint covers: from now on it is what this log has signed. What was made of the entries
    /// before, the next start makes again.
    func replace(_ old: [UInt8]?, with new: [UInt8]) throws {
        for path in unreadable where DurableFile.exists(store.folder.appending(path)) { try setAside(path) }
        try LookupIndex.delete(store.state.appending("index"))
        try DurableFile.remove(store.state.appending("registry"))
        try DurableFile.remove(store.state.appending("staged"))
        try sign(off: SignedNote(parsing: new))
    }

    func publish(_ checkpoint: [UInt8]) throws(FileError) {
        try DurableFile.write(checkpoint, to: store.folder.appending("checkpoint"))
    }
}
