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

    static func judge(_ name: String, _ authorities: TimestampAuthorities) throws -> TimestampJudgement {
        authorities.judge(try token(name), covering: try imprint())
    }
}

extension TimestampJudgement {
    var valid: ValidTimestamp? { if case .valid(let valid) = self { valid } else { nil } }
    var refusal: TimestampRefusal? { if case .refused(let refusal) = self { refusal } else { nil } }
}
