// SPDX-License-Identifier: Apache-2.0
import Evidence
public import TransparencyLog

/// A web page in one file: its styles, its script and its data are in it, and it says itself that nothing else may run.
///
/// It is made of a template, in which these lines stand for what is put in their places:
///
///     <!-- policy -->                        what the page may do, as a content security policy
///     <!-- style: common.css verify.css -->  one <style> of these files
///     <!-- script: bytes.js verify.js -->    one <script> of these files, in one scope of their own
///     <!-- trust -->                         the trust list that the page begins with, if it is given one
///     <!-- log -->                           the log whose server the page is from, if it is from one
public struct SelfContainedPage: Sendable {
    /// What a page is told when it is made.
    public struct Data: Sendable {
        let mark: String
        let element: String

        /// A trust list, by a name that people know it by.
        public static func trust(_ policy: TrustPolicy, name: String) -> Data {
            Data(
                mark: "trust",
                element: "<script type=\"text/plain\" id=\"trust\" data-name=\"\(escaped(name))\">"
                    + Base64.encode(policy.bytes) + "</script>")
        }

        /// JSON that the page's script reads; it is in the page as an element of this name.
        static func json(_ json: JSON, in mark: String) -> Data {
            // Within a script's element "<" could end it; in JSON it stands only within texts.
            let text = String(decoding: json.encoded(), as: UTF8.self).replacing("<", with: "\\u003C")
            return Data(mark: mark, element: "<script type=\"application/json\" id=\"\(mark)\">\(text)</script>")
        }

        private static func escaped(_ text: String) -> String {
            text.replacing("&", with: "&amp;").replacing("\"", with: "&quot;").replacing("<", with: "&lt;")
        }
    }

    /// The page.
    public let bytes: [UInt8]
    /// What the page may do, for a server to say in a header; `frame-ancestors` can be said only there.
    public let securityPolicy: String

    /// The SHA-256 of the page, by which copies of it are compared.
    public var hash: Hash { SHA256.hash(bytes) }

    /// The page that verifies proofs without a network.
    public static func verifier(with data: [Data] = []) -> SelfContainedPage {
        SelfContainedPage("verify.html", data, allowing: "")
    }

    /// A page of a template that is one of `WebFiles`. What it may do besides showing itself is `allowed`.
    init(_ template: String, _ data: [Data], allowing allowed: String) {
        var hashes: [String: String] = [:]
        var lines: [String] = []
        for line in WebFiles.text(template).split(separator: "\n", omittingEmptySubsequences: false) {
            guard let (mark, names) = Self.mark(in: line) else {
                lines.append(String(line))
                continue
            }
            switch mark {
            case "style", "script":
                let file = InlineFile(tag: mark, files: names)
                hashes[mark] = file.source
                lines.append(file.element)
            case "policy": lines.append(String(line))
            default: lines += data.filter { $0.mark == mark }.map(\.element)
            }
        }
        let policy =
            "default-src 'none'; script-src \(hashes["script"] ?? "'none'"); style-src \(hashes["style"] ?? "'none'"); "
            + "img-src data: blob:; \(allowed)base-uri 'none'; form-action 'none'"
        let meta = "<meta http-equiv=\"Content-Security-Policy\" content=\"\(policy)\">"
        bytes = Array(
            lines.map { Self.mark(in: Substring($0))?.mark == "policy" ? meta : $0 }.joined(separator: "\n").utf8)
        securityPolicy = policy + "; frame-ancestors 'none'"
    }

    /// The word in a line that stands for something else, and the names of files that follow it.
    private static func mark(in line: Substring) -> (mark: String, names: [String])? {
        let line = line.drop { $0 == " " }
        guard line.hasPrefix("<!-- "), line.hasSuffix(" -->") else { return nil }
        let words = line.dropFirst(5).dropLast(4).split(separator: " ")
        guard let first = words.first else { return nil }
        let isList = first.hasSuffix(":")
        let mark = String(isList ? first.dropLast() : first)
        guard isList ? ["style", "script"].contains(mark) : words.count == 1 else { return nil }
        return (mark, words.dropFirst().map { String($0) })
    }
}
