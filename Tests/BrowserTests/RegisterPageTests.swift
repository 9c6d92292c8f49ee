// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// A member registers in the page that a log's server sends, and goes on with the command.
@Suite("Registering in the browser", .enabled(if: ServedPage.isAvailable), .serialized)
struct RegisterPageTests {
    private let log: ServedLog
    private let text = "Q. When were you taken?\nA. On 9 March. My sister's number is 555 0100.\n问:他们说了什么?\n"

    init() throws {
        log = try ServedLog()
    }

    private func page(_ language: String = "en-GB") -> ServedPage {
        ServedPage(address: log.address + "/register", language: language, downloads: log("saved"))
    }

    private func openKey(_ file: String, _ passphrase: String = ServedLog.passphrase) -> [ServedPage.Step] {
        [
            .click("#choose-open"), .give("#key-file", [file]), .fill("#open-passphrase", passphrase),
            .click("#open-key button.primary"),
        ]
    }

    private func makeKey(_ name: String) -> [ServedPage.Step] {
        [
            .click("#choose-make"), .fill("#key-name", name), .fill("#new-passphrase", ServedLog.passphrase),
            .fill("#again-passphrase", ServedLog.passphrase), .click("#make-key button.primary"),
        ]
    }

    /// From no key to a proof, all of it in the page but what stewards do; then the command takes over.
    @Test func fromAKeyToAProof() throws {
        let enrolled = try page().doing(
            makeKey("lin-yue") + [
                .text("#own-vkey", as: "vkey"), .save("#key-card button.save", as: "key"),
                .text("#standing", having: "Not enrolled"), .click("#enrol summary"),
                .text("#enrol-rule", having: "steward"), .click("#enrol-form button[type=submit]"),
                .save("#enrol-done button", as: "filing"), .look(as: "look"),
            ])
        #expect(enrolled.faults == [])
        #expect(enrolled.sent == [])
        #expect(enrolled["look"] == Self.decent)
        #expect(try log.indelible("sign", enrolled["filing"]).code == 0)
        #expect(try log.indelible("submit", enrolled["filing"]).code == 0)
        let imported = try log.indelible("key", "import", enrolled["key"], home: "own")
        #expect(imported.code == 0 && imported.output.contains(enrolled["vkey"]), "\(imported.output)")

        #expect(try log.indelible("key", "new", "abroad").code == 0)
        let custodian = try String(contentsOfFile: log("keys/abroad.vkey"), encoding: .utf8)
        let document = try log.write(text.utf8, to: "case/interview.txt")
        let registered = try page().doing(
            openKey(enrolled["key"], "another passphrase") + [
                .text("#key-alert", having: "does not open"), .fill("#open-passphrase", ServedLog.passphrase),
                .click("#open-key button.primary"), .text("#standing.good", having: "entry 2"),
                .give("#files", [document]), .choose("#role", "interviewer"), .fill("#name", "Lin \u{6708}"),
                .fill("#custodians", custodian), .click("#register"), .text("#outcome h2", having: "entry 3"),
                .text("#outcome", as: "outcome"), .save(".result-file:nth-of-type(1) button", as: "proof"),
                .save(".result-file:nth-of-type(2) button", as: "private"), .look(as: "look"),
            ])
        #expect(registered.faults == [])
        #expect(registered["look"] == Self.decent)
        // What left the page is one filing, and in it nothing of the document, its name, or who vouched.
        #expect(registered.sent.count == 1)
        let filing = registered.sent.first ?? ""
        #expect(filing.hasPrefix("indelible-filing/v1\nlog ledger.example/2026\nsigner lin-yue+"))
        #expect(filing.split(separator: "\n").count == 5)
        for secret in ["interview", "Lin", "555", "sister", "passphrase"] {
            #expect(!filing.contains(secret))
        }
        #expect(registered["outcome"].contains("It is opened by lin-yue, abroad."))

        try holds(document, registered)
    }

    /// What the page left is what the command would have left.
    private func holds(_ document: String, _ seen: ServedPage.Seen) throws {
        let verified = try log.indelible("verify", document, "--proof", seen["proof"])
        #expect(verified.code == 0 && verified.output.contains("THE SAME, byte for byte"), "\(verified.output)")
        try log.write((text + "x").utf8, to: "case/other.txt")
        #expect(try log.indelible("verify", log("case/other.txt"), "--proof", seen["proof"]).code == 1)

        let shared = try log.indelible(
            "share", seen["private"], "--hide-lines", "2", "--show-attestation", "all", "-o", "part.proof",
            home: "own")
        #expect(shared.code == 0 && shared.output.contains("that nobody else vouched"), "\(shared.output)")
        let part = try log.indelible("verify", "part.proof")
        #expect(part.code == 0 && part.output.contains("calling itself \"Lin \u{6708}\", as interviewer"))
        #expect(part.output.contains("问:他们说了什么?"))
        #expect(!part.output.contains("555"))

        let unlocked = try log.indelible("unlock", seen["private"], "--key", "abroad", in: "abroad")
        #expect(unlocked.code == 0, "\(unlocked.output)")
        #expect(try String(contentsOfFile: log("abroad/interview.txt"), encoding: .utf8) == text)
        #expect(try log.indelible("audit").code == 0)
    }

    /// The command's own key files open in the page; a folder becomes one entry; and whatever the network does, the
    /// draft and the filing that the page leaves are finished by the command.
    @Test func anAnswerThatIsLost() throws {
        try log.write(text.utf8, to: "case/证据/sub/interview.txt")
        try log.write((0..<70_000).map { UInt8(truncatingIfNeeded: $0) }, to: "case/证据/picture.bin")
        try log.write([], to: "case/证据/empty")
        let seen = try page("zh-CN").doing(
            openKey(log("home/registrar.pem")) + [
                .text("#standing.good", having: "第 1 号"), .give("#folder", [log("case/证据")]),
                .value("#stem", as: "stem"), .answer("/entries", 503, "at \u{202E}rest <b>now</b>\n"),
                .click("#register"), .text("#outcome.unsure", having: "U+202Erest <b>now</b>"),
                .answer("/entries", 202, "held\n"), .click("#retry"), .text("#outcome.unsure", having: "held"),
                .answer("/entries", nil), .loseAnswer("/entries"), .click("#retry"),
                .text("#outcome.unsure", having: "没有确认"),
                .save("#outcome .choices button:nth-of-type(1)", as: "filing"),
                .save("#outcome .choices button:nth-of-type(2)", as: "draft"), .look(as: "look"),
                // Another day, the same browser.
                .again, .text("#begun-list", having: "begun-"), .click("#begun .begun-item button:nth-of-type(3)"),
                .text("#begun p[role=status]", having: "第 2 号"), .save("#begun p[role=status] button", as: "proof"),
            ] + openKey(log("home/registrar.pem")) + [
                .text("#standing.good"), .click("#begun .finish"), .text("#begun p[role=status]", having: "第 1 步"),
                .give("#folder", [log("case/证据")]), .click("#begun .finish"),
                .text("#outcome.good h2", having: "第 2 号"),
                .save(".result-file:nth-of-type(2) button", as: "private"),
            ])
        #expect(seen.faults.allSatisfy { $0.contains("Failed to load resource") })
        #expect(seen["stem"] == "证据")
        #expect(Set(seen.sent).count == 1, "one filing, offered again and again")
        for (name, suffix) in [("filing", "filing"), ("draft", "draft"), ("proof", "filing.proof")] {
            try FileManager.default.copyItem(atPath: seen[name], toPath: log("case/证据." + suffix))
        }
        let finished = try log.indelible("register", "证据", in: "case")
        #expect(finished.code == 0 && finished.output.contains("registered as entry 2"), "\(finished.output)")
        let verified = try log.indelible("verify", "证据", in: "case")
        #expect(verified.code == 0 && verified.output.contains("ALL 3 FILES THE SAME"), "\(verified.output)")
        let shown = try log.indelible("show", seen["private"])
        #expect(shown.output.contains("holds what was registered as entry 2"), "\(shown.output)")
    }

    /// Nothing is made of an answer that does not show that the filing is in the log.
    @Test func anAnswerThatDoesNotHold() throws {
        let document = try log.write(text.utf8, to: "interview.txt")
        let other = try log.answer("/proof/1")
        let otherRoot = try log.answer("/checkpoint").split(separator: "\n")[2]
        // One character of the log's signature, or of the path, is another.
        func changed(_ isChanged: (Substring) -> Bool) -> String {
            other.split(separator: "\n", omittingEmptySubsequences: false).map { line in
                guard isChanged(line), !line.isEmpty else { return String(line) }
                let place = line.index(line.endIndex, offsetBy: -20)
                return line[..<place] + (line[place] == "A" ? "B" : "A") + line[line.index(after: place)...]
            }.joined(separator: "\n")
        }
        let otherSignature = changed { $0.hasPrefix("\u{2014} ledger") }
        let otherPath = changed { $0.count == 44 && $0.hasSuffix("=") && !otherRoot.hasPrefix($0) }
        let seen = try page().doing(
            openKey(log("home/registrar.pem")) + [
                .text("#standing.good"), .give("#files", [document]), .answer("/entries", 200, other),
                .click("#register"), .text("#outcome.unsure", having: "another filing"),
                .answer("/entries", 200, otherSignature), .click("#retry"),
                .text("#outcome.unsure", having: "log's signature does not verify"),
                .answer("/entries", 200, otherPath), .click("#retry"),
                .text("#outcome.unsure", having: "path does not lead"), .answer("/entries", 200, "ok\n"),
                .click("#retry"),
                .text("#outcome.unsure", having: "not in the form"), .answer("/entries", 409, "no\n"),
                .click("#retry"), .text("#outcome.unsure", having: "no"), .text("#retry", as: "retry"),
            ])
        #expect(seen["retry"] == "Try again", "what may have been logged is not given up for a refusal")
        #expect(try log.indelible("audit").output.contains("2 entries"))
    }

    /// A key that the browser keeps: it registers, and what it cannot open goes to a custodian. What is wrong is said.
    @Test func aKeyThatTheBrowserKeeps() throws {
        let document = try log.write(text.utf8, to: "interview.txt")
        #expect(try log.indelible("key", "new", "abroad").code == 0)
        let custodian = try String(contentsOfFile: log("keys/abroad.vkey"), encoding: .utf8)
        let first = try page().doing([
            .click("#choose-make"), .fill("#key-name", "two words"), .click("#make-key button.primary"),
            .text("#key-alert", having: "no white space"), .fill("#key-name", "kept"), .check("input[value=here]"),
            .click("#make-key button.primary"), .text("#own-vkey", as: "vkey"), .again,
            .click("#kept-keys button"), .text("#key-card h3", having: "kept"), .give("#files", [document]),
            .click("#register"), .text("#documents-alert", having: "Name at least one custodian"),
            .fill("#custodians", "nobody+00000000+AAAA"), .click("#register"),
            .text("#documents-alert", having: "Line 1 is not a vkey"), .fill("#custodians", custodian),
            .choose("#role", "author"), .fill("#name", "a\u{202E}b"), .click("#register"),
            .text("#documents-alert", having: "without control"), .fill("#name", ""), .click("#register"),
            .text("#outcome.bad", having: "no signer is a member"),
        ])
        #expect(first.faults.allSatisfy { $0.contains("409") || $0.contains("403") || $0.contains("422") })
    }

    static let decent = #"{"injected":0,"kept":0,"language":"en","unlabelled":[],"wide":false}"#
}
