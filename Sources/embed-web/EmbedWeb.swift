// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Writes Swift code that holds texts: `embed-web OUTPUT FILE...`. It runs when the package is built.
@main
struct EmbedWeb {
    /// More than stand one behind the other in any page; more would not compile.
    private static let fence = String(repeating: "#", count: 6)

    static func main() throws {
        let paths = CommandLine.arguments.dropFirst()
        guard let output = paths.first else { throw CocoaError(.fileNoSuchFile) }
        var code = """
            /// The files that the web pages are made of, as they were when the program was built.
            enum WebFiles {
                /// The text of a file; only the program itself names one.
                static func text(_ name: String) -> String {
                    guard let text = texts[name] else { preconditionFailure("no web page's file is named \\(name)") }
                    return text
                }

                /// The names of all files.
                static var names: [String] { texts.keys.sorted() }

                private static let texts: [String: String] = [

            """
        for path in paths.dropFirst() {
            let text = try String(contentsOf: URL(filePath: path), encoding: .utf8)
            let name = URL(filePath: path).lastPathComponent
            code += "\"\(name)\": \(fence)\"\"\"\n\(text)\n\"\"\"\(fence),\n"
        }
        code += paths.count > 1 ? "    ]\n}\n" : ":]\n}\n"
        try code.write(to: URL(filePath: output), atomically: true, encoding: .utf8)
    }
}
