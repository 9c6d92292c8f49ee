// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Testing
import TransparencyLog

/// The test vectors that lie beside the repository, or where INDELIBLE_VECTORS says; tests that need them are skipped
/// where they are not.
enum JSONVectors {
    static let folder: URL = {
        if let path = ProcessInfo.processInfo.environment["INDELIBLE_VECTORS"] { return URL(filePath: path) }
        let package = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return package.deletingLastPathComponent().appending(path: "shared/vectors")
    }()

    static let arePresent = FileManager.default.fileExists(atPath: folder.appending(path: "indelible").path)

    /// The bytes of a file of the vectors.
    static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: folder.appending(path: path)))
    }

    /// A file of our own vectors as JSON.
    static func json(_ name: String) throws -> JSON {
        try JSON(parsing: try bytes("indelible/\(name)"), format: name)
    }
}

extension JSON {
    /// The member `name` of an object; nil where there is none.
    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name.elementsEqual(name.utf8) }?.value
    }

    /// The member `name` of an object.
    func at(_ name: String) throws -> JSON { try #require(self[name]) }

    /// The elements of an array.
    func elements() throws -> [JSON] {
        guard case .array(let elements) = self else { throw UnexpectedJSON() }
        return elements
    }

    /// The members of an object.
    func members() throws -> [(name: String, value: JSON)] {
        guard case .object(let members) = self else { throw UnexpectedJSON() }
        return members.map { (String(decoding: $0.name, as: UTF8.self), $0.value) }
    }

    /// The bytes of a string.
    func bytes() throws -> [UInt8] {
        guard case .text(let text) = self else { throw UnexpectedJSON() }
        return text
    }

    /// A number.
    func integer() throws -> Int {
        guard case .number(let number) = self else { throw UnexpectedJSON() }
        return Int(number)
    }

    /// The hash in a string of hexadecimal.
    func hexHash() throws -> Hash { try #require(Hash(hex: bytes())) }

    /// The hash in a string of base64.
    func hash() throws -> Hash { try #require(Hash(base64: bytes())) }
}

/// A vector is not of the form that a test expects.
struct UnexpectedJSON: Error {}
