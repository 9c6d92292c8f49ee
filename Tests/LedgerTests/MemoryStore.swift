// SPDX-License-Identifier: Apache-2.0
import Ledger
import Synchronization
import SystemPackage
import TransparencyLog

/// A store in memory that fails, alters or holds back what a test asks it to, and remembers what it was made to sign.
final class MemoryStore: TileStore, LockStore, StagingStore, Sendable {
    /// The operations of the three protocols.
    enum Operation: CaseIterable {
        case read, create, publish, dropPartials, signedCheckpoint, replace, stage, staged

        /// Those that a batch takes, in order.
        static let ofABatch: [Operation] = [.stage, .staged, .replace, .create, .publish, .dropPartials]

        var isWrite: Bool { ![.read, .signedCheckpoint, .staged].contains(self) }
    }

    /// How much of an operation is done before it fails.
    enum Extent: CaseIterable {
        case nothing, half, all
    }

    /// Calls that fail: the `first`th of an operation, or of all operations together, and those behind it.
    struct Fault {
        var operation: Operation?
        var first: Int
        var count = 1
        var extent = Extent.nothing
    }

    struct Failure: Error, Hashable {
        let operation: Operation
    }

    struct Conflict: Error, Hashable {
        let path: String
    }

    /// What is stored: a source that never fails.
    struct Contents: Hashable {
        var files: [String: [UInt8]] = [:]
        var signed: [UInt8]?
        var batch: [UInt8]?
    }

    private struct State {
        var contents: Contents
        var fault: Fault?
        var calls: [Operation: Int] = [:]
        var total = 0
        var signedEver: [[UInt8]] = []
        var publishedEver: [[UInt8]] = []
        var alter: (@Sendable ([UInt8]) -> [UInt8])?
        var hook: (operation: Operation, body: @Sendable () async -> Void)?
    }

    private let state: Mutex<State>

    init(_ contents: Contents = Contents()) {
        state = Mutex(State(contents: contents))
    }

    var contents: Contents {
        get { state.withLock { $0.contents } }
        set { state.withLock { $0.contents = newValue } }
    }

    /// Every checkpoint that the lock store has ever held.
    var signedEver: [[UInt8]] { state.withLock { $0.signedEver } }
    /// Every checkpoint that was ever served.
    var publishedEver: [[UInt8]] { state.withLock { $0.publishedEver } }
    /// How often each operation was called since the last fault was set.
    var calls: [Operation: Int] { state.withLock { $0.calls } }
    /// How often any was.
    var totalCalls: Int { state.withLock { $0.total } }
    /// The number of calls that write.
    var writes: Int { calls.filter { $0.key.isWrite }.values.reduce(0, +) }

    /// Sets the calls that fail from now on; counting starts again.
    func fail(_ fault: Fault?) {
        state.withLock {
            $0.fault = fault
            $0.calls = [:]
            $0.total = 0
        }
    }

    /// Alters each staged batch when it is read back.
    func alterStaged(_ alter: (@Sendable ([UInt8]) -> [UInt8])?) { state.withLock { $0.alter = alter } }

    /// Runs `body` before the next call of an operation.
    func before(_ operation: Operation, _ body: @escaping @Sendable () async -> Void) {
        state.withLock { $0.hook = (operation, body) }
    }

    /// Does an operation, as much of it as the fault lets.
    private func perform<Value: Sendable>(
        _ operation: Operation, _ body: @Sendable (inout State, Extent) throws -> Value
    ) async throws -> Value {
        let hook = state.withLock { state in
            guard state.hook?.operation == operation else { return nil as (@Sendable () async -> Void)? }
            defer { state.hook = nil }
            return state.hook?.body
        }
        await hook?()
        return try state.withLock { state in
            state.calls[operation, default: 0] += 1
            state.total += 1
            guard let fault = state.fault, fault.operation == nil || fault.operation == operation else {
                return try body(&state, .all)
            }
            let call = fault.operation == nil ? state.total : state.calls[operation, default: 0]
            guard call >= fault.first, call < fault.first + fault.count else { return try body(&state, .all) }
            if fault.extent != .nothing { _ = try body(&state, fault.extent) }
            throw Failure(operation: operation)
        }
    }

    func read(_ path: String, limit: Int) async throws -> [UInt8]? {
        try await perform(.read) { state, _ in try state.contents.read(path, limit: limit) }
    }

    func create(_ files: [StoredFile]) async throws {
        try await perform(.create) { state, extent in
            for file in extent == .half ? Array(files.prefix((files.count + 1) / 2)) : files {
                let present = state.contents.files[file.path]
                guard present == nil || present == file.bytes else { throw Conflict(path: file.path) }
                state.contents.files[file.path] = file.bytes
            }
        }
    }

    func publish(_ checkpoint: [UInt8]) async throws {
        try await perform(.publish) { state, extent in
            guard extent == .all else { return }
            state.contents.files["checkpoint"] = checkpoint
            state.publishedEver.append(checkpoint)
        }
    }

    func dropPartials(of fullPaths: [String]) async throws {
        try await perform(.dropPartials) { state, extent in
            var dropped = state.contents.files.keys.filter { path in
                fullPaths.contains { path.hasPrefix($0 + ".p/") }
            }
            if extent == .half { dropped.removeLast(dropped.count / 2) }
            for path in dropped { state.contents.files[path] = nil }
        }
    }

    func signedCheckpoint() async throws -> [UInt8]? {
        try await perform(.signedCheckpoint) { state, _ in state.contents.signed }
    }

    func replace(_ old: [UInt8]?, with new: [UInt8]) async throws {
        try await perform(.replace) { state, extent in
            guard state.contents.signed == old else { throw SequencerError.signedElsewhere }
            guard extent == .all else { return }
            state.contents.signed = new
            // What is written anew at a start was signed before.
            if new != old { state.signedEver.append(new) }
        }
    }

    func stage(_ batch: [UInt8]) async throws {
        try await perform(.stage) { state, extent in
            state.contents.batch = extent == .half ? Array(batch.prefix(batch.count / 2)) : batch
        }
    }

    func staged() async throws -> [UInt8]? {
        try await perform(.staged) { state, _ in
            guard let batch = state.contents.batch, let alter = state.alter else { return state.contents.batch }
            return alter(batch)
        }
    }
}

extension MemoryStore.Contents: ListableSource {
    func read(_ path: String, limit: Int) throws -> [UInt8]? {
        guard let bytes = files[path] else { return nil }
        guard bytes.count <= limit else { throw FileError("read", FilePath(path), .fileTooLarge) }
        return bytes
    }

    func list(_ folder: String, entering: (_ path: String) -> Bool) -> [String] {
        files.keys.filter { $0.hasPrefix(folder + "/") }
    }
}
