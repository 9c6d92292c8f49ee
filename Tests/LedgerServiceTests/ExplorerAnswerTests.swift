// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import LedgerService
import SystemPackage
import Testing
import TransparencyLog

/// What single requests are answered with.
@Suite struct ExplorerAnswerTests {
    private func text(_ answer: ServiceAnswer, _ language: String = "en") throws -> String {
        let page = try PageReading(answer, language: language)
        #expect(page.problems.isEmpty, "\(page.problems)")
        return page.texts.filter { !$0.within.contains("style") }.map(\.text).joined()
    }

    @Test(arguments: [
        ("/log/entry/99", 404), ("/log/entry/-1", 404), ("/log/entry/01", 404), ("/log/entry/", 404),
        ("/log/entry", 404),
        ("/log/nothing", 404), ("/log//keys", 404), ("/log/keys/", 404), ("/log/entry/1/2", 404),
        ("/log/../etc/passwd", 404), ("/log/key", 400), ("/log/key?k=nobody", 400),
        ("/log/key?k=" + String(repeating: "0", count: 64), 400), ("/log?before=x", 400),
        ("/log?before=1&before=2", 400),
        ("/log?before=-1", 400), ("/log/keys?from=1e3", 400), ("/log/entry/18446744073709551616", 404),
        ("/log/entry/9223372036854775807", 404), ("/log?before=0", 200), ("/log?before=9007199254740991", 200),
        ("/log/keys?from=9007199254740991", 200), ("/log/checkpoints?from=9", 200), ("/log/search", 200),
        ("/log/", 200),
    ]) func statuses(_ link: String, _ status: Int) async throws {
        let world = try await ExplorerWorld.sample()
        for language in ["en", "zh-Hans"] {
            let answer = await world.get(link + (link.contains("?") ? "&" : "?") + "lang=\(language)")
            #expect(answer.status == status, "\(link)")
            _ = try text(answer, language)
            if status != 200 {
                #expect(answer.headers.contains(.init("cache-control", "no-store")))
            }
        }
    }

    @Test func unknownKey() async throws {
        let world = try await ExplorerWorld.sample()
        let key = try ExplorerWorld.person("nobody").verifierKey
        #expect(await world.get("/log/key?k=\(Hex.encode(key.keyBytes))").status == 404)
    }

    @Test(
        arguments: [
            (nil, "en"), ("", "en"), ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"), ("en,zh", "en"),
            ("zh;q=0.1,en;q=0", "zh-Hans"),
            ("fr, de;q=0.5", "en"), ("en;q=0.3, zh-TW;q=0.31", "zh-Hans"), ("ZH", "zh-Hans"), ("*", "en"),
            ("zh;q=x", "en"),
            ("zhx;q=1", "en"), ("zh;q=2", "en"), (";;,,q=", "en"),
        ] as [(String?, String)]) func languageOfTheBrowser(_ header: String?, _ language: String) async throws
    {
        let world = try await ExplorerWorld.sample()
        let answer = await world.get("/log", languages: header)
        #expect(answer.headers.contains(.init("content-language", language)), "\(header ?? "none")")
        #expect(answer.headers.contains(.init("vary", "accept-language")))
        let page = try PageReading(answer, language: language)
        let sections = page.links.filter { $0.hasPrefix("/log") && !$0.contains("lang=") }
        #expect(!sections.isEmpty, "a language that the reader did not choose is in no link but those that change it")
        #expect(
            await world.get("/log?lang=zh-Hans", languages: "en").headers.contains(.init("content-language", "zh-Hans"))
        )
    }

    @Test func searches() async throws {
        let folder = try TemporaryFolder()
        let world = try await ExplorerWorld.hostile(folder)
        func links(_ asked: String) async throws -> Set<String> {
            let encoded = asked.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            let answer = await world.get("/log/search?q=\(encoded)&lang=en")
            #expect(answer.status == 200)
            #expect(answer.headers.contains(.init("cache-control", "no-store")))
            let page = try PageReading(answer, language: "en")
            #expect(page.problems.isEmpty, "\(page.problems)")
            return Set(page.links.filter { $0.hasPrefix("/log/entry/") || $0.hasPrefix("/log/key?") })
        }
        let document = SHA256.hash(Array("document".utf8))
        #expect(try await links(document.hex).contains("/log/entry/7?lang=en"))
        #expect(try await links(" " + document.hex.uppercased() + "\n").contains("/log/entry/7?lang=en"))
        #expect(try await links("3").contains("/log/entry/3?lang=en"))
        let ana = try ExplorerWorld.person(ExplorerWorld.hostileNames[1]).verifierKey
        let page = "/log/key?k=\(Hex.encode(ana.keyBytes))&lang=en"
        for asked in [ana.description, "\(ana.id)", "onMouse", "\"onmouseover=\"alert(1)"] {
            #expect(try await links(asked).contains(page), "\(asked)")
        }
        for asked in ["stranger<x>", "林月"] { #expect(try await links(asked).count == 1, "\(asked)") }
        let nothing: [String] = [
            SHA256.hash(Array("another".utf8)).hex, "999", "\u{202E}gpj", "%", String(repeating: "x", count: 500),
        ]
        for asked in nothing { #expect(try await links(asked).isEmpty, "\(asked)") }
    }

    @Test func whatWasAskedIsEscaped() async throws {
        let world = try await ExplorerWorld.sample()
        let asked = "\"><script>alert(1)</script>\u{202E}"
        let answer = await world.get(
            "/log/search?q=\(asked.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")")
        let page = try PageReading(answer, language: "en")
        #expect(page.problems.isEmpty, "\(page.problems)")
        let field = page.elements.first { $0.attributes["id"] == "q" }
        #expect(field?.attributes["value"] == "\"><script>alert(1)</script>\\u{202e}")
    }

    @Test func oneEntrySaysWhatOthersSayOfIt() async throws {
        let folder = try TemporaryFolder()
        let world = try await ExplorerWorld.hostile(folder)
        let text = try text(await world.get("/log/entry/7"))
        for words in [
            "says that something contests this", "says that something answers this", "says of it: handed-over",
            "says that it is revoked: coerced", "by its account since 2025-06-15 15:06 UTC",
            "the charter in entry 0", "signed after", "2025-06-15 15:07 UTC (it quotes the checkpoint of 7 entries",
            "in the log before", "Each of its signatures verifies", "looked up as far as entry 14",
        ] {
            #expect(text.contains(words), "\(words)")
        }
        let other = try self.text(await world.get("/log/entry/8"))
        #expect(other.contains("not known: it quotes a checkpoint of size 8, which is not kept here"))
        #expect(other.contains("As far as entry 14, nothing refers to it."))
        #expect(
            try self.text(await world.get("/log/entry/0")).contains("sets the charter: 1 steward, quorum 1, sponsors 0")
        )
        #expect(try self.text(await world.get("/log/entry/1")).contains("a member, enrolled in entry 1"))
        #expect(try self.text(await world.get("/log/entry/7?lang=zh-Hans"), "zh-Hans").contains("称有材料质疑本件"))
    }

    @Test func statusOfTheLog() async throws {
        let folder = try TemporaryFolder()
        let world = try await ExplorerWorld.hostile(folder)
        let text = try text(await world.get("/log/status"))
        for words in [
            "CLOSED by entry 14", "met, by this server’s trust list", "it existed by", "2 hours ago",
            "anyone, with any key",
            "5 in good standing, 1 revoked", "Indelible <1&2>", "none: members enrol nobody",
        ] {
            #expect(text.contains(words), "\(words)")
        }
        #expect(!text.contains("Counted so far"))
    }

    @Test func damageIsNotShownAsTheLog() async throws {
        let folder = try TemporaryFolder()
        let world = try await ExplorerWorld.hostile(folder)
        let path = "ledger/tile/entries/000.p/15"
        let whole = try folder.read(path)
        var damaged = whole
        damaged[whole.count - 100] ^= 1
        try folder.write(damaged, to: path)
        for link in ["/log", "/log/entry/14", "/log/checkpoints", "/log/status"] {
            #expect(await world.get(link).status == 503, "\(link)")
        }
        #expect(world.notes.all.count == 4)
        #expect(world.notes.all.allSatisfy { $0.hasPrefix("CANNOT show /log") })
        #expect(await world.get("/log/entry/0").status == 200)
        try folder.write(whole, to: path)
        #expect(await world.get("/log/status").status == 200)
    }
}
