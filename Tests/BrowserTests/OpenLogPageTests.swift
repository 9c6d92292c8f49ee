// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// A log that admits anyone, and whose operator asks those who are not enrolled for a token.
@Suite("Registering in the browser without a name", .enabled(if: ServedPage.isAvailable))
struct OpenLogPageTests {
    /// Each registration is signed with a key of its own; the person's key opens what is private, and says what it vouches.
    @Test func oneTimeKeys() throws {
        let log = try ServedLog(origin: "open.example/2026", ["--admission", "anyone"])
        let token = try log.indelible("token", "new", "visitors").output.split(separator: "\n")[0]
        let document = try log.write("Words of somebody.\n".utf8, to: "words.txt")
        let seen = try ServedPage(address: log.address + "/register", downloads: log("saved")).doing([
            .click("#choose-make"), .fill("#key-name", "nobody-knows"), .fill("#new-passphrase", ServedLog.passphrase),
            .fill("#again-passphrase", ServedLog.passphrase), .click("#make-key button.primary"),
            .click("#register"), .text("#submit-alert", having: "Save the key file first"),
            .save("#key-card button.save", as: "key"), .text("#standing.good", having: "anyone"),
            .give("#files", [document]), .choose("#role", "author"), .click("#register"),
            .text("#outcome.unsure", having: "asks for a token"), .click("#documents-step details summary"),
            .fill("#token", "ind_" + String(repeating: "0", count: 48)), .click("#retry"),
            .text("#outcome.unsure", having: "not one of this server"), .fill("#token", String(token)),
            .click("#retry"), .text("#outcome.good h2", having: "entry 2"),
            .save(".result-file:nth-of-type(1) button", as: "proof"),
            .save(".result-file:nth-of-type(2) button", as: "private"),
            .click("#outcome > button"), .give("#files", [document]), .click("#register"),
            .text("#outcome.good h2", having: "entry 3"),
        ])
        #expect(Set(seen.sent).count == 2)
        let signers = Set(seen.sent.compactMap { $0.split(separator: "\n").first { $0.hasPrefix("signer ") } })
        #expect(signers.count == 2 && signers.allSatisfy { $0.hasPrefix("signer one-time+") })
        #expect(!seen.sent.joined().contains("nobody-knows"))
        #expect(try log.indelible("key", "import", seen["key"], home: "own").code == 0)
        // Without a custodian the private file has no documents in it: the original lies beside it.
        try log.write("Words of somebody.\n".utf8, to: "saved/words.txt")
        let shared = try log.indelible(
            "share", "words.txt.private", "--text", "--show-attestation", "author", "-o", "shown.proof", in: "saved",
            home: "own")
        #expect(shared.code == 0 && shared.output.contains("who vouched as author"), "\(shared.output)")
        let verified = try log.indelible("verify", document, "--proof", seen["proof"])
        #expect(verified.code == 0 && verified.output.contains("THE SAME"), "\(verified.output)")
        let shown = try log.indelible("verify", "saved/shown.proof")
        #expect(shown.output.contains("| Words of somebody."), "\(shown.output)")
    }
}
