// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// Which of the hashes that several files give for the same places are those under a known hash.
///
/// Each source gives at most one hash for each place: a tile its own, the entries or tiles beneath theirs. A damaged
/// file is wrong in some places; as long as another is right in those, some choice leads to the known hash, and no
/// choice but the right one does.
enum AuditChoice {
    /// The most choices that are tried: an audit of a log that is damaged all over must end.
    private static let maximumTries = 1_024

    /// The hashes for which `holds`; nil where none are found, or a place has no hash at all.
    ///
    /// All sources have the same number of places.
    static func hashes(from sources: [[Hash?]], where holds: ([Hash]) -> Bool) -> [Hash]? {
        guard let count = sources.first?.count else { return nil }
        var options: [[Hash]] = []
        for place in 0..<count {
            let given = sources.compactMap { $0[place] }
            var distinct: [Hash] = []
            for hash in given where !distinct.contains(hash) { distinct.append(hash) }
            guard !distinct.isEmpty else { return nil }
            // What more sources agree on is more likely: it is tried first, and whole sources before mixtures.
            let votes = distinct.map { hash in given.count { $0 == hash } }
            options.append(
                distinct.indices.sorted { (-votes[$0], $0) < (-votes[$1], $1) }.map { distinct[$0] })
        }
        let likely = options.map { $0[0] }
        for candidate in [likely] + sources.map({ zip($0, likely).map { $0 ?? $1 } }) where holds(candidate) {
            return candidate
        }
        return mixture(of: options, where: holds)
    }

    private static func mixture(of options: [[Hash]], where holds: ([Hash]) -> Bool) -> [Hash]? {
        let open = options.indices.filter { options[$0].count > 1 }
        var tries = 1
        for place in open {
            tries *= options[place].count
            guard tries <= maximumTries else { return nil }
        }
        var candidate = options.map { $0[0] }
        for number in 1..<max(tries, 1) {
            var rest = number
            for place in open {
                candidate[place] = options[place][rest % options[place].count]
                rest /= options[place].count
            }
            if holds(candidate) { return candidate }
        }
        return nil
    }
}
