// SPDX-License-Identifier: Apache-2.0
import Synchronization
public import SystemPackage
public import TransparencyLog

/// The folder of a witness: of each log the keys, and the checkpoint that was cosigned last.
///
///     witness/<hex SHA-256 of the origin>/log           the log's vkeys, one a line
///                                         checkpoint    the last one cosigned, with the log's signatures and ours
///                                         conflicts/    checkpoints of one size with two roots, by SHA-256 of the note
///                                         lock
///
/// All that is to be trusted is here, and nothing of it is taken from memory: each request reads it anew under the lock
/// of its log, which threads and processes take one after the other. What is written is durable before anything is told.
/// A checkpoint that this process did not write, or could not flush, may be nowhere but in the system's memory: it is
/// written anew before anything follows from it.
public struct WitnessStore: Sendable {
    /// Why a witness cannot say anything of a log.
    public enum StoreError: Error, Sendable, Hashable {
        /// There is no witness in this folder.
        case absent(FilePath)
        /// The witness knows the log by other keys than the ones given.
        case otherKeys(Origin, known: [VerifierKey])
        /// A file of the witness is not as it wrote it.
        case damaged(FilePath, FormatError)
        /// The last checkpoint was not cosigned by the witness's key: the folder is another witness's.
        case cosignedByAnother(FilePath)
        /// Another process has been at the log for longer than one is waited for.
        case inUse(FilePath)
        /// The clock is behind the last cosignature, both in POSIX seconds.
        case clockIsBehind(last: UInt64, now: UInt64)
    }

    /// What came of adding a log.
    public enum Addition: Sendable, Hashable {
        /// It was not known.
        case added
        /// It was known by these keys.
        case unchanged
        /// These keys took the place of those it was known by.
        case rotated(from: [VerifierKey])
    }

    /// A log with what was cosigned last.
    struct Entry {
        let log: WitnessedLog
        let last: SignedCheckpoint?
    }

    /// How a file is written: durable, whole or not at all.
    package typealias Write = @Sendable (_ bytes: [UInt8], _ path: FilePath) throws -> Void

    /// The most checkpoints that are kept as evidence against one log.
    public static let maximumConflicts = 32

    /// The folder.
    public let folder: FilePath
    private let write: Write
    private let patience: Duration
    private let settled = Settled()

    /// How long another process at the same log is waited for: many times what its flushes take.
    public static let patience = Duration.seconds(10)

    /// Names the folder; it need not be there yet.
    public init(folder: FilePath) {
        self.init(folder: folder) { bytes, path in try DurableFile.write(bytes, to: path) }
    }

    /// A store that writes otherwise, as one does that is about to die, or waits otherwise.
    package init(folder: FilePath, waiting patience: Duration = patience, write: @escaping Write) {
        self.folder = folder
        self.patience = patience
        self.write = write
    }

    /// Makes a log known by its keys, or by these in the place of those it has, where `rotating`.
    ///
    /// What was cosigned stays: a log that has new keys goes on from there.
    public func add(_ keys: [VerifierKey], rotating: Bool = false) throws -> Addition {
        let log = try WitnessedLog(keys: keys)
        let place = place(of: log.origin)
        try DurableFile.makeFolder(place)
        return try locked(place) {
            guard let known = try keysKnown(in: place) else {
                try write(keys.flatMap { $0.utf8 + [0x0A] }, place.appending("log"))
                return .added
            }
            if rotating ? Set(keys) == Set(known) : Set(keys).isSubset(of: known) {
                try write(known.flatMap { $0.utf8 + [0x0A] }, place.appending("log"))
                return .unchanged
            }
            guard rotating else { throw StoreError.otherKeys(log.origin, known: known) }
            try write(keys.flatMap { $0.utf8 + [0x0A] }, place.appending("log"))
            return .rotated(from: known)
        }
    }

    /// Lends a log, with nobody else at it, and what is to be done to it; nil where the log is not known.
    func withLog<Result>(
        _ origin: Origin, _ body: (Entry, _ replace: (SignedCheckpoint) throws -> Void) throws -> Result
    ) throws -> Result? {
        let place = place(of: origin)
        guard DurableFile.isFolder(place) else { return nil }
        return try locked(place) {
            try settle(place)
            guard let entry = try entry(in: place) else { return nil }
            return try body(entry) { try replace(in: place, with: $0.bytes) }
        }
    }

    /// The checkpoint that was cosigned last of the log whose origin has this hash; nil where there is none.
    ///
    /// It is durable: one that was renamed into place and not flushed is not shown, since after a power cut another could
    /// be cosigned in its place.
    public func checkpoint(ofOriginHash hash: Hash) throws -> [UInt8]? {
        let place = folder.appending(hash.hex)
        guard DurableFile.isFolder(place) else { return nil }
        return try locked(place) {
            try settle(place)
            return try DurableFile.readIfPresent(
                place.appending("checkpoint"), limit: SignedNote.maximumByteCount)
        }
    }

    /// The logs, each with the last checkpoint, in the order of their origins.
    func entries() throws -> [Entry] {
        guard DurableFile.isFolder(folder) else { throw StoreError.absent(folder) }
        var entries: [Entry] = []
        for name in try DurableFile.names(in: folder) where Hash(hex: name.string.utf8) != nil {
            let place = folder.appending(name)
            guard DurableFile.isFolder(place) else { continue }
            if let entry = try locked(place, { try entry(in: place) }) { entries.append(entry) }
        }
        return entries.sorted { $0.log.origin.utf8.lexicographicallyPrecedes($1.log.origin.utf8) }
    }

    /// Keeps two checkpoints of one log that cannot both be, unless there are too many already. Gives their folder.
    func keep(_ conflicting: [SignedNote], of origin: Origin) throws -> FilePath? {
        let evidence = place(of: origin).appending("conflicts")
        try DurableFile.makeFolder(evidence)
        for note in conflicting {
            let path = evidence.appending(SHA256.hash(note.bytes).hex)
            // One that is there is written all the same: whoever wrote it may not have got it to the disk.
            guard try DurableFile.exists(path) || conflictCount(of: origin) < Self.maximumConflicts else { return nil }
            try write(note.bytes, path)
        }
        return evidence
    }

    /// How many checkpoints are kept as evidence that a log signed two trees of one size.
    public func conflictCount(of origin: Origin) throws -> Int {
        let evidence = place(of: origin).appending("conflicts")
        return DurableFile.isFolder(evidence) ? try DurableFile.names(in: evidence).count : 0
    }

    /// Where the files of a log are.
    func place(of origin: Origin) -> FilePath {
        folder.appending(SHA256.hash(origin.utf8).hex)
    }

    // MARK: -

    private func locked<Result>(_ place: FilePath, _ body: () throws -> Result) throws -> Result {
        let path = place.appending("lock")
        guard let lock = try ProcessLock(path, within: patience) else { throw StoreError.inUse(path) }
        return try withExtendedLifetime(lock) { try body() }
    }

    /// Which checkpoints this process wrote and flushed, by the folder of their log.
    private final class Settled: Sendable {
        let hashes = Mutex<[FilePath: Hash]>([:])
    }

    /// Writes the checkpoint anew, unless it is the one that this process last got to the disk.
    private func settle(_ place: FilePath) throws {
        let path = place.appending("checkpoint")
        guard let bytes = try DurableFile.readIfPresent(path, limit: SignedNote.maximumByteCount),
            settled.hashes.withLock({ $0[place] }) != SHA256.hash(bytes)
        else { return }
        try replace(in: place, with: bytes)
    }

    private func replace(in place: FilePath, with bytes: [UInt8]) throws {
        // What stands there if this fails, nobody knows.
        settled.hashes.withLock { $0[place] = nil }
        try write(bytes, place.appending("checkpoint"))
        settled.hashes.withLock { $0[place] = SHA256.hash(bytes) }
    }

    private func entry(in place: FilePath) throws -> Entry? {
        guard let keys = try keysKnown(in: place) else { return nil }
        let path = place.appending("checkpoint")
        let bytes = try DurableFile.readIfPresent(path, limit: SignedNote.maximumByteCount)
        do throws(FormatError) {
            guard let bytes else { return Entry(log: try WitnessedLog(keys: keys), last: nil) }
            let last = try SignedCheckpoint(parsing: bytes)
            let log = try WitnessedLog(keys: keys, last: last.unverified.head)
            guard last.unverified.origin == log.origin else { throw FormatError("checkpoint", "of another log") }
            return Entry(log: log, last: last)
        } catch {
            throw StoreError.damaged(path, error)
        }
    }

    private func keysKnown(in place: FilePath) throws -> [VerifierKey]? {
        let path = place.appending("log")
        guard let bytes = try DurableFile.readIfPresent(path, limit: 65_536) else { return nil }
        do throws(FormatError) {
            guard bytes.last == 0x0A else { throw FormatError("log", "does not end in a newline") }
            var keys: [VerifierKey] = []
            for line in bytes.dropLast().split(separator: 0x0A, omittingEmptySubsequences: false) {
                keys.append(try VerifierKey(parsing: line))
            }
            let log = try WitnessedLog(keys: keys)
            guard self.place(of: log.origin) == place else { throw FormatError("log", "in the folder of another") }
            return log.keys
        } catch {
            throw StoreError.damaged(path, error)
        }
    }
}

extension WitnessStore.StoreError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .absent(let path): "there is no witness at \(Shown.path(path))"
        case .otherKeys(let origin, _): "the log \"\(Shown.bytes(origin.utf8))\" is known by another key"
        case .damaged(let path, let error): "\(Shown.path(path)) is not as the witness wrote it: \(error)"
        case .cosignedByAnother(let path): "\(Shown.path(path)) was not cosigned by this key"
        case .inUse(let path): "another process holds \(Shown.path(path)), and does not let go of it"
        case .clockIsBehind(let last, let now): "the clock, \(now), is behind the last cosignature, \(last)"
        }
    }
}
