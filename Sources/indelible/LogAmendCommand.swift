// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Changes a log's charter: who its stewards are, how many must agree, who enrols and who registers.
struct LogAmendCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "amend",
        abstract: "Amend the charter in force; what is not given stays as it is.",
        discussion: """
            A quorum of the stewards in force signs, and a quorum of the stewards that the new charter names. Those \
            whose keys are here sign at once; where others must, the filing is left for them. --steward names all the \
            stewards anew: repeat it for those who stay.
            """)

    @OptionGroup var options: WorkplaceOptions
    @Option(help: ArgumentHelp("A steward from now on; several may be given.", valueName: "vkey"))
    var steward: [String] = []
    @Option(help: "How many stewards make a quorum.")
    var threshold: Int?
    @Option(help: "How many members may enrol another without the stewards; 0: none may.")
    var sponsors: Int?
    @Option(help: "Who may register: members or anyone.")
    var admission: String?
    @OptionGroup var filed: LogFilingOptions

    func run() async throws {
        let workplace = try Workplace(options)
        let registry = try await workplace.registry()
        try registry.requireOpen()
        guard let inForce = registry.charterInForce else { throw RegistryError.notAFirstCharter }
        let charter = try amended(inForce, registry, workplace)
        let change = LogCharterChange(from: inForce.charter, to: charter)
        guard !change.lines.isEmpty else {
            throw Failure(
                .usage, "the charter in force says all this already",
                hint: "`indelible log status` shows it; name what is to change")
        }
        var signers = try filed.signers(in: workplace, knownTo: registry)
        let quorums = [
            LogSigners.Quorum(of: inForce.charter, in: registry, called: "in force"),
            LogSigners.Quorum(
                of: charter, in: registry, called: "of the new charter",
                remedy: "name other stewards with --steward, or fewer with --threshold"),
        ]
        try signers.meet(quorums, holding: workplace.holds)
        let filing = try LogFiling(
            .charter(charter), by: signers, after: try await workplace.quote(), under: registry, at: filed.output,
            named: "amend.filing")
        Console.note(
            "The charter of the log \"\(Shown.bytes(registry.origin.utf8))\" (entry \(inForce.entry.index)) changes:")
        for line in change.lines { Console.note("  " + line) }
        Console.note("  must sign     \(LogSigners.names(signers.keys))")
        try await filing.offer(in: workplace)
    }

    /// The charter that takes the place of the one in force.
    private func amended(_ inForce: CharterInForce, _ registry: Registry, _ workplace: Workplace) throws -> Charter {
        let old = inForce.charter
        let stewards =
            steward.isEmpty ? old.stewards : try steward.map { try workplace.publicKey($0, knownTo: registry) }
        for steward in stewards where !old.stewards.contains(steward) {
            guard !registry.hasRevoked(steward) else { throw RegistryError.revokedSigner(steward) }
        }
        let threshold = threshold ?? old.threshold
        guard (1...min(stewards.count, 15)).contains(threshold) else {
            throw Failure(
                .usage, "a quorum of \(threshold) cannot be had from \(EntryWords.count(stewards.count, "steward"))",
                hint: "--threshold is 1 to the number of stewards, and 15 at most")
        }
        let sponsors = sponsors ?? old.sponsors
        guard (0...15).contains(sponsors) else {
            throw Failure(.usage, "--sponsors is 0 to 15", hint: "0: no member enrols another without the stewards")
        }
        guard
            let admission = ["members": Charter.Admission.members, "anyone": .anyone][admission ?? "\(old.admission)"]
        else {
            throw Failure(
                .usage, "--admission is members or anyone", hint: "anyone: whoever makes a key registers with it")
        }
        return try Charter(
            amends: inForce.entry, stewards: stewards, threshold: threshold, sponsors: sponsors, admission: admission,
            logKeys: old.logKeys, note: try filed.line ?? old.note)
    }
}
