// SPDX-License-Identifier: Apache-2.0
public import Evidence
public import SystemPackage
public import TransparencyLog

/// Where a ledger in a folder keeps its time-stamps: `timestamp/`, in the form of `TimestampArchive`.
///
/// The checkpoint is written first, then the responses, then the list of sizes, each whole and durable: after a crash a
/// size that is listed has both, and what is not listed is written again. One process writes at a time; the log itself
/// may be written by another meanwhile.
public struct TimestampStore: Sendable {
    /// Why something is not stored.
    public enum StoreError: Error, Sendable, Hashable {
        /// The checkpoint that is kept for this size is another one: two histories of the log.
        case anotherCheckpoint(TreeSize)
        /// There are as many responses for this size as are kept.
        case full(TreeSize)
        /// A response is no time-stamp of the checkpoint.
        case notOfCheckpoint
        /// Another process has been at the time-stamps for longer than one is waited for.
        case inUse(FilePath)
    }

    /// How long another process that stores time-stamps is waited for: many times what its flushes take.
    public static let patience = Duration.seconds(10)

    private let folder: FilePath
    private let source: DirectoryStore
    private let patience: Duration

    /// The time-stamps of the ledger in `folder`.
    public init(_ folder: FilePath) { self.init(folder, waiting: Self.patience) }

    /// A store that waits otherwise.
    package init(_ folder: FilePath, waiting patience: Duration) {
        self.folder = folder
        self.patience = patience
        source = DirectoryStore.reading(folder)
    }

    /// Keeps a checkpoint that a time-stamp is to be fetched for by other means, so that the response finds it again.
    public func keep(_ checkpoint: SignedCheckpoint) throws {
        try withLock { try write(checkpoint) }
    }

    /// The checkpoint that is kept and whose text has this hash; nil where there is none.
    public func checkpoint(withTextHash hash: Hash) throws -> SignedCheckpoint? {
        let place = folder.appending(TimestampArchive.folder)
        guard DurableFile.isFolder(place) else { return nil }
        for name in try DurableFile.names(in: place) where name.extension == "checkpoint" {
            let bytes = try DurableFile.read(place.appending(name), limit: SignedNote.maximumByteCount)
            // A file that is no checkpoint is not the one that is looked for.
            if let checkpoint = try? SignedCheckpoint(parsing: bytes), checkpoint.textHash == hash { return checkpoint }
        }
        return nil
    }

    /// Stores time-stamps of a checkpoint behind those that are there. Gives for each whether it is new: one by an
    /// authority of the same name is there already and says an earlier time, and a second is not kept.
    @discardableResult
    public func add(_ responses: [TimestampResponse], to checkpoint: SignedCheckpoint) throws -> [Bool] {
        let hash = checkpoint.textHash
        guard responses.allSatisfy({ $0.token?.imprint == hash }) else { throw StoreError.notOfCheckpoint }
        return try withLock {
            let size = checkpoint.unverified.head.size
            try write(checkpoint)
            var kept = try responsesKept(at: size)
            var isNew: [Bool] = []
            for response in responses {
                let isKnown = kept.contains { other in
                    other == response || (other.token?.name != nil && other.token?.name == response.token?.name)
                }
                isNew.append(!isKnown)
                if !isKnown { kept.append(response) }
            }
            guard kept.count <= TimestampArchive.maximumResponses else { throw StoreError.full(size) }
            if !kept.isEmpty {
                try write(kept.flatMap(\.bytes), at: TimestampArchive.path(size, "tsr"))
                try list(size)
            }
            return isNew
        }
    }

    // MARK: -

    private func withLock<Value>(_ body: () throws -> Value) throws -> Value {
        guard DurableFile.isFolder(folder) else { throw DirectoryStore.OpenError.absent(folder) }
        try DurableFile.makeFolder(source.state, mode: 0o700)
        let path = source.state.appending("timestamp.lock")
        guard let lock = try ProcessLock(path, within: patience) else { throw StoreError.inUse(path) }
        return try withExtendedLifetime(lock, body)
    }

    private func write(_ bytes: [UInt8], at path: String) throws(FileError) {
        try DurableFile.makeFolder(folder.appending(TimestampArchive.folder))
        try DurableFile.write(bytes, to: folder.appending(path))
    }

    /// Writes the checkpoint; cosignatures that the one there has stay.
    private func write(_ checkpoint: SignedCheckpoint) throws {
        let size = checkpoint.unverified.head.size
        let path = TimestampArchive.path(size, "checkpoint")
        guard let bytes = try source.read(path, limit: SignedNote.maximumByteCount) else {
            return try write(checkpoint.bytes, at: path)
        }
        let old = try SignedCheckpoint(parsing: bytes)
        guard old.textHash == checkpoint.textHash else { throw StoreError.anotherCheckpoint(size) }
        // A key's second signature over the same text is not kept: a note has one line a key.
        let more = checkpoint.note.signatures.filter { line in
            !old.note.signatures.contains { $0.isByKey(of: line) }
        }
        // One that is there and stays as it is is written too: whoever wrote it may not have got it to the disk.
        let joined = more.isEmpty ? nil : try? old.adding(more)
        try write((joined ?? old).bytes, at: path)
    }

    private func responsesKept(at size: TreeSize) throws -> [TimestampResponse] {
        let path = TimestampArchive.path(size, "tsr")
        guard let bytes = try source.read(path, limit: TimestampArchive.responsesLimit) else { return [] }
        return try TimestampResponse.all(in: bytes, limit: TimestampArchive.maximumResponses)
    }

    private func list(_ size: TreeSize) throws {
        let path = TimestampArchive.sizesPath
        let sizes =
            try source.read(path, limit: TimestampArchive.sizesLimit).map { try TimestampArchive.sizes(parsing: $0) }
            ?? []
        try write(TimestampArchive.list(of: sizes.contains(size) ? sizes : sizes + [size]), at: path)
    }
}

extension TimestampStore.StoreError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .anotherCheckpoint(let size): "another checkpoint of size \(size) was stamped: two histories of the log"
        case .full(let size): "\(TimestampArchive.maximumResponses) time-stamps are kept for size \(size) already"
        case .notOfCheckpoint: "it is no time-stamp of the checkpoint"
        case .inUse(let path): "another process holds \(Shown.path(path)), and does not let go of it"
        }
    }
}
