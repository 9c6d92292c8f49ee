// SPDX-License-Identifier: Apache-2.0
public import SystemPackage

/// Where a mirror keeps its copy: the files as they are served, and apart from them the last checkpoint that it stands by.
public protocol MirrorStore: TileStore, LockStore {
    /// Puts a small file that grows, such as `timestamp/sizes`, in the place of the one that is there, durably.
    func put(_ bytes: [UInt8], at path: String) async throws
}

/// A mirror in a folder, which is a ledger in tlog-tiles form: it is served as it stands, and audited like any other.
///
///     checkpoint   tile/...   timestamp/...   cosigned/...
///     .state/lock  .state/mirrored  .state/missing  .state/conflicts/
///
/// The checkpoint that the mirror stands by is `.state/mirrored`. It is written before it is served, and once it is
/// there the mirror never goes back behind it. One process writes at a time.
public final class MirrorFolder: Sendable {
    /// Why a folder cannot be a mirror.
    public enum OpenError: Error, Sendable, Hashable {
        /// The log itself is written here.
        case isTheLog(FilePath)
    }

    private let store: DirectoryStore

    /// Opens a mirror for writing, or begins one. Throws `DirectoryStore.OpenError.inUse` if another process has it.
    public init(_ folder: FilePath) throws {
        try DurableFile.makeFolder(folder)
        let state = folder.appending(DirectoryStore.stateName)
        guard !DurableFile.exists(state.appending("signed")) else { throw OpenError.isTheLog(folder) }
        store = try DirectoryStore.writing(folder)
        // An earlier process may have been stopped before it flushed this, or told that it could not be. The mirror never
        // goes back behind it, so it must be on the disk.
        guard let standing = try signedCheckpoint() else { return }
        try DurableFile.write(standing, to: record)
    }

    /// The folder.
    public var folder: FilePath { store.folder }
    /// Where checkpoints that cannot both be are kept.
    public var conflicts: FilePath { store.conflicts }

    private var record: FilePath { store.state.appending("mirrored") }
}

extension MirrorFolder: MirrorStore {
    public func read(_ path: String, limit: Int) throws(FileError) -> [UInt8]? { try store.read(path, limit: limit) }

    public func create(_ files: [StoredFile]) throws(FileError) { try store.create(files) }

    public func publish(_ checkpoint: [UInt8]) throws(FileError) { try store.publish(checkpoint) }

    public func dropPartials(of fullPaths: [String]) throws(FileError) { try store.dropPartials(of: fullPaths) }

    public func put(_ bytes: [UInt8], at path: String) throws(FileError) {
        let place = folder.appending(path)
        try DurableFile.makeFolder(place.removingLastComponent())
        try DurableFile.write(bytes, to: place)
    }

    public func signedCheckpoint() throws(FileError) -> [UInt8]? {
        try DurableFile.readIfPresent(record, limit: 1 << 20)
    }

    public func replace(_ old: [UInt8]?, with new: [UInt8]) throws {
        guard try signedCheckpoint() == old else { throw SequencerError.signedElsewhere }
        try DurableFile.write(new, to: record)
    }
}
