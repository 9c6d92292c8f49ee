// SPDX-License-Identifier: Apache-2.0
import Evidence
import SystemPackage
import TransparencyLog

/// The files of a log as an audit reads them: what is missing, malformed or cannot be read becomes a finding.
struct AuditFiles: Sendable {
    /// A file of the log, by the name under which it was found.
    struct File: Sendable {
        /// What was asked for, or the full tile that took its place.
        let tile: Tile
        let bytes: [UInt8]
    }

    let source: any LedgerSource

    /// A file that the size of the log calls for, in its partial form or the full one that took its place.
    func file(of tile: Tile, _ findings: inout AuditFindings) async throws -> File? {
        var unread = false
        for candidate in tile.isFull ? [tile] : [tile, tile.full] {
            switch try await read(candidate.path, limit: Self.limit(of: candidate)) {
            case .bytes(let bytes): return File(tile: candidate, bytes: bytes)
            case .absent: continue
            case .tooLong:
                findings.add(.malformed(path: candidate.path, FormatError(Self.format(of: candidate), "too long")))
                return nil
            case .failed(let reason):
                findings.add(.fileNotRead(path: candidate.path, reason: reason))
                unread = true
            }
        }
        if !unread { findings.add(.missing(path: tile.path)) }
        return nil
    }

    /// The bytes of a hash tile as wide as asked for.
    func hashTile(_ tile: Tile, _ findings: inout AuditFindings) async throws -> File? {
        guard let file = try await file(of: tile, &findings) else { return nil }
        guard file.bytes.count == file.tile.width * Hash.byteCount else {
            do throws(FormatError) {
                _ = try TileData(parsing: file.bytes, of: file.tile)
            } catch {
                findings.add(.malformed(path: file.tile.path, error))
            }
            return nil
        }
        return File(tile: file.tile, bytes: Array(file.bytes.prefix(tile.width * Hash.byteCount)))
    }

    /// The bytes of those hash tiles that are there and of the right form.
    func hashTiles(_ tiles: [Tile], _ findings: inout AuditFindings) async throws -> [Tile: File] {
        var read: [Tile: File] = [:]
        for tile in tiles { read[tile] = try await hashTile(tile, &findings) }
        return read
    }

    /// A file that need not be there, and is looked at only where it is.
    func olderFile(_ tile: Tile, _ findings: inout AuditFindings) async throws -> [UInt8]? {
        switch try await read(tile.path, limit: Self.limit(of: tile)) {
        case .bytes(let bytes): return bytes
        case .absent: return nil
        case .tooLong: findings.add(.olderFile(path: tile.path))
        case .failed(let reason): findings.add(.fileNotRead(path: tile.path, reason: reason))
        }
        return nil
    }

    /// Judges an older, partial hash tile: it is the beginning of the `hashes` that stand there now.
    func judge(_ older: Tile, against hashes: [Hash], _ findings: inout AuditFindings) async throws {
        guard let bytes = try await olderFile(older, &findings) else { return }
        guard bytes.count == older.width * Hash.byteCount, hashes.starts(with: [Hash](tile: bytes)) else {
            return findings.add(.olderFile(path: older.path))
        }
    }

    private enum Answer {
        case bytes([UInt8])
        case absent
        case tooLong
        case failed(String)
    }

    private func read(_ path: String, limit: Int) async throws -> Answer {
        do {
            return try await source.read(path, limit: limit).map { .bytes($0) } ?? .absent
        } catch let error as CancellationError {
            throw error
        } catch let error as FileError where error.errno == .fileTooLarge {
            return .tooLong
        } catch {
            return .failed("\(error)")
        }
    }

    private static func limit(of tile: Tile) -> Int {
        switch tile.content {
        case .hashes: tile.width * Hash.byteCount
        case .entries: tile.width * (2 + EntryBundle.maximumEntryByteCount)
        }
    }

    private static func format(of tile: Tile) -> String {
        switch tile.content {
        case .hashes: "tile"
        case .entries: "entry bundle"
        }
    }
}

extension [Hash] {
    /// The hashes in the bytes of a tile.
    init(tile bytes: [UInt8]) {
        self = bytes.withUnsafeBytes { source in
            (0..<source.count / Hash.byteCount).map { Hash(loading: source.baseAddress! + $0 * Hash.byteCount) }
        }
    }
}
