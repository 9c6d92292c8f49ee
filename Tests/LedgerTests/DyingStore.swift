// SPDX-License-Identifier: Apache-2.0
import Ledger

/// A store whose process is killed at one of its operations that write.
final class DyingStore: TileStore, LockStore, StagingStore {
    private let store: DirectoryStore
    private let steps: DyingSteps

    init(_ store: DirectoryStore, _ steps: DyingSteps) {
        self.store = store
        self.steps = steps
    }

    /// The number of writes so far.
    var count: Int { steps.count }

    func read(_ path: String, limit: Int) throws -> [UInt8]? { try steps.read { try store.read(path, limit: limit) } }

    func create(_ files: [StoredFile]) throws {
        try steps.write {
            try store.create(Array(files.prefix((files.count + 1) / 2)))
        } _: {
            try store.create(files)
        }
    }

    func publish(_ checkpoint: [UInt8]) throws { try steps.write { try store.publish(checkpoint) } }

    func dropPartials(of fullPaths: [String]) throws {
        try steps.write {
            try store.dropPartials(of: Array(fullPaths.prefix(1)))
        } _: {
            try store.dropPartials(of: fullPaths)
        }
    }

    func signedCheckpoint() throws -> [UInt8]? { try steps.read { try store.signedCheckpoint() } }
    func replace(_ old: [UInt8]?, with new: [UInt8]) throws { try steps.write { try store.replace(old, with: new) } }

    func stage(_ batch: [UInt8]) throws {
        // It is written over the last one.
        try steps.write {
            try store.stage(Array(batch.prefix(batch.count / 2)))
        } _: {
            try store.stage(batch)
        }
    }

    func staged() throws -> [UInt8]? { try steps.read { try store.staged() } }
}
