// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// One entry within a list: its number, what it says, who signed it, and when the log says that was.
struct EntryLine {
    let item: LogView.Item
    /// What it says of the page's own subject, where that is more to the point.
    var saying: Phrase?
    /// Other entries that revoke a signer's key.
    var revocations: [LeafIndex] = []

    func html(_ words: PageWords) -> HTML {
        let entryWords = EntryWords(item.entry, language: words.language)
        return Tag.li(.class("entry")) {
            Tag.p(.class("head")) {
                Tag.a(.class("number"), .href(words.addresses.entry(item.index))) {
                    EntryWords.entry(item.index, words.language)
                }
                Tag.span(.class("kind")) { EntryWords.action(item.entry.filing.action.word, words.language) }
                words.time(item.entry.time.seconds)
            }
            Tag.p(.class("says")) { words.html(saying ?? entryWords.says) }
            Tag.p(.class("by")) {
                words("signed with ", "签署密钥:")
                words.html(entryWords.signedBy)
                if !revocations.isEmpty {
                    let places: Phrase = .joined(revocations.map { "\(entry: $0)" }, separator: words(", ", "、"))
                    Tag.span(.class("warning")) {
                        words("; a signer’s key is revoked in \(places)", ";签署密钥撤销于\(places)")
                    }
                }
            }
        }
    }

    /// Lines of several entries in the order in which they are given, each with its own number.
    static func list(_ lines: [EntryLine], _ words: PageWords) -> HTML {
        Tag.ul(.class("entries")) { HTML(lines.map { $0.html(words) }) }
    }
}
