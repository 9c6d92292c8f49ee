// SPDX-License-Identifier: Apache-2.0
import Ledger

/// A mirror's folder whose process is killed at one of its writes.
final class DyingMirror: MirrorStore {
    private let store: MirrorFolder
    private let steps: DyingSteps

    init(_ store: MirrorFolder, _ steps: DyingSteps) {
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

    func dropPartials(of fullPaths: [String]) throws { try steps.write { try store.dropPartials(of: fullPaths) } }

    func put(_ bytes: [UInt8], at path: String) throws { try steps.write { try store.put(bytes, at: path) } }

    func signedCheckpoint() throws -> [UInt8]? { try steps.read { try store.signedCheckpoint() } }

    func replace(_ old: [UInt8]?, with new: [UInt8]) throws { try steps.write { try store.replace(old, with: new) } }
}
