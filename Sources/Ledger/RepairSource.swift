// SPDX-License-Identifier: Apache-2.0
import Synchronization
import SystemPackage
import TransparencyLog

/// A ledger as it would be with some of its files from another copy: what an audit of it does not find at fault may be
/// written.
///
/// Of each file that was taken the hash is kept: what is written later is what was judged.
final class RepairSource: ListableSource {
    private let own: any ListableSource
    private let other: any LedgerSource
    /// The size that the other copy states, under which it may have a file that is wider than the one asked for.
    private let otherSize: TreeSize?
    private let taking: Set<String>
    private let taken = Mutex<[String: Hash]>([:])
    private let refusals = Mutex<[String: String]>([:])

    init(_ own: any ListableSource, _ other: any LedgerSource, at otherSize: TreeSize?, taking: Set<String>) {
        self.own = own
        self.other = other
        self.otherSize = otherSize
        self.taking = taking
    }

    /// Why the other copy did not give a file.
    func refusal(of path: String) -> String { refusals.withLock { $0[path] } ?? "the other copy has none that holds" }

    func read(_ path: String, limit: Int) async throws -> [UInt8]? {
        guard taking.contains(path) else { return try await own.read(path, limit: limit) }
        do {
            guard let bytes = try await fromOther(path, limit: limit) else {
                refusals.withLock { $0[path] = "the other copy has none" }
                return try await own.read(path, limit: limit)
            }
            let hash = SHA256.hash(bytes)
            let isSame = taken.withLock { taken in
                if taken[path] == nil { taken[path] = hash }
                return taken[path] == hash
            }
            guard isSame else { throw Changed() }
            return bytes
        } catch let error as CancellationError {
            throw error
        } catch {
            refusals.withLock { $0[path] = "\(error)" }
            return try await own.read(path, limit: limit)
        }
    }

    func list(_ folder: String, entering: @Sendable (_ path: String) -> Bool) async throws -> [String] {
        let listed = try await own.list(folder, entering: entering)
        // A file that is to be made anew is judged like those that are there.
        return listed + taking.filter { $0.utf8.starts(with: "\(folder)/".utf8) && !listed.contains($0) }
    }

    /// A file as it was judged; nil where nothing was taken for it.
    func judged(_ path: String) async throws -> [UInt8]? {
        guard let hash = taken.withLock({ $0[path] }) else { return nil }
        let limit = Tile.fullWidth * (2 + EntryBundle.maximumEntryByteCount)
        guard let bytes = try await fromOther(path, limit: limit), SHA256.hash(bytes) == hash else { throw Changed() }
        return bytes
    }

    /// The other copy answered two questions for one file in two ways.
    struct Changed: Error, CustomStringConvertible {
        var description: String { "the other copy gave two files for one path" }
    }

    private func fromOther(_ path: String, limit: Int) async throws -> [UInt8]? {
        if let bytes = try await other.read(path, limit: limit) { return bytes }
        guard let tile = try? Tile(parsing: Array(path.utf8)), !tile.isFull else { return nil }
        // The other copy is larger, and has the file in a wider form.
        for wider in [tile.full] + (otherSize.flatMap { tile.current(in: $0) }.map { [$0] } ?? [])
        where wider.width > tile.width {
            let limit = wider.width * (wider.content == .entries ? 2 + EntryBundle.maximumEntryByteCount : 32)
            guard let bytes = try await other.read(wider.path, limit: limit) else { continue }
            if wider.content != .entries { return Array(bytes.prefix(tile.width * Hash.byteCount)) }
            let bundle = try EntryBundle(parsing: bytes, of: wider)
            return try EntryBundle(bundle.prefix(tile.width).map { Array($0) }).bytes
        }
        return nil
    }
}
