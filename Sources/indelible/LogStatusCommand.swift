// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Tells what a log is by now: its size and root, its charter in words, its members, whether it is closed.
struct LogStatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Tell the log's size and root, the charter in force, and how many members there are.",
        discussion: """
            Needs no key: any copy of the ledger and a trust list. Every entry is replayed; `indelible audit` \
            looks at the files besides, and names each fault.
            """)

    @OptionGroup var options: WorkplaceOptions
    @OptionGroup var trust: TrustOption

    func run() async throws {
        let workplace = try Workplace(options)
        let trust = try workplace.trust(trust.named)
        let (checkpoint, registry, first) = try await workplace.source.read { files in
            let reader = try await LedgerReader(files, under: trust.policy)
            let progress = Progress("reading the log", total: reader.head.size.value, unit: "entries")
            defer { progress.finish() }
            let registry = try await Registry(replaying: reader) { progress.reach($0) }
            let first = try await registry.size > 0 ? reader.entry(at: 0).bytes : nil
            return (reader.checkpoint, registry, first)
        }
        let status = LogStatus(
            checkpoint: checkpoint, registry: registry, continues: try Self.continuation(first), trust: trust,
            now: Moment.now(), language: workplace.language)
        if workplace.speaksJSON {
            Console.data(status.json)
        } else {
            status.lines.forEach { Console.data($0) }
        }
    }

    /// What the first entry says; a later charter says nothing of it.
    private static func continuation(_ entry: [UInt8]?) throws -> Charter.Continuation? {
        guard let entry, case .charter(let charter) = try Entry(parsing: entry).filing.action else { return nil }
        return charter.continues
    }
}
