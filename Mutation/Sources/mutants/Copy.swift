// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The sources of the two pure targets with their mutants, written into a copy of the package.
struct Copy {
    static let targets = ["TransparencyLog", "Evidence"]

    /// All mutants of all files.
    let mutants: [Mutant]

    /// Writes what has changed; a build does the least that it can.
    init(of root: URL, in copy: URL) throws {
        var mutants: [Mutant] = []
        let files = FileManager.default
        for target in Self.targets {
            let from = root.appendingPathComponent("Sources/\(target)")
            let to = copy.appendingPathComponent("Sources/\(target)")
            try files.createDirectory(at: to, withIntermediateDirectories: true)
            let names = try files.contentsOfDirectory(atPath: from.path).filter { $0.hasSuffix(".swift") }.sorted()
            for gone in try files.contentsOfDirectory(atPath: to.path) where !names.contains(gone) {
                try files.removeItem(at: to.appendingPathComponent(gone))
            }
            for name in names {
                let source = try String(contentsOf: from.appendingPathComponent(name), encoding: .utf8)
                let made = MutantWriter.rewrite(source, file: "\(target)/\(name)", from: mutants.count)
                mutants += made.mutants
                let place = to.appendingPathComponent(name)
                let before = files.contents(atPath: place.path)
                if before != Data(made.text.utf8) { try Data(made.text.utf8).write(to: place) }
            }
        }
        self.mutants = mutants
    }
}
