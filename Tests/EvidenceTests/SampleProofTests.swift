// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Testing
import TransparencyLog

/// The proofs of the sample that every clone carries: each holds, and with any one byte changed none does.
struct SampleProofTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private static let documents = ["interview.zh.txt", "interview.en.txt", "joint-letter.txt", "photograph.png"]

    private static func read(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: root.appendingPathComponent(path)))
    }

    private static func policy() throws -> TrustPolicy {
        try TrustPolicy(parsing: read("keys/policy"))
    }

    @Test(arguments: documents)
    func theSampleVerifies(_ document: String) throws {
        let proof = try ProofFile(parsing: Self.read("docs/examples/\(document).proof"))
        let verified = try proof.verified(under: Self.policy())
        let hash = SHA256.hash(try Self.read("docs/examples/\(document)"))
        let shown = try #require(verified.exhibit).parts.compactMap { part in
            if case .file(_, let sha256) = part.content { sha256 } else { nil }
        }
        #expect(shown == [hash])
        // Nothing is written that would be read as something else.
        #expect(try ProofFile(json: proof.json) == proof)
    }

    @Test func anyByteOfAProofCountsWhateverItIs() throws {
        let policy = try Self.policy()
        let bytes = try Self.read("docs/examples/joint-letter.txt.proof")
        for place in bytes.indices {
            var altered = bytes
            altered[place] ^= 1
            #expect(throws: (any Error).self, "byte \(place)") {
                try ProofFile(parsing: altered).verified(under: policy)
            }
        }
    }

    @Test func aProofCutShortAnywhereIsRefused() throws {
        let bytes = try Self.read("docs/examples/joint-letter.txt.proof")
        // The last byte is a newline, which JSON does not need.
        for count in 0..<(bytes.count - 1) {
            #expect(throws: ProofFileError.self, "\(count) bytes") { try ProofFile(parsing: Array(bytes[..<count])) }
        }
    }

    /// What the sample's registrants hid is nowhere in their proofs.
    @Test(arguments: documents)
    func theSampleHidesWhatItShould(_ document: String) throws {
        let proof = String(decoding: try Self.read("docs/examples/\(document).proof"), as: UTF8.self)
        for hidden in ["interview", "林月", "Tao Ran", "Signatory one", "signatory-1", "第三次会见笔录", "title", "photograph"] {
            #expect(!proof.contains(hidden), "\(hidden)")
        }
        for line in proof.split(separator: "\"") where line.utf8.count > 40 {
            guard let decoded = Base64.decode(Array(line.utf8)) else { continue }
            #expect(!String(decoding: decoded, as: UTF8.self).contains("signatory-"))
        }
    }
}
