// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The closing table, by file, and whether nothing is left.
struct Report {
    let fates: [(mutant: Mutant, fate: MutationRun.Fate)]
    let equivalents: Equivalents
    /// Whether all mutants were run, and not those of some files.
    let isWhole: Bool

    /// What passed every test and is not known to be equivalent.
    var survivors: [Mutant] {
        fates.filter { ($0.fate == .survived || $0.fate == .unreached) && !equivalents.contains($0.mutant) }.map(
            \.mutant)
    }

    /// Lines of `equivalent` that stand for no mutant, or for one that a test does tell apart.
    var stale: [String] {
        let lived = Set(
            fates.filter { $0.fate == .survived || $0.fate == .unreached }.map { Equivalents.Key($0.mutant) })
        let known = Set(fates.map { Equivalents.Key($0.mutant) })
        return equivalents.keys.filter { isWhole ? !lived.contains($0) : known.contains($0) && !lived.contains($0) }
            .map(\.description).sorted()
    }

    /// The table, with a line for each file and one for all.
    var table: String {
        var lines = ["| file | mutants | killed | never ended | equivalent | survived | not reached |"]
        lines.append("|---|---|---|---|---|---|---|")
        for (file, fates) in Dictionary(grouping: fates, by: { $0.mutant.file }).sorted(by: { $0.key < $1.key }) {
            lines.append(line(file, fates))
        }
        for target in ["TransparencyLog", "Evidence"] {
            let fates = fates.filter { $0.mutant.file.hasPrefix(target + "/") }
            if !fates.isEmpty { lines.append(line("**\(target)**", fates)) }
        }
        lines.append(line("**all**", fates))
        return lines.joined(separator: "\n")
    }

    private func line(_ name: String, _ fates: [(mutant: Mutant, fate: MutationRun.Fate)]) -> String {
        func count(_ fate: MutationRun.Fate) -> Int {
            fates.count { $0.fate == fate && (fate == .killed || fate == .late || !equivalents.contains($0.mutant)) }
        }
        let equivalent = fates.count {
            ($0.fate == .survived || $0.fate == .unreached) && equivalents.contains($0.mutant)
        }
        let counts = [
            fates.count, count(.killed), count(.late), equivalent, count(.survived), count(.unreached),
        ]
        return "| \(name) | " + counts.map(String.init).joined(separator: " | ") + " |"
    }
}
