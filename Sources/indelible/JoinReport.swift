// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// What joining a log came to: for the person, with what to do next, and as JSON.
struct JoinReport {
    let list: JoinedTrustList
    /// Where the trust list is kept that was replaced.
    let kept: FilePath?
    let registry: Registry?
    let result: JoinApplication.Result
    let workplace: Workplace

    var lines: [String] {
        var lines = trustLines
        lines.append(
            (result.isNewKey ? "Your new key" : "Your key") + " \"\(result.key.name)\" is in "
                + Shown.path(result.keyPath) + ", encrypted."
                + (result.isNewKey ? " Back it up; nobody can restore it." : ""))
        lines.append("  \(result.key)")
        if let index = result.enrolledAt {
            return lines + ["It is enrolled in entry \(index): it signs what you register."]
        }
        guard let filing = result.filing else { return lines + unknownSignerLines }
        let file = Shown.path(result.path)
        if filing.unsigned.isEmpty {
            return lines + [
                "\(file) is signed by everybody; anybody enters it where the log is:", "  indelible submit \(file)",
            ]
        }
        lines.append(
            "\(file) asks for it to be enrolled. It lacks the signature of \(LogSigners.names(filing.unsigned)).")
        if registry == nil {
            lines.append("No ledger of this log is at hand, so it was not checked whether those are enough.")
        }
        return lines + [
            "Send it to each of them in turn, for", "  indelible sign \(file)",
            "and the last lets it be entered where the log is:", "  indelible submit \(file)",
        ]
    }

    private var trustLines: [String] {
        var lines = [
            "Trust list of the log \"\(Shown.bytes(list.origin.utf8))\", \(list.wasThere ? "in" : "now in") \(list.trust.name). Its SHA-256, to be compared aloud",
            "with the people who run the log, by another way than it came:", "  \(list.trust.fingerprint)",
        ]
        if let kept { lines.append("The one that was there is kept as \(Shown.path(kept)).") }
        let servers = list.trust.policy.witnesses.count
        lines.append(
            list.trust.policy.quorum == nil
                ? "It asks for no cosigning server: nobody but the log says when something was entered."
                : "Cosigning servers that it names: \(servers).")
        return lines
    }

    private var unknownSignerLines: [String] {
        guard let registry else {
            return [
                "No ledger of this log is at hand, so who must sign your enrolment is not known. Ask the people who run",
                "the log for the vkeys of those who will, and run this again with --with VKEY for each of them.",
            ]
        }
        return [
            "To enrol it, \(Self.whoMustSign(registry)).",
            "Agree with them, and run this again with --with NAME for each who will.",
        ]
    }

    /// Who must sign an enrolment in this log, in words.
    static func whoMustSign(_ registry: Registry) -> String {
        guard let charter = registry.charterInForce?.charter else { return "the log has no charter yet" }
        let stewards = LogSigners.Quorum(of: charter, in: registry)
        let names = LogSigners.names(stewards.people)
        var words =
            stewards.count == stewards.people.count && stewards.count > 1
            ? "all of these stewards (\(names))" : "\(stewards.count) of these stewards (\(names))"
        if charter.sponsors > 0 {
            let members = registry.members.map(\.key).filter { registry.hasInGoodStanding($0) }
            words +=
                ", or \(EntryWords.count(charter.sponsors, "member"))"
                + (members.isEmpty ? "" : " (of \(LogSigners.names(members)))")
        }
        return words + " must sign"
    }

    var json: JSON {
        .object([
            JSON.Member("origin", .text(list.origin.utf8)),
            JSON.Member("policy_sha256", .text(list.trust.policy.fingerprint.hex)),
            JSON.Member("replaced", kept.map { .text(Shown.path($0)) } ?? .null),
            JSON.Member("key", .text(result.key.utf8)), JSON.Member("is_new_key", .bool(result.isNewKey)),
            JSON.Member("enrolled_in", result.enrolledAt.map { .number($0.value) } ?? .null),
            JSON.Member("filing", result.filing.map { _ in .text(Shown.path(result.path)) } ?? .null),
            JSON.Member("unsigned", .array((result.filing?.unsigned ?? []).map { .text($0.utf8) })),
        ])
    }
}
