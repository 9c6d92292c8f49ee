// SPDX-License-Identifier: Apache-2.0

/// One line of a script that does something.
struct ScriptStep: Equatable {
    /// What a line can begin with. `README.md` in this folder says what each does.
    enum Verb: String, CaseIterable {
        case run = "$"
        case stdout, stderr, terminal, like, cmp, grep, exists, mode, save
        case env, unset, cd, cp, mv, rm, mkdir, chmod, mkfile, flip, replace
        case stdin, tty, screen, limit
        case background, await, stop

        /// Whether `!` may stand before it.
        var canBeNegated: Bool {
            switch self {
            case .stdout, .stderr, .terminal, .cmp, .grep, .exists: true
            default: false
            }
        }

        /// How many words may follow it.
        var arity: ClosedRange<Int> {
            switch self {
            case .screen: 0...0
            case .stdout, .stderr, .terminal, .cd, .stdin, .limit: 1...1
            case .like, .cmp, .grep, .cp, .mv, .mkfile, .flip: 2...2
            case .await, .stop: 2...2
            case .background: 2...Int.max
            case .save, .replace: 3...3
            case .tty: 0...2
            case .run, .exists, .env, .unset, .rm, .mkdir: 1...Int.max
            case .mode, .chmod: 2...Int.max
            }
        }
    }

    /// The number of its line in the script, from 1.
    let line: Int
    /// The line as it was written, for the transcript.
    let source: String
    let verb: Verb
    let isNegated: Bool
    let words: [ScriptWord]
    /// What a program must exit with; 0 unless the next line says otherwise.
    var exitCode: Int32 = 0

    init(line: Int, source: String) throws(ScriptProblem) {
        self.line = line
        self.source = source
        var rest = source[...]
        isNegated = rest.hasPrefix("! ")
        if isNegated { rest = rest.dropFirst(2).drop { $0 == " " } }
        let name = rest.prefix { $0 != " " && $0 != "\n" }
        guard let verb = Verb(rawValue: String(name)) else {
            throw ScriptProblem("\(name) is not something a line begins with", line: line)
        }
        self.verb = verb
        do {
            words = try ScriptWord.words(of: String(rest[name.endIndex...]))
        } catch {
            throw error.at(line: line)
        }
        guard verb.arity.contains(words.count), verb != .tty || words.count != 1 else {
            throw ScriptProblem("\(name) with \(words.count) words after it", line: line)
        }
        guard verb.canBeNegated || !isNegated else {
            throw ScriptProblem(
                verb == .run ? "name the code on the next line: exit 1" : "\(name) cannot be negated", line: line)
        }
    }

    /// The code of a line `exit N`; nil for any other line.
    static func exitCode(in source: String, line: Int) throws(ScriptProblem) -> Int32? {
        guard source.hasPrefix("exit ") else { return nil }
        guard let code = UInt8(source.dropFirst(5)), code > 0 else {
            throw ScriptProblem("exit wants a code from 1 to 255; without the line it is 0", line: line)
        }
        return Int32(code)
    }
}
