// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// Who is to sign a filing, so that the log's rules are met: those who were named, and then no more than it takes.
struct LogSigners {
    /// So many of these people must sign.
    struct Quorum {
        /// What the stewards are called in a line, as "of the new charter"; empty where there are no others.
        let which: String
        /// What to do where too few of them are left.
        let remedy: String
        let stewards: [VerifierKey]
        /// Those of the stewards who can sign: one whose key is revoked counts nowhere.
        let people: [VerifierKey]
        let count: Int

        /// A quorum of a charter's stewards.
        init(
            of charter: Charter, in registry: Registry, called which: String = "",
            remedy: String = "nothing was logged; the stewards who are left can change nothing in this log any more"
        ) {
            self.which = which.isEmpty ? "" : " " + which
            self.remedy = remedy
            stewards = charter.stewards
            people = charter.stewards.filter { !registry.hasRevoked($0) }
            count = charter.threshold
        }

        /// The number that must sign, in words: "2 stewards of the new charter".
        var words: String { EntryWords.count(count, "steward") + which }

        /// How many of them still must sign.
        func lacking(_ signers: [VerifierKey]) -> Int {
            max(0, count - people.count { person in signers.contains { $0.keyBytes == person.keyBytes } })
        }

        /// Those of them who do not sign yet.
        func others(than signers: [VerifierKey]) -> [VerifierKey] {
            people.filter { person in !signers.contains { $0.keyBytes == person.keyBytes } }
        }
    }

    private(set) var keys: [VerifierKey]

    /// Begins with those who were named. One who was named twice signs once.
    init(_ named: [VerifierKey]) {
        keys = []
        for key in named where !keys.contains(key) { keys.append(key) }
    }

    /// Adds whom it takes to meet every quorum: those without whom it cannot be met, then those whose keys are at hand.
    ///
    /// Throws where somebody must choose, or where nobody could: one line, with the names to choose from.
    mutating func meet(_ quorums: [Quorum], holding isAtHand: (VerifierKey) throws -> Bool) throws {
        if let stranger = keys.first(where: { key in
            !quorums.contains { $0.stewards.contains { $0.keyBytes == key.keyBytes } }
        }) {
            throw Failure(
                .usage, "\"\(Shown.bytes(stranger.name.utf8))\" is no steward, and need not sign",
                hint: "name stewards with --with: \(Self.names(quorums.flatMap { $0.others(than: keys) }))")
        }
        for quorum in quorums where quorum.others(than: keys).count < quorum.lacking(keys) {
            throw Failure(
                .doesNotHold,
                "\(quorum.words) must sign, and only \(quorum.people.count) can: the others' keys are revoked",
                hint: quorum.remedy)
        }
        for quorum in quorums where quorum.others(than: keys).count == quorum.lacking(keys) {
            keys += quorum.others(than: keys)
        }
        // One whose signature counts in every quorum spares another's.
        for quorum in quorums {
            let others = try quorum.others(than: keys).filter(isAtHand)
            let inAll = others.filter { key in
                quorums.allSatisfy { $0.people.contains { $0.keyBytes == key.keyBytes } }
            }
            let chosen = inAll + others.filter { !inAll.contains($0) }
            keys += chosen.prefix(quorum.lacking(keys))
        }
        for quorum in quorums where quorum.lacking(keys) > 0 {
            throw Failure(
                .usage,
                "\(quorum.words) must sign, and \(quorum.count - quorum.lacking(keys)) would",
                hint: "name others with --with: \(Self.names(quorum.others(than: keys)))")
        }
    }

    /// Names for a line: the first ten, and how many more there are.
    static func names(_ signers: [VerifierKey]) -> String {
        let keys = LogSigners(signers).keys
        let names = keys.prefix(10).map { Shown.bytes($0.name.utf8) }.joined(separator: ", ")
        return keys.count > 10 ? names + " and \(keys.count - 10) more" : names
    }
}

extension Registry {
    /// Whether the key of this vkey has been revoked.
    func hasRevoked(_ key: VerifierKey) -> Bool {
        guard let publicKey = key.publicKey else { return false }
        return isRevoked(publicKey)
    }

    /// Whether the key of this vkey is enrolled and not revoked.
    func hasInGoodStanding(_ key: VerifierKey) -> Bool {
        guard let publicKey = key.publicKey else { return false }
        return isInGoodStanding(publicKey)
    }
}
