// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The runner of the documents, tried with the shell's own commands: what holds passes, what does not is named.
@Suite("Document runner")
struct DocumentRunnerTests {
    @Test(
        "A document whose commands do what it says passes",
        arguments: [
            "Words alone, and `code` in a sentence.",
            "```console\n$ echo one; echo two >&2\none\ntwo\n```",
            "```console\n$ name=lantern\n```\n\nThe shell is the same.\n\n```console\n$ echo \"$name\" |\n> cat\nlantern\n```",
            "```console\n$ false\n$ echo $?\n1\n```",
            "```console\n$ echo 'it'\\''s'\nit's\n$ printf 'a  \\n\\nb\\n'\na\n\nb\n```",
            "```console\n$ mkdir ~/case\n$ cd ~/case\n$ pwd\n/home/lin/case\n```",
            "```console\n$ cd ~\n$ echo 2026-11-22 05:37 UTC key b8a4c3a4… d9ac 0570\n2020-01-02 03:04 UTC key 00000000… 1111 2222\n```",
            "```console\n$ test -t 0 && test -t 1 && test -t 2\n$ printf 'one\\r\\033[Ktwo\\n'\ntwo\n```",
            "```console\n$ env | grep -c -e ^INDELIBLE -e ^WORK\n0\n$ echo $?\n1\n```",
        ])
    func holds(_ text: String) throws {
        #expect(try run(text) == nil)
    }

    @Test("What is asked is answered, and is seen in its place")
    func asks() throws {
        let ask = "stty -echo; printf \"New passphrase: \"; read a; echo; stty echo; echo $a | tr a-z -"
        #expect(try run("```console\n$ \(ask)\nNew passphrase:\n---- ------ --- - ----- -------\n```") == nil)
        let unasked = try #require(try run("```console\n$ true\nNew passphrase:\n```"))
        #expect(unasked.line == 2)
    }

    @Test(
        "A command that does something else is named",
        arguments: [
            (2, "```console\n$ echo one\ntwo\n```"),
            (2, "```console\n$ echo one\n```"),
            (2, "```console\n$ true\none\n```"),
            (2, "```console\n$ printf one\none\n```"),
            (2, "```console\n$ echo one\none\n\n```"),
            (2, "```console\n$ echo one\n[..]\n```"),
            (2, "```console\n$ echo one\n...\n```"),
            (3, "```console\n$ true\n$ false\n```"),
            (2, "```console\n$ false\n$ echo \"$?\"\n1\n```"),
            (2, "```console\n$ exit\n$ echo one\none\n```"),
            // At the root of the repository nothing varies, and away from it a time is a time.
            (2, "```console\n$ echo 2026-11-22 05:37 UTC\n2020-01-02 03:04 UTC\n```"),
            (3, "```console\n$ cd ~\n$ echo 2026-11-22 05:37 UTC\nkey 00000000…\n```"),
            // Two spellings of one letter are two texts.
            (2, "```console\n$ printf '\\u00e9\\n'\ne\u{301}\n```"),
            (2, "```console\n$ echo one >docs/new\n```"),
        ])
    func fails(_ line: Int, _ text: String) throws {
        let problem = try #require(try run(text))
        #expect(problem.line == line)
    }

    @Test(
        "A document in which something stands that is never run is refused",
        arguments: [
            (1, "```sh\nls\n```"), (1, "```\n$ ls\n```"), (1, "```console \n$ ls\n```"), (1, "  ```console\n$ ls\n```"),
            (1, "~~~console\n$ ls\n~~~"), (1, "> ```console\n> $ ls\n> ```"), (1, "- ```console"),
            (2, "```console\nls\n```"), (2, "```console\n```"), (2, "```console\n\n$ ls\n```"),
            (3, "One:\n\n    $ ls\n"), (1, "$ ls"), (1, "| $ ls |"), (3, "One:\n\n    indelible verify FILE\n"),
            (1, "One `$ ls` two."), (1, "One ` two."), (1, "<pre>ls</pre>"), (1, "One <code>ls</code>."),
            (1, "One\ttwo"), (1, "One\r\n"),
        ])
    func refuses(_ line: Int, _ text: String) throws {
        let problem = try #require(throws: ScriptProblem.self) { try Document(name: "sample", Data(text.utf8)) }
        #expect(problem.line == line)
    }

    @Test("A block that is not closed is refused")
    func unclosed() {
        #expect(throws: ScriptProblem.self) { try Document(name: "sample", Data("```console\n$ ls\n".utf8)) }
    }

    @Test("What commands show can be written into a document")
    func writes() throws {
        let text = "# A\n\n```console\n$ one |\n> two\nold\n\nold\n$ three\n$ four\nkept\n```\n"
        let document = try Document(name: "sample", Data(text.utf8))
        let outputs = zip(document.commands, ["new\n", "new\n\nnewer\n"]).map { ($0, $1) }
        #expect(
            document.text(Data(text.utf8), showing: outputs)
                == "# A\n\n```console\n$ one |\n> two\nnew\n$ three\nnew\n\nnewer\n$ four\nkept\n```\n")
        let nothing = document.text(Data(text.utf8), showing: [(document.commands[0], "")])
        #expect(nothing == "# A\n\n```console\n$ one |\n> two\n$ three\n$ four\nkept\n```\n")
    }

    @Test("Code in a sentence is found, also where the line ends within it")
    func spans() throws {
        let text = "One `two` and `indelible\nkey new`.\n\n    | `picture\n\n| `three` | 4 |\n"
        let document = try Document(name: "sample", Data(text.utf8))
        #expect(document.spans.map(\.text) == ["two", "indelible key new", "three"])
        #expect(document.spans.map(\.line) == [1, 1, 6])
    }

    @Test(
        "A command that the tool does not have is named",
        arguments: [
            ("indelible", true), ("indelible --help", true), ("indelible verify FILE --proof FILE.proof", true),
            ("indelible key enrol NAME --with VKEY", true), ("indelible key show registrar", true),
            ("indelible nosuch", false), ("indelible key nosuch", false), ("indelible verify --nosuch", false),
            ("indelible key --proof", false),
        ])
    func commandNames(_ text: String, _ isThere: Bool) throws {
        #expect((try CommandName(text).problem(tool: try BuiltTool.url()) == nil) == isThere)
    }

    /// Why a document does not hold; nil if it does. Its repository holds one file, `docs/lantern`.
    private func run(_ text: String) throws -> ScriptProblem? {
        let repository = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        let docs = repository.appendingPathComponent("docs")
        try FileManager.default.createDirectory(at: docs, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: repository) } }
        try Data("paper\n".utf8).write(to: docs.appendingPathComponent("lantern"))
        do {
            let document = try Document(name: "sample", Data(text.utf8))
            try DocumentSession.check(document, tool: URL(fileURLWithPath: "/bin/true"), repository: repository)
            return nil
        } catch let problem as ScriptProblem {
            return problem
        }
    }
}
