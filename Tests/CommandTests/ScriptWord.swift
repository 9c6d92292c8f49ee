// SPDX-License-Identifier: Apache-2.0

/// One word of a script's line, with its variables still in place.
///
///     plain  'single quotes: everything stands for itself'  "double quotes: $VARIABLES are put in"  $HOME/key
///
/// There is no shell: outside quotes the characters ``| & ; < > * ( ) ` \`` are refused, so that nobody reads a meaning
/// into them that they do not have. Inside double quotes, `\"`, `\\` and `\$` stand for the second character. A word
/// that begins with `#` begins a comment.
struct ScriptWord: Equatable {
    private enum Part: Equatable {
        case text(String)
        case variable(String)
    }

    private var parts: [Part] = []

    /// The words of a line.
    static func words(of line: String) throws(ScriptProblem) -> [ScriptWord] {
        var words: [ScriptWord] = []
        var rest = line.unicodeScalars[...]
        while true {
            rest = rest.drop { $0 == " " || $0 == "\n" }
            guard let first = rest.first, first != "#" else { return words }
            words.append(try ScriptWord(from: &rest))
        }
    }

    /// The word, each variable replaced by its value.
    func text(_ variables: [String: String]) throws(ScriptProblem) -> String {
        try joined(variables) { $0 }
    }

    /// The word as a pattern, in which the value of a variable stands for itself.
    func pattern(_ variables: [String: String]) throws(ScriptProblem) -> Pattern {
        try Pattern(joined(variables, Pattern.literal))
    }

    private func joined(
        _ variables: [String: String], _ insert: (String) -> String
    ) throws(ScriptProblem) -> String {
        var whole = ""
        for part in parts {
            switch part {
            case .text(let text): whole += text
            case .variable(let name):
                guard let value = variables[name] else { throw ScriptProblem("the variable $\(name) has no value") }
                whole += insert(value)
            }
        }
        return whole
    }
}

extension ScriptWord {
    private init(from rest: inout Substring.UnicodeScalarView) throws(ScriptProblem) {
        // An empty word in quotes is a word; it has one empty part.
        parts = []
        while let scalar = rest.first, scalar != " ", scalar != "\n" {
            rest.removeFirst()
            switch scalar {
            case "'":
                guard let end = rest.firstIndex(of: "'") else { throw ScriptProblem("a single quote is not closed") }
                parts.append(.text(String(rest[..<end])))
                rest = rest[rest.index(after: end)...]
            case "\"": try readDoubleQuoted(&rest)
            case "$": try readVariable(&rest)
            case "|", "&", ";", "<", ">", "*", "(", ")", "`", "\\":
                throw ScriptProblem("\(scalar) means nothing here: quote it, or run sh -c '...'")
            default: parts.append(.text(String(scalar)))
            }
        }
    }

    private mutating func readDoubleQuoted(_ rest: inout Substring.UnicodeScalarView) throws(ScriptProblem) {
        parts.append(.text(""))
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"": return
            case "$": try readVariable(&rest)
            case "\\":
                if let next = rest.first, next == "\"" || next == "\\" || next == "$" {
                    parts.append(.text(String(next)))
                    rest.removeFirst()
                } else {
                    parts.append(.text("\\"))
                }
            default: parts.append(.text(String(scalar)))
            }
        }
        throw ScriptProblem("a double quote is not closed")
    }

    private mutating func readVariable(_ rest: inout Substring.UnicodeScalarView) throws(ScriptProblem) {
        let isBraced = rest.first == "{"
        if isBraced { rest.removeFirst() }
        let name = rest.prefix {
            ("A"..."Z").contains($0) || ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "_"
        }
        rest = rest[name.endIndex...]
        if isBraced, rest.popFirst() != "}" { throw ScriptProblem("${ is not closed") }
        guard !name.isEmpty else { throw ScriptProblem("$ without the name of a variable: quote it in '...'") }
        parts.append(.variable(String(name)))
    }
}
