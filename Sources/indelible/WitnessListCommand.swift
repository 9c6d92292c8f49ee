// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import TransparencyLog

/// Lists the logs that a witness knows, and how far it has cosigned each.
///
///     ledger.example/2026  size 41, cosigned 2026-11-22 12:58 UTC
struct WitnessListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the logs that the witness knows, and how far it has cosigned each.")

    @OptionGroup var options: WorkplaceOptions
    @OptionGroup var witness: WitnessOptions

    func run() throws {
        let workplace = try Workplace(options)
        let logs = try witness.store.status()
        let conflicts = try logs.map { try witness.store.conflictCount(of: $0.origin) }
        if workplace.speaksJSON { return Console.data(JSON.array(zip(logs, conflicts).map(Self.json))) }
        if logs.isEmpty { Console.note("The witness knows no log yet; `indelible witness add-log VKEY` adds one.") }
        for (log, conflicts) in zip(logs, conflicts) { Console.data(Self.line(log, conflicts, workplace.language)) }
    }

    private static func line(_ log: Witness.Status, _ conflicts: Int, _ language: Language) -> String {
        let isEnglish = language == .english
        var line = Shown.bytes(log.origin.utf8) + "  "
        if let last = log.last, let time = log.time {
            let (size, moment) = (last.unverified.head.size, Moment(seconds: time).text(in: language))
            line += isEnglish ? "size \(size), cosigned \(moment)" : "\(size) 条,联署于 \(moment)"
        } else {
            line += isEnglish ? "nothing cosigned yet" : "尚未联署"
        }
        if conflicts > 0 {
            line +=
                isEnglish
                ? "; THE LOG SIGNED TWO TREES OF ONE SIZE: \(conflicts) checkpoints kept"
                : ";登记册就同一条数签署过两种历史:存有检查点 \(conflicts) 份"
        }
        return line
    }

    private static func json(_ log: Witness.Status, _ conflicts: Int) -> JSON {
        .object([
            JSON.Member("origin", .text(log.origin.utf8)),
            JSON.Member("origin_sha256", .text(SHA256.hash(log.origin.utf8).hex)),
            JSON.Member("keys", .array(log.keys.map { .text($0.utf8) })),
            JSON.Member("size", log.last.map { .number($0.unverified.head.size.value) } ?? .null),
            JSON.Member("root", log.last.map { .text($0.unverified.head.root.base64) } ?? .null),
            JSON.Member("cosigned", log.time.map { .text(Moment(seconds: $0).rfc3339) } ?? .null),
            JSON.Member("conflicts", .number(UInt64(conflicts))),
        ])
    }
}
