// SPDX-License-Identifier: Apache-2.0
import Evidence
import TransparencyLog

/// Judges the entry bundles of a log, each by itself, with its level-0 tile against what is anchored above.
struct AuditBundles: Sendable {
    let files: AuditFiles
    let anchors: AuditAnchors
    let listing: AuditListing
    /// The level-0 file of the right edge, which was read when it was anchored.
    let edge: AuditFiles.File?
    /// Judges the filings; nil for an audit of the tree alone.
    let filings: AuditFilings?

    /// What was found of one bundle.
    struct Verdict: Sendable {
        /// The number of the bundle.
        let bundle: Tile
        /// What is wrong with files.
        var findings: AuditFindings
        /// What was read of each entry; empty where all hold.
        var entries: [Reading] = []
        /// What each entry's filing is; empty for an audit of the tree alone.
        var filings: [AuditFiling] = []
    }

    /// What was read of an entry.
    enum Reading: Sendable, Hashable {
        /// Its bytes give the hash under the signed root.
        case holds
        /// Its bytes give another hash.
        case differs
        /// There are no bytes, or nothing to hold them against.
        case unread
    }

    /// Judges one bundle. `walk` and `keys` are used again for the next.
    func judge(
        _ bundle: Tile, limit: Int, walk: inout AuditWalk, keys: inout FilingKeyCache
    ) async throws -> Verdict {
        var verdict = Verdict(bundle: bundle, findings: AuditFindings(limit: limit))
        let leafTile = Self.leafTile(of: bundle)
        let leafFile = bundle.isFull ? try await files.hashTile(leafTile, &verdict.findings) : edge
        let file = try await files.file(of: bundle, &verdict.findings)
        if let file {
            walk.read(file.bytes, width: bundle.width, ignoringRest: file.tile.width > bundle.width)
            if !walk.isWhole { verdict.findings.add(Self.malformed(file)) }
        } else {
            walk.read([], width: bundle.width)
        }
        guard let leaves = leaves(of: bundle, leafFile, file, walk, &verdict.findings) else {
            verdict.entries = Array(repeating: .unread, count: bundle.width)
            if let filings { verdict.filings = filings.unread(in: bundle) }
            return verdict
        }
        if !walk.isWhole || walk.hashes != leaves { verdict.entries = Self.readings(of: walk, against: leaves) }
        for older in listing.older(than: leafTile) {
            try await files.judge(older, against: leaves, &verdict.findings)
        }
        if let filings {
            verdict.filings = try await filings.judge(
                verdict.entries, of: bundle, in: file?.bytes ?? [], at: walk.ranges, under: leaves, keys: &keys)
        }
        // Last, since it walks on.
        for older in listing.older(than: bundle) {
            guard let bytes = try await files.olderFile(older, &verdict.findings) else { continue }
            walk.read(bytes, width: older.width)
            if !walk.isWhole || !leaves.starts(with: walk.hashes) {
                verdict.findings.add(.olderFile(path: older.path))
            }
        }
        return verdict
    }

    /// The leaf hashes of a bundle that follow from the signed root; nil where none could be found.
    private func leaves(
        of bundle: Tile, _ leafFile: AuditFiles.File?, _ file: AuditFiles.File?, _ walk: borrowing AuditWalk,
        _ findings: inout AuditFindings
    ) -> [Hash]? {
        guard bundle.isFull else { return anchors.tiles[Self.leafTile(of: bundle)] }
        guard let root = anchors.hash(level: 1, bundle.index) else { return nil }
        if let leafFile, walk.isWhole, walk.equals(tile: leafFile.bytes), walk.root == root { return walk.hashes }

        let stored = leafFile.map { [Hash](tile: $0.bytes) }
        guard
            let leaves = AuditChoice.hashes(
                from: Self.sources(stored, walk.hashes), where: { MerkleTree.root(of: $0) == root })
        else {
            let paths = [leafFile, file].compactMap { $0?.tile.path }
            if !paths.isEmpty { findings.add(.undecided(paths: paths, entries: bundle.entries)) }
            return nil
        }
        if let leafFile, stored != leaves { findings.add(.tile(path: leafFile.tile.path)) }
        return leaves
    }

    /// What a tile and the entries give for the leaf hashes of a full bundle.
    static func sources(_ stored: [Hash]?, _ walked: [Hash]) -> [[Hash?]] {
        let missing = [Hash?](repeating: nil, count: Tile.fullWidth)
        return [stored.map { $0.map { $0 } } ?? missing, walked.map { $0 } + missing.dropFirst(walked.count)]
    }

    /// What was read of each entry. Where the file is malformed, a length is wrong somewhere: nothing is said of the
    /// entries behind the last that holds.
    private static func readings(of walk: borrowing AuditWalk, against leaves: [Hash]) -> [Reading] {
        let walked = walk.hashes.count
        var readings = leaves.indices.map { place -> Reading in
            guard place < walked else { return .unread }
            return walk.hashes[place] == leaves[place] ? .holds : .differs
        }
        guard !walk.isWhole else { return readings }
        for place in readings.indices.reversed() {
            if readings[place] == .holds { break }
            readings[place] = .unread
        }
        return readings
    }

    private static func malformed(_ file: AuditFiles.File) -> AuditFault {
        do throws(FormatError) {
            _ = try EntryBundle(parsing: file.bytes, of: file.tile)
            preconditionFailure("a bundle that cannot be walked is malformed")
        } catch {
            return .malformed(path: file.tile.path, error)
        }
    }

    /// The level-0 tile over a bundle.
    static func leafTile(of bundle: Tile) -> Tile {
        guard let tile = Tile(.hashes(level: 0), index: bundle.index, width: bundle.width) else {
            preconditionFailure("a bundle has a tile")
        }
        return tile
    }
}

extension Tile {
    /// The entries of a bundle.
    var entries: ClosedRange<LeafIndex> {
        LeafIndex(entry: index << 8)...LeafIndex(entry: index << 8 + UInt64(width) - 1)
    }
}
