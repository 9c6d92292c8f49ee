// SPDX-License-Identifier: Apache-2.0

/// The words of a saved web page, in the order of its source.
///
///     <p>Q. When?</p><script>...</script><p>A. At&nbsp;five.   ->   Q. When?
///                                                                    A. At five.
///
/// Tags, comments, scripts and styles are left out; a tag that begins or ends a block ends a line. No style is applied,
/// so that words which a browser would hide are words all the same. It is read once from the beginning to the end.
struct WebPage {
    /// The words, in UTF-8.
    let text: [UInt8]

    /// Reads a text, in UTF-8, that is a web page; nil if it is none.
    init?(_ source: [UInt8]) {
        let start = source.prefix(1024).drop { Self.isSpace($0) }
        let beginning = String(decoding: start, as: UTF8.self).lowercased()
        guard
            beginning.hasPrefix("<!doctype html") || beginning.hasPrefix("<html")
                || beginning.hasPrefix("<?xml") && beginning.contains("<html")
        else { return nil }
        var reader = Reader(source: source)
        reader.run()
        text = reader.text
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private struct Reader {
        let source: [UInt8]
        var text: [UInt8] = []
        private var at = 0
        /// Within an element in which line breaks are kept.
        private var isPreformatted = false

        init(source: [UInt8]) {
            self.source = source
            text.reserveCapacity(source.count / 4)
        }

        mutating func run() {
            while at < source.count {
                switch source[at] {
                case 0x3C where isTag: readTag()
                case 0x26: readReference()
                case let byte:
                    text.append(WebPage.isSpace(byte) && !isPreformatted ? 0x20 : byte)
                    at += 1
                }
            }
        }

        private var isTag: Bool {
            guard at + 1 < source.count else { return false }
            switch source[at + 1] {
            case 0x21, 0x2F, 0x3F, 0x41...0x5A, 0x61...0x7A: return true
            default: return false
            }
        }

        private mutating func readTag() {
            if source[at...].starts(with: Array("<!--".utf8)) {
                at = end(of: "-->", from: at + 4)
                return
            }
            var end = at + 1
            let isClosing = source[end] == 0x2F
            if isClosing { end += 1 }
            let name = source[end...].prefix(16).prefix { WebPage.isNameByte($0) }
            let element = String(decoding: name, as: UTF8.self).lowercased()
            end += name.count
            var quote: UInt8?
            while end < source.count, quote != nil || source[end] != 0x3E {
                if let open = quote {
                    if source[end] == open { quote = nil }
                } else if source[end] == 0x22 || source[end] == 0x27 {
                    quote = source[end]
                }
                end += 1
            }
            guard end < source.count else {
                // A tag that never ends is words: better too many of these than to leave out some that are read.
                text += source[at...]
                at = source.count
                return
            }
            at = end + 1
            if element == "pre" { isPreformatted = !isClosing }
            if !WebPage.inlineElements.contains(element) { text.append(0x0A) }
            if !isClosing, element == "script" || element == "style" { at = self.end(of: "</" + element, from: at) }
        }

        /// Where the next `mark` ends, in whatever case; the end of the source if there is none.
        private func end(of mark: String, from start: Int) -> Int {
            let mark = Array(mark.utf8)
            var at = start
            while at + mark.count <= source.count {
                if zip(mark, source[at...]).allSatisfy({ $0 == $1 || $0 == $1 | 0x20 && $1 >= 0x41 && $1 <= 0x5A }) {
                    // The rest of an end tag is read as a tag.
                    return mark.first == 0x3C ? at : at + mark.count
                }
                at += 1
            }
            return source.count
        }

        private mutating func readReference() {
            let name = source[(at + 1)...].prefix(10).prefix { WebPage.isNameByte($0) || $0 == 0x23 }
            let word = String(decoding: name, as: UTF8.self)
            let end = at + 1 + name.count
            var scalar: Unicode.Scalar?
            if word.hasPrefix("#x") || word.hasPrefix("#X") {
                scalar = UInt32(word.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
            } else if word.hasPrefix("#") {
                scalar = UInt32(word.dropFirst()).flatMap(Unicode.Scalar.init)
            } else {
                scalar = WebPage.references[word]
            }
            guard let scalar, scalar != "\0", end < source.count, source[end] == 0x3B else {
                text.append(0x26)
                at += 1
                return
            }
            text += Array(String(Character(scalar)).utf8)
            at = end + 1
        }
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    /// Elements that stand within a line.
    private static let inlineElements: Set<String> = [
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i",
        "img",
        "ins", "kbd", "label", "mark", "q", "rb", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong",
        "sub", "sup", "time", "tt", "u", "var", "wbr",
    ]

    private static let references: [String: Unicode.Scalar] = [
        "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{A0}", "copy": "©", "reg": "®",
        "hellip": "…", "mdash": "—", "ndash": "–", "lsquo": "‘", "rsquo": "’", "ldquo": "“", "rdquo": "”",
        "middot": "·", "bull": "•", "laquo": "«", "raquo": "»", "emsp": "\u{2003}", "ensp": "\u{2002}",
        "shy": "\u{AD}", "eacute": "é", "egrave": "è", "uuml": "ü", "ouml": "ö", "auml": "ä", "szlig": "ß",
    ]
}
