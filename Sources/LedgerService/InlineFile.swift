// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// A style sheet or a script of our own that stands within a page, and the hash that lets it through the page's policy.
struct InlineFile: Sendable {
    /// The element that it is the content of.
    let tag: String
    /// The content.
    let text: String
    /// The source expression of a content security policy that allows exactly this.
    let source: String

    /// One `style` or `script` of several of `WebFiles`.
    init(tag: String, files names: [String]) {
        let texts = names.map { WebFiles.text($0) }.joined(separator: "\n")
        // Several scripts share one scope, and none has a name outside it.
        text = tag == "script" ? "(() => {\n\"use strict\";\n\(texts)\n})();\n" : texts
        // These end an element, or make what ends it mean something else (HTML, "restrictions for contents of script").
        let lowercased = text.lowercased()
        precondition(
            !lowercased.contains("</\(tag)") && !lowercased.contains("<!--") && !lowercased.contains("<script"),
            "an element's own text does not end it")
        self.tag = tag
        source = "'sha256-\(Base64.encode(SHA256.hash(Array(text.utf8)).bytes))'"
    }

    /// The element.
    var element: String { "<\(tag)>\(text)</\(tag)>" }

    /// What the explorer's pages look like.
    static let explorerStyle = InlineFile(tag: "style", files: ["common.css", "explorer.css"])
    /// Computes the hash of a document in the page.
    static let hashScript = InlineFile(tag: "script", files: ["sha256.js", "hash.js"])
}
