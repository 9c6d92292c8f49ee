// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// The page's words: all of them in both languages, each with the same values in it, and no verdict among them.
@Suite(.enabled(if: Browser.isThere), .serialized)
struct WordsTests {
    @Test func everyWordIsThereInBothLanguages() throws {
        try TemporaryPlace.with { place in
            let found = try Browser.run([
                BrowserSession(
                    page: try place.page(),
                    steps: [
                        ["call", "() => indelible.words"],
                        [
                            "call",
                            "() => [...document.querySelectorAll('[data-say], [data-label]')].map((node) => node.dataset.say ?? node.dataset.label)",
                        ],
                    ])
            ])
            let words = try #require(found[0].answers[0] as? [String: [String: String]])
            let (english, chinese) = (try #require(words["en"]), try #require(words["zh"]))
            #expect(english.count > 200)
            #expect(english.keys.sorted() == chinese.keys.sorted())
            for (name, text) in english {
                let other = try #require(chinese[name])
                #expect(Self.values(in: text) == Self.values(in: other), "\(name)")
                #expect(!text.isEmpty && !other.isEmpty, "\(name)")
            }
            // Each word in Chinese is Chinese, but for those that are the reader's own marks.
            for (name, text) in chinese where text == english[name] {
                #expect(["work.progress", "refusal.inclusion"].contains(name), "\(name)")
            }
            for verdict in ["true", "authentic", "genuine", "proven", "altered", "valid certificate"] {
                #expect(english.values.allSatisfy { !$0.localizedCaseInsensitiveContains(verdict) }, "\(verdict)")
            }
            for verdict in ["真实", "篡改", "真伪"] {
                #expect(chinese.values.allSatisfy { !$0.contains(verdict) }, "\(verdict)")
            }
            for name in found[0].answers[1] as? [String] ?? [] { #expect(english[name] != nil, "\(name)") }
        }
    }

    /// The names of the values in some words.
    private static func values(in text: String) -> [String] {
        text.matches(of: /\{(\w+)/).map { String($0.1) }.sorted()
    }
}
