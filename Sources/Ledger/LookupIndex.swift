// SPDX-License-Identifier: Apache-2.0
public import Evidence
import Foundation
import GRDB
public import SystemPackage
public import TransparencyLog

/// Where things stand in a log: entries by filing text, by dossier, by published hash, by key, and by what they refer to;
/// and its charters.
///
/// It follows the log and decides nothing on its own: whoever uses an answer reads the entry again. It can be deleted
/// at any time and comes back equal. Its file is SQLite, in the ledger's private folder; without a path it is in
/// memory.
public final class LookupIndex: Sendable {
    /// What an entry is found under.
    public enum Key: Sendable, Hashable {
        /// The SHA-256 of the filing's text.
        case text(Hash)
        /// The digest of a dossier, or of a custody entry's details.
        case digest(Hash)
        /// The SHA-256 of a file that the registrant published.
        case published(Hash)
        /// A key that signs, is enrolled or is revoked in the entry.
        case key(Ed25519.PublicKey)
        /// An entry that this one refers to.
        case reference(LeafIndex)
        /// That it sets the charter.
        case charter

        fileprivate var kind: Int {
            switch self {
            case .text: 0
            case .digest: 1
            case .published: 2
            case .key: 3
            case .reference: 4
            case .charter: 5
            }
        }

        fileprivate var value: Data {
            switch self {
            case .text(let hash), .digest(let hash), .published(let hash): Data(hash.bytes)
            case .key(let key): Data(key.bytes)
            case .reference(let index): withUnsafeBytes(of: index.value.bigEndian) { Data($0) }
            case .charter: Data()
            }
        }
    }

    /// The index cannot be read or written now: the disk is full, or another process has it.
    public struct Unavailable: Error, Sendable, Hashable, CustomStringConvertible {
        /// What SQLite says.
        public let reason: String

        public var description: String { "the lookup index cannot be used: \(reason)" }
    }

    /// The index does not hold. It has nothing that the log has not: `delete` it.
    public struct Damaged: Error, Sendable, Hashable, CustomStringConvertible {
        /// What is wrong with it.
        public let reason: String

        /// Says what is wrong.
        public init(reason: String) {
            self.reason = reason
        }

        public var description: String {
            "the lookup index does not hold: \(reason)"
        }
    }

    private static let version = 2
    private let queue: DatabaseQueue

    /// Opens the index at `path`, or one in memory. A file that is damaged or of another version is made anew, empty.
    ///
    /// Damage within the file shows only where it is read, as `Damaged`. What it hides without breaking SQLite's form does
    /// not show here, but in an audit: a filing that is not found is entered again.
    public init(at path: FilePath?) throws {
        guard let path else {
            queue = try DatabaseQueue()
            try Self.prepare(queue)
            return
        }
        do {
            queue = try Self.open(path)
        } catch is DatabaseError {
            try Self.delete(path)
            queue = try Self.open(path)
        }
    }

    /// Lets go of the file. What is asked afterwards is an error.
    public func close() throws {
        try queue.close()
    }

    /// Removes the index at `path`, which nobody has open: what is still to be written would go to files that are new.
    public static func delete(_ path: FilePath) throws(FileError) {
        for suffix in ["", "-wal", "-shm", "-journal"] { try DurableFile.remove(FilePath(path.string + suffix)) }
    }

    /// Opens an index that is there, to read from it alone; nil if there is none, or none of this version.
    public init?(reading path: FilePath) {
        var configuration = Configuration()
        configuration.readonly = true
        guard DurableFile.exists(path),
            let queue = try? DatabaseQueue(path: path.string, configuration: configuration),
            let version = try? queue.read({ try Int.fetchOne($0, sql: "PRAGMA user_version") }), version == Self.version
        else { return nil }
        self.queue = queue
    }

    /// The number of entries that it has followed.
    public func size() throws -> TreeSize {
        try read { database in try Self.size(database) }
    }

    /// Follows the next entries, from `first` on. Entries that it has are passed over.
    public func follow(_ entries: [Entry], from first: LeafIndex) throws {
        try write { database in
            let size = try Self.size(database).value
            precondition(first.value <= size, "an index follows without gaps")
            let insert = try database.cachedStatement(
                sql: "INSERT OR IGNORE INTO place (kind, value, entry) VALUES (?, ?, ?)")
            var index = first.value
            for entry in entries {
                defer { index += 1 }
                guard index >= size else { continue }
                for key in Self.keys(of: entry) {
                    try insert.execute(arguments: [key.kind, key.value, Int64(index)])
                }
            }
            try database.execute(sql: "UPDATE cursor SET size = ?", arguments: [Int64(max(index, size))])
        }
    }

    /// The entries found under a key, in the order of the log: those from `first` on, and no more than `limit`.
    public func entries(
        under key: Key, from first: LeafIndex = 0, limit: Int = .max
    ) throws -> [LeafIndex] {
        try read { database in try Self.entries(database, under: key, from: first, limit: limit) }
    }

    /// The entries found under each of several keys, all as of one moment.
    public func entries(underEach keys: [Key]) throws -> [[LeafIndex]] {
        try read { database in
            try keys.map { try Self.entries(database, under: $0, from: 0, limit: .max) }
        }
    }

    private static func entries(
        _ database: Database, under key: Key, from first: LeafIndex, limit: Int
    ) throws -> [LeafIndex] {
        let select = try database.cachedStatement(
            sql: "SELECT entry FROM place WHERE kind = ? AND value = ? AND entry >= ? ORDER BY entry LIMIT ?")
        return try Int64.fetchAll(
            select, arguments: [key.kind, key.value, Int64(first.value), Int64(clamping: limit)]
        ).map { entry in
            guard let index = UInt64(exactly: entry).flatMap({ LeafIndex($0) }) else {
                throw Damaged(reason: "an entry below 0")
            }
            return index
        }
    }

    /// Forgets everything, so that it can follow from the first entry again.
    public func clear() throws {
        try write { database in
            try database.execute(sql: "DELETE FROM place; UPDATE cursor SET size = 0")
        }
    }

    private static func size(_ database: Database) throws -> TreeSize {
        let count = try Int64.fetchOne(database, sql: "SELECT size FROM cursor")
        guard let size = count.flatMap({ UInt64(exactly: $0) }).flatMap({ TreeSize($0) }) else {
            throw Damaged(reason: "no size")
        }
        return size
    }

    private func read<Value>(_ body: (Database) throws -> Value) throws -> Value {
        do { return try queue.read(body) } catch { throw Self.judged(error) }
    }

    private func write(_ body: (Database) throws -> Void) throws {
        do { try queue.write(body) } catch { throw Self.judged(error) }
    }

    /// What a full disk or another process refuses is no damage.
    private static func judged(_ error: any Error) -> any Error {
        let passing: [ResultCode] = [
            .SQLITE_FULL, .SQLITE_IOERR, .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_BUSY, .SQLITE_LOCKED,
            .SQLITE_NOMEM, .SQLITE_PERM, .SQLITE_AUTH,
        ]
        if error is Damaged || error is Unavailable { return error }
        if let error = error as? DatabaseError, passing.contains(error.resultCode) {
            return Unavailable(reason: error.message ?? "\(error.resultCode)")
        }
        return Damaged(reason: "\(error)")
    }

    /// What an entry is found under.
    public static func keys(of entry: Entry) -> [Key] {
        var keys: [Key] = [.text(entry.filing.text.hash)]
        for key in keyHolders(of: entry) {
            if let publicKey = key.publicKey { keys.append(.key(publicKey)) }
        }
        for hash in digests(of: entry.filing.action) { keys.append(.digest(hash)) }
        if case .register(let registration) = entry.filing.action {
            for hash in registration.published { keys.append(.published(hash)) }
        }
        if case .charter = entry.filing.action { keys.append(.charter) }
        for reference in entry.filing.action.references { keys.append(.reference(reference.index)) }
        return keys
    }

    /// Those who sign the entry, and those whom it is about.
    private static func keyHolders(of entry: Entry) -> [VerifierKey] {
        let signers = entry.filing.signers
        switch entry.filing.action {
        case .enrol(let enrolment): return signers + [enrolment.key]
        case .revoke(let revocation): return signers + [revocation.key]
        case .charter(let charter): return signers + charter.stewards + charter.logKeys
        case .register, .custody, .addRevoker, .close: return signers
        }
    }

    private static func digests(of action: Action) -> [Hash] {
        switch action {
        case .register(let registration): return [registration.dossier]
        case .custody(let custody): return custody.details.map { [$0] } ?? []
        case .charter, .enrol, .revoke, .addRevoker, .close: return []
        }
    }

    private static func open(_ path: FilePath) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { database in
            // What a crash loses is followed again from the log; it must only not be damaged.
            try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
        }
        let queue = try DatabaseQueue(path: path.string, configuration: configuration)
        try prepare(queue)
        return queue
    }

    private static func prepare(_ queue: DatabaseQueue) throws {
        try queue.write { database in
            let found = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
            if found == version {
                // One that can only be read would fail when an entry is signed already.
                return try database.execute(sql: "UPDATE cursor SET size = size")
            }
            guard found == 0 else { throw DatabaseError(resultCode: .SQLITE_MISMATCH) }
            try database.execute(
                sql: """
                    CREATE TABLE cursor (size INTEGER NOT NULL);
                    INSERT INTO cursor VALUES (0);
                    CREATE TABLE place (
                        kind INTEGER NOT NULL, value BLOB NOT NULL, entry INTEGER NOT NULL,
                        PRIMARY KEY (kind, value, entry)
                    ) WITHOUT ROWID;
                    PRAGMA user_version = \(version);
                    """)
        }
    }
}

extension LookupIndex {
    /// An index in memory of everything that a reader can read, compared with the signed root.
    public convenience init(
        following reader: LedgerReader, progress: @Sendable (UInt64) -> Void = { _ in }
    ) async throws {
        try self.init(at: nil)
        var tree = CompactTree()
        try await reader.replay {
            try Entry(parsing: $0)
        } taking: { entries in
            let first = tree.size.nextIndex
            tree.append(contentsOf: entries.map(\.leafHash))
            try follow(entries, from: first)
            progress(tree.size.value)
        }
        guard tree.head == reader.head else { throw LedgerReadError.doesNotHold(path: "tile/entries") }
    }
}
