// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The runner of the scripts, tried with the system's own programs: what holds passes, what does not is named.
@Suite("Script runner")
struct RunnerTests {
    @Test("A script that holds passes", arguments: Sample.holding)
    func holds(_ sample: Sample) throws {
        let problem = try sample.run()
        #expect(problem == nil)
    }

    @Test("A script that does not hold fails at its line", arguments: Sample.failing)
    func fails(_ sample: Sample) throws {
        let problem = try #require(try sample.run())
        #expect(problem.line == sample.line)
        #expect(problem.reason.contains(sample.reason))
    }

    @Test("A script that is not one is refused before anything runs", arguments: Sample.refused)
    func refuses(_ sample: Sample) throws {
        let problem = try #require(try sample.run())
        #expect(problem.line != nil)
        #expect(problem.reason.contains(sample.reason))
        #expect(problem.transcript.isEmpty)
    }

    @Test("A failure comes with what ran until then")
    func transcript() throws {
        let sample = Sample("env A=b\n$ sh -c 'echo $A; echo no >&2; exit 4'\n# never reached\n$ echo later\n")
        #expect(
            try sample.run()?.transcript == """
                env A=b
                $ sh -c 'echo $A; echo no >&2; exit 4'
                [stdout]
                b
                [stderr]
                no
                [exit 4]

                """)
    }

    @Test("The folder of a script is gone afterwards, whatever it did", arguments: ["exists b", "chmod 0 a\nexists b"])
    func leavesNothing(_ end: String) throws {
        let problem = try #require(try Sample("mkdir a/b/c\n$ pwd\n\(end)").run())
        let folder = try #require(problem.transcript.split(separator: "\n").first { $0.hasPrefix("/") })
        #expect(!FileManager.default.fileExists(atPath: String(folder)))
        #expect(!FileManager.default.fileExists(atPath: (String(folder) as NSString).deletingLastPathComponent))
    }

    @Test("What a link in the folder leads to stays as it was")
    func followsNoLink() throws {
        let outside = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(
            at: outside.appendingPathComponent("inner"), withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o750])
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: outside) } }
        #expect(try Sample("$ ln -s \(outside.path) link\nexists link/inner").run() == nil)
        for path in [outside.path, outside.path + "/inner"] {
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o750)
        }
    }

    @Test("What runs in the background ends with its script", arguments: ["", "$ false"])
    func endsBackground(_ end: String) throws {
        let start = "background a sh -c 'echo $$; exec sleep 600'\nawait a .\nsave PID a.stdout '[0-9]+'\n"
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        defer { #expect(throws: Never.self) { try FileManager.default.removeItem(atPath: file) } }
        _ = try Sample(start + "$ sh -c 'echo $1 >$2' sh $PID \(file)\n" + end).run()
        let number = try String(contentsOfFile: file, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(!number.isEmpty && !FileManager.default.fileExists(atPath: "/proc/\(number)"))
    }
}
