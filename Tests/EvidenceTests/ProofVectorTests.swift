// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Testing
import TransparencyLog

/// The public vectors of proof files: what holds, what does not and for which reason, and what each shows.
@Suite(.enabled(if: ProofVectors.folder != nil))
struct ProofVectorTests {
    @Test(arguments: ProofVectors.names(of: "valid"))
    func aValidProofShowsWhatItShould(_ name: String) throws {
        let vectors = try ProofVectors()
        let proof = try ProofFile(parsing: try vectors.proof("valid", name))
        let verified = try proof.verified(under: vectors.policy)
        #expect(verified.loggedBefore == vectors.number("not_after", name))
        #expect(verified.signedAfter == vectors.number("not_before", name))
        #expect(verified.attestations.map(\.attestation.role.word) == vectors.value("attested", name) as? [String])
        #expect(Self.shown(by: verified) == vectors.shown(name))
        #expect(!verified.contradictsItself)
        // What is written is read again as the same.
        #expect(try ProofFile(json: proof.json) == proof)
        if let exhibit = verified.exhibit {
            #expect(exhibit.shownCount + exhibit.withheldCount == exhibit.opening.count)
        }
    }

    @Test(arguments: ProofVectors.names(of: "invalid"))
    func anInvalidProofIsRefusedForItsReason(_ name: String) throws {
        let vectors = try ProofVectors()
        let reason = Self.reason { () throws -> Void in
            _ = try ProofFile(parsing: try vectors.proof("invalid", name)).verified(under: vectors.policy)
        }
        #expect(reason == Self.expectedReasons[name])
    }

    @Test(arguments: ProofVectors.names(of: "invalid-text"))
    func aTextThatIsNoProofFileIsRefused(_ name: String) throws {
        let vectors = try ProofVectors()
        let text = try vectors.text(name)
        #expect(throws: ProofFileError.self) { try ProofFile(parsing: text) }
    }

    /// A label and the shown text, or the file's hash where that is what is shown, by position.
    private static func shown(by proof: VerifiedProof) -> [Int: [String?]] {
        var shown: [Int: [String?]] = [:]
        for part in proof.exhibit?.parts ?? [] {
            switch part.content {
            case .field(let field):
                shown[part.position] = ["field/\(field.name)", String(decoding: field.text, as: UTF8.self)]
            case .path(let file, let path):
                shown[part.position] = ["file/\(file)/name", String(decoding: path.utf8, as: UTF8.self)]
            case .file(let file, _): shown[part.position] = ["file/\(file)", nil]
            case .slices(let run):
                var start = 0
                for (offset, length) in run.lengths.enumerated() {
                    let text = String(decoding: run.text[start..<start + Int(length)], as: UTF8.self)
                    shown[part.position + offset] = ["file/\(run.file)#\(run.from + offset)", text]
                    start += Int(length)
                }
            case .withheld: break
            }
        }
        return shown
    }

    private static func reason(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "holds"
        } catch ProofFileError.anotherVersion {
            return "version"
        } catch ProofFileError.malformed(let error) {
            return "form: \(error.reason)"
        } catch let error as ProofVerificationError {
            return "\(error)"
        } catch {
            return "other: \(error)"
        }
    }

    /// The check that each is refused by, in the words of its error.
    private static let expectedReasons: [String: String] = [
        "altered-text": "what is shown is not what the entry registers, or other keys registered it",
        "another-format": "version",
        "attestation-changed-before-sealing": "attestation 15: the signature by \"member-2\" does not verify",
        "attestation-for-another-log": "attestation 8: for another log",
        "attestation-not-signed-by-its-signer": "attestation 4: signature line differs from signer line",
        "attestation-of-another-exhibit": "attestation 1: about another exhibit",
        "attestation-role-changed": "the dossier shown is not the one that the entry registers",
        "count-of-eight-slots": "form: dossier.tree[0][0][0].items: an array of 2 elements",
        "details-for-a-registration": "form: details for what names none",
        "dossier-for-other-signers": "what is shown is not what the entry registers, or other keys registered it",
        "dossier-hides-its-exhibit": "the item is hidden that ties what is shown to the entry",
        "earlier-inclusion-does-not-hold": "inclusion 1: the proof does not lead to the root of the tree",
        "escape-in-label": "what is shown is not an exhibit: item 0: no label of an exhibit",
        "exhibit-of-another-dossier": "what is shown is not what the entry registers, or other keys registered it",
        "exhibit-without-dossier": "form: an exhibit without its dossier",
        "file-shown-beside-struck-text":
            "what is shown is not an exhibit: file 0 is shown with only some of its slices",
        "gap-in-slices": "what is shown is not an exhibit: item 3: the items of a file are not together",
        "inclusions-of-two-entries": "form: inclusions of different entries",
        "inclusions-out-of-order": "form: inclusions out of order",
        "label-twice": "what is shown is not an exhibit: item 1: labels out of order",
        "labels-out-of-order": "what is shown is not an exhibit: item 1: labels out of order",
        "name-climbs":
            "what is shown is not an exhibit: item 0: the path is not relative, or has an empty, \".\" or \"..\" part",
        "no-log-signature": "the checkpoint has no signature by a key of the log",
        "one-key-attests-twice": "two attestations by the key of \"member-2\"",
        "one-witness-of-two": "the quorum of the policy is not met",
        "other-entry": "form: a dossier for what is no registration",
        "other-file-number": "what is shown is not what the entry registers, or other keys registered it",
        "other-index": "the proof does not lead to the root of the tree",
        "quote-of-another-checkpoint": "quoted checkpoint 1 is quoted by nothing that is shown",
        "quote-that-nothing-shown-names": "quoted checkpoint 1 is quoted by nothing that is shown",
        "quote-without-consistency":
            "quoted checkpoint 1 is of another history: the proof does not lead to the root of the tree",
        "recut-slices": "what is shown is not what the entry registers, or other keys registered it",
        "relabelled": "what is shown is not what the entry registers, or other keys registered it",
        "related-at-another-index":
            "related entry 2 is not shown to be in the log: the proof does not lead to the root of the tree",
        "related-entry-altered":
            "related entry 1 is not shown to be in the log: the proof does not lead to the root of the tree",
        "related-not-in-the-log":
            "related entry 2 is not shown to be in the log: the proof does not lead to the root of the tree",
        "short-path": "the proof has too few hashes",
        "slices-are-not-the-file":
            "what is shown is not an exhibit: file 0 is shown with slices that do not make up its bytes",
        "slices-before-the-file": "what is shown is not an exhibit: item 1: labels out of order",
        "slot-mislabelled": "dossier item 3: not the label of its position",
        "swapped-slices": "what is shown is not what the entry registers, or other keys registered it",
        "text-planted-in-redaction": "form: exhibit.tree[0][0][0][0][0][1]: unknown member hash",
        "two-hidden-halves": "form: exhibit.tree[0][0][0][0][0]: not canonical: a pair of two hidden parts",
        "unknown-label": "what is shown is not an exhibit: item 0: no label of an exhibit",
        "unknown-member": "form: unknown member verdict",
        "unknown-role": "attestation 9: attestation: line 5: unknown role",
        "wrong-count": "form: exhibit.tree[1].items: fewer items than the list has here",
    ]
}

/// The file of vectors beside a checkout of this repository.
struct ProofVectors {
    let policy: TrustPolicy
    private let all: [String: Any]

    static let folder: URL? = {
        let named = ProcessInfo.processInfo.environment["INDELIBLE_VECTORS"].map { URL(fileURLWithPath: $0) }
        let beside = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("shared/vectors")
        return [named, beside].compactMap(\.self).first { FileManager.default.fileExists(atPath: $0.path) }
    }()

    init() throws {
        let own = try #require(Self.folder).appendingPathComponent("indelible")
        policy = try TrustPolicy(parsing: Array(Data(contentsOf: own.appendingPathComponent("policy"))))
        let data = try Data(contentsOf: own.appendingPathComponent("proofs.json"))
        all = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    static func names(of group: String) -> [String] {
        guard folder != nil, let all = try? ProofVectors().all[group] as? [String: Any] else { return [] }
        return all.keys.sorted()
    }

    func value(_ group: String, _ name: String) -> Any? {
        (all[group] as? [String: Any])?[name]
    }

    func number(_ group: String, _ name: String) -> UInt64? {
        (value(group, name) as? NSNumber)?.uint64Value
    }

    func proof(_ group: String, _ name: String) throws -> [UInt8] {
        let found = try #require(value(group, name))
        let proof = group == "invalid" ? try #require((found as? [String: Any])?["proof"]) : found
        return Array(try JSONSerialization.data(withJSONObject: proof))
    }

    /// A text as the file has it, read by this project's own JSON: Foundation's drops a byte order mark.
    func text(_ name: String) throws -> [UInt8] {
        let own = try #require(Self.folder).appendingPathComponent("indelible/proofs.json")
        let whole = try JSON(parsing: Array(Data(contentsOf: own)))
        var value = whole
        for member in ["invalid-text", name, "text"] {
            guard case .object(let members) = value, let found = members.first(where: { $0.name == Array(member.utf8) })
            else { continue }
            value = found.value
        }
        guard case .text(let text) = value else { throw FormatError("vectors", "no text \(name)") }
        return text
    }

    func shown(_ name: String) -> [Int: [String?]] {
        let shown = value("shown", name) as? [String: [Any]] ?? [:]
        return Dictionary(uniqueKeysWithValues: shown.map { (Int($0) ?? -1, $1.map { $0 as? String }) })
    }
}
