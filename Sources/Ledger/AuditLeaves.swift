// SPDX-License-Identifier: Apache-2.0
import Synchronization
import TransparencyLog

/// The leaf hashes of any full bundle of a log, read again and verified whenever an entry refers to one of them.
///
/// The last ones are kept: entries tend to refer to the same few.
final class AuditLeaves: Sendable {
    private static let capacity = 512
    private let files: AuditFiles
    private let anchors: AuditAnchors
    /// The roots over the bundles that an earlier audit has verified.
    private let earlierRoots: [Hash]
    private let kept = Mutex<[UInt64: [Hash]]>([:])

    init(files: AuditFiles, anchors: AuditAnchors, earlierRoots: [Hash]) {
        self.files = files
        self.anchors = anchors
        self.earlierRoots = earlierRoots
    }

    /// The 256 hashes of a bundle; nil where nothing that can be read gives the root over it.
    func hashes(ofBundle number: UInt64) async throws -> [Hash]? {
        if let hashes = kept.withLock({ $0[number] }) { return hashes }
        guard let root = root(ofBundle: number), let hashes = try await read(number, under: root) else { return nil }
        kept.withLock { kept in
            if kept.count >= Self.capacity { kept.removeAll(keepingCapacity: true) }
            kept[number] = hashes
        }
        return hashes
    }

    /// The root over a full bundle, as verified.
    func root(ofBundle number: UInt64) -> Hash? {
        number < UInt64(earlierRoots.count) ? earlierRoots[Int(number)] : anchors.hash(level: 1, number)
    }

    private func read(_ number: UInt64, under root: Hash) async throws -> [Hash]? {
        guard let bundle = Tile(.entries, index: number) else { return nil }
        // What is wrong with these files is named where they are judged.
        var ignored = AuditFindings(limit: 0)
        let stored = try await files.hashTile(AuditBundles.leafTile(of: bundle), &ignored).map {
            [Hash](tile: $0.bytes)
        }
        if let stored, MerkleTree.root(of: stored) == root { return stored }
        var walk = AuditWalk()
        if let file = try await files.file(of: bundle, &ignored) { walk.read(file.bytes, width: bundle.width) }
        return AuditChoice.hashes(from: AuditBundles.sources(stored, walk.hashes)) { MerkleTree.root(of: $0) == root }
    }
}
