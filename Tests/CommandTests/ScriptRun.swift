// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A script as it is run, step by step, up to the first line that does not hold.
struct ScriptRun {
    private let script: Script
    private let start = ContinuousClock.now
    private var limit = Duration.seconds(120)
    private var folder: ScriptFolder
    private var variables: [String: String]
    /// Everything that was run and what came of it.
    private var transcript = ""
    private var hasRun = false

    // For the next program.
    private var input: String?
    private var exchanges: [Conversation.Exchange]?
    private var hasTerminalStreams = false

    /// The programs that run beside the script.
    private var background: [BackgroundProgram] = []

    /// Runs a whole script in a folder of its own, which is gone afterwards.
    ///
    /// - Parameters:
    ///   - tool: the built tool; its folder comes first in PATH.
    ///   - repository: what `$REPOSITORY` stands for.
    static func perform(_ script: Script, tool: URL, repository: URL) throws {
        let folder = try ScriptFolder(for: script)
        var run = ScriptRun(script, in: folder, tool: tool, repository: repository)
        let outcome = Result { try run.performSteps() }
        for program in run.background { program.end() }
        try folder.removeAll()
        try outcome.get()
    }

    private init(_ script: Script, in folder: ScriptFolder, tool: URL, repository: URL) {
        self.script = script
        self.folder = folder
        variables = folder.environment(tool: tool)
        variables["REPOSITORY"] = repository.path
    }

    private mutating func performSteps() throws {
        for step in script.steps {
            transcript += "\(step.source)\n"
            do {
                try perform(step)
            } catch {
                var problem = (error as? ScriptProblem ?? ScriptProblem("\(error)")).at(line: step.line)
                problem.transcript = transcript + backgroundOutput
                throw problem
            }
        }
        guard input == nil, exchanges == nil else {
            throw ScriptProblem("no program follows the last stdin, tty or screen", line: script.steps.last?.line)
        }
    }

    private mutating func perform(_ step: ScriptStep) throws {
        let words = try step.words.map { word throws(ScriptProblem) in try word.text(variables) }
        switch step.verb {
        case .run: try run(words, exitCode: step.exitCode)
        case .stdout, .stderr, .terminal: try search(step.verb.rawValue, for: step.words[0], step)
        case .grep: try search(words[1], for: step.words[0], step)
        case .like: try compareText(words[0], with: words[1])
        case .cmp: try compare(words[0], words[1], step)
        case .exists: try expect(words, step, "exist") { folder.exists($0) }
        case .mode:
            let mode = try octal(words[0])
            try expect(words.dropFirst(), step, "have the mode \(words[0])") { try folder.mode($0) == mode }
        case .save: try save(words[0], words[1], step.words[2])
        case .env: for word in words { try assign(word) }
        case .unset: for word in words { variables[word] = nil }
        case .cd: try folder.enter(words[0])
        case .cp: try folder.copy(words[0], to: words[1])
        case .mv: try folder.move(words[0], to: words[1])
        case .rm: for word in words { try folder.remove(word) }
        case .mkdir: for word in words { try folder.makeFolder(word) }
        case .chmod: for word in words.dropFirst() { try folder.change(word, mode: octal(words[0])) }
        case .mkfile: try folder.write(Alteration.filler(size: words[1]), to: words[0])
        case .flip: try folder.write(Alteration.flip(folder.read(words[0]), at: words[1]), to: words[0])
        case .replace:
            try folder.write(Alteration.replace(words[1], by: words[2], in: folder.read(words[0])), to: words[0])
        case .stdin: input = folder.path(words[0])
        case .tty:
            exchanges = exchanges ?? []
            if words.count == 2 {
                exchanges?.append(.init(question: try step.words[0].pattern(variables), answer: words[1]))
            }
        case .screen:
            exchanges = exchanges ?? []
            hasTerminalStreams = true
        case .limit:
            guard let seconds = Int(words[0]) else { throw ScriptProblem("limit wants seconds") }
            limit = .seconds(seconds)
        case .background: try startBackground(words[0], Array(words.dropFirst()))
        case .await: try named(words[0]).wait(for: step.words[1].pattern(variables), until: start + limit)
        case .stop: try stop(words[0], BackgroundProgram.signal(named: words[1]), exitCode: step.exitCode)
        }
    }

    private mutating func startBackground(_ name: String, _ words: [String]) throws {
        guard name.utf8.allSatisfy({ (0x61...0x7A).contains($0) || $0 == 0x2D }) else {
            throw ScriptProblem("\(name) is not a name for a program: want small letters and hyphens")
        }
        guard !background.contains(where: { $0.name == name }) else { throw ScriptProblem("\(name) is running") }
        guard exchanges == nil else { throw ScriptProblem("a program in the background has no terminal") }
        let program = Program(
            arguments: words, environment: variables, directory: folder.current, input: input ?? "/dev/null",
            output: folder.path(.stdout, of: name), errors: folder.path(.stderr, of: name), conversation: nil,
            hasTerminalStreams: false)
        input = nil
        background.append(try BackgroundProgram(named: name, program))
    }

    private func named(_ name: String) throws(ScriptProblem) -> BackgroundProgram {
        guard let program = background.first(where: { $0.name == name }) else {
            throw ScriptProblem("\(name) was not started")
        }
        return program
    }

    private mutating func stop(_ name: String, _ signal: Int32, exitCode: Int32) throws {
        let program = try named(name)
        let ending = try program.stop(signal, until: start + limit)
        background.removeAll { $0.name == name }
        guard ending == .exited(exitCode) || (exitCode == 0 && ending == .signalled(signal)) else {
            throw ScriptProblem("\(name): \(ending), not exit \(exitCode)")
        }
    }

    /// What the programs in the background have written so far.
    private var backgroundOutput: String {
        background.flatMap { program in
            [(program.name + ".stdout", program.output), (program.name + ".stderr", program.errors)]
        }.map { name, path in
            let data = FileManager.default.contents(atPath: path) ?? Data()
            return data.isEmpty ? "" : "[\(name)]\n\(String(decoding: data.suffix(8192), as: UTF8.self))"
        }.joined()
    }

    private mutating func run(_ words: [String], exitCode: Int32) throws {
        let conversation = try exchanges.map { exchanges throws(ScriptProblem) in try Conversation(exchanges) }
        for stream in ScriptFolder.Stream.allCases { try Data().write(to: URL(fileURLWithPath: folder.path(stream))) }
        let program = Program(
            arguments: words, environment: variables, directory: folder.current, input: input ?? "/dev/null",
            output: folder.path(.stdout), errors: folder.path(.stderr), conversation: conversation,
            hasTerminalStreams: hasTerminalStreams)
        (input, exchanges, hasTerminalStreams, hasRun) = (nil, nil, false, true)
        let ending = try program.run(until: start + limit)
        try conversation?.shown.write(to: URL(fileURLWithPath: folder.path(.terminal)))
        for stream in ScriptFolder.Stream.allCases { try note(stream) }
        if ending != .exited(exitCode) || exitCode != 0 { transcript += "[\(ending)]\n" }
        guard ending == .exited(exitCode) else { throw ScriptProblem("\(ending), not exit \(exitCode)") }
        if let question = conversation?.unasked { throw ScriptProblem("nobody asked: \(question)") }
    }

    private mutating func note(_ stream: ScriptFolder.Stream) throws {
        let data = try folder.read(stream.rawValue)
        guard !data.isEmpty else { return }
        var text = String(decoding: data.prefix(8192), as: UTF8.self)
        if data.count > 8192 { text += "\n[\(data.count - 8192) bytes more]" }
        if !text.hasSuffix("\n") { text += "\n" }
        transcript += "[\(stream)]\n\(text)"
    }

    private func search(_ file: String, for word: ScriptWord, _ step: ScriptStep) throws {
        let pattern = try word.pattern(variables)
        let matches = try pattern.matches(text(file))
        guard matches != step.isNegated else {
            throw ScriptProblem("\(file) has \(matches ? "a" : "no") match of: \(pattern)")
        }
    }

    private func text(_ word: String) throws -> String {
        if ScriptFolder.Stream(rawValue: word) != nil, !hasRun { throw ScriptProblem("no program has run yet") }
        return String(decoding: try folder.read(word), as: UTF8.self)
    }

    private func compareText(_ file: String, with wanted: String) throws {
        let comparison = TextComparison(try folder.read(file), wanted: try folder.read(wanted))
        if let difference = comparison.difference {
            throw ScriptProblem("\(file) is not like \(wanted): \(difference)")
        }
    }

    private func compare(_ first: String, _ second: String, _ step: ScriptStep) throws {
        let difference = try FileComparison(folder.path(first), folder.path(second)).difference
        guard (difference == nil) != step.isNegated else {
            throw ScriptProblem("\(first) and \(second): \(difference ?? "they are the same")")
        }
    }

    private func expect(
        _ words: some Sequence<String>, _ step: ScriptStep, _ what: String, _ holds: (String) throws -> Bool
    ) throws {
        for word in words where try holds(word) == step.isNegated {
            throw ScriptProblem("\(word) does \(step.isNegated ? "" : "not ")\(what)")
        }
    }

    private mutating func save(_ name: String, _ file: String, _ word: ScriptWord) throws {
        let pattern = try word.pattern(variables)
        guard let value = try pattern.capture(in: text(file)) else {
            throw ScriptProblem("\(file) has no match of: \(pattern)")
        }
        variables[name] = value
        transcript += "[\(name)] \(value)\n"
    }

    private mutating func assign(_ word: String) throws {
        guard let equals = word.firstIndex(of: "="), equals != word.startIndex else {
            throw ScriptProblem("env wants NAME=VALUE")
        }
        variables[String(word[..<equals])] = String(word[word.index(after: equals)...])
    }

    private func octal(_ word: String) throws -> mode_t {
        guard let mode = mode_t(word, radix: 8), mode <= 0o7777 else { throw ScriptProblem("\(word) is not a mode") }
        return mode
    }
}
