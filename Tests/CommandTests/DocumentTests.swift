// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The documents of the repository: what they show is what happens, and what they name is there.
@Suite("Documents")
struct DocumentTests {
    @Test("The commands of a document do what it says", arguments: try DocumentFile.all())
    func holds(_ file: DocumentFile) throws {
        do {
            let document = try file.document()
            guard ProcessInfo.processInfo.environment["INDELIBLE_WRITE_DOCUMENTS"] == nil else {
                return try file.write(document)
            }
            try DocumentSession.check(document, tool: try BuiltTool.url(), repository: DocumentFile.repository)
        } catch let problem as ScriptProblem {
            Issue.record("\(problem.reason)", sourceLocation: file.location(problem.line ?? 1))
        }
    }

    @Test(
        "The two documents that live by their commands have some",
        arguments: ["README.md", "docs/verifying-by-hand.md"])
    func hasCommands(_ name: String) throws {
        let file = try #require(try DocumentFile.all().first { $0.name == name })
        #expect(try file.document().commands.contains { !$0.output.isEmpty })
    }

    @Test("A command that a sentence names is one that the tool has", arguments: try DocumentFile.all())
    func namesCommands(_ file: DocumentFile) throws {
        for span in try file.document().spans where span.text == "indelible" || span.text.hasPrefix("indelible ") {
            let problem = try CommandName(span.text).problem(tool: try BuiltTool.url())
            #expect(problem == nil, sourceLocation: file.location(span.line))
        }
    }

    @Test("A script that a sentence names is there, and can be run", arguments: try DocumentFile.all())
    func namesScripts(_ file: DocumentFile) throws {
        for span in try file.document().spans where span.text.hasPrefix("scripts/") {
            let path = DocumentFile.repository.path + "/" + span.text.prefix { $0 != " " }
            #expect(FileManager.default.isExecutableFile(atPath: path), sourceLocation: file.location(span.line))
        }
    }

    @Test("A file that a document points to is there", arguments: try DocumentFile.all())
    func links(_ file: DocumentFile) throws {
        for (line, target) in try file.links() where !target.contains("://") && !target.hasPrefix("#") {
            let path = file.url.deletingLastPathComponent().path + "/" + target.prefix { $0 != "#" }
            #expect(FileManager.default.fileExists(atPath: path), sourceLocation: file.location(line))
        }
    }
}

/// A document's file, named as its test case is shown.
struct DocumentFile: CustomTestStringConvertible {
    let name: String

    var testDescription: String { name }

    static let repository = (0..<3).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent()
    }

    static func all() throws -> [DocumentFile] {
        try Document.names(in: repository).map(DocumentFile.init)
    }

    var url: URL { Self.repository.appendingPathComponent(name) }

    func document() throws -> Document {
        try Document(name: name, Data(contentsOf: url))
    }

    /// Writes what the commands show into the document, where it shows something else.
    func write(_ document: Document) throws {
        let outcomes = try DocumentSession.run(document, tool: try BuiltTool.url(), repository: Self.repository)
        let changed = try outcomes.filter { try !$0.isAsWritten() }
        let text = document.text(try Data(contentsOf: url), showing: changed.map { ($0.command, $0.shown) })
        if !changed.isEmpty { try Data(text.utf8).write(to: url) }
    }

    /// The targets of the links, each with its line.
    func links() throws -> [(line: Int, target: String)] {
        let lines = String(decoding: try Data(contentsOf: url), as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().flatMap { index, text in
            text.matches(of: /\]\(([^) ]+)\)/).map { (index + 1, String($0.output.1)) }
        }
    }

    func location(_ line: Int) -> SourceLocation {
        SourceLocation(fileID: "CommandTests/\(name)", filePath: url.path, line: line, column: 1)
    }
}

/// A command as a sentence names it, such as `indelible key enrol NAME --revoker VKEY`.
struct CommandName {
    private let words: [Substring]

    init(_ text: String) {
        words = Array(text.split(separator: " ").dropFirst())
    }

    /// What of it the tool does not have; nil if it has all.
    func problem(tool: URL) throws -> String? {
        let named = Array(words.prefix { !$0.hasPrefix("-") && !$0.hasPrefix("[") })
        let help = try Self.help(on: named, tool: tool)
        guard let usage = help.split(separator: "\n").first(where: { $0.hasPrefix("USAGE: indelible") }) else {
            return "no help on \(named.joined(separator: " "))"
        }
        let path = usage.split(separator: " ").dropFirst(2).prefix { $0.allSatisfy { $0.isLowercase || $0 == "-" } }
        guard !usage.contains("<subcommand>") || path.count == named.count else {
            return "there is no command \(named.joined(separator: " "))"
        }
        return words.flatMap { $0.matches(of: /--[a-z-]+/).map { String($0.output) } }
            .first { option in
                !help.split(whereSeparator: { " ,\n".contains($0) }).contains { $0 == option }
            }
            .map { "there is no option \($0)" }
    }

    private static func help(on words: [Substring], tool: URL) throws -> String {
        let folder = try ScriptFolder(for: Script(name: "help", Data()))
        let output = folder.path(.stdout)
        let program = Program(
            arguments: ["indelible"] + words.map(String.init) + ["--help"], environment: folder.environment(tool: tool),
            directory: folder.current, input: "/dev/null", output: output, errors: folder.path(.stderr),
            conversation: nil, hasTerminalStreams: false)
        let outcome = Result {
            _ = try program.run(until: .now + .seconds(60))
            return String(decoding: try folder.read(output), as: UTF8.self)
        }
        try folder.removeAll()
        return try outcome.get()
    }
}
