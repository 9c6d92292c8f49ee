// SPDX-License-Identifier: Apache-2.0
import Foundation
import LedgerService
import Testing
import TransparencyLog

/// Every page of the log, by every link from the first.
@Suite struct ExplorerTests {
    /// What is served beside the explorer.
    private static var files: Regex<(Substring, Substring)> {
        /\/(verify\.html|register|revoke|checkpoint|proof\/[0-9]+|entries\/[0-9]+)/
    }

    /// Follows all links from the first page; gives the pages by their links.
    private func crawl(_ world: ExplorerWorld, _ language: String) async throws -> [String: PageReading] {
        var pages: [String: PageReading] = [:]
        var links = ["/log?lang=\(language)"]
        while let link = links.popLast() {
            guard pages[link] == nil else { continue }
            let answer = await world.get(link)
            #expect(answer.status == 200, "\(link)")
            check(headers: answer, link)
            let page = try PageReading(answer, language: language)
            #expect(page.problems.isEmpty, "\(link): \(page.problems)")
            check(words: page, link)
            pages[link] = page
            for next in page.links {
                if next.wholeMatch(of: Self.files) != nil { continue }
                #expect(next.hasPrefix("/log"), "\(link) leads to \(next)")
                if next == "/log/search" { continue }
                #expect(next.contains("lang="), "\(link) forgets the language in \(next)")
                if next.hasSuffix("lang=\(language)") { links.append(next) }
            }
        }
        #expect(world.notes.all.isEmpty)
        return pages
    }

    private func check(headers answer: ServiceAnswer, _ link: String) {
        let fields = Dictionary(answer.headers.map { ($0.name, $0.value) }, uniquingKeysWith: { $0 + $1 })
        #expect(fields["x-content-type-options"] == "nosniff")
        #expect(fields["referrer-policy"] == "no-referrer")
        #expect(fields["content-type"] == "text/html; charset=utf-8")
        let body = String(decoding: answer.body, as: UTF8.self)
        var policy =
            "default-src 'none'; style-src \(Self.hash(of: "style", in: body) ?? "-"); img-src 'self' data:; "
            + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        if let script = Self.hash(of: "script", in: body) { policy += "; script-src \(script)" }
        #expect(fields["content-security-policy"] == policy, "\(link)")
        #expect(body.contains("<script") == link.hasPrefix("/log/search"), "\(link)")
        for elsewhere in ["http:", "https:", "//", "url(", "@import"] {
            #expect(!body.replacing(#/<script>(?s:.*)<\/script>/#, with: "").contains("=\"\(elsewhere)"))
        }
    }

    private static func hash(of tag: String, in body: String) -> String? {
        guard let start = body.range(of: "<\(tag)>"), let end = body.range(of: "</\(tag)>") else { return nil }
        let text = Array(body[start.upperBound..<end.lowerBound].utf8)
        return "'sha256-\(Data(SHA256.hash(text).bytes).base64EncodedString())'"
    }

    @Test(arguments: ["en", "zh-Hans"]) func everyPageOfTheSample(_ language: String) async throws {
        let world = try await ExplorerWorld.sample()
        let pages = try await crawl(world, language)
        for index in 0..<world.size { #expect(pages["/log/entry/\(index)?lang=\(language)"] != nil, "\(index)") }
        for page in ["/keys", "/checkpoints", "/search", "/status"] {
            #expect(pages["/log\(page)?lang=\(language)"] != nil)
        }
        #expect(pages.keys.count { $0.hasPrefix("/log/key?k=") } >= 8)
    }

    @Test(arguments: ["en", "zh-Hans"]) func everyPageOfAHostileLog(_ language: String) async throws {
        let folder = try TemporaryFolder()
        let world = try await ExplorerWorld.hostile(folder)
        let pages = try await crawl(world, language)
        for index in 0..<world.size { #expect(pages["/log/entry/\(index)?lang=\(language)"] != nil, "\(index)") }
        for (link, page) in pages {
            // What others wrote stands in an element of its own wherever it is shown.
            for text in page.texts where !Set(text.within).isSuperset(of: ["bdi"]) && text.within.last != "style" {
                for part in ["alert", "onmouseover", "WWWW", "gpj.elif", "<b>", "stranger", "closed<", "<u>old"] {
                    #expect(!text.text.contains(part), "\(link): \(text.text.prefix(80))")
                }
            }
            #expect(!page.texts.contains { $0.text.contains(ExplorerWorld.reversed) }, "\(link)")
        }
        let shown = pages.values.flatMap(\.texts).map(\.text).joined()
        for part in [
            "<script>alert(1)</script>", "\"onmouseover=\"alert(1)", "\\u{202e}gpj.elif", "\\u{200d}", "&lt;&amp;",
        ] {
            #expect(shown.range(of: part, options: .literal) != nil, "\(part) is shown as it was written")
        }
    }

    // MARK: - Words

    /// Words that both languages have.
    private static let shared: Set<String> = ["Indelible", "UTC", "SHA", "vkey"]

    /// The page's own words are all of its language, and give no verdict.
    private func check(words page: PageReading, _ link: String) {
        let words = page.ownWords
        if page.language == "en" {
            let left = words.unicodeScalars.filter { (0x3000...0x9FFF).contains($0.value) || $0.value >= 0xFF00 }
            #expect(left.isEmpty, "\(link): \(String(String.UnicodeScalarView(left)))")
        } else {
            let hashes = /[A-Za-z0-9+\/]{43}=|[0-9a-f]{8}…/
            let left = Set(words.replacing(hashes, with: "").matches(of: /[A-Za-z]{2,}/).map { String($0.output) })
            #expect(left.subtracting(Self.shared).isEmpty, "\(link): \(left)")
            // What a terminal gets narrow is wide here, beside a wide character.
            #expect(words.firstMatch(of: /\p{Han}[,:;()]|[,:;()]\p{Han}/) == nil, "\(link)")
        }
        for verdict in ["authentic", "genuine", "proven", "trustworthy", "altered", "真实", "篡改", "可信"] {
            #expect(!words.lowercased().contains(verdict), "\(link): \(verdict)")
        }
    }
}
