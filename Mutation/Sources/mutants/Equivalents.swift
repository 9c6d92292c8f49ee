// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The mutants that no test can tell from the original, each with a reason, from `Mutation/equivalent`:
///
///     TransparencyLog/Base64.swift  boundary  index + 3 <= bytes.count
///         why it makes no difference, in lines that are indented
///
/// A line stands for every mutant of the file that is of this kind and has this text.
struct Equivalents {
    /// One mutant, without its line, which moves.
    struct Key: Hashable {
        let file: String
        let kind: String
        let text: String

        init(_ mutant: Mutant) {
            file = mutant.file
            kind = mutant.kind.rawValue
            text = mutant.text
        }

        init(file: String, kind: String, text: String) {
            self.file = file
            self.kind = kind
            self.text = text
        }

        var description: String { "\(file)  \(kind)  \(text)" }
    }

    private(set) var keys: Set<Key> = []

    init(parsing text: String) throws {
        var isReasoned = true
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            if line.hasPrefix("    ") {
                isReasoned = true
                continue
            }
            let parts = line.split(separator: "  ", maxSplits: 2).map { $0.trimmingCharacters(in: .whitespaces) }
            guard parts.count == 3, Mutant.Kind(rawValue: parts[1]) != nil else {
                throw Stopped("equivalent: cannot read: \(line)")
            }
            guard isReasoned else { throw Stopped("equivalent: no reason before: \(line)") }
            isReasoned = false
            keys.insert(Key(file: parts[0], kind: parts[1], text: parts[2]))
        }
        guard isReasoned else { throw Stopped("equivalent: the last one has no reason") }
    }

    func contains(_ mutant: Mutant) -> Bool { keys.contains(Key(mutant)) }
}
