// SPDX-License-Identifier: Apache-2.0
import Ledger
import Synchronization
import SystemPackage

/// Files in memory that a test changes at will, counting what is read of them.
final class AuditTestSource: ListableSource {
    private struct State {
        var files: [String: [UInt8]]
        var failing: Set<String> = []
        var lasting: [String: Int] = [:]
        var reads: [String: Int] = [:]
    }

    struct Unreachable: Error {}

    private let state: Mutex<State>

    init(_ files: [String: [UInt8]]) {
        state = Mutex(State(files: files))
    }

    subscript(path: String) -> [UInt8]? {
        get { state.withLock { $0.files[path] } }
        set { state.withLock { $0.files[path] = newValue } }
    }

    var files: [String: [UInt8]] { state.withLock { $0.files } }

    /// The paths that were read, with how often.
    var reads: [String: Int] { state.withLock { $0.reads } }

    func fail(_ path: String) { state.withLock { _ = $0.failing.insert(path) } }

    /// The file goes away once it was read so many times.
    func keep(_ path: String, forReads count: Int) { state.withLock { $0.lasting[path] = count } }

    func read(_ path: String, limit: Int) throws -> [UInt8]? {
        try state.withLock { state throws -> [UInt8]? in
            let count = state.reads[path, default: 0]
            state.reads[path] = count + 1
            if let lasting = state.lasting[path], count >= lasting { return nil }
            if state.failing.contains(path) { throw Unreachable() }
            guard let bytes = state.files[path] else { return nil }
            guard bytes.count <= limit else { throw FileError("read", FilePath(path), .fileTooLarge) }
            return bytes
        }
    }

    func list(_ folder: String, entering: (_ path: String) -> Bool) throws -> [String] {
        state.withLock { $0.files.keys.filter { $0.hasPrefix(folder + "/") } }
    }
}

/// The same files from a source that cannot list them.
struct AuditTestServer: LedgerSource {
    let source: AuditTestSource

    func read(_ path: String, limit: Int) throws -> [UInt8]? { try source.read(path, limit: limit) }
}
