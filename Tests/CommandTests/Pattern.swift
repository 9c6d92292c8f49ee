// SPDX-License-Identifier: Apache-2.0

/// A regular expression as the scripts write it; `^` and `$` are the ends of a line, and it may match anywhere.
///
/// Text is compared by Unicode scalars and not by characters: a carriage return before a newline is seen.
struct Pattern: CustomStringConvertible {
    let description: String

    init(_ source: String) throws(ScriptProblem) {
        description = source
        do {
            _ = try regex()
        } catch {
            throw ScriptProblem("\(source) is not a regular expression: \(error)")
        }
    }

    /// The pattern that matches `text` and nothing else.
    static func literal(_ text: String) -> String {
        var pattern = ""
        for scalar in text.unicodeScalars {
            if #"\^$.|?*+()[]{}"#.unicodeScalars.contains(scalar) { pattern += "\\" }
            pattern.unicodeScalars.append(scalar)
        }
        return pattern
    }

    /// Whether the text has a place that matches.
    func matches(_ text: String) throws -> Bool {
        try text.firstMatch(of: regex()) != nil
    }

    /// What the first group matched, or the whole pattern if it has no group; nil without a match.
    func capture(in text: String) throws -> String? {
        guard let match = try text.firstMatch(of: regex()) else { return nil }
        let part = match.output.count > 1 ? match.output[1] : match.output[0]
        return part.substring.map(String.init)
    }

    /// The index after the first match; nil without a match.
    func end(in text: Substring) throws -> Substring.Index? {
        try text.firstMatch(of: regex())?.range.upperBound
    }

    // Made anew at each use: a `Regex` is not Sendable, and a pattern is used once.
    private func regex() throws -> Regex<AnyRegexOutput> {
        try Regex(description).anchorsMatchLineEndings().matchingSemantics(.unicodeScalar)
    }
}
