// SPDX-License-Identifier: Apache-2.0
import Evidence
import TransparencyLog

/// Long JSON, and what is made of it: as many and as small values as can stand in so many bytes, and one large one.
enum LongDocuments {
    private static let zeros = String(repeating: "A", count: 43) + "="
    private static let seed = "\"seed\":\"\(zeros)\""
    private static let hash = String(repeating: "0", count: 64)

    static let trees: [[UInt8]] =
        [
            "0", "[]", "[0]", "{}", "\"\"", "\"a\"", "\"seventeen letters\"", "{\"a\":0}",
            "{\"label\":\"a\",\"text\":\"b\"}",
        ]
        .map { piece in FuzzTarget.numbered("[", "]", times: (1 << 18) / (piece.count + 1)) { _ in piece } }
        + [
            FuzzTarget.numbered("{", "}", times: 20_000) { "\"\($0)\":0" },
            FuzzTarget.repeated("\"", "a", "\""), FuzzTarget.repeated("\"", "\\n", "\""),
            FuzzTarget.repeated("\"", "\\u4e00", "\""), FuzzTarget.repeated("0", " ", ""),
            FuzzTarget.numbered("[", "]", times: 1000) { _ in
                String(repeating: "[", count: 90) + String(repeating: "]", count: 90)
            },
        ]

    /// Whole lists shown, of small items and of large ones; runs of slices; and what the shapes refuse.
    static let openings: [[UInt8]] =
        trees.map { Array("{\"count\":99999,\"tree\":{\(seed),\"items\":".utf8) + $0 + Array("}}".utf8) }
        + [
            shown(8000) { "{\"label\":\"field/\(1_000_000 + $0)\",\"text\":\"a\"}" },
            shown(2000) { "{\"label\":\"file/\($0 / 2)\($0 % 2 == 0 ? "/name" : "")\",\"sha256\":\"\(hash)\"}" },
            shown(2) { "{\"label\":\"field/\($0)\",\"text\":\"\(String(repeating: "a", count: 1 << 17))\"}" },
            runs(length: 2), runs(length: 255), pairs,
        ]

    static let dossiers: [[UInt8]] = [
        shown(4096) {
            $0 == 0
                ? "{\"label\":\"exhibit\",\"sha256\":\"\(hash)\"}" : "{\"label\":\"attestation/\($0)\",\"text\":\"\"}"
        }
    ]

    private static func shown(_ count: Int, _ item: (Int) -> String) -> [UInt8] {
        FuzzTarget.numbered("{\"count\":\(count),\"tree\":{\(seed),\"items\":[", "]}}", times: count, item)
    }

    /// A file of two items, and a run of as many slices as its bytes have.
    private static func runs(length: Int) -> [UInt8] {
        let count = (1 << 17) / length
        let text = String(repeating: "a", count: count * length)
        let lengths = Base64.encode([UInt8](repeating: UInt8(length), count: count))
        let items = [
            "{\"label\":\"file/0/name\",\"text\":\"a\"}", "{\"label\":\"file/0\",\"sha256\":\"\(hash)\"}",
            "{\"file\":0,\"from\":0,\"text\":\"\(text)\",\"lengths\":\"\(lengths)\"}",
        ]
        return Array(
            "{\"count\":\(count + 2),\"tree\":{\(seed),\"items\":[\(items.joined(separator: ","))]}}".utf8)
    }

    /// Every second item shown: as many parts as there can be.
    private static let pairs: [UInt8] = {
        func node(_ from: Int, _ count: Int) -> String {
            if count == 1 {
                return from % 2 == 0
                    ? "{\(seed),\"items\":[{\"label\":\"field/\(10_000 + from)\",\"text\":\"a\"}]}"
                    : "{\"hash\":\"\(zeros)\"}"
            }
            return "[\(node(from, count / 2)),\(node(from + count / 2, count / 2))]"
        }
        return Array("{\"count\":2048,\"tree\":\(node(0, 2048))}".utf8)
    }()

    /// Sample proofs that carry a list again and again, with what fits there and what does not.
    static func proofFiles() -> [[UInt8]] {
        let proofs = FuzzGround.shared.proofs
        var inputs: [[UInt8]] = []
        if let proof = proofs.first { inputs += trees.map { with("timestamps", $0, in: proof) } }
        if let proof = proofs.first(where: { $0.exhibit != nil }) {
            inputs += openings.suffix(6).map { with("exhibit", $0, in: proof) }
        }
        for proof in proofs where !(proof.related.isEmpty && proof.quoted.isEmpty) && inputs.count < 30 {
            let written = grown(proof) { (members: [JSON.Member]) -> [JSON.Member] in
                members.map { (member: JSON.Member) -> JSON.Member in
                    guard case .array(let items) = member.value, let item = items.last,
                        member.name != Array("inclusion".utf8)
                    else { return member }
                    return JSON.Member(name: member.name, value: .array([JSON](repeating: item, count: 100)))
                }
            }
            inputs.append(written + [0x7D])
        }
        return inputs
    }

    /// A proof with another value of one of its members.
    private static func with(_ name: String, _ value: [UInt8], in proof: ProofFile) -> [UInt8] {
        let rest = grown(proof) { members in members.filter { $0.name != Array(name.utf8) } }
        return rest + Array(",\"\(name)\":".utf8) + value + [0x7D]
    }

    /// A proof's JSON with other members, without its last brace.
    private static func grown(_ proof: ProofFile, _ change: ([JSON.Member]) -> [JSON.Member]) -> [UInt8] {
        guard case .object(let members) = proof.json else { return [] }
        return Array(JSON.object(change(members)).encoded().dropLast())
    }

    /// Private files' JSON: many fields, many documents, many attestations, and one long of each.
    static func contents() -> [[UInt8]] {
        func whole(fields: String = "", files: String = "", attestations: String = "", details: String = "") -> [UInt8]
        {
            Array(
                """
                {"format":"indelible-private/v1","exhibit":{\(seed),"fields":{\(fields)},"files":[\(files)]},\
                "dossier":{\(seed),"count":4096,"attestations":{\(attestations)}},"details":{\(seed),"fields":{\(details)}}}
                """.utf8)
        }
        func list(_ count: Int, _ item: (Int) -> String) -> String { (0..<count).map(item).joined(separator: ",") }
        let long = String(repeating: "a", count: 1 << 17)
        let lengths = Base64.encode([UInt8](repeating: 2, count: 1 << 16))
        let fields = list(10_000) { "\"\(100_000 + $0)\":\"a\"" }
        return [
            whole(fields: fields), whole(details: fields), whole(fields: "\"a\":\"\(long)\""),
            whole(
                files: list(1500) {
                    "{\"name\":\"\(10_000 + $0)\",\"sha256\":\"\(hash)\",\"size\":0,\"carried\":false}"
                }),
            whole(
                files:
                    "{\"name\":\"a\",\"sha256\":\"\(hash)\",\"size\":131072,\"carried\":false,\"lengths\":\"\(lengths)\"}"
            ),
            whole(attestations: list(4095) { "\"\($0 + 1)\":\"a\"" }), whole(attestations: "\"1\":\"\(long)\""),
        ]
            + openings.suffix(6).map { opening in
                Array("{\"format\":\"indelible-private/v1\",\"proof\":".utf8) + opening + [0x7D]
            }
    }

    /// Contents as they stand behind the encryption, for the target whose first byte says that the padding is put right.
    static func packed(_ json: [UInt8]) -> [UInt8] {
        [1] + (0..<4).map { UInt8(truncatingIfNeeded: json.count >> (24 - 8 * $0)) } + json
    }
}
