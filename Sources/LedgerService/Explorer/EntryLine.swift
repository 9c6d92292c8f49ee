// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// One entry within a list: its number, what it says, who signed it, and when the log says that was.
struct EntryLine {
    let item: LogView.Item
    /// What it says of the page's own subject, where that is more to the point.
    var saying: Phrase?
    /// Whether the log has a revocation of a signer's key.
    var isSignerRevoked = false

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
                if isSignerRevoked {
                    Tag.span(.class("warning")) {
                        words("; the log has a revocation of a signer’s key", ";登记册有撤销签署密钥的条目")
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
