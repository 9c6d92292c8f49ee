// SPDX-License-Identifier: Apache-2.0
import Glibc
import SystemPackage

/// The folder of a lookup index: which of its files are taken, and which are left over.
struct IndexFiles: Sendable {
    let folder: FilePath

    private static let ending = ".run"
    private static let journalName = "recent"

    /// The rows that are in no run yet.
    var journal: FilePath { folder.appending(Self.journalName) }

    private func path(of entries: Range<UInt64>) -> FilePath {
        folder.appending("\(entries.lowerBound)-\(entries.upperBound)\(Self.ending)")
    }

    private static func entries(_ name: FilePath.Component) -> Range<UInt64>? {
        let text = name.string
        guard text.hasSuffix(ending) else { return nil }
        let numbers = text.dropLast(ending.count).split(separator: "-").compactMap { UInt64($0) }
        guard numbers.count == 2, numbers[0] < numbers[1] else { return nil }
        let entries = numbers[0]..<numbers[1]
        return text == "\(entries.lowerBound)-\(entries.upperBound)\(ending)" ? entries : nil
    }

    // MARK: - Opening

    /// The runs that follow one another from the first entry on, as far as they are there. Removes what else is there: it
    /// was replaced by longer ones, or follows nothing.
    func open() throws -> [IndexRun] {
        if DurableFile.exists(folder), !DurableFile.isFolder(folder) { try DurableFile.remove(folder) }
        try DurableFile.makeFolder(folder, mode: 0o700)
        let names = try DurableFile.names(in: folder)
        let runs = try chain(names) { $0 is LookupIndex.Damaged }
        try keep(runs)
        return runs
    }

    /// Removes all but these runs and the journal.
    func keep(_ runs: [IndexRun]) throws {
        let kept = Set(runs.map(\.entries))
        for name in try DurableFile.names(in: folder) where name.string != Self.journalName {
            if let entries = Self.entries(name), kept.contains(entries) { continue }
            try DurableFile.remove(folder.appending(name))
        }
    }

    /// The same for whoever does not write: nil where there is no index. It may change meanwhile, and is looked at again.
    func read() throws -> (runs: [IndexRun], frames: [IndexJournal.Frame])? {
        for _ in 0..<64 {
            guard DurableFile.isFolder(folder) else { return nil }
            let names = try DurableFile.names(in: folder)
            do {
                let runs = try chain(names) { _ in false }
                var frames: [IndexJournal.Frame] = []
                let bytes = try DurableFile.readIfPresent(journal, limit: IndexJournal.limit) ?? []
                IndexJournal.read(bytes, from: runs.last?.entries.upperBound ?? 0) { frames.append($0) }
                guard try DurableFile.names(in: folder) == names else { continue }
                return (runs, frames)
            } catch let error as Errno where error == .noSuchFileOrDirectory {
                continue
            }
        }
        return nil
    }

    private func chain(_ names: [FilePath.Component], passingOver: (any Error) -> Bool) throws -> [IndexRun] {
        let found = names.compactMap { Self.entries($0) }
        var runs: [IndexRun] = []
        var next: UInt64 = 0
        while true {
            // The longest has replaced the others.
            let candidates = found.filter { $0.lowerBound == next }.sorted { $0.upperBound > $1.upperBound }
            guard let run = try candidates.lazy.compactMap({ try self.run($0, passingOver) }).first else { return runs }
            runs.append(run)
            next = run.entries.upperBound
        }
    }

    private func run(_ entries: Range<UInt64>, _ passingOver: (any Error) -> Bool) throws -> IndexRun? {
        do {
            return try run(of: entries)
        } catch {
            if passingOver(error) { return nil }
            throw error
        }
    }

    /// Opens the run of these entries.
    func run(of entries: Range<UInt64>) throws -> IndexRun {
        let run = try IndexRun(reading: path(of: entries))
        guard run.entries == entries else { throw LookupIndex.Damaged(reason: "a file of it has another's name") }
        return run
    }

    // MARK: - Changing

    /// Writes a run of rows that are sorted, and opens it.
    func write(_ rows: [IndexRow], of entries: Range<UInt64>) throws -> IndexRun {
        try IndexRunWriter.write(rows, of: entries, to: path(of: entries))
        return try IndexRun(reading: path(of: entries))
    }

    /// Makes one run of several that follow one another.
    func merge(_ runs: [IndexRun]) throws -> IndexRun {
        let entries = (runs.first?.entries.lowerBound ?? 0)..<(runs.last?.entries.upperBound ?? 0)
        try IndexRunWriter.merge(runs, to: path(of: entries))
        return try IndexRun(reading: path(of: entries))
    }

    /// Removes runs that are replaced, or do not hold. One that cannot be removed is passed over by the next start.
    func remove(_ runs: [IndexRun]) {
        for run in runs { try? DurableFile.remove(path(of: run.entries)) }
    }

    /// Removes the folder with all that is in it.
    func delete() throws(FileError) {
        guard DurableFile.isFolder(folder) else { return try DurableFile.remove(folder) }
        for name in try DurableFile.names(in: folder) { try DurableFile.remove(folder.appending(name)) }
        _ = folder.withPlatformString { rmdir($0) }
    }
}
