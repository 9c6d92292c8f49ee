// SPDX-License-Identifier: Apache-2.0
import Ledger
import TransparencyLog

/// The query of a request, decoded: each name once.
struct PageQuery: Sendable {
    /// The longest value that any page reads, in bytes: a vkey of the longest name.
    static let maximumByteCount = 512

    private let pairs: [(name: String, value: String)]

    init(_ pairs: [(String, String)]) {
        self.pairs = pairs.prefix(16).map { (name: $0.0, value: $0.1) }
    }

    /// The value of a name; nil where it is not there, or is there twice, or is longer than any page reads.
    subscript(_ name: String) -> String? {
        let found = pairs.filter { $0.name.utf8.elementsEqual(name.utf8) }
        guard found.count == 1, found[0].value.utf8.count <= Self.maximumByteCount else { return nil }
        return found[0].value
    }

    /// A number that is not there, or is one. Throws where it is something else.
    func number(_ name: String) throws(PageMissing) -> UInt64? {
        guard pairs.contains(where: { $0.name.utf8.elementsEqual(name.utf8) }) else { return nil }
        guard let value = self[name], let number = Decimal.parse(value.utf8, below: 1 << 53) else {
            throw .notUnderstood
        }
        return number
    }

    /// What a link to the same page in another language keeps.
    var kept: [(name: String, value: String)] {
        ["before", "from", "k", "q"].compactMap { name in self[name].map { (name, $0) } }
    }
}

extension Language {
    /// The language that a browser prefers of those that there are (RFC 9110 section 12.5.4). English where it says
    /// nothing of either.
    static func preferred(byBrowser header: String?) -> Language {
        var best: (language: Language, weight: Int) = (.english, 0)
        for item in (header ?? "").prefix(1024).split(separator: ",").prefix(32) {
            let parts = item.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
            guard let range = parts.first else { continue }
            let subtag = range.prefix { $0 != "-" }
            guard let language: Language = subtag == "zh" ? .chinese : subtag == "en" ? .english : nil else { continue }
            // Of two with one weight the first is meant.
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map(Self.thousandths) ?? 1000
            if weight > best.weight { best = (language, weight) }
        }
        return best.language
    }

    /// "q=0.8" as 800; 0 where it is none.
    private static func thousandths(_ weight: String) -> Int {
        let digits = weight.dropFirst(2).split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(digits.count), let whole = Int(digits[0]), (0...1).contains(whole) else { return 0 }
        guard digits.count == 2 else { return whole * 1000 }
        guard digits[1].count <= 3, let part = Int((digits[1] + "000").prefix(3)), part >= 0 else { return 0 }
        return min(whole * 1000 + part, 1000)
    }
}
