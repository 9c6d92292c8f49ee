// SPDX-License-Identifier: Apache-2.0
import Foundation
import FoundationXML
import LedgerService
import Testing
import TransparencyLog

/// A page as a strict reader has it: well-formed, with what a person with or without sight, script or mouse needs.
final class PageReading: NSObject, XMLParserDelegate {
    /// A text with the elements that it stands in, the outermost first.
    struct Text {
        let text: String
        let within: [String]
    }

    private(set) var texts: [Text] = []
    private(set) var links: [String] = []
    private(set) var elements: [(name: String, attributes: [String: String])] = []
    private(set) var problems: [String] = []
    private var open: [(name: String, language: String?)] = []
    private var ids: Set<String> = []
    private var references: [String] = []
    private var level = 0

    /// The text within elements of a language other than the page's is left out.
    let language: String

    /// Reads a page, and checks that it is well-formed and complete in itself.
    init(_ page: ServiceAnswer, language: String) throws {
        self.language = language
        super.init()
        let source = try #require(String(validating: page.body, as: UTF8.self))
        let start = "<!DOCTYPE html>\n"
        if !source.hasPrefix(start) { problems.append("no doctype") }
        let parser = XMLParser(data: Data(Self.withoutScript(source.dropFirst(start.count)).utf8))
        parser.shouldResolveExternalEntities = false
        parser.delegate = self
        if !parser.parse() { problems.append("not well-formed: line \(parser.lineNumber)") }
        if level == 0 { problems.append("no heading") }
        for name in ["main", "header", "footer", "title"] where elements.count(where: { $0.name == name }) != 1 {
            problems.append("not one \(name)")
        }
        if elements.count(where: { $0.name == "h1" }) != 1 { problems.append("not one h1") }
        for id in references where !ids.contains(id) { problems.append("no element \(id)") }
    }

    /// A script's own text is no XML.
    private static func withoutScript(_ source: Substring) -> String {
        guard let start = source.range(of: "<script>"), let end = source.range(of: "</script>", options: .backwards)
        else { return String(source) }
        return String(source[..<start.upperBound]) + String(source[end.lowerBound...])
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        elements.append((name, attributes))
        open.append((name, attributes["lang"]))
        if let id = attributes["id"], !ids.insert(id).inserted { problems.append("two elements \(id)") }
        for name in ["for", "aria-labelledby", "aria-describedby"] { attributes[name].map { references.append($0) } }
        for attribute in attributes.keys where attribute.hasPrefix("on") || attribute == "style" {
            problems.append("attribute \(attribute)")
        }
        if let link = attributes["href"] ?? attributes["action"] {
            if link.hasPrefix("#") { references.append(String(link.dropFirst())) } else { links.append(link) }
        }
        switch name {
        case "h1", "h2", "h3":
            let next = Int(name.suffix(1)) ?? 0
            if next > level + 1 { problems.append("\(name) below h\(level)") }
            level = next
        case "th": if attributes["scope"] == nil { problems.append("th without scope") }
        case "nav", "table":
            if attributes["aria-label"] == nil, attributes["aria-labelledby"] == nil {
                problems.append("\(name) without a name")
            }
        case "html": if attributes["lang"] != language { problems.append("lang \(attributes["lang"] ?? "none")") }
        case "script": if open.dropLast().last?.name != "body" { problems.append("script within the text") }
        case "input":
            if attributes["type"] != "hidden" { attributes["id"].map { references.append("label for \($0)") } }
        case "label": attributes["for"].map { _ = ids.insert("label for \($0)") }
        default: if !Self.known.contains(name) { problems.append("element \(name)") }
        }
    }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        open.removeLast()
    }

    func parser(_ parser: XMLParser, foundCharacters text: String) {
        let isOfPage = open.dropFirst().allSatisfy { $0.language == nil || $0.language == language }
        texts.append(Text(text: text, within: open.map(\.name) + (isOfPage ? [] : ["other language"])))
    }

    /// The page's own words: not what others wrote, nor what is for programs, nor names of languages.
    var ownWords: String {
        let foreign: Set<String> = ["bdi", "code", "pre", "style", "script", "other language"]
        let labels = elements.flatMap { element in
            element.attributes["lang"] == nil
                ? ["aria-label", "data-label", "data-busy", "data-done", "data-failed"].compactMap {
                    element.attributes[$0]
                } : []
        }
        return texts.filter { foreign.isDisjoint(with: $0.within) }.map(\.text).joined(separator: " ")
            + labels.filter { $0 != "Language / 语言" }.joined(separator: " ")
    }

    private static let known: Set<String> = [
        "a", "bdi", "body", "button", "code", "dd", "details", "div", "dl", "dt", "footer", "form", "head", "header",
        "li",
        "main", "meta", "ol", "p", "pre", "section", "span", "strong", "style", "summary", "tbody", "td", "thead",
        "time",
        "title", "tr", "ul",
    ]
}
