// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import LedgerService
import SystemPackage
import TransparencyLog

/// Writes the web page that verifies proofs in any browser.
struct PageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "page",
        abstract: "Write a web page that verifies proofs in any browser, without a server.",
        discussion: """
            One file, to be handed on by any way: it needs no network and sends nothing. With --trust it begins with a \
            trust list of yours; whoever relies on it compares the list's fingerprint, which the page shows.
            """)

    @OptionGroup var options: WorkplaceOptions
    @OptionGroup var trust: TrustOption
    @Option(name: [.short, .long], help: ArgumentHelp("Where to write it.", valueName: "file"), completion: .file())
    var output = "verify.html"
    @Flag(help: "Replace a file that is there.") var force = false

    func run() async throws {
        let workplace = try Workplace(options)
        let trust = try trust.named.map { try workplace.trust($0) }
        let page = SelfContainedPage.verifier(with: trust.map { [.trust($0.policy, name: $0.name)] } ?? [])
        let path = FilePath(output)
        // The very same page again is no loss.
        let isThere = try DurableFile.exists(path) && DurableFile.read(path, limit: 1 << 24) == page.bytes
        if !isThere { try DurableFile.write(page.bytes, to: path, ifTaken: force ? .replace : .refuse) }
        if workplace.speaksJSON {
            return Console.data(
                JSON.object([
                    JSON.Member("file", .text(Shown.path(path))),
                    JSON.Member("sha256", .text(page.hash.hex)),
                    JSON.Member("trust_list_sha256", trust.map { .text($0.policy.fingerprint.hex) } ?? .null),
                ]))
        }
        Console.data("\(page.hash.hex)  \(Shown.path(path))")
        for line in words(trust, workplace.language) { Console.note(line) }
    }

    private func words(_ trust: Workplace.Trust?, _ language: Language) -> [String] {
        switch (language, trust) {
        case (.english, let trust?):
            [
                "The page verifies proofs in any browser, without a network. It begins with the trust list \"\(trust.name)\";",
                "the SHA-256 of that list, which the page shows, to be compared aloud:", "  \(trust.fingerprint)",
            ]
        case (.english, nil):
            [
                "The page verifies proofs in any browser, without a network. Whoever uses it needs a trust list;",
                "with --trust the page begins with one.",
            ]
        case (.chinese, let trust?):
            ["此网页可在任何浏览器中离线核验凭证,内含信任名单“\(trust.name)”;", "网页会显示该名单的 SHA-256,请口头核对:", "  \(trust.fingerprint)"]
        case (.chinese, nil): ["此网页可在任何浏览器中离线核验凭证。使用者需有信任名单;", "以 --trust 可将名单放入网页。"]
        }
    }
}
