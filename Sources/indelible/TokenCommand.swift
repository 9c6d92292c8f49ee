// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// The access tokens of a log that admits anyone.
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Make, list and revoke the access tokens of a log that admits anyone.",
        discussion: """
            Where a log admits anyone, `indelible serve` asks keys that are not enrolled for a token. Tokens are never in \
            the log, and only their hashes are kept, in .state of the ledger. Whoever runs the server can tell which \
            filings came by which token: give one to a group rather than to a person where that matters.
            """,
        subcommands: [New.self, List.self, Revoke.self])
}

extension TokenCommand {
    /// Makes a token.
    struct New: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "new", abstract: "Make a token; it is printed once and kept nowhere.")

        @OptionGroup var options: WorkplaceOptions
        @Argument(help: "What you call it, such as the group that it is for.") var label: String

        func run() async throws {
            let workplace = try Workplace(options)
            let tokens = try workplace.accessTokens()
            guard try !tokens.all().contains(where: { $0.label == label }) else {
                throw Failure(
                    .usage, "there is a token \"\(Shown.bytes(label.utf8))\" already",
                    hint: "call this one something else, or revoke that one first")
            }
            let token = try tokens.make(
                label: label, from: .fresh(count: AccessTokens.randomByteCount), at: Moment.now())
            if workplace.speaksJSON {
                Console.data(
                    JSON.object([JSON.Member("label", .text(Array(label.utf8))), JSON.Member("token", .text(token))]))
            } else {
                Console.data(token)
                Console.note(
                    "This is shown once. Whoever has it puts it into a file and names that in INDELIBLE_TOKEN_FILE.")
            }
        }
    }

    /// Lists the tokens.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the tokens: their labels, and the beginnings of their hashes.")

        @OptionGroup var options: WorkplaceOptions

        func run() async throws {
            let workplace = try Workplace(options)
            let all = try workplace.accessTokens().all()
            if workplace.speaksJSON {
                return Console.data(
                    JSON.array(
                        all.map { token in
                            .object([
                                JSON.Member("id", .text(token.id)),
                                JSON.Member("label", .text(Array(token.label.utf8))),
                                JSON.Member("made", .text(Moment(seconds: token.made).rfc3339)),
                            ])
                        }))
            }
            for token in all {
                Console.data(
                    "\(token.id)  \(Moment(seconds: token.made).text(in: workplace.language))  \(Shown.bytes(token.label.utf8))"
                )
            }
            if all.isEmpty { Console.note("there is no token") }
        }
    }

    /// Revokes a token.
    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "revoke",
            abstract: "Revoke a token. What was filed with it stays; a running server refuses it within a second.")

        @OptionGroup var options: WorkplaceOptions
        @Argument(help: "Its label, or the beginning of its hash, of eight digits or more.") var token: String

        func run() async throws {
            let workplace = try Workplace(options)
            let revoked = try workplace.accessTokens().revoke(token)
            if workplace.speaksJSON {
                Console.data(JSON.object([JSON.Member("revoked", .text(revoked.id))]))
            } else {
                Console.note("revoked: \(revoked.id) \"\(Shown.bytes(revoked.label.utf8))\"")
            }
        }
    }
}

extension Workplace {
    /// The tokens of the ledger in this folder.
    fileprivate func accessTokens() throws -> AccessTokens {
        try requireFolder()
        guard DurableFile.isFolder(ledger) else { throw DirectoryStore.OpenError.absent(ledger) }
        try DurableFile.makeFolder(ledger.appending(DirectoryStore.stateName), mode: 0o700)
        return AccessTokens(of: ledger)
    }
}
