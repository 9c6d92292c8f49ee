// SPDX-License-Identifier: Apache-2.0

/// Text from outside within XML and HTML: the pages and pictures that the tool writes.
///
///     <a&b>  ->  &lt;a&amp;b&gt;
package enum Markup {
    /// The text with what either would read as its own written as references, and what XML refuses written out.
    package static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            case "\n", " "..."\u{7E}", "\u{A0}"..."\u{FFFD}", "\u{10000}"...: escaped.unicodeScalars.append(scalar)
            default: escaped += "\\u{" + String(scalar.value, radix: 16) + "}"
            }
        }
        return escaped
    }
}
