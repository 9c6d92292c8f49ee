// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Replays a whole log from any copy of it.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Replay the whole log: every entry, tile, signature and rule.",
        discussion: """
            Needs no key: any copy of the ledger, in a folder or on a web server, and a trust list. Each fault is named \
            by entry or file. With --state, the next audit reads only what is new, and finds it if the log was rewritten in between.
            """)

    @OptionGroup var options: WorkplaceOptions
    @Argument(help: "The ledger: a folder or an http(s) address (default: as --ledger).", completion: .directory)
    var path: String?
    @OptionGroup var trust: TrustOption
    @Option(
        help: ArgumentHelp(
            "Go on from this file, and leave the new state in it, that of a large log also in a folder FILE.texts.",
            valueName: "file"))
    var state: String?
    @Option(
        help: ArgumentHelp(
            "By how many seconds the log's clock may differ from those of the servers that cosign.",
            valueName: "seconds"))
    var tolerance = Audit.defaultTolerance
    @Option(
        help: ArgumentHelp(
            "Restore damaged or missing files from this copy, a folder or an http(s) address, as far as they verify.",
            valueName: "ledger"))
    var repairFrom: String?
    @Option(
        help: ArgumentHelp(
            "Compare with this copy, and name the first size at which the two differ.", valueName: "ledger"))
    var against: String?
    @Option(
        help: ArgumentHelp(
            "Keep signed checkpoints that cannot both be there (default: beside the state file).", valueName: "folder"))
    var evidence: String?
    @OptionGroup(title: "Whose time-stamps are relied on") var authorities: TimestampAuthorityOptions
    @Flag(help: "Bytes, tiles and root only: filings' signatures and rules are not judged.") var noSignatures = false

    func run() async throws {
        var options = options
        if let path { options.ledger = path }
        let workplace = try Workplace(options)
        let trust = try workplace.trust(trust.named)
        let earlier = try earlierState()
        let repair = try await repaired(workplace, trust)
        let result = try await workplace.source.read { files in
            try await audited(files, workplace, trust, continuing: earlier)
        }
        // Behind the audit: what is damaged here is named even where it cannot be compared.
        let comparison = try await compared(workplace, trust)
        if let state, var new = result.state {
            try new.write(to: FilePath(state))
        }
        let report = AuditWords(report: result.report, trust: trust, language: workplace.language)
        let conflicts = try conflicts(in: result.report, comparison, workplace)
        if workplace.speaksJSON {
            Console.data(
                report.json(with: repair.map { $0.json }, comparison.map { $0.json }, conflicts.map(\.json)))
        } else {
            let others = [repair?.lines(workplace.language), comparison?.lines(workplace.language)]
            (others.compactMap(\.self).joined() + report.lines + conflicts.flatMap(\.lines)).forEach {
                Console.data($0)
            }
        }
        if !conflicts.isEmpty { throw Ended(code: .doesNotHold) }
        if !result.report.holds { throw Ended(code: report.code) }
    }

    func audited(
        _ files: any LedgerSource, _ workplace: Workplace, _ trust: Workplace.Trust, continuing earlier: AuditState?
    ) async throws -> Audit.Result {
        // Without a checkpoint among tiles something is missing; without tiles either it is no ledger, or none yet.
        if case .folder(let folder) = workplace.source,
            !["checkpoint", "tile"].contains(where: { DurableFile.exists(folder.appending($0)) })
        {
            throw LedgerReadError.noCheckpoint
        }
        let audit = Audit(
            of: files, under: trust.policy, depth: noSignatures ? .tree : .filings, continuing: earlier,
            stampedBy: try workplace.timestampAuthorities(authorities), tolerance: tolerance)
        let progress = Progress("auditing", total: nil, unit: "entries")
        defer { progress.finish() }
        do {
            return try await audit.run { progress.reach($0.done.value, of: $0.total.value) }
        } catch Audit.Failure.stateOfAnotherLog(let origin) {
            throw Failure(
                .usage, "the state is that of another log: \(origin)", hint: "name another file with --state")
        }
    }

    private func earlierState() throws -> AuditState? {
        guard let state, DurableFile.exists(FilePath(state)) else { return nil }
        return try AuditState(reading: FilePath(state))
    }
}

/// What an audit found, in words and as JSON.
struct AuditWords {
    let report: AuditReport
    let trust: Workplace.Trust
    let language: Language

    /// The exit code where not everything holds: what was not judged is no fault.
    var code: Failure.Code { report.faultCount == 0 || unknownLog != nil ? .cannotTell : .doesNotHold }

    /// The log's name, if the trust list says nothing of it. That is no fault of the log.
    private var unknownLog: String? {
        guard case .checkpoint(.unknownOrigin(let origin)) = report.faults.first else { return nil }
        return Shown.bytes(origin.utf8)
    }

    var lines: [String] {
        let english = language == .english
        var lines: [String] = []
        let origin = report.origin.map { Shown.bytes($0.utf8) } ?? "?"
        let size = report.head?.size.value ?? 0
        if let unknownLog {
            return [
                english
                    ? "CANNOT BE TOLD: the trust list \"\(trust.name)\" does not name this log, which calls itself \"\(unknownLog)\""
                    : "无从判断:信任名单“\(trust.name)”未列此登记册(自称“\(unknownLog)”)"
            ]
        }
        if report.holds {
            lines.append(
                english
                    ? "log \"\(origin)\": \(EntryWords.count(Int(size), "entry HOLDS", "entries HOLD")) under the signed root"
                    : "登记册“\(origin)”:\(size) 条在签名根下成立")
        } else if report.faultCount > 0, report.head == nil {
            lines.append(english ? "this ledger DOES NOT HOLD" : "此登记册不成立")
        } else if report.faultCount > 0 {
            lines.append(
                english
                    ? "log \"\(origin)\": DOES NOT HOLD; \(EntryWords.count(report.faultCount, "fault")) among \(EntryWords.count(Int(size), "entry", "entries"))"
                    : "登记册“\(origin)”:不成立;\(size) 条中有 \(report.faultCount) 处")
        } else {
            lines.append(
                english
                    ? "log \"\(origin)\": CANNOT BE TOLD; not everything could be judged"
                    : "登记册“\(origin)”:无从判断;有部分未能核查")
        }
        for fault in report.faults { lines.append("  " + Shown.bytes("\(fault)".utf8)) }
        if report.faultCount > report.faults.count {
            lines.append(
                "  "
                    + (english
                        ? "… and \(report.faultCount - report.faults.count) more"
                        : "……另有 \(report.faultCount - report.faults.count) 处"))
        }
        if report.faultCount > 0 {
            lines.append(english ? "  This names the place, not who did it." : "  此处只指出位置,不说明何人所为。")
        }
        for row in rows {
            lines.append(
                "  " + row.label
                    + String(
                        repeating: " ",
                        count: max(1, 14 - row.label.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x1100 ? 2 : 1) }))
                    + row.text)
        }
        return lines
    }

    private var rows: [(label: String, text: String)] {
        let english = language == .english
        var rows: [(label: String, text: String)] = []
        if let head = report.head { rows.append((english ? "root" : "根", "\(head.root.base64)")) }
        if report.depth == .filings, report.tally.total > 0 {
            let counts = zip(AuditTally.words, report.tally.counts).filter { $0.1 > 0 }
                .map { "\($0.1) \(EntryWords.action($0.0, language))" }
            rows.append((english ? "entries" : "条目", counts.joined(separator: ", ")))
            if let first = report.tally.firstTime, let last = report.tally.lastTime {
                let span =
                    "\(Moment(seconds: first.seconds).text(in: language)) – \(Moment(seconds: last.seconds).text(in: language))"
                rows.append(
                    (english ? "log's clock" : "登记册时钟", span + (english ? " (the log's own claim)" : "(登记册自称)")))
            }
        }
        for index in report.amendments {
            rows.append(
                (
                    english ? "charter" : "章程",
                    english ? "amended by entry \(index)" : "由第 \(index) 号修订"
                ))
        }
        if let from = report.continuedFrom, let head = report.head {
            rows.append(
                (
                    english ? "append-only" : "只增不改",
                    english
                        ? "since the last audit: \(from) entries then, \(head.size) now"
                        : "自上次核查以来:当时 \(from) 条,现 \(head.size) 条"
                ))
        }
        rows.append((english ? "cosigned by" : "联署", cosigners))
        rows += TimestampAuditWords(report.timestamps).rows(language)
        for gap in report.gaps where gap != .allFilings {
            rows.append((english ? "NOT judged" : "未核查", Shown.bytes("\(gap)".utf8)))
        }
        if report.gapCount > report.gaps.count { rows.append((english ? "NOT judged" : "未核查", "… \(report.gapCount)")) }
        if report.depth == .tree {
            rows.append(
                (
                    english ? "NOT judged" : "未核查",
                    english
                        ? "form, signatures and rules of the entries (--no-signatures)" : "各条的格式、签名与规则(--no-signatures)"
                ))
        }
        for stray in report.strays { rows.append((english ? "not of the log" : "不属登记册", Shown.bytes(stray.utf8))) }
        rows.append(
            (
                english ? "NOT shown" : "不说明",
                english ? "that what the entries stand for is accurate; who holds the keys" : "条目所指内容是否属实;密钥由谁掌握"
            ))
        return rows
    }

    private var cosigners: String {
        let english = language == .english
        guard trust.policy.quorum != nil else {
            return english
                ? "nobody is asked for: the trust list \"\(trust.name)\" names no cosigning servers, so another history could be shown to others"
                : "信任名单“\(trust.name)”未列联署服务器,因此无法排除另有历史示人"
        }
        let names =
            report.checkpoint?.cosigners.map {
                Shown.bytes($0.witness.name.utf8)
                    + ($0.time > 0 ? " (\(Moment(seconds: $0.time).text(in: language)))" : "")
            } ?? []
        let met = report.checkpoint?.isQuorumMet == true
        let quorum =
            english
            ? (met
                ? "; enough for the trust list \"\(trust.name)\"" : "; NOT enough for the trust list \"\(trust.name)\"")
            : (met ? ";符合信任名单“\(trust.name)”" : ";不符合信任名单“\(trust.name)”")
        return (names.isEmpty ? (english ? "nobody" : "无") : names.joined(separator: ", ")) + quorum
    }

    /// The report with what a repair, a comparison with another copy and the log's own signatures came to.
    func json(with repair: JSON?, _ comparison: JSON?, _ conflicts: [JSON]) -> JSON {
        guard case .object(var members) = json else { return json }
        if let repair { members.append(JSON.Member("repair", repair)) }
        if let comparison { members.append(JSON.Member("against", comparison)) }
        if !conflicts.isEmpty { members.append(JSON.Member("conflicts", .array(conflicts))) }
        return .object(members)
    }

    private var json: JSON {
        .object([
            JSON.Member("holds", !report.holds && code == .cannotTell ? .null : .bool(report.holds)),
            JSON.Member("origin", report.origin.map { .text($0.utf8) } ?? .null),
            JSON.Member("entries", report.head.map { .number($0.size.value) } ?? .null),
            JSON.Member("root", report.head.map { .text($0.root.base64) } ?? .null),
            JSON.Member("continued_from", report.continuedFrom.map { .number($0.value) } ?? .null),
            JSON.Member("signatures_judged", .bool(report.depth == .filings)),
            JSON.Member("quorum_met", report.checkpoint.map { .bool($0.isQuorumMet) } ?? .null),
            JSON.Member("cosigned_by", .array(report.checkpoint?.cosigners.map { .text($0.witness.key.utf8) } ?? [])),
            JSON.Member("timestamps", TimestampAuditWords(report.timestamps).json),
            JSON.Member("faults", .number(UInt64(report.faultCount))),
            JSON.Member("charter_amended_by", .array(report.amendments.map { .number($0.value) })),
            JSON.Member("listed_faults", .array(report.faults.map { .text("\($0)") })),
            JSON.Member("not_judged", .array(report.gaps.map { .text("\($0)") })),
            JSON.Member("not_of_the_log", .array(report.strays.map { .text($0) })),
            JSON.Member("trust_list_sha256", .text(trust.policy.fingerprint.hex)),
        ])
    }
}
