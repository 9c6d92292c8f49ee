// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// What an audit does with another copy of the log: restores from it, or compares with it.
extension AuditCommand {
    /// Restores what is damaged or missing; nil unless that is asked for.
    func repaired(_ workplace: Workplace, _ trust: Workplace.Trust) async throws -> RepairWords? {
        guard let repairFrom else { return nil }
        guard case .folder(let folder) = workplace.source else {
            throw Failure(
                .usage, "only a ledger in a folder can be repaired, not \(workplace.source.shown)",
                hint: "run this where the ledger's folder is")
        }
        guard DurableFile.isFolder(folder) else { throw DirectoryStore.OpenError.absent(folder) }
        let place = try LedgerPlace(repairFrom)
        let result = try await place.read { files in
            let repair = try AuditRepair(of: folder, from: files, under: trust.policy)
            let progress = Progress("repairing", total: nil, unit: "entries")
            defer { progress.finish() }
            return try await repair.run { progress.reach($0.done.value, of: $0.total.value) }
        }
        return RepairWords(result: result, place: place.shown)
    }

    /// How the ledger stands to another copy: where that is asked for, and where it was repaired from one that turns out
    /// to be of another history.
    func compared(_ workplace: Workplace, _ trust: Workplace.Trust) async throws -> AgainstWords? {
        if let against { return try await compared(with: try LedgerPlace(against), workplace, trust) }
        guard let repairFrom else { return nil }
        do {
            let found = try await compared(with: try LedgerPlace(repairFrom), workplace, trust)
            if case .conflict = found.comparison { return found }
        } catch let error as CancellationError {
            throw error
        } catch {
            // Nobody asked for it, and the audit says what does not hold.
        }
        return nil
    }

    private func compared(
        with place: LedgerPlace, _ workplace: Workplace, _ trust: Workplace.Trust
    ) async throws -> AgainstWords {
        try await workplace.source.read { own in
            let first = try await LedgerReader(own, under: trust.policy)
            return try await place.read { other in
                let second = try await LedgerReader(other, under: trust.policy)
                guard first.checkpoint.checkpoint.origin == second.checkpoint.checkpoint.origin else {
                    throw Failure(.usage, "\(place.shown) is of another log")
                }
                return AgainstWords(
                    comparison: try await LedgerComparison(first, second),
                    own: first.checkpoint.verified.signed, other: second.checkpoint.verified.signed, place: place.shown)
            }
        }
    }

    /// Checkpoints of the log that cannot both be, each pair kept where that was asked for.
    func conflicts(
        in report: AuditReport, _ comparison: AgainstWords?, _ workplace: Workplace
    ) throws -> [ConflictWords] {
        var pairs: [(SignedCheckpoint, SignedCheckpoint, TreeSize?)] = []
        if let comparison, case .conflict(let first) = comparison.comparison {
            pairs.append((comparison.own, comparison.other, first))
        }
        for fault in report.faults {
            if case .rewritten(let seen, let now) = fault { pairs.append((seen, now, nil)) }
            if case .quoteOfAnotherHistory(_, let quoted) = fault, let audited = report.checkpoint {
                pairs.append((quoted, audited.verified.signed, nil))
            }
            if case .shrunk(let seen, let now) = fault, evidencePlace != nil { pairs.append((seen, now, nil)) }
        }
        return try pairs.map { seen, now, first in
            let paths = try evidencePlace.map { try ConflictEvidence.keep([seen, now], in: $0) } ?? []
            return ConflictWords(
                seen: seen, now: now, paths: paths, firstDifference: first, language: workplace.language)
        }
    }

    private var evidencePlace: FilePath? {
        if let evidence { return FilePath(evidence) }
        return state.map { FilePath($0 + ".evidence") }
    }
}

/// What a repair came to, in words and as JSON.
struct RepairWords {
    let result: AuditRepair.Result
    let place: String

    func lines(_ language: Language) -> [String] {
        let english = language == .english
        var lines: [String] = []
        for path in result.restored {
            lines.append(
                english
                    ? "restored from \(place), and verified: \(Shown.bytes(path.utf8))"
                    : "已自 \(place) 修复并核验:\(Shown.bytes(path.utf8))")
        }
        for item in result.unrestored {
            lines.append(
                (english ? "NOT restored: " : "未能修复:") + Shown.bytes("\(item.path): \(item.reason)".utf8))
        }
        if lines.isEmpty { lines.append(english ? "nothing to restore" : "无需修复") }
        return lines
    }

    var json: JSON {
        .object([
            JSON.Member("restored", .array(result.restored.map { .text($0) })),
            JSON.Member(
                "not_restored",
                .array(
                    result.unrestored.map {
                        .object([JSON.Member("path", .text($0.path)), JSON.Member("reason", .text($0.reason))])
                    })),
        ])
    }
}

/// How two copies of a log stand to each other, in words and as JSON.
struct AgainstWords {
    let comparison: LedgerComparison
    let own: SignedCheckpoint
    let other: SignedCheckpoint
    let place: String

    func lines(_ language: Language) -> [String] {
        let english = language == .english
        let (size, otherSize) = (own.unverified.head.size, other.unverified.head.size)
        switch comparison {
        case .same:
            return [english ? "\(place): THE SAME \(size) entries" : "\(place):同为 \(size) 条"]
        case .prefix:
            return [
                english
                    ? "\(place): one history; it has \(otherSize) entries, this ledger \(size)"
                    : "\(place):同一历史;该副本 \(otherSize) 条,此登记册 \(size) 条"
            ]
        case .conflict(let first):
            let from = first.map { english ? ", from size \($0) on" : ",自大小 \($0) 起" } ?? ""
            return [english ? "\(place): ANOTHER HISTORY of the log\(from)" : "\(place):登记册的另一历史\(from)"]
        }
    }

    var json: JSON {
        let (relation, first): (String, TreeSize?) =
            switch comparison {
            case .same: ("same", nil)
            case .prefix: ("one-history", nil)
            case .conflict(let first): ("conflict", first)
            }
        return .object([
            JSON.Member("relation", .text(relation)),
            JSON.Member("entries", .number(other.unverified.head.size.value)),
            JSON.Member("first_differing_size", first.map { .number($0.value) } ?? .null),
        ])
    }
}
