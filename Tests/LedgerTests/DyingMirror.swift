// SPDX-License-Identifier: Apache-2.0
import Ledger
import Synchronization

/// A mirror's folder whose process is killed at one of its writes: before it, halfway through, or behind it.
final class DyingMirror: MirrorStore {
    enum Moment: CaseIterable {
        case before, halfway, behind
    }

    struct Death: Error {}

    private let store: MirrorFolder
    private let death: Int
    private let moment: Moment
    private let steps = Mutex(0)

    /// Dies at the `death`th write, counted from 1; never at 0.
    init(_ store: MirrorFolder, at death: Int, _ moment: Moment) {
        self.store = store
        self.death = death
        self.moment = moment
    }

    /// The number of writes so far.
    var count: Int { steps.withLock { $0 } }

    private func write(_ half: () throws -> Void = {}, _ body: () throws -> Void) throws {
        let step = steps.withLock { step in
            step += 1
            return step
        }
        guard death > 0, step >= death else { return try body() }
        if step == death {
            switch moment {
            case .before: break
            case .halfway: try half()
            case .behind: try body()
            }
        }
        throw Death()
    }

    private func read<Value>(_ body: () throws -> Value) throws -> Value {
        guard death == 0 || count < death else { throw Death() }
        return try body()
    }

    func read(_ path: String, limit: Int) throws -> [UInt8]? { try read { try store.read(path, limit: limit) } }

    func create(_ files: [StoredFile]) throws {
        try write {
            try store.create(Array(files.prefix((files.count + 1) / 2)))
        } _: {
            try store.create(files)
        }
    }

    func publish(_ checkpoint: [UInt8]) throws { try write { try store.publish(checkpoint) } }

    func dropPartials(of fullPaths: [String]) throws { try write { try store.dropPartials(of: fullPaths) } }

    func put(_ bytes: [UInt8], at path: String) throws { try write { try store.put(bytes, at: path) } }

    func signedCheckpoint() throws -> [UInt8]? { try read { try store.signedCheckpoint() } }

    func replace(_ old: [UInt8]?, with new: [UInt8]) throws { try write { try store.replace(old, with: new) } }
}
