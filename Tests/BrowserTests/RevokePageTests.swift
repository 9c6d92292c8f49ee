// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// A relative revokes on a phone, with a sheet of paper that the command made.
@Suite("Revoking in the browser", .enabled(if: ServedPage.isAvailable), .serialized)
struct RevokePageTests {
    private let log: ServedLog
    private let words: [String]
    private let sheetKey: String

    init() throws {
        log = try ServedLog()
        let sheet = try log.indelible("key", "revoker", "paper", "-o", "-").output
        words = sheet.matches(of: /\d+ +([a-z]{5})\b/).map { String($0.output.1) }
        sheetKey = sheet.firstMatch(of: /revoker-\S+\+\S+\+\S+/).map { String($0.output) } ?? ""
    }

    private func page(_ language: String = "en-GB") -> ServedPage {
        ServedPage(address: log.address + "/revoke", language: language, isPhone: true, downloads: log("saved"))
    }

    private func enrol(_ name: String) throws {
        #expect(try log.indelible("key", "new", name).code == 0)
        let enrolled = try log.indelible("key", "enrol", name, "--revoker", sheetKey)
        #expect(enrolled.code == 0, "\(enrolled.output)")
    }

    /// The words are typed with two slips; the page finds both, and whose revoker the sheet is.
    @Test func typedOnAPhone() throws {
        try #require(words.count == 17)
        try enrol("lin-yue")
        var typed: [ServedPage.Step] = []
        for (number, word) in words.enumerated() {
            var letters = Array(number == 0 ? word.uppercased() : word)
            if number == 2 { letters[1] = "e" }
            if number == 4 { letters[4] = letters[4] == "b" ? "d" : "b" }
            typed.append(.keys("#word-\(number + 1)", String(letters)))
        }
        let seen = try page().doing(
            typed + [
                .text("#words-status", having: "16 of 17 words. Look again at: 3"),
                .text("#word-3-hint", having: "Perhaps", as: "perhaps"), .fill("#word-3", words[2]),
                .text("#likely", having: "Most likely word 5", as: "likely"),
                .click("#likely button:has-text('\(words[4])')"), .text("#sheet-card", as: "sheet"),
                .text("#owner", having: "lin-yue", as: "owner"), .click("#revoke"),
                .text("#confirm-alert", having: "reason"), .check("input[value=detained]"),
                .fill("#since", "2026-01-02"), .text("#sentence", as: "sentence"), .click("#revoke"),
                .text("#confirm-alert", having: "cannot be taken back"), .check("#understood"), .look(as: "look"),
                .click("#revoke"), .text("#outcome.good h2", having: "entry 3"), .text("#outcome", as: "outcome"),
                .save("#outcome button.save", as: "proof"),
            ])
        #expect(seen.faults == [])
        #expect(seen["look"] == RegisterPageTests.decent)
        #expect(seen["sheet"].contains(String(sheetKey.split(separator: "+")[0])))
        #expect(seen["owner"].contains("enrolled in entry 2"))
        #expect(
            seen["sentence"].contains("lin-yue is revoked: its owner is detained, by this account since 2026-01-02"))
        #expect(seen["outcome"].contains("Nothing earlier is voided"))
        #expect(seen.sent.count == 1)
        for word in words { #expect(!(seen.sent.first ?? "").contains(word)) }
        let shown = try log.indelible("verify", seen["proof"])
        #expect(shown.code == 0 && shown.output.contains("is revoked: detained"), "\(shown.output)")
        #expect(try log.indelible("audit").output.contains("1 revoke"))
    }

    /// Pasted at once, in Chinese, where the browser has no Ed25519; the log had another revocation of the key before, and shows both.
    @Test func afterAnother() throws {
        try enrol("lin-yue")
        #expect(try log.indelible("key", "revoke", "lin-yue", "--reason", "retired").code == 0)
        var page = page("zh-CN")
        // A browser without Ed25519: the page signs by itself.
        page.before = """
            const own = SubtleCrypto.prototype.importKey;
            SubtleCrypto.prototype.importKey = function (format, key, algorithm, ...others) {
              if (algorithm.name === "Ed25519") throw new DOMException("no such algorithm", "NotSupportedError");
              return own.call(this, format, key, algorithm, ...others);
            };
            """
        let seen = try page.doing([
            .fill("#word-1", words.joined(separator: " ").uppercased()), .text("#sheet-card", having: "相符"),
            .text("#owner", having: "此前已有撤销"), .check("input[value=coerced]"),
            .check("#understood"), .answer("/entries", 0), .click("#revoke"), .text("#outcome.unsure", having: "没有确认"),
            .answer("/entries", nil), .click("#retry"), .text("#outcome.good h2", having: "第 4 号"),
        ])
        #expect(seen.faults.allSatisfy { $0.contains("Failed to load resource") })
        #expect(try log.indelible("audit").output.contains("2 revoke"))
    }

    /// A sheet that the log names as nobody's revoker, and the file that was signed with a sheet.
    @Test func aSheetThatNobodyNamed() throws {
        let made = try log.indelible("key", "revoker", "paper", "--for", "registrar", "-o", "sheet.html")
        #expect(made.code == 0, "\(made.output)")
        let seen = try page().doing([
            .fill("#word-1", words.joined(separator: "\n")), .text("#owner", having: "nobody's revoker"),
            .fill("#owner-text", "no such"), .click("#owner-form button"), .text("#owner-alert", having: "no vkey"),
            .fill("#owner-text", "registrar"), .click("#owner-form button"),
            .text("#owner", having: "does not name this sheet"), .check("input[value=lost]"), .check("#understood"),
            .click("#revoke"), .text("#outcome.bad", having: "does not take it", as: "refused"), .again,
            .click("#sheet-step summary"), .give("#filing", [log("keys/policy")]),
            .text("#filing-alert", having: "no signed revocation"), .give("#filing", [log("sheet.filing")]),
            .text("#sentence", having: "registrar is revoked: its owner is detained"), .check("#understood"),
            .click("#revoke"), .text("#outcome.bad h2"),
        ])
        #expect(seen.sent.count == 2)
        #expect(try log.indelible("audit").output.contains("2 entries"))
    }

    /// The square code of the sheet, in a browser that reads such codes: by the camera, and from a photograph.
    @Test func scanned() throws {
        try enrol("lin-yue")
        var page = page()
        page.before = """
            globalThis.BarcodeDetector = class {
              static async getSupportedFormats() { return ["qr_code"]; }
              async detect(picture) {
                const isPhotograph = picture instanceof ImageBitmap;
                return [{ rawValue: "https://other.example/" }, { rawValue: isPhotograph ? "nothing" : "\(
                  words.joined(separator: " ").uppercased())" }];
              }
            };
            """
        let seen = try page.doing([
            .give(
                "#photo",
                [
                    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
                        .appendingPathComponent("../../docs/examples/photograph.png").standardizedFileURL.path
                ]),
            .text("#camera-alert", having: "No square code"), .click("#scan"),
            .text("#sheet-card", having: "fit together"), .text("#owner", having: "lin-yue"),
        ])
        #expect(seen.faults == [])
        #expect(seen.sent == [])
    }
}
