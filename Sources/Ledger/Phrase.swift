// SPDX-License-Identifier: Apache-2.0
package import TransparencyLog

/// A line of words in which what others wrote, and what can be looked up, is set apart from our own words.
///
///     let phrase: Phrase = "enrols \(key: enrolment.key), named in \(entry: 12)"
///
/// A terminal shows it as text; a page shows foreign text isolated, and keys and entries as links.
package struct Phrase: Sendable, Hashable {
    /// A part of it.
    package enum Part: Sendable, Hashable {
        /// Our own words.
        case words(String)
        /// What others wrote, with what could be obeyed written out.
        case foreign(String)
        /// A key, with what it calls itself.
        case key(VerifierKey)
        /// An entry by its index.
        case entry(LeafIndex)
    }

    /// The parts, in order.
    package private(set) var parts: [Part]

    package static func + (left: Phrase, right: Phrase) -> Phrase {
        var sum = left
        sum.parts += right.parts
        return sum
    }

    /// The phrases one behind the other, with a separator between two.
    package static func joined(_ phrases: [Phrase], separator: String) -> Phrase {
        var sum: Phrase = ""
        for (place, phrase) in phrases.enumerated() {
            if place > 0 { sum.parts.append(.words(separator)) }
            sum.parts += phrase.parts
        }
        return sum
    }

    /// The whole as one line of text.
    package func text(in language: Language) -> String {
        parts.map { part in
            switch part {
            case .words(let text), .foreign(let text): text
            case .key(let key): EntryWords.name(key, language)
            case .entry(let index): EntryWords.entry(index, language)
            }
        }.joined()
    }
}

extension Phrase: ExpressibleByStringInterpolation {
    package init(stringLiteral text: String) {
        parts = text.isEmpty ? [] : [.words(text)]
    }

    package init(stringInterpolation: StringInterpolation) {
        parts = stringInterpolation.parts
    }

    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var parts: [Part] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            parts.reserveCapacity(2 * interpolationCount + 1)
        }

        package mutating func appendLiteral(_ text: String) {
            if !text.isEmpty { parts.append(.words(text)) }
        }

        /// Our own words.
        package mutating func appendInterpolation(_ words: String) {
            appendLiteral(words)
        }

        /// A number.
        package mutating func appendInterpolation(_ number: some BinaryInteger) {
            appendLiteral(String(number))
        }

        /// What others wrote.
        package mutating func appendInterpolation(foreign bytes: [UInt8]) {
            parts.append(.foreign(Shown.bytes(bytes)))
        }

        /// A key, with what it calls itself.
        package mutating func appendInterpolation(key: VerifierKey) {
            parts.append(.key(key))
        }

        /// An entry.
        package mutating func appendInterpolation(entry index: LeafIndex) {
            parts.append(.entry(index))
        }

        /// A phrase within this one.
        package mutating func appendInterpolation(_ phrase: Phrase) {
            parts += phrase.parts
        }
    }
}
