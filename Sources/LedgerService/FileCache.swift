// SPDX-License-Identifier: Apache-2.0
import Ledger
import NIOPosix
import Synchronization
import TransparencyLog

/// The files of a ledger that never change, kept in memory as they are read, up to a number of bytes.
///
/// `checkpoint` and the list of time-stamps change, and are read each time. What is kept longest goes first.
final class FileCache: Sendable {
    /// A file with what an HTTP answer says of it.
    struct File: Sendable {
        let bytes: [UInt8]
        /// An entity tag: the beginning of the SHA-256 of the bytes, within quotes.
        let tag: String
        /// The bytes in gzip's form, where they are served so and it is shorter.
        let compressed: [UInt8]?

        init(_ bytes: [UInt8], compressing: Bool) {
            self.bytes = bytes
            tag = "\"\(SHA256.hash(bytes).hex.prefix(32))\""
            compressed = compressing ? Gzip.compressed(bytes) : nil
        }
    }

    private let store: DirectoryStore
    private let kept: Mutex<BoundedMemory<String, File>>

    /// Reads from a folder; keeps so many bytes.
    init(_ store: DirectoryStore, keeping capacity: Int = 64 << 20) {
        self.store = store
        kept = Mutex(BoundedMemory(capacity: capacity) { $0.bytes.count + ($0.compressed?.count ?? 0) })
    }

    /// The file at a path, of at most `limit` bytes; nil if there is none. Reading and compressing are done away from the
    /// threads that serve connections.
    func file(_ path: String, limit: Int, compressing: Bool) async throws -> File? {
        if let file = kept.withLock({ $0[path] }) { return file }
        let store = store
        let read = try await NIOThreadPool.singleton.runIfActive {
            try store.read(path, limit: limit).map { File($0, compressing: compressing) }
        }
        if let read, Self.isImmutable(path) { kept.withLock { $0.keep(read, for: path) } }
        return read
    }

    /// Whether a file of this name is the same for ever once it is there.
    private static func isImmutable(_ path: String) -> Bool {
        path.hasPrefix("tile/") || path.hasPrefix("cosigned/")
    }
}
