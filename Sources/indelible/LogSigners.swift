// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// Who is to sign a filing, so that the log's rules are met: those who were named, and then no more than it takes.
struct LogSigners {
    /// So many of these people must sign.
    struct Quorum {
        /// Who they are, such as "steward in force", in the singular.
        let what: String
        let people: [VerifierKey]
        let count: Int

        /// A quorum of a charter's stewards. Whose key is revoked counts nowhere.
        init(of charter: Charter, called what: String, in registry: Registry) {
            self.what = what
            people = charter.stewards.filter { $0.publicKey.map(registry.isRevoked) != true }
            count = charter.threshold
        }

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
        for quorum in quorums where quorum.others(than: keys).count < quorum.lacking(keys) {
            throw Failure(
                .doesNotHold,
                "\(EntryWords.count(quorum.count, quorum.what)) must sign, and only \(quorum.people.count) can: the others' keys are revoked",
                hint: "nothing was logged; the stewards who remain cannot change this log any more")
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
                "\(EntryWords.count(quorum.count, quorum.what)) must sign, and \(quorum.count - quorum.lacking(keys)) would",
                hint: "name others with --with: \(Self.names(quorum.others(than: keys)))")
        }
    }

    /// Names for a line: the first ten, and how many more there are.
    static func names(_ keys: [VerifierKey]) -> String {
        let names = keys.prefix(10).map { Shown.bytes($0.name.utf8) }.joined(separator: ", ")
        return keys.count > 10 ? names + " and \(keys.count - 10) more" : names
    }
}
