// SPDX-License-Identifier: Apache-2.0
import Evidence
import TransparencyLog

extension FuzzTarget {
    /// Inputs as long as a format's limit, or longer than the fuzzer's: many lines, many items, deep nesting, long texts.
    ///
    /// What a reader takes for each byte shows at such alone; of short ones it is lost in what any reader takes.
    public var longInputs: [[UInt8]] {
        get throws { try Self.long[name]?() ?? [] }
    }

    /// What most of them have, at least.
    private static let long: [String: @Sendable () throws -> [[UInt8]]] = [
        "note": notes, "checkpoint": notes, "filing": notes, "attestation": notes, "draft": notes, "entry": notes,
        "filing-text": notes, "attestation-text": notes, "vkey": { lines + words }, "policy": policies,
        "cosignature": { lines }, "tile-path": { [repeated("tile/0", "/x001", "")] + lines },
        "log-proof": proofsOfLogging, "add-checkpoint": { try notes() + [repeated("old 0\n", "A\n", "")] },
        "add-checkpoint-answer": { [signatureLines(1 << 19), signatureLines(4096), repeated("", "9", "\n")] },
        "tile": { [[255] + [UInt8](repeating: 7, count: 8192)] }, "entry-bundle": { bundles }, "registry": registries,
        "json": { LongDocuments.trees },
        "opening": { LongDocuments.openings },
        "exhibit": { LongDocuments.openings }, "dossier": { LongDocuments.openings + LongDocuments.dossiers },
        "details": { LongDocuments.openings }, "proof": { LongDocuments.proofFiles() },
        "private-contents": { LongDocuments.contents() },
        "private-file": { LongDocuments.contents().map { LongDocuments.packed($0) } },
        "slices": { texts }, "comparison": { twice(texts) }, "painted": { twice(texts) },
        "label": { lines + [repeated("", "a/", "a")] },
        "timestamp-response": { stamps }, "timestamp-request": { [nested(4096)] },
        "certificates": { certificates }, "revocation-lists": { certificates },
        "paper-words": { [repeated("", "a ", "", 4096), repeated("", "abandon ", "", 4096)] },
        "key-file": { [repeated("", "a\n", "", 1 << 16)] },
        "foreign-key": {
            [repeated("-----BEGIN PRIVATE KEY-----\n", "MC4CAQAw\n", "-----END PRIVATE KEY-----\n", 1 << 16)]
        },
        "private-envelope": { [repeated("indelible-private/v1\n", "A\n", "", 1 << 16)] },
        "audit-state": { [repeated("indelible-audit/v1\ncheckpoint 200000\n", "A\n", "")] },
        "log-answer": { answered },
        "ledger-files": exchanged,
        "http": { requests },
    ]

    /// A text of one piece again and again.
    static func repeated(_ head: String, _ piece: String, _ tail: String, _ count: Int = 1 << 18) -> [UInt8] {
        let (head, piece, tail) = (Array(head.utf8), Array(piece.utf8), Array(tail.utf8))
        let times = (count - head.count - tail.count) / piece.count
        return head + [[UInt8]](repeating: piece, count: times).flatMap(\.self) + tail
    }

    /// A text of pieces that have a number in them.
    static func numbered(
        _ head: String, _ tail: String, times: Int, by separator: String = ",", _ piece: (Int) -> String
    ) -> [UInt8] {
        Array((head + (0..<times).map(piece).joined(separator: separator) + tail).utf8)
    }

    private static let lines = [repeated("", "\n", ""), repeated("", "a\n", ""), repeated("", "a", "")]
    private static let words = [repeated("", " ", ""), repeated("", "a ", "\n"), repeated("", "a+", "\n")]

    private static func signatureLines(_ count: Int) -> [UInt8] {
        let each = max(count / 64 - 20, 12) / 4 * 4
        return numbered("", "\n", times: 64, by: "\n") { "\u{2014} a\($0) " + String(repeating: "A", count: each) }
    }

    private static func notes() throws -> [[UInt8]] {
        let bases = FuzzGround.shared.proofs.prefix(3).flatMap {
            [$0.entry.filing.bytes, $0.inclusions[0].checkpoint.bytes] + FuzzGround.attestations(in: $0)
        }
        // A line of each text again and again, where it stands; and the signatures alone.
        let grown = bases.flatMap { (base: [UInt8]) -> [[UInt8]] in
            let lines = base.split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0) + [0x0A] }
            return (1..<min(lines.count, 6)).map { (place: Int) -> [UInt8] in
                let many = [[UInt8]](repeating: lines[place], count: (1 << 17) / lines[place].count)
                let all: [[UInt8]] = Array(lines[..<place]) + many + Array(lines[place...])
                return Array(all.joined().dropLast())
            }
        }
        let checkpoint = Array("log.example/a\n1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n".utf8)
        return lines + words + quotes + grown + [
            checkpoint + [0x0A] + signatureLines(1 << 20), checkpoint + [0x0A] + signatureLines(2048),
            checkpoint + repeated("", "x\n", "\n") + signatureLines(2048),
        ]
    }

    private static let texts = [
        repeated("", "a", ""), repeated("", "a ", ""), repeated("", "\n", ""), repeated("", "One line of words.\n", ""),
        repeated("", "\u{4E00}", ""), repeated("", "e\u{301}", ""), repeated("", "\u{2588}", ""),
    ]

    /// Each text with itself, and with another.
    private static func twice(_ texts: [[UInt8]]) -> [[UInt8]] {
        let other = Array("one line".utf8)
        return texts.flatMap { (text: [UInt8]) -> [[UInt8]] in
            let first: [UInt8] = text + [0xFF]
            return [first + text, first + other]
        }
    }

    /// DER in DER in DER, as deep as it goes.
    private static func nested(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count + 4 < count {
            let length = bytes.count
            bytes = [0x30, 0x82, UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF)] + bytes
        }
        return bytes
    }

    private static let stamps: [[UInt8]] = [nested(1 << 16), [UInt8](repeating: 0x30, count: 1 << 16), listed]

    /// As many elements of DER as there can be.
    private static let listed: [UInt8] = {
        let nulls = [[UInt8]](repeating: [0x05, 0x00], count: 32_000).flatMap(\.self)
        return [0x30, 0x82, UInt8(nulls.count >> 8), UInt8(nulls.count & 0xFF)] + nulls
    }()

    private static let certificates: [[UInt8]] = {
        let files = ["root.pem", "issuing.pem", "revoked-after-cessation.crl"]
        let samples: [[UInt8]] = files.compactMap { try? FuzzGround.bytes("Tests/Timestamps/\($0)") }
        return lines + samples.map { [[UInt8]](repeating: $0, count: (1 << 18) / $0.count).flatMap(\.self) }
    }()

    /// Lines of many words where three are read: of texts, and of what is signed.
    private static let quotes: [[UInt8]] = [
        "indelible-filing/v1", "indelible-attestation/v1", "time 1\nindelible-filing/v1",
    ]
    .flatMap { (head: String) -> [[UInt8]] in
        let text = repeated("\(head)\nlog a\nafter", " 1", "\n", 1 << 15)
        return [text, text + [0x0A] + signatureLines(2048)]
    }

    private static func keys(_ count: Int) throws -> [VerifierKey] {
        try (0..<count).map { number in
            let seed = SHA256.hash(Array("\(number)".utf8)).bytes
            guard let key = Ed25519.PrivateKey(seed: seed), let name = KeyName("k\(number)") else {
                throw BrokenPromise("a key is made of 32 bytes")
            }
            return VerifierKey(name: name, type: .cosignature, publicKey: key.publicKey)
        }
    }

    private static func policies() throws -> [[UInt8]] {
        let witnesses = try keys(512).enumerated().map { "witness w\($0) \($1)\n" }.joined()
        let names = (0..<512).map { " w\($0)" }.joined()
        return lines + words + [
            repeated("", "#\n", ""), repeated("group g any", " w", "\n"),
            Array((witnesses + "group g 2\(names)\nquorum g\n").utf8),
            numbered("", "\n", times: 20_000, by: "\n") { "log a\($0)" },
        ]
    }

    private static func proofsOfLogging() throws -> [[UInt8]] {
        let proofs = FuzzGround.shared.proofs.prefix(2).flatMap(\.inclusions)
        return try lines
            + proofs.flatMap { proof in
                try [16, 1 << 18].map { count in
                    try LogProof(
                        extra: [UInt8](repeating: 7, count: count), index: proof.index, inclusion: proof.inclusion,
                        checkpoint: proof.checkpoint
                    ).bytes
                }
            }
    }

    /// The first byte is the number of entries less one.
    private static let bundles: [[UInt8]] = [0, 1, 1000].map { (count: Int) -> [UInt8] in
        let entry: [UInt8] = [UInt8(count >> 8), UInt8(count & 0xFF)] + [UInt8](repeating: 7, count: count)
        return [255] + [[UInt8]](repeating: entry, count: 256).flatMap(\.self)
    }

    private static func registries() throws -> [[UInt8]] {
        let members = try keys(512).map { VerifierKey(name: $0.name, publicKey: try publicKey(of: $0)) }
        let snapshot = "indelible-registry/v1\nlog a\nsize 9999\ntime 1\nsignatures verified\n"
        return lines + [
            numbered(snapshot, "\n", times: members.count, by: "\n") { "member \($0) \(members[$0])" },
            numbered(snapshot, "\n", times: members.count, by: "\n") {
                "revoked \($0) \(members[$0])\nreason lost\nsigner \(members[$0])"
            },
        ]
    }

    private static func publicKey(of key: VerifierKey) throws -> Ed25519.PublicKey {
        guard let key = key.publicKey else { throw BrokenPromise("a key that was made is one") }
        return key
    }

    private static func exchanged() -> [[UInt8]] {
        let long = repeated("", "9\n", "", 1 << 16)
        return (UInt8(0)..<32).map { [$0] + long }
    }

    private static let requests: [[UInt8]] =
        [
            repeated("POST /entries\n\n", "a\n", "", 1 << 16), repeated("GET /", "a/", "\n\n", 1 << 14),
            repeated("GET /find?", "a=b&", "\n\n", 1 << 14), repeated("GET /log/search?q=", "%41", "\n\n", 1 << 14),
            repeated("GET /log\n", "a: b\n", "\n", 1 << 14),
            repeated("GET /log\naccept-language: ", "a,", "\n\n", 1 << 14),
        ]

    private static let answered: [[UInt8]] = (UInt8(0)..<5).flatMap { (status: UInt8) -> [[UInt8]] in
        (lines + [repeated("{\"entries\":[0", ",1", "]}")]).map { [status] + $0 }
    }
}
