// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Glibc
import Ledger
import SystemPackage
import TransparencyLog

/// Joins a log: its trust list, a key of one's own, and the filing by which others enrol that key.
struct JoinCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "join",
        abstract: "Join a log that others run: take its trust list, make your key, ask to be enrolled.",
        discussion: """
            FILE is the trust list that the people who run the log gave you. Compare its fingerprint with them aloud, \
            by another way than it came: whoever could change it on its way could show you another log. Your own key \
            signs a filing, NAME.filing, and then its stewards or sponsors do. Run it again to see how far that is.
            """)

    @OptionGroup var options: WorkplaceOptions
    @Argument(help: "The trust list, or a folder with a file \"policy\".", completion: .file()) var file: String
    @Option(help: "Your key's name, public for ever: it need not be yours (default: asked, or registrar).")
    var name: String?
    @Option(help: ArgumentHelp("Who may revoke your key: a vkey, named in the log by hash only.", valueName: "vkey"))
    var revoker: [String] = []
    @Option(help: ArgumentHelp("Who will sign the filing besides you: a steward or sponsor.", valueName: "vkey"))
    var with: [String] = []
    @Flag(help: "Take the place of another trust list; that is kept under trust in the keys folder.") var force = false

    func run() async throws {
        let workplace = try Workplace(options)
        let list = try JoinedTrustList(file, in: workplace, replacing: force)
        let registry = try await workplace.registryAtHand(under: list.trust.policy)
        let application = try JoinApplication(
            name: keyName(workplace), log: list.origin, policy: list.trust.policy, registry: registry,
            workplace: workplace)
        // All that could be refused is, before anything is written.
        let plan = try application.plan(
            signers: try with.map { try workplace.publicKey($0, knownTo: registry) },
            revokers: try revoker.map { SHA256.hash(try workplace.publicKey($0, knownTo: registry).utf8) })
        try application.ask(for: plan)
        let kept = try list.settle()
        let report = JoinReport(
            list: list, kept: kept, registry: registry, result: try application.carryOut(plan), workplace: workplace)
        if workplace.speaksJSON {
            Console.data(report.json)
        } else {
            report.lines.forEach { Console.note($0) }
        }
    }

    private func keyName(_ workplace: Workplace) throws -> KeyName {
        let fallback = "registrar"
        var chosen = name
        if chosen == nil, KeyName(fallback).map(workplace.home.contains) != true, isatty(STDIN_FILENO) == 1,
            Console.isWatched
        {
            Console.write("Name of your key, public for ever (\(fallback)): ", to: STDERR_FILENO)
            chosen = readLine().flatMap { $0.isEmpty ? nil : $0 }
        }
        guard let name = KeyName(chosen ?? fallback) else {
            throw Failure(.usage, "a key's name is 1 to 255 bytes without white space or \"+\"")
        }
        return name
    }
}
