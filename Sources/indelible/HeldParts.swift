// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// What a private file or a draft holds, for its holder alone: documents, fields and attestations, with the numbers by
/// which `share` shows them.
struct HeldParts {
    let contents: PrivateContents

    func lines(_ language: Language) throws -> [String] {
        let english = language == .english
        var lines: [String] = []
        for (number, file) in (contents.exhibit?.files ?? []).enumerated() {
            let words = file.lengths.map {
                english
                    ? ", " + EntryWords.count($0.count, "word or ideograph", "words or ideographs")
                    : ",\($0.count) 个词或字"
            }
            let size = english ? "\(file.size) bytes" : "\(file.size) 字节"
            let carried = file.isCarried ? (english ? ", in this file" : ",在本私存件中") : ""
            lines.append(
                (english ? "  document \(number + 1)   " : "  材料 \(number + 1)  ")
                    + "\(Shown.bytes(file.path.utf8)), \(size)\(words ?? "")\(carried)")
        }
        for field in contents.exhibit?.fields ?? [] {
            lines.append((english ? "  field        " : "  附注    ") + Shown.bytes(field.name.utf8))
        }
        if let details = try contents.details.map(OpenDetails.init) {
            // Whoever is to sign the filing compares this with its line "details".
            lines.append((english ? "  sealed as    " : "  密封摘要  ") + details.digest.base64)
            for field in details.details.fields { lines += field.lines(as: english ? "detail" : "细节") }
        }
        for (number, attestation) in try attestations.enumerated() {
            let name = Shown.bytes(attestation.text.name?.utf8 ?? attestation.signer.name.utf8)
            let role = EntryWords.role(attestation.role, language)
            lines.append(
                english
                    ? "  vouching \(number + 1)   \(role), \"\(name)\", key \(attestation.signer.shortID)"
                    : "  具名 \(number + 1)  \(role),“\(name)”,密钥 \(attestation.signer.shortID)")
        }
        return lines
    }

    var json: JSON {
        get throws {
            .object([
                JSON.Member(
                    "documents",
                    .array(
                        (contents.exhibit?.files ?? []).map { file in
                            .object([
                                JSON.Member("name", .text(file.path.utf8)), JSON.Member("size", .number(file.size)),
                                JSON.Member("sha256", .text(file.sha256.hex)),
                                JSON.Member("carried", .bool(file.isCarried)),
                            ])
                        })),
                JSON.Member(
                    "fields",
                    .array(
                        ((contents.exhibit?.fields ?? []) + (contents.details?.fields ?? [])).map {
                            .text($0.name.utf8)
                        })),
                JSON.Member(
                    "attestations",
                    .array(
                        try attestations.map {
                            .object([
                                JSON.Member("role", .text($0.role.word)), JSON.Member("key", .text($0.signer.utf8)),
                            ])
                        })),
            ])
        }
    }

    /// In the order of their slots, as `share --show-attestation` counts them.
    private var attestations: [Attestation] {
        get throws {
            try (contents.dossier?.attestations ?? [:]).sorted { $0.key < $1.key }.map {
                try Attestation(parsing: $0.value)
            }
        }
    }
}
