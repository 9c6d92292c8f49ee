// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

extension KeyCommand {
    struct Revoker: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say who may revoke your key when you cannot.", subcommands: [Add.self, Paper.self])

        struct Add: AsyncParsableCommand {
            static let configuration = CommandConfiguration(abstract: "Name one more revoker of your key.")
            @OptionGroup var options: WorkplaceOptions
            @Argument(help: "The revoker's vkey, or its hash; the log shows the hash only.") var revoker: String
            @Option(name: .customLong("as"), help: ArgumentHelp("The name of your key.", valueName: "name"))
            var name: String?
            @Option(
                name: [.short, .long],
                help: ArgumentHelp("Leave the filing here instead of entering it.", valueName: "file"))
            var output: String?

            func run() async throws {
                let workplace = try Workplace(options)
                let revoker = try workplace.revokerHash(revoker)
                let key = try workplace.ownKey(name)
                let text = try FilingText(
                    log: try workplace.ownLog().origin, after: try await workplace.quote(), signers: [key.verifierKey],
                    action: .addRevoker(RevokerAddition(revoker: revoker)))
                try await workplace.offer(text, having: [key], at: output, named: "revoker.filing")
            }
        }
    }
}
