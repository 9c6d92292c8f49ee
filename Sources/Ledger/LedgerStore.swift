// SPDX-License-Identifier: Apache-2.0

/// Anything that serves the files of a log by their tlog-tiles paths: a folder, a mirror, a server.
///
/// Nothing it answers is trusted; whoever reads verifies against a signed checkpoint.
public protocol LedgerSource: Sendable {
    /// The bytes at a path such as "checkpoint" or "tile/0/000.p/5"; nil where there is nothing.
    ///
    /// Throws if the source cannot be asked, or answers with more than `limit` bytes.
    func read(_ path: String, limit: Int) async throws -> [UInt8]?
}

/// A file of the log with its path relative to the ledger.
public struct StoredFile: Sendable, Hashable {
    /// The tlog-tiles path.
    public let path: String
    /// The whole content.
    public let bytes: [UInt8]

    /// Joins a path and its content.
    public init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }
}

/// Where a log keeps what it serves. It is not trusted: the sequencer verifies its right edge at every start.
public protocol TileStore: LedgerSource {
    /// Makes files that never change, all durable before it returns.
    ///
    /// A path that holds the same bytes is left; one that holds other bytes is an error, and nothing may be assumed
    /// about the other files of the call.
    func create(_ files: [StoredFile]) async throws
    /// Puts a checkpoint in the place of the one that is served. After a power cut the earlier one may be back.
    func publish(_ checkpoint: [UInt8]) async throws
    /// Drops the partial forms of tiles and bundles that are now full. May do nothing.
    func dropPartials(of fullPaths: [String]) async throws
}

/// Where a log keeps its last signed checkpoint: small, trusted, and apart from the tiles.
public protocol LockStore: Sendable {
    /// The last signed checkpoint; nil for a log that never signed one.
    func signedCheckpoint() async throws -> [UInt8]?
    /// Puts `new` in the place of `old`, durably, in one step, and only if `old` still stands.
    ///
    /// When it throws, either may stand; the caller must ask before it signs again.
    func replace(_ old: [UInt8]?, with new: [UInt8]) async throws
}

/// Where a log keeps the one batch that it is about to sign, or has signed and not yet applied.
public protocol StagingStore: Sendable {
    /// Stores the batch durably, in the place of an earlier one, of which nothing is needed any more.
    ///
    /// A call that does not return may leave anything: what is no whole batch was never signed.
    func stage(_ batch: [UInt8]) async throws
    /// The stored batch, read back; nil if there never was one. It stays after it was applied.
    func staged() async throws -> [UInt8]?
}

/// Everything a sequencer needs of storage.
public typealias LedgerStore = TileStore & LockStore & StagingStore
