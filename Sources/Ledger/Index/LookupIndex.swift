// SPDX-License-Identifier: Apache-2.0
import Dispatch
public import Evidence
import Glibc
import Synchronization
public import SystemPackage
public import TransparencyLog

/// Where things stand in a log: entries by filing text, by dossier, by published hash, by key, and by what they refer to;
/// and its charters.
///
/// It follows the log and decides nothing on its own: whoever uses an answer reads the entry again. It can be deleted
/// at any time and comes back equal. It is a folder within the ledger's private one; without a path it is in memory.
///
///     <first>-<end>.run    the rows of entries `first` up to, not including, `end`: an `IndexRun`
///     recent               those of the newest: an `IndexJournal`
///
/// New rows go to the journal, and when they are many, sorted, into a run of their own. Of eight runs of about one length
/// one is made beside all else, so that the rows of ten million entries have been written some five times, and what an
/// entry costs does not grow with the log. Whatever is read of it was compared with a hash: damage is an error, and what
/// is damaged is followed anew with the next start.
public final class LookupIndex: Sendable {
    /// The index cannot be read or written now: the disk is full, or a file may not be read.
    public struct Unavailable: Error, Sendable, Hashable, CustomStringConvertible {
        /// What the system says.
        public let reason: String

        public var description: String { "the lookup index cannot be used: \(reason)" }
    }

    /// The index does not hold. It has nothing that the log has not: `delete` it.
    public struct Damaged: Error, Sendable, Hashable, CustomStringConvertible {
        /// What is wrong with it.
        public let reason: String

        /// Says what is wrong.
        public init(reason: String) {
            self.reason = reason
        }

        public var description: String {
            "the lookup index does not hold: \(reason)"
        }
    }

    private struct State {
        var runs: [IndexRun] = []
        var recent = IndexRecent()
        var size: UInt64 = 0
        var journal: IndexJournal?
        var isMerging = false
        var isClosed = false

        /// Where the runs end and the recent rows begin.
        var start: UInt64 { runs.last?.entries.upperBound ?? 0 }

        mutating func take(_ frame: IndexJournal.Frame) {
            for row in frame.rows { recent.add(row) }
            size = frame.entries.upperBound
        }
    }

    /// How many rows the journal has at most: what a start reads, in some milliseconds.
    private static let rowLimit = 20_000

    private let files: IndexFiles?
    private let isReadOnly: Bool
    private let rowLimit: Int
    private let state: Mutex<State>
    private let merging = DispatchQueue(label: "lookup index", qos: .utility)

    /// Opens the index at `path`, or one in memory. What is damaged or of another version is made anew, empty from there
    /// on.
    ///
    /// Damage within a file shows only where it is read, as `Damaged`.
    public convenience init(at path: FilePath?) throws {
        try self.init(at: path, rowLimit: Self.rowLimit)
    }

    /// `rowLimit` rows make a run.
    init(at path: FilePath?, rowLimit: Int) throws {
        self.rowLimit = rowLimit
        isReadOnly = false
        let files = path.map { IndexFiles(folder: $0) }
        self.files = files
        state = Mutex(try Self.judging { try Self.opened(files) })
    }

    /// Opens an index that is there, to read from it alone; nil if there is none, or none that holds.
    public init?(reading path: FilePath) {
        let files = IndexFiles(folder: path)
        guard let found = try? files.read() else { return nil }
        self.files = files
        isReadOnly = true
        rowLimit = Self.rowLimit
        var state = State(runs: found.runs)
        state.size = state.start
        for frame in found.frames { state.take(frame) }
        self.state = Mutex(state)
    }

    private static func opened(_ files: IndexFiles?) throws -> State {
        guard let files else { return State() }
        var state = State(runs: try files.open())
        state.size = state.start
        var frames: [IndexJournal.Frame] = []
        state.journal = try IndexJournal(files.journal, from: state.start) { frames.append($0) }
        for frame in frames { state.take(frame) }
        return state
    }

    /// Opens its files again after one of them was found damaged, and was removed: up to there it stands, and what comes
    /// behind is to be followed anew.
    func reopen() throws {
        // What is being merged has the files of before.
        merging.sync {}
        try withState { $0 = try Self.opened(files) }
    }

    /// Lets go of the files. What is asked afterwards is an error.
    public func close() throws {
        merging.sync {}
        state.withLock { $0 = State(isClosed: true) }
    }

    /// Waits until what has become many runs is one: a process that ends before would leave that to the next.
    public func settle() async {
        await withCheckedContinuation { done in merging.async { done.resume() } }
    }

    /// Removes the index at `path`, which nobody has open.
    public static func delete(_ path: FilePath) throws(FileError) {
        try IndexFiles(folder: path).delete()
    }

    /// The number of entries that it has followed.
    public func size() throws -> TreeSize {
        try withState { state in
            guard let size = TreeSize(state.size) else { throw Damaged(reason: "no size") }
            return size
        }
    }

    /// Follows the next entries, from `first` on. Entries that it has are passed over.
    public func follow(_ entries: [Entry], from first: LeafIndex) throws {
        try withState { state in
            precondition(!isReadOnly && first.value <= state.size, "an index follows without gaps")
            var rows: [IndexRow] = []
            rows.reserveCapacity(entries.count * 5)
            var index = first.value
            for entry in entries {
                defer { index += 1 }
                guard index >= state.size else { continue }
                let start = rows.count
                for key in Self.keys(of: entry) {
                    let row = key.row(at: index)
                    if !rows[start...].contains(row) { rows.append(row) }
                }
            }
            guard index > state.size else { return }
            try take(rows, upTo: index, &state)
        }
    }

    private func take(_ rows: [IndexRow], upTo end: UInt64, _ state: inout State) throws {
        guard state.recent.rows.count + rows.count >= rowLimit else {
            let frame = IndexJournal.Frame(entries: state.size..<end, rows: rows)
            try state.journal?.append(frame)
            return state.take(frame)
        }
        let sorted = (state.recent.rows + rows).sorted()
        let entries = state.start..<end
        state.runs.append(try files?.write(sorted, of: entries) ?? IndexRun(sorted, of: entries))
        state.recent = IndexRecent()
        state.size = end
        try state.journal?.clear()
        guard let due = IndexRun.due(state.runs, shortest: rowLimit), !state.isMerging else { return }
        guard files != nil else {
            var rows: [IndexRow] = []
            try IndexRunWriter.merge(Array(state.runs[due])) { rows.append($0) }
            let entries = state.runs[due.lowerBound].entries.lowerBound..<end
            return state.runs.replaceSubrange(due, with: [IndexRun(rows, of: entries)])
        }
        state.isMerging = true
        merging.async { self.mergeAllDue() }
    }

    // MARK: - Many runs into one

    private func mergeAllDue() {
        while let sources = state.withLock({ state in next(&state) }) {
            guard let files, let merged = try? files.merge(sources) else {
                // The runs stay, and are tried again with the next.
                return state.withLock { $0.isMerging = false }
            }
            let isTaken = state.withLock { state in
                guard let place = state.runs.firstIndex(where: { $0 === sources[0] }) else { return false }
                state.runs.replaceSubrange(place..<place + sources.count, with: [merged])
                return true
            }
            files.remove(isTaken ? sources : [merged])
        }
    }

    private func next(_ state: inout State) -> [IndexRun]? {
        guard !state.isClosed, let due = IndexRun.due(state.runs, shortest: rowLimit) else {
            state.isMerging = false
            return nil
        }
        return Array(state.runs[due])
    }

    // MARK: - Questions

    /// The entries found under a key, in the order of the log: those from `first` on, and no more than `limit`.
    public func entries(
        under key: Key, from first: LeafIndex = 0, limit: Int = .max
    ) throws -> [LeafIndex] {
        try withState { state in try entries(state, under: key, from: first, limit: limit) }
    }

    /// The entries found under each of several keys, all as of one moment.
    public func entries(underEach keys: [Key]) throws -> [[LeafIndex]] {
        try withState { state in
            try keys.map { try entries(state, under: $0, from: 0, limit: .max) }
        }
    }

    private func entries(_ state: State, under key: Key, from first: LeafIndex, limit: Int) throws -> [LeafIndex] {
        guard first.value < IndexRow.entryLimit else { return [] }
        let place = key.row(at: first.value)
        var found: [UInt64] = []
        for run in state.runs where run.entries.upperBound > first.value && found.count < limit {
            do {
                found += try run.entries(from: place, limit: limit - found.count)
            } catch let error as Damaged {
                // The next start follows the log anew from here.
                if !isReadOnly { files?.remove([run]) }
                throw error
            }
        }
        if found.count < limit { found += state.recent.entries(from: place, limit: limit - found.count) }
        return found.compactMap { LeafIndex($0) }
    }

    /// Forgets everything, so that it can follow from the first entry again.
    public func clear() throws {
        try withState { state in
            let runs = state.runs
            state.runs = []
            state.recent = IndexRecent()
            state.size = 0
            files?.remove(runs)
            try state.journal?.clear()
        }
    }

    private func withState<Value>(_ body: (inout State) throws -> Value) throws -> Value {
        try Self.judging {
            try state.withLock { state in
                guard !state.isClosed else { throw Unavailable(reason: "it is closed") }
                return try body(&state)
            }
        }
    }

    /// What a full disk or a file's permissions refuse is no damage.
    private static func judging<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            if error is Damaged || error is Unavailable { throw error }
            throw Unavailable(reason: "\(error)")
        }
    }
}

extension LookupIndex {
    /// An index in memory of everything that a reader can read, compared with the signed root.
    public convenience init(
        following reader: LedgerReader, progress: @Sendable (UInt64) -> Void = { _ in }
    ) async throws {
        try self.init(at: nil)
        var tree = CompactTree()
        try await reader.replay { entry, _ in
            entry
        } taking: { entries in
            let first = tree.size.nextIndex
            tree.append(contentsOf: entries.map(\.leafHash))
            try follow(entries, from: first)
            progress(tree.size.value)
        }
        guard tree.head == reader.head else { throw LedgerReadError.doesNotHold(path: "tile/entries") }
    }
}
