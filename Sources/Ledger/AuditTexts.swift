// SPDX-License-Identifier: Apache-2.0
import Evidence
import SystemPackage
import TransparencyLog

/// For each entry of an audited log the hash of its filing's text, or, for one that was refused, a hash that no text has.
///
/// All are kept, since a filing may be offered again after any time. Those of earlier audits are, where they are many, in
/// sorted files (`IndexRun`) in a folder beside the state's own, named like it with `.texts` behind: an audit looks up what
/// is new there, reads nothing else of it, and leaves one more file, or one for several.
struct AuditTexts: Sendable {
    /// How many hashes stay in the state's own file: half a megabyte.
    static let inlineLimit = 16_384
    /// What is sorted in memory at one time.
    private static let chunk = 1 << 18

    /// The files, which follow one another from entry 0 on.
    private(set) var runs: [IndexRun]
    /// The hashes of the entries behind them.
    private(set) var recent = HashIndex()

    init(runs: [IndexRun] = []) { self.runs = runs }

    /// The first entry that is in no file.
    var start: Int { Int(runs.last?.entries.upperBound ?? 0) }
    /// How many entries have a hash here.
    var count: Int { start + recent.count }

    /// The entry with this text. Throws where a file does not hold, or cannot be read.
    func position(of hash: Hash) throws -> LeafIndex? {
        if let place = recent.position(of: hash) { return LeafIndex(entry: UInt64(start + place)) }
        let row = LookupIndex.Key.text(hash).row()
        for run in runs {
            let found = try AuditState.judging(advice: "; move the state away to audit from the first entry again") {
                try run.entries(from: row, limit: 1)
            }
            if let entry = found.first {
                return LeafIndex(entry: entry)
            }
        }
        return nil
    }

    /// Adds the hash of the next entry, of which `position` knows none. False where it is among the newest already.
    mutating func append(_ hash: Hash) -> Bool { recent.append(hash) }

    // MARK: - Files

    private static func files(beside state: FilePath) -> IndexFiles {
        let name = (state.lastComponent?.string ?? "state") + ".texts"
        return IndexFiles(folder: state.removingLastComponent().appending(name))
    }

    /// One of the files beside a state. Throws a `FormatError` unless it is the one that was written with it.
    static func run(of entries: Range<UInt64>, _ digest: Hash, beside state: FilePath) throws -> IndexRun {
        let files = files(beside: state)
        let run = try AuditState.judging { try files.run(of: entries) }
        guard run.digest == digest else {
            throw FormatError(AuditState.format, "the folder \(Shown.path(files.folder)) belongs to another")
        }
        return run
    }

    /// Puts the newest hashes into files beside a state, if they are more than `limit`. What was there is left there: it
    /// belongs to the state that is to be replaced.
    mutating func store(beside state: FilePath, limit: Int) throws {
        guard recent.count > limit else { return }
        let files = Self.files(beside: state)
        try DurableFile.makeFolder(files.folder, mode: 0o700)
        var runs = runs
        for place in stride(from: 0, to: recent.count, by: Self.chunk) {
            let end = min(place + Self.chunk, recent.count)
            let rows = (place..<end).map { LookupIndex.Key.text(recent[$0]).row(at: UInt64(start + $0)) }
            runs.append(try files.write(rows.sorted(), of: UInt64(start + place)..<UInt64(start + end)))
        }
        while let due = IndexRun.due(runs, shortest: max(limit, 1)) {
            runs.replaceSubrange(due, with: [try files.merge(Array(runs[due]))])
        }
        self = AuditTexts(runs: runs)
    }

    /// Removes the files beside a state that are not its own any more.
    func removeOthers(beside state: FilePath) throws {
        let files = Self.files(beside: state)
        guard DurableFile.isFolder(files.folder) else { return }
        try files.keep(runs)
    }
}

extension AuditState {
    /// What is wrong with a file of texts is wrong with the state.
    ///
    /// While the state is read, whoever reads it knows its file and says what to do; in the midst of an audit nobody does,
    /// and `advice` stands behind the reason.
    static func judging<Value>(advice: String = "", _ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch let error as LookupIndex.Damaged {
            throw FormatError(format, "the files of texts beside it do not hold: \(error.reason)\(advice)")
        } catch let error as Errno {
            let reason = error.description.lowercased()
            throw FormatError(format, "the files of texts beside it cannot be read: \(reason)\(advice)")
        }
    }
}
