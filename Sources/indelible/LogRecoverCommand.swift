// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Foundation
import Ledger
import SystemPackage
import TransparencyLog

/// Brings a log forward from a mirror, where its own folder is old, half a copy, or gone.
struct LogRecoverCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recover",
        abstract: "Bring the log's own folder forward from a verified copy, with no entry lost.",
        discussion: """
            For the machine that runs the log, after a backup was restored or the folder was lost: what is here must \
            be a beginning of the copy, which is verified as `indelible mirror` does. Then the log is opened, and the \
            servers that cosign it are asked whether they know more. Stopped at any moment, it can be run again.
            """)

    @OptionGroup var options: WorkplaceOptions
    @Option(
        help: ArgumentHelp("The copy: a folder or an http(s) address.", valueName: "path|url"),
        completion: .directory)
    var fromMirror: String
    @OptionGroup var trust: TrustOption

    func run() async throws {
        let workplace = try Workplace(options)
        try workplace.requireFolder()
        let trust = try workplace.trust(trust.named)
        let mirror = try LedgerPlace(fromMirror)
        if case .folder(let path) = mirror, Self.real(path) == Self.real(workplace.ledger) {
            throw Failure(
                .usage, "\(mirror.shown) is the folder that is to be recovered", hint: "name a copy that is elsewhere")
        }
        guard let identity = try workplace.logIdentity() else {
            throw Failure(
                .cannotTell, "the log's own key is not on this machine",
                hint: "run this where the log's key is; `indelible mirror` makes a copy that needs none")
        }
        let report = try await recovered(identity, from: mirror, trust, workplace)
        try await open(identity, report, workplace)
        if workplace.speaksJSON { return Console.data(Self.json(report)) }
        lines(report, workplace).forEach { Console.data($0) }
    }

    private static func real(_ path: FilePath) -> String {
        URL(fileURLWithPath: path.string).resolvingSymlinksInPath().path
    }

    private func recovered(
        _ identity: LogIdentity, from mirror: LedgerPlace, _ trust: Workplace.Trust, _ workplace: Workplace
    ) async throws -> LedgerRecovery.Report {
        let folder = workplace.ledger
        do {
            return try await mirror.read { files in
                let progress = Progress("copying", total: nil, unit: "entries")
                defer { progress.finish() }
                return try await LedgerRecovery(of: folder, identity, from: files, under: trust.policy).run {
                    progress.reach($0.done.value, of: $0.total.value)
                }
            }
        } catch LedgerRecovery.Failure.conflict(let seen, let now, let kept) {
            throw ConflictWords(seen: seen, now: now, paths: kept, language: workplace.language)
                .said(asJSON: workplace.speaksJSON)
        }
    }

    /// Opens the log as every command that writes does; the servers of the trust list are asked what they know.
    private func open(_ identity: LogIdentity, _ report: LedgerRecovery.Report, _ workplace: Workplace) async throws {
        do {
            try await workplace.openLog(identity).close()
        } catch let error as OtherHistory where error.isLarger {
            let size = report.checkpoint.unverified.head.size
            throw Failure(
                .cannotTell,
                "the copy has \(size) entries, all of which are here now, and the server \"\(Shown.bytes(error.witness.utf8))\" has cosigned \(error.found.unverified.head.size) that this log's key signed",
                hint:
                    "nothing is written to the log while entries are missing: run this again with a newer copy; what the server showed is kept in .state/conflicts of the ledger"
            )
        }
    }

    private func lines(_ report: LedgerRecovery.Report, _ workplace: Workplace) -> [String] {
        let english = workplace.language == .english
        let head = report.checkpoint.unverified.head
        let origin = Shown.bytes(report.checkpoint.unverified.origin.utf8)
        let before = report.before?.value ?? 0
        let (new, place) = (head.size.value - before, Shown.path(workplace.ledger))
        let files = EntryWords.count(report.writtenFiles, "file")
        var lines = [
            english
                ? "\(place): the log \"\(origin)\" with all \(head.size) entries of the copy, \(new) of them new here"
                : "\(place):登记册“\(origin)”,含该副本全部 \(head.size) 条,其中 \(new) 条为新",
            (english ? "  root          " : "  根            ") + head.root.base64,
            english
                ? "  was here      "
                    + (report.before.map { "\($0) entries, which the copy begins with" } ?? "no signed checkpoint")
                    + "; \(files) written"
                : "  原有          " + (report.before.map { "\($0) 条,为该副本之始" } ?? "无已签检查点")
                    + ";写入文件 \(report.writtenFiles) 个",
        ]
        for path in report.unreadable {
            lines.append(
                english
                    ? "  NOT read      \(Shown.bytes(path.utf8)): not signed by this log; set aside in .state/replaced"
                    : "  未读          \(Shown.bytes(path.utf8)):并非本登记册所签,已移至 .state/replaced")
        }
        for missing in report.missing {
            lines.append(
                (english ? "  NOT copied    " : "  未复制        ")
                    + Shown.bytes("\(missing.path): \(missing.reason)".utf8))
        }
        lines.append(english ? "  opens         the log can be written to again" : "  可用          登记册可再写入")
        lines.append(
            english
                ? "  NOT shown     whether the log had signed more than the copy and the servers that answered know"
                : "  不说明        登记册是否还签署过该副本与应答之服务器所不知的内容")
        return lines
    }

    private static func json(_ report: LedgerRecovery.Report) -> JSON {
        let checkpoint = report.checkpoint.unverified
        return .object([
            JSON.Member("origin", .text(checkpoint.origin.utf8)),
            JSON.Member("entries", .number(checkpoint.head.size.value)),
            JSON.Member("entries_before", report.before.map { .number($0.value) } ?? .null),
            JSON.Member("root", .text(checkpoint.head.root.base64)),
            JSON.Member("files_written", .number(UInt64(report.writtenFiles))),
            JSON.Member("not_read", .array(report.unreadable.map { .text($0) })),
            JSON.Member(
                "not_copied",
                .array(
                    report.missing.map {
                        .object([JSON.Member("path", .text($0.path)), JSON.Member("reason", .text($0.reason))])
                    })),
        ])
    }
}
