// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Chromium, driven by `browser.py` through pages that the tool has written.
///
///     let answers = try Browser.run([BrowserSession(page: page, steps: [["give", [path]], ["look"]])])
///
/// It is there where `scripts/prepare test` has been; the tests that need it are skipped elsewhere.
enum Browser {
    /// The repository.
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private static let library = root.appendingPathComponent(".build/browser")

    /// Whether there is a browser, and what drives it.
    static var isThere: Bool {
        let files = FileManager.default
        return files.isExecutableFile(atPath: "/usr/bin/chromium")
            && files.fileExists(atPath: library.appendingPathComponent("playwright").path)
    }

    /// Opens each session's page and takes its steps; what each step gave, in their order.
    static func run(_ sessions: [BrowserSession]) throws -> [BrowserAnswers] {
        try TemporaryPlace.with { place in
            let job = place.file("job.json")
            let answers = place.file("answers.json")
            try JSONSerialization.data(withJSONObject: ["sessions": sessions.map(\.object)]).write(to: job)
            guard FileManager.default.createFile(atPath: answers.path, contents: nil) else {
                throw BrowserProblem(words: "\(answers.path) cannot be written")
            }
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments = ["python3", root.appendingPathComponent("Tests/BrowserTests/browser.py").path]
            process.environment = ProcessInfo.processInfo.environment.merging(
                ["PYTHONPATH": library.path, "PYTHONDONTWRITEBYTECODE": "1"]
            ) { $1 }
            process.standardInput = try FileHandle(forReadingFrom: job)
            process.standardOutput = try FileHandle(forWritingTo: answers)
            let errors = Pipe()
            process.standardError = errors
            try process.run()
            let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            guard process.terminationStatus == 0 else { throw BrowserProblem(words: complaint) }
            let object = try JSONSerialization.jsonObject(with: Data(contentsOf: answers)) as? [String: Any]
            guard let found = object?["sessions"] as? [[String: Any]], found.count == sessions.count else {
                throw BrowserProblem(words: "no answers")
            }
            return found.map(BrowserAnswers.init)
        }
    }
}

/// The browser could not be driven.
struct BrowserProblem: Error, CustomStringConvertible {
    let words: String
    var description: String { words }
}

/// One page that is opened, and what is done with it.
struct BrowserSession {
    /// The page's file.
    let page: URL
    /// Whether it is opened from a server on the loopback address, rather than as a file.
    var isServed = false
    /// Whether it must do without the browser's own cryptography.
    var isWithoutCrypto = false
    var language = "en-GB"
    var zone = "UTC"
    /// The steps, each the name of one that `browser.py` knows with its arguments.
    let steps: [[Any]]

    var object: [String: Any] {
        [
            "page": page.path, "over": isServed ? "http" : "file", "engine": isWithoutCrypto ? "page" : "browser",
            "language": language, "zone": zone, "steps": steps,
        ]
    }
}

/// What the steps of a session gave, and what the page did besides.
struct BrowserAnswers {
    /// What each step gave.
    let answers: [Any]
    /// What no page may do: requests, dialogs, lines on the console, errors.
    let offences: [String]

    init(_ object: [String: Any]) {
        answers = object["answers"] as? [Any] ?? []
        offences = ["requests", "dialogs", "console", "errors"].flatMap { kind in
            (object[kind] as? [String] ?? []).map { "\(kind): \($0)" }
        }
    }

    /// What was seen by each step that looked.
    var sights: [PageSight] { answers.compactMap { ($0 as? [String: Any]).map(PageSight.init) } }
}

/// What a reader sees of a page.
struct PageSight {
    let object: [String: Any]

    init(_ object: [String: Any]) {
        self.object = object
    }

    /// The whole text.
    var text: String { object["text"] as? String ?? "" }
    /// The sentences of the verdicts.
    var verdicts: [String] { kinds.map(\.text) }
    /// The verdicts with their kinds.
    var kinds: [(kind: String, text: String, note: String?)] {
        (object["verdicts"] as? [[String: Any]] ?? []).map {
            ($0["kind"] as? String ?? "", $0["text"] as? String ?? "", $0["note"] as? String)
        }
    }
    /// The values of the rows with this label.
    func rows(_ label: String) -> [String] {
        (object["rows"] as? [[String]] ?? []).filter { $0.first == label }.compactMap(\.last)
    }
    /// The texts of parts of the page.
    func texts(_ name: String) -> [String] { object[name] as? [String] ?? [] }
    /// A text or number of the page.
    func value(_ name: String) -> String { object[name].map { "\($0)" } ?? "" }
}
