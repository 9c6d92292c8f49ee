// SPDX-License-Identifier: Apache-2.0
import Foundation

/// A page that a server sends, in Chromium, with what a person does there one step after the other (`served.py`).
///
///     let seen = try ServedPage(log.address + "/register").doing([.text("h1", as: "title")])
///     seen["title"]
struct ServedPage {
    /// One step: the name of a function of the driver, what it is given, and what its answer is called.
    struct Step {
        let words: [Any]
        var name = ""

        static func fill(_ selector: String, _ text: String) -> Step { Step(words: ["fill", selector, text]) }
        static func keys(_ selector: String, _ text: String) -> Step { Step(words: ["keys", selector, text]) }
        static func click(_ selector: String) -> Step { Step(words: ["click", selector]) }
        static func check(_ selector: String) -> Step { Step(words: ["check", selector]) }
        static func choose(_ selector: String, _ value: String) -> Step { Step(words: ["choose", selector, value]) }
        static func give(_ selector: String, _ paths: [String]) -> Step { Step(words: ["give", selector, paths]) }
        /// Answers in the server's place; 0 answers nothing, nil lets the server answer again.
        static func answer(_ path: String, _ status: Int?, _ body: String = "") -> Step {
            Step(words: ["answer", path, status as Any? ?? NSNull(), body])
        }
        static func loseAnswer(_ path: String) -> Step { Step(words: ["lose_answer", path]) }
        static var again: Step { Step(words: ["again"]) }
        /// The text of what a selector finds, once it is shown and has `part` in it.
        static func text(_ selector: String, having part: String = "", as name: String = "") -> Step {
            Step(words: ["text", selector, part], name: name)
        }
        static func value(_ selector: String, as name: String) -> Step {
            Step(words: ["value", selector], name: name)
        }
        /// Saves what a button offers; its answer is the path.
        static func save(_ selector: String, as name: String) -> Step { Step(words: ["save", selector], name: name) }
        static func evaluate(_ code: String, as name: String) -> Step { Step(words: ["evaluate", code], name: name) }
        static func look(as name: String) -> Step { Step(words: ["look"], name: name) }
    }

    /// What was seen.
    struct Seen {
        /// What the named steps gave, as text; JSON where it is none.
        let answers: [String: String]
        /// Requests to other servers, lines on the console, and errors: no page may have any.
        let faults: [String]
        /// What was posted.
        let sent: [String]

        /// What a step gave; empty where there is no such step.
        subscript(_ name: String) -> String { answers[name] ?? "" }
    }

    var address: String?
    var language = "en-GB"
    var isPhone = false
    var downloads = ""
    /// On an empty page: files that share one scope.
    var scripts: [String] = []
    /// Run before the page's own script, to give it what this browser lacks.
    var before = ""

    /// Takes the steps. Throws with what the driver says where one cannot be taken.
    func doing(_ steps: [Step]) throws -> Seen {
        let job: [String: Any] = [
            "address": address as Any? ?? NSNull(), "language": language, "phone": isPhone, "downloads": downloads,
            "scripts": scripts, "before": before, "steps": steps.map(\.words),
        ]
        let driver = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("served.py")
        let ran = try ServedLog.run(
            URL(fileURLWithPath: "/usr/bin/env"), ["python3", driver.path], in: driver.deletingLastPathComponent(),
            ["PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": Self.library.path],
            input: try JSONSerialization.data(withJSONObject: job),
            hearsErrors: false)
        guard ran.code == 0,
            let answer = try JSONSerialization.jsonObject(with: Data(ran.output.utf8)) as? [String: Any],
            let answers = answer["answers"] as? [Any], let seen = answer["seen"] as? [String: [Any]]
        else { throw ServedLog.Problem(description: "the driver ended with \(ran.code): \(ran.output)") }
        var named: [String: String] = [:]
        for (step, answer) in zip(steps, answers) where !step.name.isEmpty {
            if let text = answer as? String {
                named[step.name] = text
            } else {
                let json = try JSONSerialization.data(
                    withJSONObject: answer, options: [.fragmentsAllowed, .sortedKeys])
                named[step.name] = String(decoding: json, as: UTF8.self)
            }
        }
        return Seen(
            answers: named,
            faults: ["foreign", "console", "errors"].flatMap { seen[$0] ?? [] }.map { "\($0)" },
            sent: (seen["sent"] ?? []).map { "\($0)" })
    }

    /// Whether there is a browser, and what drives it: where `scripts/prepare test` has been.
    static var isAvailable: Bool {
        FileManager.default.isExecutableFile(atPath: "/usr/bin/chromium")
            && FileManager.default.fileExists(atPath: library.appendingPathComponent("playwright").path)
    }

    private static let library = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../.build/browser").standardizedFileURL
}
