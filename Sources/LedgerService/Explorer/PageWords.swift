// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// How a page says things to its reader: in their language, with links that keep it, with foreign text set apart.
struct PageWords: Sendable {
    let language: Language
    let addresses: PageAddresses

    var isEnglish: Bool { language == .english }

    /// The words in the reader's language.
    func callAsFunction(_ english: OwnWords, _ chinese: OwnWords) -> String {
        isEnglish ? english.text : ChinesePunctuation.wide(chinese.text)
    }

    /// The phrase in the reader's language.
    @_disfavoredOverload
    func callAsFunction(_ english: Phrase, _ chinese: Phrase) -> HTML { html(isEnglish ? english : chinese) }

    /// A phrase: keys and entries are links, what others wrote is isolated.
    func html(_ phrase: Phrase) -> HTML {
        HTML(
            phrase.parts.map { part in
                switch part {
                case .words(let text): HTML(isEnglish ? text : ChinesePunctuation.wide(text))
                case .foreign(let text): Self.foreign(text)
                case .key(let key): self.key(key)
                case .entry(let index): entry(index)
                }
            })
    }

    /// What others wrote, from bytes that should be text.
    func foreign(_ bytes: [UInt8]) -> HTML { Self.foreign(Shown.bytes(bytes)) }

    private static func foreign(_ shown: String) -> HTML {
        Tag.bdi(.class("foreign")) { shown }
    }

    /// A key by its first digits, with what it calls itself.
    func key(_ key: VerifierKey) -> HTML {
        HTML([
            Tag.a(.href(addresses.key(key))) {
                self("key ", "密钥 ")
                Tag.code { key.shortID }
            },
            Tag.span(.class("name")) {
                self(" (calls itself “", "(自称“")
                foreign(key.name.utf8)
                self("”)", "”)")
            },
        ])
    }

    /// Keys, one behind the other.
    func keys(_ keys: [VerifierKey]) -> HTML {
        html(.joined(keys.map { "\(key: $0)" }, separator: self(", ", "、")))
    }

    /// An entry by its index, as a link.
    func entry(_ index: LeafIndex) -> HTML {
        Tag.a(.href(addresses.entry(index))) { EntryWords.entry(index, language) }
    }

    /// A moment as the reader writes it, and for programs in UTC.
    func time(_ seconds: UInt64) -> HTML {
        let moment = Moment(seconds: seconds)
        return Tag.time(.datetime(moment.rfc3339)) { moment.text(in: language) }
    }

    /// A hash or another long word for programs.
    func code(_ text: String) -> HTML {
        Tag.code { text }
    }

    /// A list of what belongs to what: a term and what is said of it, more than once where there is more.
    func facts(_ rows: [(term: String, facts: [HTML])]) -> HTML {
        Tag.dl(.class("facts")) {
            HTML(
                rows.filter { !$0.facts.isEmpty }.map { row in
                    Tag.div {
                        Tag.dt { row.term }
                        HTML(row.facts.map { fact in Tag.dd { fact } })
                    }
                })
        }
    }

    /// A section with a heading.
    func section(_ id: String, _ heading: String, @HTML.Builder content: () -> HTML) -> HTML {
        let body = content()
        return Tag.section(.aria("labelledby", id)) {
            Tag.h2(.id(id)) { heading }
            body
        }
    }
}

/// Words of our own, with words and numbers in them and nothing else: what others wrote is a part of a `Phrase`.
struct OwnWords: ExpressibleByStringInterpolation {
    let text: String

    init(stringLiteral text: String) {
        self.text = text
    }

    init(stringInterpolation: StringInterpolation) {
        text = stringInterpolation.text
    }

    struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var text = ""

        init(literalCapacity: Int, interpolationCount: Int) {}

        mutating func appendLiteral(_ words: String) { text += words }
        mutating func appendInterpolation(_ words: String) { text += words }
        mutating func appendInterpolation(_ number: some BinaryInteger) { text += String(number) }
    }
}
