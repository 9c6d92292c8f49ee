// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A story of the command line: what is run and what must come of it, and then the files it starts with.
///
///     # A transcript is registered; one changed character does not verify.
///     $ indelible verify interview.txt
///     stdout 'THE SAME'
///     flip interview.txt 40
///     $ indelible verify interview.txt
///     exit 1
///
///     -- interview.txt --
///     Q. Do you agree that he interprets?
///
/// A line that begins with spaces continues the line above it. `README.md` in this folder describes the lines.
struct Script: Sendable {
    /// A file that stands in the script's folder when it begins.
    struct File: Equatable, Sendable {
        let path: String
        let contents: Data
    }

    let name: String
    let steps: [ScriptStep]
    let files: [File]

    /// Parses the text of a script.
    init(name: String, _ text: Data) throws(ScriptProblem) {
        self.name = name
        var lines: [(line: Int, source: String)] = []
        var files: [(path: String, contents: Data)] = []
        var number = 0
        var rest = text[...]
        while !rest.isEmpty {
            number += 1
            let end = rest.firstIndex(of: 0x0A).map { $0 + 1 } ?? rest.endIndex
            let raw = rest[..<end]
            rest = rest[end...]
            if let path = try Script.fileName(raw, line: number) {
                guard !files.contains(where: { $0.path == path }) else {
                    throw ScriptProblem("\(path) stands twice", line: number)
                }
                files.append((path, Data()))
            } else if !files.isEmpty {
                files[files.count - 1].contents += raw
            } else {
                try Script.add(raw, line: number, to: &lines)
            }
        }
        steps = try Script.steps(lines)
        self.files = files.map { File(path: $0.path, contents: $0.contents) }
    }

    /// The path in a line `-- path --`; nil for any other line.
    private static func fileName(_ raw: Data, line: Int) throws(ScriptProblem) -> String? {
        guard raw.starts(with: Data("-- ".utf8)), let text = String(data: raw, encoding: .utf8) else { return nil }
        let mark = text.last == "\n" ? text.dropLast() : text[...]
        guard mark.hasSuffix(" --"), mark.utf8.count > 6 else { return nil }
        let path = String(mark.dropFirst(3).dropLast(3))
        guard !path.hasPrefix("/"), !path.split(separator: "/").contains("..") else {
            throw ScriptProblem("\(path) is outside the script's folder", line: line)
        }
        return path
    }

    private static func add(
        _ raw: Data, line: Int, to lines: inout [(line: Int, source: String)]
    ) throws(ScriptProblem) {
        guard let text = String(data: raw, encoding: .utf8), !text.contains("\r"), !text.contains("\t") else {
            throw ScriptProblem("a line has a tab, a carriage return or bytes that are not UTF-8", line: line)
        }
        var source = text[...]
        while source.last == " " || source.last == "\n" { source.removeLast() }
        let isContinuation = source.hasPrefix(" ")
        source = source.drop { $0 == " " }
        guard !source.isEmpty, !source.hasPrefix("#") else { return }
        if isContinuation {
            guard let last = lines.last else { throw ScriptProblem("nothing to continue", line: line) }
            lines[lines.count - 1].source = last.source + "\n    " + source
        } else {
            lines.append((line, String(source)))
        }
    }

    private static func steps(_ lines: [(line: Int, source: String)]) throws(ScriptProblem) -> [ScriptStep] {
        var steps: [ScriptStep] = []
        var canExit = false
        for (line, source) in lines {
            if let code = try ScriptStep.exitCode(in: source, line: line) {
                guard canExit else { throw ScriptProblem("exit stands right after a line with $ or stop", line: line) }
                steps[steps.count - 1].exitCode = code
                canExit = false
            } else {
                let step = try ScriptStep(line: line, source: source)
                canExit = step.verb == .run || step.verb == .stop
                steps.append(step)
            }
        }
        return steps
    }
}
