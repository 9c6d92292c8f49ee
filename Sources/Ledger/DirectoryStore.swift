// SPDX-License-Identifier: Apache-2.0
import Glibc
public import SystemPackage

/// A ledger in a folder: tlog-tiles files that any static web server can serve, and `.state/`, which is private.
///
///     checkpoint   tile/...   timestamp/...
///     cosigned/...                                checkpoints that can be quoted (`Quote.path`)
///     .state/lock  .state/signed  .state/staged  .state/conflicts/...
///
/// A value opened for writing holds `.state/lock` until it goes away, so one process writes at a time.
public final class DirectoryStore: Sendable {
    /// Why a ledger's folder cannot be opened for writing.
    public enum OpenError: Error, Sendable, Hashable {
        /// There is no ledger in this folder.
        case absent(FilePath)
        /// Another process has it open.
        case inUse(FilePath)
    }

    /// The folder.
    public let folder: FilePath
    private let lock: ProcessLock?

    private init(folder: FilePath, lock: ProcessLock?) {
        self.folder = folder
        self.lock = lock
    }

    /// Opens a ledger for reading only. Nothing need be there.
    public static func reading(_ folder: FilePath) -> DirectoryStore {
        DirectoryStore(folder: folder, lock: nil)
    }

    /// Opens a ledger for writing; throws `OpenError.inUse` at once if another process has it, unless `waiting`.
    public static func writing(_ folder: FilePath, waiting: Bool = false) throws -> DirectoryStore {
        guard DurableFile.isFolder(folder) else { throw OpenError.absent(folder) }
        let state = folder.appending(stateName)
        try DurableFile.makeFolder(state, mode: 0o700)
        guard let lock = try ProcessLock(state.appending("lock"), waiting: waiting) else {
            throw OpenError.inUse(folder)
        }
        let store = DirectoryStore(folder: folder, lock: lock)
        try store.removeUnfinished()
        return store
    }

    /// Removes what a process that was killed was writing: whoever holds the lock is the only one who writes here. What
    /// is among partial tiles goes with them.
    private func removeUnfinished() throws(FileError) {
        for (place, names) in [(state, ["signed", "registry"]), (folder, ["checkpoint"])] as [(FilePath, [String])] {
            for found in try DurableFile.names(in: place) {
                for name in names where TemporaryName.isOne(found, for: FilePath.Component(name) ?? found) {
                    try DurableFile.remove(place.appending(found))
                }
            }
        }
    }

    /// The private folder within a ledger.
    public static let stateName = ".state"

    /// The private folder of this ledger.
    public var state: FilePath { folder.appending(Self.stateName) }

    private static let noteLimit = 1 << 20
    private static let stagedLimit = 1 << 28

    private func requireLock() {
        precondition(lock != nil, "a ledger opened for reading is never written")
    }
}

extension DirectoryStore: LedgerSource {
    public func read(_ path: String, limit: Int) throws(FileError) -> [UInt8]? {
        do {
            return try DurableFile.readIfPresent(folder.appending(path), limit: limit)
        } catch {
            if error.errno == .notDirectory || error.errno == .isDirectory { return nil }
            throw error
        }
    }
}

extension DirectoryStore: TileStore {
    public func create(_ files: [StoredFile]) throws(FileError) {
        requireLock()
        try DurableFile.createImmutable(files.map { (folder.appending($0.path), $0.bytes) })
    }

    public func publish(_ checkpoint: [UInt8]) throws(FileError) {
        requireLock()
        // Every start publishes the signed checkpoint where an earlier one is served: its name need not be flushed.
        try DurableFile.write(checkpoint, to: folder.appending("checkpoint"), flushingName: false)
    }

    public func dropPartials(of fullPaths: [String]) throws(FileError) {
        requireLock()
        for path in fullPaths {
            let partials = folder.appending(path + ".p")
            guard DurableFile.isFolder(partials) else { continue }
            for name in try DurableFile.names(in: partials) {
                try DurableFile.remove(partials.appending(name))
            }
            _ = partials.withPlatformString { rmdir($0) }
        }
    }
}

extension DirectoryStore: LockStore {
    public func signedCheckpoint() throws(FileError) -> [UInt8]? {
        try DurableFile.readIfPresent(state.appending("signed"), limit: Self.noteLimit)
    }

    public func replace(_ old: [UInt8]?, with new: [UInt8]) throws {
        requireLock()
        guard try signedCheckpoint() == old else { throw SequencerError.signedElsewhere }
        try DurableFile.write(new, to: state.appending("signed"), mode: 0o600)
    }
}

extension DirectoryStore: StagingStore {
    public func stage(_ batch: [UInt8]) throws(FileError) {
        requireLock()
        try DurableFile.overwrite(state.appending("staged"), with: batch, mode: 0o600)
    }

    public func staged() throws(FileError) -> [UInt8]? {
        try DurableFile.readIfPresent(state.appending("staged"), limit: Self.stagedLimit)
    }
}
