// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Testing
import TransparencyLog

/// What people see of the page, in either language, from a file and from a server, and what the page must never do.
@Suite(.enabled(if: Browser.isThere), .serialized)
struct PersonTests {
    private static let examples = Browser.root.appendingPathComponent("docs/examples").path
    private static let policy = Browser.root.appendingPathComponent("keys/policy").path

    /// Takes steps in English and in Chinese, on the page opened as a file and, without the browser's cryptography, from a
    /// server; nothing may leave the page, ask, complain or run in any. Gives what English and Chinese eyes see.
    private func see(_ place: TemporaryPlace, trust: String?, _ steps: [[Any]]) throws -> [[PageSight]] {
        let page = try place.page(trust: trust)
        let found = try Browser.run([
            BrowserSession(page: page, language: "en-GB", steps: steps),
            BrowserSession(
                page: page, isServed: true, isWithoutCrypto: true, language: "zh-CN", zone: "Asia/Shanghai",
                steps: steps),
        ])
        for answers in found {
            #expect(answers.offences == [])
            for sight in answers.sights {
                #expect(sight.value("hit") == "undefined", "a script of somebody else ran")
                #expect(sight.value("wide") == "0", "the page is wider than the window")
                #expect(sight.value("unlabelled") == "0")
                let sayings = (sight.verdicts + sight.texts("notices")).joined(separator: "\n")
                for word in ["authentic", "genuine", "真实", "篡改"] { #expect(!sayings.contains(word)) }
                #expect(sight.texts("elements").allSatisfy { !["img", "b", "iframe", "a", "link"].contains($0) })
            }
        }
        #expect(found.map(\.sights.count) == [found[0].sights.count, found[0].sights.count])
        return found.map(\.sights)
    }

    @Test func aRegisteredDocumentIsTheSame() throws {
        try TemporaryPlace.with { place in
            let seen = try see(
                place, trust: Self.policy,
                [
                    ["give", ["\(Self.examples)/interview.en.txt", "\(Self.examples)/interview.en.txt.proof"]],
                    ["look"],
                ])
            let (english, chinese) = (seen[0][0], seen[1][0])
            #expect(english.verdicts == ["interview.en.txt: THE SAME, byte for byte, as the document in entry 6"])
            #expect(english.kinds.map(\.kind) == ["same"])
            #expect(
                english.rows("NOT shown") == ["that the contents are accurate; who holds the keys; when it was written"]
            )
            #expect(english.rows("says that it") == ["translates entry 5"])
            #expect(english.value("live") == english.verdicts[0])
            #expect(chinese.verdicts == ["interview.en.txt：与第 6 号登记的文件逐字节一致"])
            #expect(chinese.rows("不说明") == ["内容是否属实；密钥由谁掌握；文件写于何时"])
            #expect(chinese.value("language") == "zh-Hans")
            #expect(chinese.rows("登记册时钟").first?.contains("17:16") == true, "\(chinese.rows("登记册时钟"))")
            #expect(chinese.rows("登记册时钟").first?.contains("2026-11-22 09:16 UTC") == true)
        }
    }

    @Test func anotherDocumentIsNotTheSameAndNothingIsClaimedOfIt() throws {
        try TemporaryPlace.with { place in
            var text = try PageVectors.own("docs/examples/joint-letter.txt")
            let windows = text.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] }
            text[40] ^= 1
            let paths = [
                try place.write(text, to: "joint-letter.txt"),
                try place.write(windows, to: "windows/joint-letter.txt"),
            ]
            let proof = "\(Self.examples)/joint-letter.txt.proof"
            let seen = try see(
                place, trust: Self.policy,
                [["give", [paths[0], proof]], ["look"], ["again"], ["give", [paths[1], proof]], ["look"]])
            #expect(
                seen[0].map(\.verdicts) == [
                    [
                        "joint-letter.txt: NOT THE SAME as entry 7; this proof does not show where they differ. Which came first, or who changed it, is not shown."
                    ],
                    ["joint-letter.txt: NOT THE SAME bytes as entry 7; the same text, which differs only in line ends"],
                ])
            #expect(
                seen[1].map(\.verdicts) == [
                    ["joint-letter.txt：与第 7 号不一致；此凭证不显示何处不同。不说明孰先孰后、何人所改。"],
                    ["joint-letter.txt：与第 7 号字节不一致：仅换行方式不同，文字相同"],
                ])
            #expect(seen.flatMap { $0 }.allSatisfy { $0.rows("registered with").isEmpty && $0.rows("登记密钥").isEmpty })
        }
    }

    @Test func aRedactedProofShowsWhatItShowsAndACopyIsCompared() throws {
        try TemporaryPlace.with { place in
            let copy = String(decoding: try PageVectors.own("docs/examples/interview.zh.txt"), as: UTF8.self)
            let changed = copy.replacingOccurrences(of: "四十分钟", with: "五十分钟").replacingOccurrences(of: "\n", with: "")
            let seen = try see(
                place, trust: Self.policy,
                [
                    ["give", ["\(Self.examples)/interview.zh.redacted.proof"]], ["look"], ["compare", copy], ["look"],
                    ["compare", changed], ["look"],
                ])
            let (english, chinese) = (seen[0], seen[1])
            #expect(
                english[0].verdicts == [
                    "Entry 5 of the log “sample.indelible.example/2026” holds: it is in the log, and signed"
                ])
            #expect(english[0].texts("withheld") == ["1", "4", "8", "8", "2", "1"].map { "\($0) withheld" })
            #expect(chinese[0].texts("withheld") == ["1", "4", "8", "8", "2", "1"].map { "未显示 \($0) 项" })
            #expect(
                english[0].rows("not shown") == [
                    "file name; 24 words or ideographs of the text; in all 26 of 1818 sealed items; other attestations may exist"
                ])
            #expect(english[0].rows("later").count == 3)
            #expect(english[0].rows("later")[1].hasSuffix("is revoked: detained"))
            #expect(chinese[0].rows("后续")[1].hasSuffix("已撤销：被羁押"))
            #expect(!english[0].text.contains("000-0000"))
            #expect(
                english[1].verdicts.last
                    == "The pasted copy: THE SAME WORDS as the text shown of entry 5, as far as it is shown")
            #expect(chinese[1].verdicts.last == "粘贴的副本：与第 5 号所显示的文字一致（以所显示者为限）")
            #expect(
                english[2].verdicts.last
                    == "The pasted copy: NOT THE SAME as the text shown of entry 5: of 85 paragraphs 84 the same as far as shown, 1 different. Which came first, or who changed it, is not shown."
            )
            #expect(english[2].texts("only") == ["四", "五"])
        }
    }

    @Test func whatTheTrustListAsksForIsNotMet() throws {
        try TemporaryPlace.with { place in
            let crafted = try CraftedProof(cosigners: 1).made()
            let proof = try place.write(crafted.proof, to: "new.proof")
            let list = try place.write(crafted.policy, to: "Bar Group")
            let other = "\(Self.examples)/joint-letter.txt.proof"
            let seen = try see(
                place, trust: nil,
                [["give", [proof]], ["look"], ["trust", list], ["look"], ["again"], ["give", [other]], ["look"]])
            #expect(seen[0][0].verdicts.isEmpty)
            #expect(seen[0][0].texts("notices").first?.hasPrefix("Now the trust list, below") == true)
            #expect(seen[1][0].texts("notices").first?.hasPrefix("还需要下方的信任名单") == true)
            #expect(seen[0][1].verdicts == ["new.proof: DOES NOT HOLD: the quorum of the policy is not met"])
            #expect(seen[1][1].verdicts == ["new.proof：不成立：联署服务器未达信任名单的要求"])
            #expect(seen[0][1].texts("trust").last?.contains("2 of 3 servers") == true)
            #expect(
                seen[0][2].verdicts == [
                    "joint-letter.txt.proof: CANNOT BE TOLD: the trust list “Bar Group” does not name this proof's log, which calls itself “sample.indelible.example/2026”"
                ])
            #expect(seen[0][2].kinds.first?.kind == "open")
            #expect(
                seen[1][2].verdicts == [
                    "joint-letter.txt.proof：无从判断：信任名单“Bar Group”未列此凭证所属的登记册（自称“sample.indelible.example/2026”）"
                ])
        }
    }

    @Test func aTrustListIsNeverTakenFromWhatIsDropped() throws {
        try TemporaryPlace.with { place in
            let crafted = try CraftedProof().made()
            let text = String(decoding: crafted.policy, as: UTF8.self)
            let proof = String(decoding: crafted.proof, as: UTF8.self)
            let seen = try see(
                place, trust: nil,
                [
                    ["drop", [["a.proof", proof], ["policy", text]]], ["look"], ["paste_trust", text], ["look"],
                    ["paste_trust", "log x"], ["look"],
                ])
            #expect(seen[0][0].verdicts.isEmpty)
            #expect(
                seen[0][0].texts("notices").contains { $0.hasPrefix("policy looks like a trust list. It was not used") }
            )
            #expect(seen[0][1].kinds.map(\.kind) == ["holds"])
            #expect(seen[0][2].value("problem").contains("policy: line 1"))
            #expect(seen[0][2].kinds.map(\.kind) == ["holds"], "the list in use stays in use")
        }
    }

    @Test func wordsOfOthersAreShownAndNeverObeyed() throws {
        try TemporaryPlace.with { place in
            let bad = "<script>hit=1</script><img src=x onerror=hit=1>"
            let turned = "\u{202E}tfel\u{2066}\u{0}\u{1B}[31m\u{2588}\u{27EA}3 withheld\u{27EB}\u{200B}"
            let crafted = try CraftedProof(
                origin: "<img/src=x/onerror=hit=1>", signer: "<script>hit=1</script>",
                vouching: (name: "\(bad) Lin Yue", note: bad), fields: [(name: bad, text: "\(bad)\n\(turned)")],
                path: "\(turned) \(bad.replacingOccurrences(of: "/", with: "_"))", text: "\(bad) \(turned) end",
                hidden: [0],
                cosigners: 3
            ).made()
            let proof = try place.write(
                crafted.proof, to: "\(turned.replacingOccurrences(of: "\u{0}", with: "")).proof")
            let list = try place.write(crafted.policy, to: "<img src=x onerror=hit=1>")
            let seen = try see(
                place, trust: list, [["give", [proof]], ["look"], ["compare", "\(bad) \(turned)"], ["look"]])
            for sight in seen.flatMap({ $0 }) {
                #expect(sight.kinds.first?.kind == "holds")
                #expect(sight.text.contains("<script>hit=1</script>"))
                #expect(sight.text.contains("\\u{202e}tfel\\u{2066}"))
                for obeyed in ["\u{202E}", "\u{2066}", "\u{0}", "\u{1B}", "\u{200B}"] {
                    #expect(!sight.text.contains(obeyed))
                }
                // What is withheld is one block of the page's own; those in the text are written out.
                #expect(sight.texts("withheld").count == 1)
                #expect(sight.texts("marks").contains("\\u{2588}"))
                #expect(sight.texts("marks").contains("\\u{27ea}"))
            }
            #expect(seen[0][0].rows("in the log before").first?.contains("<b>south</b>") == true)
        }
    }

    @Test func whatIsNoProofIsSaidToBeNone() throws {
        try TemporaryPlace.with { place in
            let depth = 100_000
            let files: [(String, String, String)] = [
                ("deep.proof", String(repeating: "[", count: depth), "nested deeper than 100"),
                (
                    "huge.proof",
                    "{\"format\":\"indelible-proof/v1\",\"inclusion\":[\(String(repeating: "0,", count: 1_200_000))0]}",
                    "too many values"
                ),
                (
                    "twice.proof",
                    "{\"format\":\"indelible-proof/v1\",\"format\":\"indelible-proof/v1\",\"inclusion\":[]}",
                    "duplicate member"
                ),
                ("types.proof", "{\"format\":\"indelible-proof/v1\",\"inclusion\":{\"__proto__\":1}}", "want an array"),
                (
                    "proto.proof", "{\"format\":\"indelible-proof/v1\",\"inclusion\":[],\"__proto__\":{}}",
                    "unknown member __proto__"
                ),
                ("surrogate.proof", "{\"format\":\"\\ud800\"}", "lone surrogate"),
                ("empty.proof", "", "ends where a value should be"),
            ]
            let paths = try files.map { try place.write(Array($0.1.utf8), to: $0.0) }
            let other = try place.write(Array("{\"format\":\"indelible-proof/v9\"}".utf8), to: "later.proof")
            let seen = try see(
                place, trust: Self.policy, [["give", paths + [other]], ["look"], ["speak", "en"], ["look"]])
            for (number, file) in files.enumerated() {
                #expect(seen[0][0].verdicts[number].hasPrefix("\(file.0): CANNOT BE READ"))
                #expect(seen[0][0].verdicts[number].contains(file.2), "\(seen[0][0].verdicts[number])")
                #expect(seen[1][0].verdicts[number].hasPrefix("\(file.0)：无法读取"))
            }
            #expect(seen[0][0].verdicts.last?.contains("another version") == true)
            #expect(seen[0][0].kinds.last?.kind == "open")
            #expect(seen[1][1].verdicts == seen[0][0].verdicts, "the language is turned in place")
        }
    }

    /// 64 MB, or 2 GB where INDELIBLE_BIG is set: it is read slice by slice, and can be stopped.
    @Test func aLargeFileIsHashedInSlices() throws {
        try TemporaryPlace.with { place in
            let size = ProcessInfo.processInfo.environment["INDELIBLE_BIG"] == nil ? 64 << 20 : 2 << 30
            let large = place.file("recording.wav")
            try Data().write(to: large)
            let handle = try FileHandle(forWritingTo: large)
            try handle.truncate(atOffset: UInt64(size))
            try handle.close()
            var hasher = SHA256()
            let zeros = [UInt8](repeating: 0, count: 1 << 20)
            for _ in 0..<(size >> 20) { hasher.update(zeros) }
            let crafted = try CraftedProof(path: "recording.wav", hash: hasher.finish()).made()
            let proof = try place.write(crafted.proof, to: "recording.wav.proof")
            let list = try place.write(crafted.policy, to: "policy")
            let seen = try see(
                place, trust: list,
                [["give_and_cancel", [large.path, proof]], ["look"], ["give", [large.path, proof]], ["look"]])
            #expect(seen[0][0].texts("notices") == ["Stopped. Nothing was checked."])
            #expect(seen[1][0].texts("notices") == ["已停止，未作任何核对。"])
            #expect(seen[0][1].kinds.map(\.kind) == ["same"])
            #expect(seen[1][1].kinds.map(\.kind) == ["same"])
        }
    }

    @Test func aFolderIsComparedAsAWhole() throws {
        try TemporaryPlace.with { place in
            let text = Array("one".utf8)
            let crafted = try CraftedProof(path: "a.txt", hash: SHA256.hash(text)).made()
            let proof = try place.write(crafted.proof, to: "case.proof")
            let list = try place.write(crafted.policy, to: "policy")
            _ = try place.write(text, to: "case/a.txt")
            _ = try place.write(text, to: "more/case/a.txt")
            _ = try place.write(Array("two".utf8), to: "more/case/b.txt")
            let seen = try see(
                place, trust: list,
                [
                    ["give", [proof]], ["folder", place.file("case").path], ["look"], ["again"], ["give", [proof]],
                    ["folder", place.file("more/case").path], ["look"],
                ])
            #expect(seen[0][0].verdicts == ["case: ITS ONE FILE THE SAME, byte for byte, as registered in entry 0"])
            #expect(seen[0][1].verdicts.first == "case: NOT THE SAME as entry 0: 1 of 2 files are the same")
            #expect(seen[1][1].verdicts.first == "case：与第 0 号不一致：2 个文件中 1 个一致")
        }
    }

    @Test func theKeyboardReachesEverything() throws {
        try TemporaryPlace.with { place in
            let found = try Browser.run([
                BrowserSession(
                    page: try place.page(trust: Self.policy),
                    steps: [["press", ["Tab", "Tab", "Tab", "Tab", "Tab", "Enter", "Tab", "Tab", "Tab"]], ["look"]])
            ])
            #expect(
                found[0].answers[0] as? [String] == [
                    "speak-en", "speak-zh", "choose-files", "choose-folder", "summary", "summary", "choose-trust",
                    "trust-text",
                    "use-trust",
                ])
        }
    }
}
