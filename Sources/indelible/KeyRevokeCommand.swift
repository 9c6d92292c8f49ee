// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

extension KeyCommand {
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Revoke a key: your own, one that names yours as its revoker, or any as steward.",
            discussion:
                "Nothing that the key signed before is voided by it. With -o, the revocation is prepared for later.")
        @OptionGroup var options: WorkplaceOptions
        @Argument(help: "The key: a vkey, or a name.") var key: String
        @Option(help: "Why: \(RevocationReason.all.map(\.word).joined(separator: ", ")).") var reason: String
        @Option(
            help: ArgumentHelp(
                "Since when, by your account: 2026-11-22, 2026-11-22T08:00:00Z, or POSIX seconds.", valueName: "time"))
        var since: String?
        @Option(
            name: .customLong("as"),
            help: ArgumentHelp("The name of the key that signs; several may.", valueName: "name"))
        var signers: [String] = []
        @Flag(help: "Sign with a sheet of `indelible key revoker paper`: asks for its words.") var paper = false
        @Option(
            help: ArgumentHelp(
                "The same, with the words in a file (or INDELIBLE_PAPER_FILE, with --paper).", valueName: "file"))
        var paperFile: String?
        @Option(
            help: ArgumentHelp("The log, where there is no trust list at hand: a sheet names it.", valueName: "origin"))
        var log: String?
        @Option(
            name: [.short, .long],
            help: ArgumentHelp("Leave the filing here instead of entering it.", valueName: "file"))
        var output: String?

        func run() async throws {
            let workplace = try Workplace(options)
            guard let reason = RevocationReason(reason) else {
                throw Failure(
                    .usage, "no reason \(Shown.bytes(reason.utf8))",
                    hint: "the reasons are \(RevocationReason.all.map(\.word).joined(separator: ", "))")
            }
            let revoked = try workplace.publicKey(key)
            let log = try origin(workplace)
            let isPaper = paper || paperFile != nil
            let names = signers.isEmpty && !isPaper ? [revoked.name.description] : signers
            var opened = try names.map { try workplace.ownKey($0) }
            if isPaper { opened.append(try PaperPrompt(file: paperFile, language: workplace.language).key().signer) }
            let revocation = try Revocation(key: revoked, reason: reason, since: try since.map { try Moment.parse($0) })
            let text = try FilingText(
                log: log, after: try await workplace.quote(of: log), signers: opened.map(\.verifierKey),
                action: .revoke(revocation))
            try await workplace.offer(text, having: opened, at: output, named: "revoke.filing")
        }

        private func origin(_ workplace: Workplace) throws -> Origin {
            guard let log else { return try workplace.ownLog().origin }
            guard let name = KeyName(log) else {
                throw Failure(.usage, "\(Shown.bytes(log.utf8)) is no log's origin", hint: "a sheet names its log")
            }
            return Origin(name)
        }
    }
}
