// SPDX-License-Identifier: Apache-2.0

/// A piece of a web page: well-formed, every text in it escaped.
///
///     Tag.p(.class("note")) { "from ";  Tag.bdi { name } }      ->     <p class="note">from <bdi>a&lt;b</bdi></p>
///
/// Nothing makes markup of a text but the tags here, so what others wrote cannot become any. It is written so that it is
/// XML too.
struct HTML: Sendable {
    /// The markup.
    let markup: String

    private init(markup: String) {
        self.markup = markup
    }

    /// An element of these parts, which are markup.
    fileprivate static func element(_ start: String, _ content: String = "", _ end: String = "") -> HTML {
        HTML(markup: start + content + end)
    }

    /// A file of our own as it stands, which an element of this name ends: no text from outside is ever one.
    static func verbatim(_ file: InlineFile) -> HTML {
        HTML(markup: "<\(file.tag)>\(file.text)</\(file.tag)>")
    }

    /// Nothing.
    static let none = HTML(markup: "")

    /// A text.
    init(_ text: String) {
        markup = Markup.escaped(text)
    }

    /// Some pieces, one behind the other.
    init(_ pieces: [HTML]) {
        markup = pieces.map(\.markup).joined()
    }

    /// Puts pieces together in the order in which they are written down; a string is a text.
    @resultBuilder
    enum Builder {
        static func buildExpression(_ text: String) -> HTML { HTML(text) }
        static func buildExpression(_ piece: HTML) -> HTML { piece }
        static func buildExpression(_ pieces: [HTML]) -> HTML { HTML(pieces) }
        static func buildBlock(_ pieces: HTML...) -> HTML { HTML(pieces) }
        static func buildOptional(_ piece: HTML?) -> HTML { piece ?? .none }
        static func buildEither(first piece: HTML) -> HTML { piece }
        static func buildEither(second piece: HTML) -> HTML { piece }
        static func buildArray(_ pieces: [HTML]) -> HTML { HTML(pieces) }
    }

    /// An attribute of an element.
    struct Attribute: Sendable {
        fileprivate let markup: String

        private init(_ name: StaticString, _ value: String) {
            markup = " \(name)=\"\(Markup.escaped(value))\""
        }

        static func `class`(_ names: String) -> Attribute { Attribute("class", names) }
        static func id(_ id: String) -> Attribute { Attribute("id", id) }
        static func lang(_ language: String) -> Attribute { Attribute("lang", language) }
        static func href(_ address: PageAddress) -> Attribute { Attribute("href", address.text) }
        static func action(_ address: PageAddress) -> Attribute { Attribute("action", address.text) }
        static func rel(_ word: String) -> Attribute { Attribute("rel", word) }
        static func datetime(_ moment: String) -> Attribute { Attribute("datetime", moment) }
        static func scope(_ word: String) -> Attribute { Attribute("scope", word) }
        static func start(_ number: UInt64) -> Attribute { Attribute("start", String(number)) }
        static func name(_ name: String) -> Attribute { Attribute("name", name) }
        static func value(_ value: String) -> Attribute { Attribute("value", value) }
        static func type(_ type: String) -> Attribute { Attribute("type", type) }
        static func `for`(_ id: String) -> Attribute { Attribute("for", id) }
        static func content(_ text: String) -> Attribute { Attribute("content", text) }
        static func charset(_ name: String) -> Attribute { Attribute("charset", name) }
        static func method(_ word: String) -> Attribute { Attribute("method", word) }
        static func role(_ word: String) -> Attribute { Attribute("role", word) }
        static func maxLength(_ count: Int) -> Attribute { Attribute("maxlength", String(count)) }
        static func tabIndex(_ index: Int) -> Attribute { Attribute("tabindex", String(index)) }
        static func data(_ name: StaticString, _ value: String) -> Attribute {
            Attribute(markup: " data-\(name)=\"\(Markup.escaped(value))\"")
        }
        static func aria(_ name: StaticString, _ value: String) -> Attribute {
            Attribute(markup: " aria-\(name)=\"\(Markup.escaped(value))\"")
        }
        static let hidden = Attribute("hidden", "hidden")
        static let reversed = Attribute("reversed", "reversed")
        static let dirAuto = Attribute("dir", "auto")
        static let noCompletion = Attribute("autocomplete", "off")
        static let noSpellCheck = Attribute("spellcheck", "false")

        private init(markup: String) {
            self.markup = markup
        }
    }
}

/// The elements that the pages are made of.
enum Tag: String, Sendable {
    case a, article, aside, b, bdi, body, button, caption, code, dd, details, div, dl, dt, em, footer, form, h1, h2, h3,
        head, header, html, label, li, main, nav, ol, p, pre, section, small, span, strong, summary, table, tbody, td,
        th,
        thead, time, title, tr, ul
    case input, link, meta, br, hr

    /// An element with what is in it.
    func callAsFunction(_ attributes: HTML.Attribute..., @HTML.Builder content: () -> HTML) -> HTML {
        element(attributes, content())
    }

    /// An element with attributes that are put together before.
    func element(_ attributes: [HTML.Attribute], _ content: HTML) -> HTML {
        HTML.element("<\(rawValue)\(attributes.map(\.markup).joined())>", content.markup, "</\(rawValue)>")
    }

    /// An element that has nothing in it.
    func void(_ attributes: HTML.Attribute...) -> HTML {
        HTML.element("<\(rawValue)\(attributes.map(\.markup).joined())/>")
    }
}
