// SPDX-License-Identifier: Apache-2.0
import Foundation
import Synchronization

/// What the runs over one build have found so far, in a folder, so that a run can go on where another was ended.
///
///     stamp       which build it is about: the bundle's size and the moment of its making
///     tests       a line for each test: its seconds, and its name; nothing where not all of them were measured
///     reached-0   which places the first of them comes to, a byte for each mutant; and so on
///     fates       a line for each mutant whose fate is settled: its number, and its fate
///
/// What survives a quick run is not settled.
final class State: Sendable {
    private let folder: URL
    private let lock = Mutex(())

    /// Forgets everything of another build, and the fates too unless the run goes on with them.
    init(of bundle: String, in folder: URL, goesOn: Bool) throws {
        self.folder = folder
        let attributes = try FileManager.default.attributesOfItem(atPath: bundle)
        let made = (attributes[.modificationDate] as? Date)?.timeIntervalSince1970 ?? 0
        let stamp = "\(attributes[.size] ?? 0) \(made)\n"
        if try text("stamp") != stamp {
            if FileManager.default.fileExists(atPath: folder.path) { try FileManager.default.removeItem(at: folder) }
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            try write(stamp, to: "stamp")
        } else if !goesOn {
            try write("", to: "fates")
        }
    }

    // MARK: Tests

    /// The tests as they were measured before, or nil.
    func tests() throws -> [Baseline.Test]? {
        guard let lines = try text("tests")?.split(separator: "\n"), !lines.isEmpty else { return nil }
        return try lines.enumerated().map { index, line in
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, let seconds = Double(parts[0]) else { throw Stopped("cannot read: \(line)") }
            let reached = try Data(contentsOf: folder.appendingPathComponent("reached-\(index)"))
            return Baseline.Test(name: String(parts[1]), seconds: seconds, reached: Array(reached))
        }
    }

    /// Keeps the measured tests.
    func keep(_ tests: [Baseline.Test]) throws {
        for (index, test) in tests.enumerated() {
            try Data(test.reached).write(to: folder.appendingPathComponent("reached-\(index)"))
        }
        try write(tests.map { "\($0.seconds) \($0.name)\n" }.joined(), to: "tests")
    }

    // MARK: Fates

    /// The fates that are settled, by the numbers of the mutants.
    func fates() throws -> [Int: MutationRun.Fate] {
        var fates: [Int: MutationRun.Fate] = [:]
        // A run that was ended may have left half a line behind.
        for line in try text("fates")?.split(separator: "\n") ?? [] {
            let parts = line.split(separator: " ")
            guard parts.count == 2, let number = Int(parts[0]), let fate = MutationRun.Fate(rawValue: String(parts[1]))
            else { continue }
            fates[number] = fate
        }
        return fates
    }

    /// Keeps one fate.
    func keep(_ fate: MutationRun.Fate, of mutant: Mutant) throws {
        let file = folder.appendingPathComponent("fates")
        try lock.withLock { _ in
            if !FileManager.default.fileExists(atPath: file.path) { try Data().write(to: file) }
            let handle = try FileHandle(forWritingTo: file)
            try handle.seekToEnd()
            try handle.write(contentsOf: Data("\(mutant.number) \(fate.rawValue)\n".utf8))
            try handle.close()
        }
    }

    // MARK: Files

    private func text(_ name: String) throws -> String? {
        let file = folder.appendingPathComponent(name)
        guard FileManager.default.fileExists(atPath: file.path) else { return nil }
        return try String(contentsOf: file, encoding: .utf8)
    }

    private func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: folder.appendingPathComponent(name), options: .atomic)
    }
}
