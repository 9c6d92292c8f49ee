// SPDX-License-Identifier: Apache-2.0
import Foundation
import TransparencyLog

/// What a log has told anybody, and must stand by: its checkpoints and its proofs.
struct Promises {
    private let folder: FaultFolder
    /// The root of every size that was ever seen signed.
    private var roots: [TreeSize: Hash] = [:]
    /// What was found broken.
    private(set) var broken: [String] = []

    init(in folder: FaultFolder) {
        self.folder = folder
    }

    /// Takes note of the checkpoints that are there. One that was signed, was not flushed, and then is gone with the
    /// power was never told: without `signed` it does not count.
    mutating func see(signed: Bool = true) {
        let names = ["ledger/checkpoint"] + (signed ? ["ledger/.state/signed"] : [])
        for name in names {
            guard let bytes = FileManager.default.contents(atPath: folder.world + "/" + name) else { continue }
            guard let head = try? SignedCheckpoint(parsing: [UInt8](bytes)).unverified.head else {
                broken.append("\(name) is no checkpoint")
                continue
            }
            see(head)
        }
    }

    /// Takes note of a tree that was signed.
    mutating func see(_ head: TreeHead) {
        if let root = roots.updateValue(head.root, forKey: head.size), root != head.root {
            broken.append("FORK: two roots of size \(head.size)")
        }
    }

    /// Takes a copy of each of the proofs that is there, as somebody has it now who asked for it.
    mutating func take(_ proofs: [Operation.Proof]) throws {
        for proof in proofs {
            let path = folder.world + "/" + proof.name
            guard FileManager.default.fileExists(atPath: path) else { continue }
            let number = try FileManager.default.contentsOfDirectory(atPath: folder.handedOut).count
            let own = folder.handedOut + "/\(number)"
            try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: false)
            for name in [proof.name] + (proof.document.map { [$0] } ?? []) {
                try FileManager.default.copyItem(atPath: folder.world + "/" + name, toPath: own + "/" + name)
            }
        }
    }

    /// What somebody verifies who has all that was handed out: documents, and proofs that are of none.
    func handedOut() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.handedOut).sorted().flatMap { own in
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.handedOut + "/" + own)
            let documents = names.filter { !$0.hasSuffix(".proof") }
            return (documents.isEmpty ? names : documents).map { "../handed-out/\(own)/\($0)" }
        }
    }

    /// Whether the log as it is now extends every checkpoint that was seen. Gives its leaf hashes.
    @discardableResult
    mutating func compare() throws -> [Hash] {
        // The name of the served one is not flushed: after a power cut it is the one before until the log is written.
        guard let bytes = FileManager.default.contents(atPath: folder.world + "/ledger/.state/signed") else {
            broken.append("the log has signed nothing")
            return []
        }
        let size = try SignedCheckpoint(parsing: [UInt8](bytes)).unverified.head.size
        var leaves: [Hash] = []
        for bundle in Tile.bundles(to: size) {
            let path = folder.world + "/ledger/" + bundle.path
            guard let bytes = FileManager.default.contents(atPath: path) else {
                broken.append("\(bundle.path) is not there")
                return leaves
            }
            leaves += try EntryBundle(parsing: [UInt8](bytes), of: bundle).leafHashes
        }
        for (seen, root) in roots {
            guard seen <= size else {
                broken.append("FORK: the log had \(seen) entries, and has \(size)")
                continue
            }
            if MerkleTree.root(of: leaves.prefix(Int(seen.value))) != root {
                broken.append("FORK: the tree of \(seen) entries is not in that of \(size)")
            }
        }
        return leaves
    }
}
