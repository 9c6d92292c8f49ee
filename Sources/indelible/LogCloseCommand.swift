// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Ends a log: nothing is entered after it.
struct LogCloseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "close",
        abstract: "Close the log for ever; a quorum of its stewards signs.",
        discussion: """
            Nothing is entered in a closed log, and nobody opens it again. What it holds stays as it is: proofs verify, \
            and anybody can audit it. The stewards whose keys are here sign; where others must, the filing is left for \
            them.
            """)

    @OptionGroup var options: WorkplaceOptions
    @OptionGroup var filed: LogFilingOptions

    func run() async throws {
        let workplace = try Workplace(options)
        let registry = try await workplace.registry()
        try registry.requireOpen()
        guard let charter = registry.charterInForce?.charter else { throw RegistryError.notAFirstCharter }
        var signers = try filed.signers(in: workplace, knownTo: registry)
        try signers.meet(
            [LogSigners.Quorum(of: charter, in: registry)], holding: workplace.holds)
        let filing = try LogFiling(
            .close(Closing(note: try filed.line)), by: signers, after: try await workplace.quote(), under: registry,
            at: filed.output, named: "close.filing")
        Console.note(
            """
            This closes the log "\(Shown.bytes(registry.origin.utf8))" for ever, behind its \(EntryWords.count(Int(registry.size.value), "entry", "entries")).
              must sign     \(LogSigners.names(signers.keys))
            """)
        try await filing.offer(in: workplace)
    }
}
