// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// A script for the runner, and what is wrong with it.
struct Sample: CustomTestStringConvertible {
    let text: String
    var line: Int?
    var reason = ""

    init(_ text: String) { self.text = text }

    init(_ text: String, line: Int? = nil, reason: String) {
        self.text = text
        self.line = line
        self.reason = reason
    }

    var testDescription: String { text.split(separator: "\n").joined(separator: " / ") }

    /// Why the script does not hold; nil if it does. Its repository is a folder with one program, `lantern`.
    func run() throws -> ScriptProblem? {
        let repository = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: repository, withIntermediateDirectories: true)
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: repository) } }
        let program = repository.appendingPathComponent("lantern")
        try FileManager.default.copyItem(atPath: "/bin/true", toPath: program.path)
        do {
            let script = try Script(name: "runner", Data(text.utf8))
            try ScriptRun.perform(script, tool: program, repository: repository)
            return nil
        } catch let problem as ScriptProblem {
            return problem
        }
    }

    static let holding: [Sample] = [
        "",
        "# a comment alone",
        "$ true",
        "$ false\nexit 1",
        "$ sh -c 'exit 3'\n# between\nexit 3",
        "$ echo one two # a comment\nstdout '^one two$'\n! stdout comment\n! stderr .",
        "$ echo one\n    two\nstdout '^one two$'",
        "$ echo 'one  $HOME' \"$TZ\"x\"\\$\" ${TZ}y ''.\nstdout '^one  [$]HOME UTCx[$] UTCy [.]$'",
        "$ sh -c 'echo bad >&2; exit 2'\nexit 2\nstderr '^bad$'\n! stdout .",
        "$ printf 'a\\r\\nb'\nstdout 'a\\r\\nb'\n! stdout 'a\\nb'",
        "$ cat a\nlike stdout b\n-- a --\none\n2 17 x\nthree\nfour\n-- b --\none\n2 [..] x\n...\nfour\n",
        "$ cat a\nlike stdout b\ncmp stdout a\n-- a --\none\n-- b --\n...\none\n...\n",
        "like a b\n-- a --\nx\ny\nx\nz\n-- b --\n...\nx\nz\n",
        "cmp a/b/c c\n! cmp c d\n-- a/b/c --\n1\n-- c --\n1\n-- d --\n2\n",
        "cp a b\ncmp a b\nflip b/c -2\n! cmp a b\nflip b/c 0\ncmp a b\n-- a/c --\n1\n",
        "flip a 0\nflip a 1\nflip a 2\nflip a 3\nflip a 4\nflip a 5\nflip a 6\ncmp a b\n-- a --\nAZaz+/1\n-- b --\nCXcx/+0\n",
        "cp a b\nmkdir b/e\n! cmp a b\n-- a/c --\n1\n",
        "cp a b\ncmp a b/a\ncp b/a c\ncmp a c\n-- a --\n1\n-- b/c --\n-- c --\n2\n",
        "exists a\n! exists b c\nmv a b\nexists b\n! exists a\nrm b\n! exists b\n-- a --\n",
        "chmod 640 a\nmode 640 a\nreplace a 1 2\nmode 640 a\n-- a --\n1\n",
        "mkfile a 3k\n$ wc -c a\nstdout '^3072 '\nmkfile b 3k\ncmp a b\nmkfile c 0\n$ test -s c\nexit 1",
        "replace a one two\ngrep '^two$' a\n! grep one a\n-- a --\none\n",
        "mkdir d/e\ncd d/e\n$ pwd\nstdout '/d/e$'\nstdout ^$WORK/d/e'$'\ncd ../..\ncmp a b\n-- a --\n-- b --\n",
        "env A=b=c\n$ sh -c 'echo $A'\nstdout '^b=c$'\nunset A\n$ sh -c 'echo ${A-none}'\nstdout none",
        "$ echo key: 'a+b/c='\nsave KEY stdout 'key: (.*)'\n$ echo $KEY\nstdout '^'$KEY'$'",
        "$ echo a.c\nsave KEY stdout 'a.c'\n$ echo abc\n! stdout $KEY",
        "stdin a\n$ cat\nstdout x\n$ cat\n! stdout .\n-- a --\nx\n",
        "cp $REPOSITORY/lantern a\n$ ./a\n$ $REPOSITORY/lantern\n$ lantern",
        "$ sh -c 'echo $HOME $INDELIBLE_HOME $LANG $TZ'\nstdout '/home [^ ]*/home/indelible C.UTF-8 UTC$'",
        "$ cat $INDELIBLE_PASSPHRASE_FILE\nstdout lantern\n$ sh -c '! env | grep -i swift'",
        // Whoever is left running ends; whoever asks for a terminal finds none.
        "$ sh -c 'sleep 600 & echo $!'\nsave PID stdout '[0-9]+'\n"
            + "$ sh -c 'while [ -d /proc/$1 ] && ! grep -q \"^State:.Z\" /proc/$1/status; do :; done' sh $PID",
        "$ sh -c 'true </dev/tty || exit 7'\nexit 7",
        "$ sh -c 'test -t 0 || test -t 1 || test -t 2'\nexit 1",
        "background a sh -c 'echo port 7; exec sleep 600'\nawait a '^port'\nsave PORT a.stdout '^port (.*)'\n"
            + "$ echo $PORT\nstdout '^7$'\ngrep 7 a.stdout\n! grep . a.stderr\nstop a TERM",
        "background a sh -c 'trap \"exit 4\" HUP; echo up >&2; while :; do sleep 0.01; done'\nawait a '^up$'\n"
            + "stop a HUP\nexit 4\nbackground a sh -c 'echo anew; exec sleep 600'\nawait a anew\n! grep up a.stderr",
        "stdin b\nbackground a cat\nawait a x\n$ sh -c 'echo free'\nstdout free\n! grep . a.stderr\n-- b --\nx\n",
        "background a sh -c 'sleep 600 & echo $!; wait'\nawait a .\nsave PID a.stdout '[0-9]+'\nstop a KILL\n"
            + "$ sh -c 'while [ -d /proc/$1 ] && ! grep -q \"^State:.Z\" /proc/$1/status; do :; done' sh $PID",
    ].map { Sample($0) }

    static let failing: [Sample] = [
        Sample("$ false", line: 1, reason: "exit 1, not exit 0"),
        Sample("$ true\nexit 1", line: 1, reason: "exit 0, not exit 1"),
        Sample("$ sh -c 'exit 3'\nexit 2", line: 1, reason: "exit 3, not exit 2"),
        Sample("$ sh -c 'kill -9 $$'", line: 1, reason: "ended by signal 9"),
        Sample("$ no-such-program", line: 1, reason: "exit 127"),
        Sample("\n\n$ echo one\nstdout two", line: 4, reason: "no match of: two"),
        Sample("$ echo one\n! stdout one", line: 2, reason: "a match of: one"),
        Sample("$ echo one\nstderr one", line: 2, reason: "stderr has no match"),
        Sample("stdout .", line: 1, reason: "no program has run yet"),
        Sample("$ echo one\nstdout '('", line: 2, reason: "not a regular expression"),
        Sample("$ echo $NONE", line: 1, reason: "$NONE has no value"),
        Sample("cmp a b\n-- a --\n1\n2\n-- b --\n1\n3\n", line: 1, reason: "from byte 2 on, in line 2"),
        Sample("! cmp a b\n-- a --\n-- b --\n", line: 1, reason: "they are the same"),
        Sample("! cmp a b\n-- a --\n", line: 1, reason: "b cannot be read"),
        Sample("cmp a b\n-- a/c --\n1\n-- b/c --\n2\n", line: 1, reason: "c: they differ"),
        Sample("cmp a b\n-- a/c --\n-- b/c --\n-- b/d --\n", line: 1, reason: "only one has d"),
        Sample("like a b\n-- a --\none\ntwo\n-- b --\none\n", line: 1, reason: "there is more"),
        Sample("like a b\n-- a --\none\ntwo x\n-- b --\none\ntwo[..]y\n", line: 1, reason: "line 2 of it: two[..]y"),
        Sample("like a b\n-- a --\none\n-- b --\none\n...\ntwo\n", line: 1, reason: "line 3 of it: two"),
        Sample("like a b\n-- a --\none\ntwo\n-- b --\none[..]two\n", line: 1, reason: "line 1 of it"),
        Sample("exists a b\n-- a --\n", line: 1, reason: "b does not exist"),
        Sample("! exists b a\n-- a --\n", line: 1, reason: "a does exist"),
        Sample("chmod 600 a\nmode 644 a\n-- a --\n", line: 2, reason: "a does not have the mode 644"),
        Sample("grep x a\n-- a --\ny\n", line: 1, reason: "a has no match"),
        Sample("! grep y a\n-- a --\ny\n", line: 1, reason: "a has a match"),
        Sample("save A a x\n-- a --\ny\n", line: 1, reason: "a has no match"),
        Sample("replace a x y\n-- a --\nz\n", line: 1, reason: "not there"),
        Sample("replace a x y\n-- a --\nxx\n", line: 1, reason: "twice"),
        Sample("flip a 2\n-- a --\n1\n", line: 1, reason: "no byte 2 in 2 bytes"),
        Sample("cd a\n-- a --\n", line: 1, reason: "not a folder"),
        Sample("cd ../..", line: 1, reason: "outside"),
        Sample("mkfile /a 1", line: 1, reason: "outside"),
        Sample("cp a ../../a\n-- a --\n", line: 1, reason: "outside"),
        Sample("rm $REPOSITORY/lantern", line: 1, reason: "outside"),
        Sample("mv $REPOSITORY/lantern a", line: 1, reason: "outside"),
        Sample("$ ln -s $REPOSITORY link\nmkfile link/none 1", line: 2, reason: "outside"),
        Sample("$ ln -s $REPOSITORY/none link\nmkfile link 1", line: 2, reason: "a link"),
        Sample("$ ln -s $REPOSITORY/none link\nchmod 600 link", line: 2, reason: "a link"),
        Sample("stdin a", line: 1, reason: "no program follows"),
        Sample("limit 0\n$ sleep 600", line: 2, reason: "out of time"),
        Sample("background a sleep 600\nbackground a true", line: 2, reason: "a is running"),
        Sample("background A true", line: 1, reason: "not a name"),
        Sample("tty\nbackground a true", line: 2, reason: "has no terminal"),
        Sample("await a .", line: 1, reason: "a was not started"),
        Sample("stop a TERM", line: 1, reason: "a was not started"),
        Sample("background a sleep 600\nstop a ALRM", line: 2, reason: "no signal ALRM"),
        Sample("background a echo one\nawait a two", line: 2, reason: "ended without a match of: two"),
        Sample("limit 0\nbackground a sleep 600\nawait a two", line: 3, reason: "out of time"),
        Sample("background a echo one\nawait a one\nstop a TERM\nexit 3", line: 3, reason: "a"),
        Sample(
            "background a sh -c 'trap : TERM; echo; exec sleep 600'\nawait a '$'\nstop a TERM\nexit 3", line: 3,
            reason: "signal 15, not exit 3"),
        Sample(
            "limit 1\nbackground a sh -c 'trap \"\" TERM; echo up; sleep 600'\nawait a up\nstop a TERM", line: 4,
            reason: "out of time"),
        Sample("limit 1\n$ sh -c 'sleep 600 & exec sleep 600'", line: 2, reason: "out of time"),
    ]

    static let refused: [Sample] = [
        Sample("run true", reason: "not something a line begins with"),
        Sample("$ true\n! $ true", reason: "exit 1"),
        Sample("! env A=b", reason: "cannot be negated"),
        Sample("$ true\nstdout .\nexit 1", reason: "right after"),
        Sample("exit 1", reason: "right after"),
        Sample("$ true\nexit 1\nexit 1", reason: "right after"),
        Sample("$ true\nexit 0", reason: "from 1 to 255"),
        Sample("$ true\nexit 256", reason: "from 1 to 255"),
        Sample("$ echo a > b", reason: "means nothing here"),
        Sample("$ cat *", reason: "means nothing here"),
        Sample("$ echo 'a", reason: "not closed"),
        Sample("$ echo \"a", reason: "not closed"),
        Sample("$ echo ${A", reason: "not closed"),
        Sample("$ echo $", reason: "without the name"),
        Sample("$", reason: "0 words"),
        Sample("cmp a", reason: "1 words"),
        Sample("tty a", reason: "1 words"),
        Sample("    $ true", reason: "nothing to continue"),
        Sample("$ echo\ta", reason: "tab"),
        Sample("$ true\r\n", reason: "carriage return"),
        Sample("-- ../a --\n", reason: "outside"),
        Sample("-- /a --\n", reason: "outside"),
        Sample("-- a --\n-- a --\n", reason: "twice"),
    ]
}
