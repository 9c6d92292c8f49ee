// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

extension KeyCommand {
    struct Enrol: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key a member of the log.",
            discussion: """
                    The new key signs, those named by --with, and as many stewards among your own keys as are needed. \
                    Where others must sign, the filing is left for them.
                """)
        @OptionGroup var options: WorkplaceOptions
        @Argument(help: "The name of one of your keys.") var name: String
        @Option(
            help: ArgumentHelp("Who may revoke it: a vkey or its hash; the log shows the hash only.", valueName: "vkey")
        )
        var revoker: [String] = []
        @Option(help: ArgumentHelp("Another signer: a steward or sponsor whose key is elsewhere.", valueName: "vkey"))
        var with: [String] = []
        @Option(
            name: [.short, .long],
            help: ArgumentHelp("Leave the filing here instead of entering it.", valueName: "file"))
        var output: String?

        func run() async throws {
            let workplace = try Workplace(options)
            let key = try workplace.ownKey(name)
            let log = try workplace.ownLog().origin
            var signers = [key.verifierKey] + (try with.map { try workplace.publicKey($0) })
            // Without the ledger nobody can say who must sign; then those who are named do.
            if with.isEmpty || DurableFile.isFolder(workplace.ledger) {
                try addStewards(to: &signers, by: try await workplace.registry(), workplace)
            }
            let enrolment = try Enrolment(
                key: key.verifierKey, revokers: try revoker.map { try workplace.revokerHash($0) })
            try workplace.settle(key.verifierKey.name)
            let text = try FilingText(
                log: log, after: try await workplace.quote(), signers: signers, action: .enrol(enrolment))
            try await workplace.offer(text, having: [key], at: output, named: "enrol-\(name).filing")
        }

        /// Has the stewards sign whose keys are here, where not enough sponsors do. Throws if the log would refuse it.
        private func addStewards(
            to signers: inout [VerifierKey], by registry: Registry, _ workplace: Workplace
        ) throws {
            let sponsors = registry.members.count { signers.contains($0.key) }
            guard registry.sponsors == 0 || sponsors < registry.sponsors else { return }
            var stewards = signers.count { registry.stewards.contains($0) }
            for steward in registry.stewards where stewards < registry.threshold && !signers.contains(steward) {
                guard try workplace.holds(steward) else { continue }
                signers.append(steward)
                stewards += 1
            }
            guard stewards < registry.threshold else { return }
            let names = registry.stewards.filter { !signers.contains($0) }.map { Shown.bytes($0.name.utf8) }
            let orMembers =
                registry.sponsors > 0 ? ", or \(EntryWords.count(registry.sponsors, "member"))" : ""
            throw Failure(
                .usage,
                "\(EntryWords.count(registry.threshold, "steward"))\(orMembers) must sign an enrolment, and \(stewards) would",
                hint: "name others with --with VKEY, wherever their keys are: \(names.joined(separator: ", "))")
        }
    }
}
