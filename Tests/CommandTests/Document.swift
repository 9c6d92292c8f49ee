// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A document of the repository, as far as its commands go.
///
///     ```console
///     $ sha256sum keys/policy |
///     > cut -c 1-8
///     1e5ba557
///     ```
///
/// What a reader could type stands in such a block or it stands nowhere: every other form is refused, so that no
/// command is shown which is not run. `README.md` in this folder says which forms there are.
struct Document: Sendable {
    /// A command with what it prints.
    struct Command: Equatable, Sendable {
        /// The number of its line, from 1.
        let line: Int
        /// What is typed, with a newline between its lines.
        var text: String
        /// The lines below it, each with its newline.
        var output = ""
    }

    /// A piece of text set as code, within a sentence or a table.
    struct Span: Equatable, Sendable {
        let line: Int
        let text: String
    }

    let name: String
    private(set) var commands: [Command] = []
    private(set) var spans: [Span] = []

    private static let opening = "```console"
    private static let closing = "```"

    /// Parses the text of a document.
    init(name: String, _ data: Data) throws(ScriptProblem) {
        self.name = name
        guard let text = String(data: data, encoding: .utf8), !data.contains(0x0D), !data.contains(0x09) else {
            throw ScriptProblem("\(name) has a tab, a carriage return or bytes that are not UTF-8", line: 1)
        }
        var block: [(line: Int, text: Substring)]?
        var paragraph: [(line: Int, text: Substring)] = []
        for (index, text) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = index + 1
            if let lines = block {
                if text == Document.closing {
                    try add(lines, line: line)
                    block = nil
                } else {
                    block = lines + [(line, text)]
                }
                continue
            }
            if text == Document.opening {
                block = []
            } else {
                try Document.refuse(text, line: line)
                if !text.isEmpty {
                    paragraph.append((line, text))
                    continue
                }
            }
            try addSpans(paragraph)
            paragraph = []
        }
        guard block == nil else { throw ScriptProblem("a block is not closed") }
        try addSpans(paragraph)
    }

    /// Throws if a line outside the blocks shows a command, or opens a block of another kind.
    private static func refuse(_ text: Substring, line: Int) throws(ScriptProblem) {
        let content = text.drop { " >-*|".contains($0) }
        if content.hasPrefix("```") || content.hasPrefix("~~~") {
            throw ScriptProblem("a block begins with ```console at the start of its line, or not at all", line: line)
        }
        if content.lowercased().contains("<pre") || content.lowercased().contains("<code") {
            throw ScriptProblem("what is typed stands in a block of ```console, not in HTML", line: line)
        }
        let isIndented = text.hasPrefix("    ")
        if content.hasPrefix("$ ") || isIndented && content.hasPrefix("indelible ") && !content.hasPrefix("indelible  ")
        {
            throw ScriptProblem("a command outside a block of ```console is never run", line: line)
        }
    }

    /// Takes in the lines of a block whose last line is at `line`.
    private mutating func add(_ lines: [(line: Int, text: Substring)], line: Int) throws(ScriptProblem) {
        guard let first = lines.first, first.text.hasPrefix("$ ") else {
            throw ScriptProblem("a block begins with a command: $ and a space", line: lines.first?.line ?? line)
        }
        var isTyped = false
        for (line, text) in lines {
            if text.hasPrefix("$ ") {
                commands.append(Command(line: line, text: String(text.dropFirst(2))))
                isTyped = true
            } else if isTyped, text.hasPrefix("> ") {
                commands[commands.count - 1].text += "\n" + text.dropFirst(2)
            } else {
                commands[commands.count - 1].output += text + "\n"
                isTyped = false
            }
        }
    }

    private mutating func addSpans(_ paragraph: [(line: Int, text: Substring)]) throws(ScriptProblem) {
        // What is indented is a picture, whose marks mean nothing.
        let lines = paragraph.filter { !$0.text.hasPrefix("    ") }
        guard let line = lines.first?.line else { return }
        let parts = lines.map(\.text).joined(separator: " ").split(separator: "`", omittingEmptySubsequences: false)
        guard parts.count % 2 == 1 else { throw ScriptProblem("a ` is not closed in this paragraph", line: line) }
        for (index, part) in parts.enumerated() where index % 2 == 1 {
            guard !part.hasPrefix("$ ") else { throw ScriptProblem("a command in a sentence is never run", line: line) }
            spans.append(Span(line: line, text: String(part)))
        }
    }
}

extension Document {
    /// The document's text with other outputs of some of its commands, given in their order.
    func text(_ data: Data, showing outputs: [(command: Command, output: String)]) -> String {
        var lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        for (command, output) in outputs.reversed() {
            let start = command.line - 1 + command.text.split(separator: "\n", omittingEmptySubsequences: false).count
            let count = command.output.split(separator: "\n", omittingEmptySubsequences: false).count - 1
            let written = output.hasSuffix("\n") ? output.dropLast() : output[...]
            lines.replaceSubrange(
                start..<start + count,
                with: written.isEmpty ? [] : written.split(separator: "\n", omittingEmptySubsequences: false))
        }
        return lines.joined(separator: "\n")
    }

    /// The documents of a repository: those at its root and in `docs`.
    static func names(in repository: URL) throws -> [String] {
        let files = FileManager.default
        let root = try files.contentsOfDirectory(atPath: repository.path)
        let docs = try files.subpathsOfDirectory(atPath: repository.appendingPathComponent("docs").path)
        return (root + docs.map { "docs/" + $0 }).filter { $0.hasSuffix(".md") }.sorted()
    }
}
