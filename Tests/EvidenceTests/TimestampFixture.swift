// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import TransparencyLog

/// The certificates, revocation lists and responses in `Tests/Timestamps`.
enum TimestampFixture {
    static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Timestamps")

    static func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    /// The hash that all of them stamp.
    static func imprint() throws -> Hash { SHA256.hash(try bytes("text")) }

    static func token(_ name: String) throws -> TimestampToken {
        guard let token = try TimestampResponse(parsing: bytes(name)).token else {
            throw FormatError(name, "not granted")
        }
        return token
    }

    static func authorities(
        _ roots: String..., intermediates: [String] = [], revocationLists: [String] = []
    ) throws -> TimestampAuthorities {
        try TimestampAuthorities(
            certificates: roots.map(bytes), intermediates: intermediates.map(bytes),
            revocationLists: revocationLists.map(bytes))
    }

    /// DER with one of its elements exchanged, and the lengths around it made right.
    static func changed(
        _ bytes: ArraySlice<UInt8>, at path: ArraySlice<Int>, _ change: (DER.Element) -> [UInt8]
    ) throws -> [UInt8] {
        guard let elements = DER.elements(of: bytes), let place = path.first else {
            throw FormatError("\(path)", "no such element")
        }
        return try elements.enumerated().flatMap { index, element in
            if index != place { return Array(element.bytes) }
            if path.count == 1 { return change(element) }
            return DER.element(element.tag, try changed(element.content, at: path.dropFirst(), change))
        }
    }

    /// The response `rsa.tsr` with a change, read.
    static func response(at path: [Int], _ change: (DER.Element) -> [UInt8]) throws -> TimestampResponse {
        try TimestampResponse(parsing: try changed(try bytes("rsa.tsr")[...], at: path[...], change))
    }

    static func judge(_ name: String, _ authorities: TimestampAuthorities) throws -> TimestampJudgement {
        authorities.judge(try token(name), covering: try imprint())
    }
}

extension TimestampJudgement {
    var valid: ValidTimestamp? { if case .valid(let valid) = self { valid } else { nil } }
    var refusal: TimestampRefusal? { if case .refused(let refusal) = self { refusal } else { nil } }
}
