// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The terminal that a script gives a program: what is asked there, what is typed, and what is shown.
@Suite("Script terminal")
struct TerminalTests {
    @Test(
        "A question on the terminal is answered",
        arguments: [
            // The answer is echoed on the terminal, and neither goes through the standard streams.
            """
            tty 'Name: $' 'Tao Ran'
            $ sh -c 'printf "Name: " >/dev/tty; read name </dev/tty; echo "got $name"'
            stdout '^got Tao Ran$'
            terminal '^Name: Tao Ran'
            ! stderr .
            """,
            // A program that turns the echo off shows nothing of it.
            """
            tty 'First: ' lantern
            tty 'Again: ' lantern
            $ sh ask
            stdout '^lantern lantern$'
            terminal 'First: '
            terminal 'Again: '
            ! terminal lantern
            -- ask --
            exec 3<>/dev/tty
            stty -echo <&3
            printf 'First: ' >&3; read first <&3
            printf 'Again: ' >&3; read again <&3
            stty echo <&3
            echo "$first $again"
            """,
            // The same question twice wants two answers.
            """
            tty 'Passphrase' wrong
            tty 'Passphrase' right
            $ sh -c 'for i in 1 2; do echo Passphrase >/dev/tty; read a </dev/tty; echo $a; done'
            stdout '^wrong\\nright$'
            """,
            """
            tty
            $ sh -c 'test -t 0 || test -t 1 || test -t 2 || echo shown >/dev/tty'
            terminal shown
            $ sh -c 'true </dev/tty || exit 7'
            exit 7
            ! terminal .
            """,
            """
            screen
            $ sh -c 'test -t 0 && test -t 1 && test -t 2 && echo out && echo err >&2 && tty </dev/tty'
            terminal '^out'
            terminal '^err'
            terminal '^/dev/'
            ! stdout .
            """,
            """
            screen
            tty 'Name: ' Tao
            $ sh -c 'printf "Name: "; read name; echo "got $name"'
            terminal 'got Tao'
            """,
        ].map { Sample($0) })
    func answers(_ sample: Sample) throws {
        let problem = try sample.run()
        #expect(problem == nil)
    }

    @Test("All that was shown is kept, up to the last byte")
    func keepsEverything() throws {
        for _ in 0..<20 {
            let problem = try Sample("tty\n$ sh -c 'seq 1 5000 >/dev/tty'\nterminal '^4999\\r\\n5000\\r\\n'").run()
            #expect(problem == nil)
        }
    }

    @Test("A question that nobody asks, or asks only once, is a failure")
    func unasked() throws {
        let never = try Sample("tty 'Name' Tao\n$ true").run()
        #expect(never?.line == 2)
        #expect(never?.reason == "nobody asked: Name")
        let once = try Sample("tty 'Name' Tao\ntty 'Na' Ran\n$ sh -c 'echo Name >/dev/tty; read a </dev/tty'").run()
        #expect(once?.reason == "nobody asked: Na")
    }

    @Test("A question that nobody answers ends with the time, and shows in the transcript")
    func unanswered() throws {
        let problem = try Sample("limit 1\ntty\n$ sh -c 'echo Name >/dev/tty; read name </dev/tty'").run()
        #expect(problem?.line == 3)
        #expect(problem?.reason.contains("out of time") == true)
        #expect(problem?.transcript.contains("[terminal]\nName") == true)
    }
}
