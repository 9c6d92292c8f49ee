// SPDX-License-Identifier: Apache-2.0
import Ledger
import Synchronization
import TransparencyLog

/// Rules that number the entries by what they themselves have seen, so that rules which lost step with the log show in
/// its entries.
///
///     7 1700000000 some text         the number, the time, and what was offered
///
/// The same text is entered once. One that begins with "!" is refused.
struct CountingRules: EntryRules {
    struct Refused: Error, Hashable {
        let text: String
    }

    struct Gap: Error {}

    /// Makes `follow` fail a number of times.
    final class FollowFaults: Sendable {
        private let left = Mutex(0)

        func fail(_ times: Int) { left.withLock { $0 = times } }

        func take() throws {
            let fails = left.withLock { left in
                defer { left = max(left - 1, 0) }
                return left > 0
            }
            if fails { throw Gap() }
        }
    }

    private var numbers: [String: LeafIndex] = [:]
    private var next: UInt64 = 0
    private(set) var followed: UInt64 = 0
    var faults = FollowFaults()

    init() {}

    /// Rules that have seen these entries.
    init(replaying entries: [[UInt8]]) throws {
        for entry in entries {
            guard let text = Self.text(of: entry), numbers[text] == nil else { throw Gap() }
            numbers[text] = LeafIndex(next)
            next += 1
        }
        followed = next
    }

    static func text(of entry: [UInt8]) -> String? {
        let words = String(decoding: entry, as: UTF8.self).split(separator: " ", maxSplits: 2)
        return words.count == 3 ? String(words[2]) : nil
    }

    static func number(of entry: [UInt8]) -> UInt64? {
        String(decoding: entry, as: UTF8.self).split(separator: " ").first.flatMap { UInt64($0) }
    }

    static func time(of entry: [UInt8]) -> UInt64? {
        let words = String(decoding: entry, as: UTF8.self).split(separator: " ", maxSplits: 2)
        return words.count == 3 ? UInt64(words[1]) : nil
    }

    mutating func admit(_ submissions: [String], from firstIndex: LeafIndex, at time: UInt64) -> [Admission] {
        var admissions: [Admission] = []
        for text in submissions {
            if text.hasPrefix("!") {
                admissions.append(.refused(Refused(text: text)))
            } else if let index = numbers[text] {
                admissions.append(.present(index))
            } else {
                admissions.append(.entry(Array("\(next) \(time) \(text)".utf8)))
                numbers[text] = LeafIndex(next)
                next += 1
            }
        }
        return admissions
    }

    mutating func follow(_ entries: [[UInt8]], leafHashes: [Hash], from firstIndex: LeafIndex) throws {
        try faults.take()
        guard firstIndex.value == followed, leafHashes == entries.map({ MerkleTree.leafHash($0) }) else { throw Gap() }
        followed += UInt64(entries.count)
    }
}
