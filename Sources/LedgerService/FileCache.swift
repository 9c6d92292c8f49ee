// SPDX-License-Identifier: Apache-2.0
import Ledger
import NIOPosix
import Synchronization
import TransparencyLog

/// The files of a ledger that never change, kept in memory as they are read, up to a number of bytes.
///
/// `checkpoint` and the list of time-stamps change, and are read each time. What is kept longest goes first.
final class FileCache: LedgerSource {
    /// A file with what an HTTP answer says of it.
    struct File: Sendable {
        let bytes: [UInt8]
        /// An entity tag: the beginning of the SHA-256 of the bytes, within quotes.
        let tag: String

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
            tag = "\"\(SHA256.hash(bytes).hex.prefix(32))\""
        }
    }

    private struct Kept {
        var files: [String: File] = [:]
        var order: [String] = []
        var first = 0
        var byteCount = 0
    }

    private let source: any LedgerSource
    private let capacity: Int
    private let kept = Mutex(Kept())

    /// Reads from a folder; keeps so many bytes.
    init(_ source: any LedgerSource, keeping capacity: Int = 64 << 20) {
        self.source = source
        self.capacity = capacity
    }

    func read(_ path: String, limit: Int) async throws -> [UInt8]? {
        guard let file = try await file(path, limit: limit) else { return nil }
        guard file.bytes.count <= limit else { throw FileError("read", .init(path), .fileTooLarge) }
        return file.bytes
    }

    /// The file at a path; nil if there is none. Reading is done away from the threads that serve connections.
    func file(_ path: String, limit: Int) async throws -> File? {
        if let file = kept.withLock({ $0.files[path] }) { return file }
        let source = source
        guard let bytes = try await source.read(path, limit: limit) else { return nil }
        let file = File(bytes)
        if Self.isImmutable(path) { keep(file, path) }
        return file
    }

    /// Whether a file of this name is the same for ever once it is there.
    static func isImmutable(_ path: String) -> Bool {
        path.hasPrefix("tile/") || path.hasPrefix("cosigned/")
    }

    private func keep(_ file: File, _ path: String) {
        kept.withLock { kept in
            guard kept.files.updateValue(file, forKey: path) == nil else { return }
            kept.order.append(path)
            kept.byteCount += file.bytes.count
            while kept.byteCount > capacity, kept.first < kept.order.count {
                if let old = kept.files.removeValue(forKey: kept.order[kept.first]) {
                    kept.byteCount -= old.bytes.count
                }
                kept.first += 1
            }
            if kept.first > 4096 {
                kept.order.removeFirst(kept.first)
                kept.first = 0
            }
        }
    }
}

/// Reads the files of a source on threads that may wait for the disk.
struct UnblockedSource: LedgerSource {
    let store: DirectoryStore

    func read(_ path: String, limit: Int) async throws -> [UInt8]? {
        try await NIOThreadPool.singleton.runIfActive { try store.read(path, limit: limit) }
    }
}
