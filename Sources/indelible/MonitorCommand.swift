// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Foundation
import Ledger
import LedgerService
import SystemPackage
import TransparencyLog

/// Follows a log and tells what somebody who watches it should know.
struct MonitorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "monitor",
        abstract: "Follow a log: what your keys sign, who is enrolled or revoked, and whether it stays one history.",
        discussion: """
            LEDGER is a folder or an http(s) address. The first look audits the whole log; each later one reads what is \
            new, from a verified state. Alerts are printed, and with --on-alert or --post handed on as JSON; the state is \
            saved once they were delivered, so that none is lost and one may come twice, with the same id.
            """)

    @OptionGroup var options: WorkplaceOptions
    @Argument(help: "The ledger: a folder or an http(s) address.", completion: .directory) var from: String
    @Option(help: ArgumentHelp("A key to watch: a vkey, a file, or a name in the keys folder.", valueName: "vkey"))
    var key: [String] = []
    @OptionGroup var trust: TrustOption
    @Option(
        help: ArgumentHelp(
            "Where the verified state is kept (default: monitor/ in INDELIBLE_HOME, by the log's name).",
            valueName: "file"))
    var state: String?
    @Option(help: ArgumentHelp("How often to look.", valueName: "seconds")) var every: UInt32 = 60
    @Flag(help: "Look once, and end: with 1 if the log does not hold, with 3 if it cannot be told.") var once = false
    @Option(
        help: ArgumentHelp(
            "Alert after so long without an entry, a cosignature or an answer (default: an hour without an answer).",
            valueName: "seconds"))
    var stall: UInt32?
    @Option(help: ArgumentHelp("Run this by /bin/sh on each alert, which it gets as JSON.", valueName: "command"))
    var onAlert: String?
    @Option(help: ArgumentHelp("Post each alert there, as JSON.", valueName: "url")) var post: String?

    func run() async throws {
        var options = options
        options.ledger = from
        let workplace = try Workplace(options)
        let trust = try workplace.trust(trust.named)
        let watched = try key.map { try workplace.publicKey($0) }
        guard once || every > 0 else { throw Failure(.usage, "--every is at least 1 second") }
        let delivery = try AlertDelivery(command: onAlert, url: post)
        let place = try state.map { FilePath($0) } ?? defaultState(workplace, trust)
        try await workplace.source.read { files in
            let monitor = Monitor(
                of: files, under: trust.policy, watching: watched, patience: UInt64(stall ?? 3_600),
                silence: stall.map { UInt64($0) })
            var watch = try MonitorWatch(
                monitor: monitor, place: place, delivery: delivery, language: workplace.language,
                speaksJSON: workplace.speaksJSON)
            guard once else { return try await watch.goOn(every: .seconds(every)) }
            if let code = try await watch.look() { throw Ended(code: code) }
        }
    }

    /// The state of the one log that a trust list names.
    private func defaultState(_ workplace: Workplace, _ trust: Workplace.Trust) throws -> FilePath {
        guard let origin = trust.policy.logs.first?.origin, trust.policy.logs.allSatisfy({ $0.origin == origin }) else {
            throw Failure(
                .usage, "the trust list \"\(trust.name)\" does not name one log",
                hint: "name a file for the state with --state")
        }
        let folder = workplace.home.folder.appending("monitor")
        try DurableFile.makeFolder(folder, mode: 0o700)
        return folder.appending(SHA256.hash(origin.utf8).hex)
    }
}
