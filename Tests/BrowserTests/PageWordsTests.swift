// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// Every word that the pages of a log's server say: in both languages, with the same places, and none of them a verdict.
@Suite("Words of the pages of a server")
struct PageWordsTests {
    private static let web = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../Sources/LedgerService/Web").standardizedFileURL

    private static func file(_ name: String) throws -> String {
        try String(contentsOf: web.appendingPathComponent(name), encoding: .utf8)
    }

    /// The words in a file, by key: pairs of an English and a Chinese text.
    private static func words(_ file: String) throws -> [String: [String]] {
        var words: [String: [String]] = [:]
        let pattern = /(?m)^  (\w+): \[\s*("(?:[^"\\]|\\.)*"),\s*("(?:[^"\\]|\\.)*"),?\s*\],$/
        for match in try Self.file(file).matches(of: pattern) {
            let key = String(match.output.1)
            #expect(words[key] == nil, "\(key) is there twice")
            words[key] = [String(match.output.2), String(match.output.3)]
        }
        return words
    }

    private static let pages = ["register", "revoke"]

    /// The texts of a page: its template, and the files of its script but for the words.
    private static func texts(of page: String) throws -> String {
        let template = try file(page + ".html")
        let line = try #require(template.firstMatch(of: /<!-- script: (.*) -->/))
        let files = line.output.1.split(separator: " ").map { String($0) }
        return try template
            + files.filter { $0.hasPrefix(page) && $0 != page + "-words.js" || $0 == "log-answer.js" }
            .map { try file($0) }.joined()
    }

    @Test(arguments: pages + ["filing"]) func bothLanguages(_ page: String) throws {
        let file = page + "-words.js"
        let words = try Self.words(file)
        let lines = try Self.file(file).matches(of: /(?m)^  \w+: \[/)
        #expect(words.count == lines.count, "an entry is not a pair of texts")
        for (key, pair) in words {
            let places = pair.map { text in Set(text.matches(of: /\{\w+\}/).map { String($0.output) }) }
            #expect(places[0] == places[1], "\(key): the places differ")
            #expect(pair.allSatisfy { $0.count > 2 }, "\(key) is empty")
            #expect(pair[1].contains(/[\u{4E00}-\u{9FFF}]/) || pair[1].contains("{"), "\(key) is not in Chinese")
            #expect(!pair[0].contains(/[\u{4E00}-\u{9FFF}]/), "\(key) is not in English")
            for verdict in ["authentic", "genuine", "proven", "tamper", " true", "was altered", "真实", "篡改"] {
                #expect(!pair.contains { $0.lowercased().contains(verdict) }, "\(key) is a verdict")
            }
        }
    }

    @Test(arguments: pages) func noneIsMissing(_ page: String) throws {
        let words = try Self.words(page + "-words.js").merging(Self.words("filing-words.js")) { own, _ in
            Issue.record("\(own) has a text of its own and a common one")
            return own
        }
        let text = try Self.texts(of: page)
        let named =
            text.matches(of: /\bsay(?:Around)?\("(\w+)"/).map { String($0.output.1) }
            + text.matches(of: /data-say(?:-label|-hint)?="(\w+)"/).map { String($0.output.1) }
        for key in named { #expect(words[key] != nil, "nothing to say for \(key)") }
    }

    /// No page loads anything, or makes markup of text.
    @Test func nothingFromElsewhere() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.web.path)
        where name.hasSuffix(".js") || name.hasSuffix(".html") || name.hasSuffix(".css") {
            let text = try Self.file(name)
            for forbidden in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "console.", "eval("] {
                #expect(!text.contains(forbidden), "\(name) has \(forbidden)")
            }
            #expect(!text.contains(/(?:src|href)="(?!data:)/), "\(name) loads something")
            #expect(!text.contains(/\s(?:on[a-z]+|style)="/), "\(name) has a handler or a style in its markup")
        }
    }
}
