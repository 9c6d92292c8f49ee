// SPDX-License-Identifier: Apache-2.0
import Foundation

/// The folder of shared test vectors: INDELIBLE_VECTORS, or `../shared/vectors` from the package's root.
///
/// Suites that need it are skipped where it is absent. What must hold without it is carried in `Carried`.
enum VectorFolder {
    static let url: URL = {
        if let path = ProcessInfo.processInfo.environment["INDELIBLE_VECTORS"] {
            return URL(fileURLWithPath: path, isDirectory: true)
        }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return root.deletingLastPathComponent().appendingPathComponent("shared/vectors", isDirectory: true)
    }()

    static var isPresent: Bool { FileManager.default.fileExists(atPath: url.path) }

    static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: url.appendingPathComponent(path)))
    }

    static func json<Value: Decodable>(_ path: String, as type: Value.Type = Value.self) throws -> Value {
        try JSONDecoder().decode(type, from: Data(contentsOf: url.appendingPathComponent(path)))
    }

    /// The paths of all files of a kind under a folder, in a fixed order.
    static func files(under folder: String, ending: String) -> [String] {
        let base = url.appendingPathComponent(folder)
        let paths = FileManager.default.enumerator(atPath: base.path)?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(ending) }.sorted().map { "\(folder)/\($0)" }
    }
}
