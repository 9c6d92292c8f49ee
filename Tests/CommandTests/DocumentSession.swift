// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The commands of one document, typed one after the other into one shell with a terminal, as a reader would.
///
/// The shell begins at the root of a copy of the repository. What is asked on the way, such as a passphrase, is
/// answered; what is shown must be what the document shows.
struct DocumentSession {
    /// What one command did.
    struct Outcome {
        let command: Document.Command
        /// What it showed, without blanks at the ends of lines.
        let shown: String
        let code: String
        /// Whether it was typed at the root of the repository, where nothing differs from one time to the next.
        let isExact: Bool

        /// Whether that is what the document shows.
        func isAsWritten() throws -> Bool {
            let texts = try [shown, DocumentText.trimmed(command.output)].map {
                isExact ? $0 : try DocumentMask.hide(in: $0)
            }
            return texts[0].utf8.elementsEqual(texts[1].utf8)
        }
    }

    /// What the reader's own folder is called in documents.
    private static let home = "/home/lin"
    /// The questions that are answered, where the document shows them on a line of their own.
    private static let question = "(New passphrase|The same again|Passphrase of the key [^ ]+):"
    private static let answer = "four rivers and a paper lantern"
    /// The parts of the repository that a document may read.
    private static let parts = ["docs", "keys", "ledger"]

    private let document: Document
    private let folder: ScriptFolder
    private let mark = UUID().uuidString

    /// Runs all commands of a document, and throws at the first that does something else than the document says.
    static func check(_ document: Document, tool: URL, repository: URL) throws {
        let outcomes = try run(document, tool: tool, repository: repository)
        for (index, outcome) in outcomes.enumerated() {
            guard try outcome.isAsWritten() else {
                throw ScriptProblem(
                    "the command shows this, and the document something else:\n\(outcome.shown)",
                    line: outcome.command.line)
            }
            let next = index + 1 < outcomes.count ? outcomes[index + 1].command.text : nil
            guard outcome.code == "0" || next == "echo $?" else {
                throw ScriptProblem(
                    "exit \(outcome.code), and no `echo $?` after it says so", line: outcome.command.line)
            }
        }
    }

    /// Runs all commands of a document, and gives what each did.
    static func run(_ document: Document, tool: URL, repository: URL) throws -> [Outcome] {
        let session = DocumentSession(document: document, folder: try ScriptFolder(for: Script(name: "doc", Data())))
        let outcome = Result { try session.run(tool, repository) }
        try session.folder.removeAll()
        return try outcome.get()
    }

    private init(document: Document, folder: ScriptFolder) {
        self.document = document
        self.folder = folder
    }

    private func run(_ tool: URL, _ repository: URL) throws -> [Outcome] {
        let files = FileManager.default
        let copies = Self.parts.map { part in (repository.appendingPathComponent(part).path, folder.path(part)) }
            .filter { files.fileExists(atPath: $0.0) }
        for (original, copy) in copies { try files.copyItem(atPath: original, toPath: copy) }
        let outcomes = try outcomes(in: try type(tool))
        guard outcomes.count == document.commands.count else {
            throw ScriptProblem("it ends the shell", line: document.commands[outcomes.count].line)
        }
        for (original, copy) in copies {
            if let difference = try FileComparison(original, copy).difference {
                throw ScriptProblem(
                    "the commands change the repository: \(difference)", line: outcomes.last?.command.line)
            }
        }
        return outcomes
    }

    /// Types all commands, and gives what the terminal showed.
    private func type(_ tool: URL) throws -> String {
        var environment = folder.environment(tool: tool)
        for name in ["INDELIBLE_HOME", "INDELIBLE_PASSPHRASE_FILE", "WORK"] { environment[name] = nil }
        let script = "\(folder.root)/session"
        try Data(shellText.utf8).write(to: URL(fileURLWithPath: script))
        let question = try Regex(Self.question)
        let exchanges = try document.commands.flatMap { $0.output.split(separator: "\n") }
            .map { DocumentText.trimmed(String($0)) }.filter { try question.wholeMatch(in: $0) != nil }
            .map { Conversation.Exchange(question: try Pattern(Pattern.literal($0)), answer: Self.answer) }
        let terminal = try Conversation(exchanges)
        let program = Program(
            arguments: ["/bin/bash", "--noprofile", "--norc", script], environment: environment,
            directory: folder.current, input: "/dev/null", output: folder.path(.stdout), errors: folder.path(.stderr),
            conversation: terminal, hasTerminalStreams: true)
        let ending = try program.run(until: .now + .seconds(300))
        let shown = DocumentText.shown(terminal.shown)
        guard ending == .exited(0) else { throw ScriptProblem("the shell: \(ending)\n\n\(shown)", line: 1) }
        return shown
    }

    /// The commands for the shell; after each it says how that ended, and in which folder the next is typed.
    private var shellText: String {
        var text = "document_said() { local code=$?; printf '%s %d %s\\n' \(mark) $code \"$PWD\"; return $code; }\n"
        for command in document.commands {
            text += "eval '" + command.text.replacing("'", with: "'\\''") + "'\ndocument_said\n"
        }
        return text + "true\n"
    }

    private func outcomes(in shown: String) throws -> [Outcome] {
        var outcomes: [Outcome] = []
        var place = folder.current
        var rest = shown[...]
        for command in document.commands {
            guard let end = rest.range(of: mark + " ") else { break }
            let line = rest[end.upperBound...].prefix { $0 != "\n" }
            let words = line.split(separator: " ", maxSplits: 1).map(String.init)
            let text = String(rest[..<end.lowerBound]).replacing(folder.root + "/home", with: Self.home)
            outcomes.append(
                Outcome(
                    command: command, shown: DocumentText.trimmed(text), code: words[0],
                    isExact: place == folder.current))
            place = words[1]
            rest = rest[line.endIndex...].dropFirst()
        }
        return outcomes
    }
}

/// What a terminal shows, as a document shows it.
private enum DocumentText {
    /// The text that is left to be seen: lines that were written over are gone, and a line ends with a newline alone.
    static func shown(_ terminal: Data) -> String {
        var bytes: [UInt8] = []
        for byte in terminal {
            if byte == 0x0A, bytes.last == 0x0D { bytes.removeLast() }
            bytes.append(byte)
        }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
            .map { $0.components(separatedBy: "\r\u{1B}[K").last ?? "" }.joined(separator: "\n")
    }

    /// The text without blanks at the ends of its lines, which nobody sees.
    static func trimmed(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { line in String(line.reversed().drop { $0 == " " }.reversed()) }.joined(separator: "\n")
    }
}
