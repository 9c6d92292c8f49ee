// SPDX-License-Identifier: Apache-2.0
import SystemPackage
import TransparencyLog

/// A source that can say what it has: a folder, not a web server.
public protocol ListableSource: LedgerSource {
    /// The paths of all files under a folder of the log, such as "tile", in any order; none where there is no such
    /// folder. Of folders within it, those need not be listed of which `entering`, given their path, says false.
    func list(_ folder: String, entering: @Sendable (_ path: String) -> Bool) async throws -> [String]
}

extension DirectoryStore: ListableSource {
    /// The deepest path that a tile can have: a folder for the level, seven for the number, one for the width.
    private static let maximumDepth = 12

    public func list(_ folder: String, entering: @Sendable (_ path: String) -> Bool = { _ in true }) throws -> [String]
    {
        var paths: [String] = []
        try add(folder, depth: 0, to: &paths, entering)
        return paths
    }

    private func add(
        _ path: String, depth: Int, to paths: inout [String], _ entering: (_ path: String) -> Bool
    ) throws(FileError) {
        let place = folder.appending(path)
        // A link that leads back up would never end: what lies too deep is named as it stands.
        guard DurableFile.isFolder(place), depth < Self.maximumDepth else {
            if depth > 0 { paths.append(path) }
            return
        }
        guard depth == 0 || entering(path) else { return }
        for name in try DurableFile.names(in: place) {
            try add(path + "/" + name.string, depth: depth + 1, to: &paths, entering)
        }
    }
}

/// What a source has besides the files that the size of a log calls for: where an audit goes on from an earlier one, among
/// the files of what is new.
struct AuditListing: Sendable {
    /// The older, partial forms of a tile or bundle that are there.
    private var older: [Tile: [Tile]] = [:]

    /// Nothing is known to be there.
    init() {}

    /// Sorts out what a source lists: older forms to be judged; what is ahead of the tree or no part of it is named.
    ///
    /// Folders with nothing but files of the tree that an earlier audit has seen, of size `old`, are not listed again:
    /// what that costs would grow with the log.
    init(
        of source: any ListableSource, from old: TreeSize, to size: TreeSize, _ findings: inout AuditFindings
    ) async throws {
        let paths: [String]
        do {
            paths = try await source.list("tile") { Self.mayHoldNew($0, from: old, to: size) }
        } catch let error as CancellationError {
            throw error
        } catch {
            findings.add(.filesNotListed(reason: "\(error)"))
            return
        }
        let present = Set(paths.map { Array($0.utf8) })
        for path in paths.sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) where !Self.isTemporary(path) {
            guard let tile = Self.tile(at: path) else {
                findings.addStray(Shown.bytes(path.utf8))
                continue
            }
            guard let current = tile.current(in: size) else {
                findings.add(.fileAhead(path: path))
                continue
            }
            if tile.width < current.width {
                older[current, default: []].append(tile)
            } else if tile.width > current.width, present.contains(Array(current.path.utf8)) {
                // Without the partial form this one stands for it, and is judged.
                findings.add(.fileAhead(path: path))
            }
        }
    }

    /// The older forms of a tile or bundle.
    func older(than tile: Tile) -> [Tile] { older[tile] ?? [] }

    /// Whether files of a log may be in a folder that came after it had the size `old`.
    ///
    /// Numbers of up to three digits more than the folder's own stand right in it, those of six in folders within it, and
    /// so on: of what is ahead of the log, the first are looked for, and the others only where the log comes to them.
    private static func mayHoldNew(_ folder: String, from old: TreeSize, to size: TreeSize) -> Bool {
        if let partial = tile(at: folder + "/1") { return partial.index >= partial.content.number(in: old) }
        guard let first = tile(at: folder + "/000"), first.index > 0 else { return true }
        let numbers = first.content.number(in: old)...first.content.number(in: size)
        guard first.index + 999 < numbers.lowerBound else { return true }
        var (start, count): (UInt64, UInt64) = (first.index, 1000)
        while start <= numbers.upperBound {
            start *= 1000
            count *= 1000
            if numbers.overlaps(start...start + count - 1) { return true }
        }
        return false
    }

    private static func tile(at path: String) -> Tile? {
        do throws(FormatError) {
            let tile = try Tile(parsing: Array(path.utf8))
            if case .hashes(let level) = tile.content, level > 7 { return nil }
            return tile
        } catch {
            return nil
        }
    }

    private static func isTemporary(_ path: String) -> Bool {
        let name = path.utf8.split(separator: UInt8(ascii: "/")).last ?? path.utf8[...]
        return name.first == UInt8(ascii: ".") && name.suffix(4).elementsEqual(".tmp".utf8)
    }
}

extension Tile.Content {
    /// The number of the tile or bundle that the next entry of a log of `size` goes to.
    fileprivate func number(in size: TreeSize) -> UInt64 {
        switch self {
        case .hashes(let level): size.value >> UInt64(8 * level + 8)
        case .entries: size.value >> 8
        }
    }
}

extension Tile {
    /// The form that this tile or bundle has in a log of `size`; nil where it has none.
    func current(in size: TreeSize) -> Tile? {
        guard index < 1 << 55 else { return nil }
        switch content {
        case .hashes(let level):
            return HashPosition(level: 8 * level, index: index << 8).flatMap { Tile.holding($0, in: size) }
        case .entries:
            return LeafIndex(index << 8).flatMap { Tile.bundle(holding: $0, in: size) }
        }
    }
}
