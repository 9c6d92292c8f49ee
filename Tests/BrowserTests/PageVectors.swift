// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import TransparencyLog

/// The public vectors beside a checkout of this repository, and the examples within it.
enum PageVectors {
    /// The folder of the vectors; nil where there is none.
    static let folder: URL? = {
        let named = ProcessInfo.processInfo.environment["INDELIBLE_VECTORS"].map { URL(fileURLWithPath: $0) }
        let beside = Browser.root.deletingLastPathComponent().appendingPathComponent("shared/vectors")
        return [named, beside].compactMap(\.self).first { FileManager.default.fileExists(atPath: $0.path) }
    }()

    /// The bytes of a vector file.
    static func bytes(_ path: String) throws -> [UInt8] {
        guard let folder else { throw BrowserProblem(words: "no vectors") }
        return Array(try Data(contentsOf: folder.appendingPathComponent(path)))
    }

    /// A vector file that is a JSON object.
    static func object(_ path: String) throws -> [String: Any] {
        try JSONSerialization.jsonObject(with: Data(bytes(path))) as? [String: Any] ?? [:]
    }

    /// A vector file that is a JSON array of objects.
    static func array(_ path: String) throws -> [[String: Any]] {
        try JSONSerialization.jsonObject(with: Data(bytes(path))) as? [[String: Any]] ?? []
    }

    /// A text that is no proof file, read by this project's own JSON: Foundation's drops a byte order mark.
    static func proofText(_ name: String) throws -> [UInt8] {
        var value = try JSON(parsing: bytes("indelible/proofs.json"))
        for member in ["invalid-text", name, "text"] {
            guard case .object(let members) = value, let found = members.first(where: { $0.name == Array(member.utf8) })
            else { continue }
            value = found.value
        }
        guard case .text(let text) = value else { throw BrowserProblem(words: "no text \(name)") }
        return text
    }

    /// The bytes of a JSON value.
    static func text(_ value: Any) throws -> [UInt8] {
        if let text = value as? String { return Array(text.utf8) }
        return Array(try JSONSerialization.data(withJSONObject: value, options: [.withoutEscapingSlashes]))
    }

    /// A file of the repository.
    static func own(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: Browser.root.appendingPathComponent(path)))
    }

    /// The trust list of the vectors.
    static func policy() throws -> TrustPolicy { try TrustPolicy(parsing: bytes("indelible/policy")) }

    /// The names of the proofs that the repository carries as examples.
    static let examples: [String] = {
        let names = try? FileManager.default.contentsOfDirectory(
            atPath: Browser.root.appendingPathComponent("docs/examples").path)
        return (names ?? []).filter { $0.hasSuffix(".proof") }.sorted()
    }()
}
