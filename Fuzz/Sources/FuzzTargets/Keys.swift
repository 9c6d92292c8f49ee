// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Ledger
import SystemPackage
import TransparencyLog

extension FuzzTarget {
    /// Keys at rest and on paper, and the files that are encrypted to them or kept beside the log.
    static let keys: [FuzzTarget] = [paperWords, keyFile, foreignKey, privateEnvelope, privateFile, auditState]

    private static let holder = Ed25519.PrivateKey(seed: [UInt8](repeating: 7, count: 32)).flatMap { key in
        KeyName("holder").map { NoteSigner(name: $0, privateKey: key) }
    }

    private static let paperWords = FuzzTarget(
        "paper-words", upTo: 4200, heap: HeapBound(factor: 10, floor: 65_536),
        seeds: {
            guard let key = holder?.privateKey else { return [] }
            var text = ""
            PaperWords(of: key).forEach { number, letters in
                text += "\(number). \(String(decoding: letters, as: UTF8.self))\n"
            }
            return [text, text.uppercased(), text.filter(\.isLetter)].map { Array($0.utf8) }
        }
    ) { bytes in
        let look = counted { PaperWords.look(at: bytes) }
        try promise("words are counted from 1", look.malformed.allSatisfy { (1...look.count).contains($0) })
        let words: PaperWords
        do {
            words = try counted { try PaperWords(parsing: bytes) }
        } catch {
            // It has the numbers of all words that are none, of which a person is told the first.
            return
        }
        var text: [UInt8] = []
        words.forEach { text += $1 + [0x20] }
        let again = try PaperWords(parsing: text)
        try promise("words give one key", try again.privateKey.publicKey == words.privateKey.publicKey)
    }

    private static let keyFile = FuzzTarget(
        "key-file", upTo: 2048,
        seeds: {
            guard let holder, var bytes = Optional(Array("passphrase".utf8)),
                let passphrase = Passphrase(consuming: &bytes)
            else {
                return []
            }
            return [
                KeyFile(
                    sealing: holder.privateKey, named: holder.verifierKey.name, under: passphrase,
                    salt: [UInt8](repeating: 1, count: 16), initializationVector: [UInt8](repeating: 2, count: 16)
                ).bytes
            ]
        }
    ) { bytes in
        guard let file = try read({ try KeyFile(parsing: bytes) }) else { return }
        try promise("a key file is kept as it was read", file.bytes == bytes)
    }

    /// Encrypted ones are not opened: how long that takes is for the file to say, and is bounded elsewhere.
    private static let foreignKey = FuzzTarget(
        "foreign-key", upTo: 2048, heap: HeapBound(factor: 10, floor: 32_768),
        words: [
            "-----BEGIN PRIVATE KEY-----\n", "-----END PRIVATE KEY-----\n", "-----BEGIN ENCRYPTED PRIVATE KEY-----\n",
            "Proc-Type: 4,ENCRYPTED\n", "DEK-Info: AES-256-CBC,",
        ],
        seeds: {
            let plain =
                "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH\n"
                + "-----END PRIVATE KEY-----\n"
            return [Array(plain.utf8)]
        }
    ) { bytes in
        var copy = bytes
        guard let file = try read({ try ForeignKey(consuming: &copy) }) else { return }
        try promise("the bytes are wiped where they were", copy.allSatisfy { $0 == 0 })
        guard let key = try read({ try file.open() }) else { return }
        try promise("what is encrypted takes a passphrase", !file.isEncrypted && key.withSeed { $0.count } == 32)
    }

    private static let privateEnvelope = FuzzTarget(
        "private-envelope",
        seeds: {
            guard let holder else { return [] }
            var random = SystemRandomNumberGenerator()
            return try [1, 3].map { count in
                try PrivateEnvelope(
                    sealing: [UInt8](repeating: 5, count: 32),
                    to: [VerifierKey](repeating: holder.verifierKey, count: count), using: &random
                ).bytes
            }
        }
    ) { bytes in
        guard let envelope = try read({ try PrivateEnvelope(parsing: bytes) }), let holder else { return }
        try promise("an envelope is the beginning of the file", bytes.starts(with: envelope.bytes))
        try promise("there are one to 64 recipients", (1...64).contains(envelope.recipientCount))
        _ = try read { try envelope.contentKey(for: holder.privateKey) }
    }

    /// What stands behind the encryption of a private file: the length, the JSON, the carried files, the padding. The
    /// first byte says whether the padding is put right.
    private static let privateFile = FuzzTarget(
        "private-file", upTo: 8192, heap: HeapBound(factor: 30, floor: 98_304), words: jsonWords,
        seeds: {
            let seed = "\"\(String(repeating: "A", count: 43))=\"", hash = SHA256.hash(Array("abc".utf8)).hex
            let json = Array(
                """
                {"format":"indelible-private/v1","exhibit":{"seed":\(seed),"fields":{},"files":[{"name":"a","sha256":"\(hash)",\
                "size":3,"carried":true}]},"dossier":{"seed":\(seed),"count":16,"attestations":{}}}
                """.utf8)
            return [[1, 0, 0, UInt8(json.count >> 8), UInt8(json.count & 0xFF)] + json + Array("abc".utf8)]
        }
    ) { bytes in
        guard let first = bytes.first, let holder else { return }
        var plain = Array(bytes.dropFirst())
        if first & 1 == 1 { plain += [UInt8](repeating: 0, count: (4096 - plain.count % 4096) % 4096) }
        var random = SystemRandomNumberGenerator()
        let contentKey = [UInt8](repeating: 5, count: 32)
        let envelope = try PrivateEnvelope(sealing: contentKey, to: [holder.verifierKey], using: &random)
        var writer = SealedStream.Writer(contentKey: contentKey)
        var sealed = envelope.bytes + writer.header
        var rest = plain[...]
        while rest.count >= SealedStream.chunkByteCount {
            sealed += writer.seal(Array(rest.prefix(SealedStream.chunkByteCount)), isLast: false)
            rest = rest.dropFirst(SealedStream.chunkByteCount)
        }
        sealed += writer.seal(Array(rest), isLast: true)
        try FuzzFile.with(sealed) { path in
            var carried = 0
            let contents = try read { try PrivateFile.read(path, with: [holder]) { carried += $1.count } }
            try promise("no more is carried than there is", carried <= plain.count)
            guard let contents else { return }
            try promise("contents are written as they were read", try PrivateContents(json: contents.json) == contents)
        }
    }

    /// The state that an audit left, its last line put right: whoever may write there may write that too.
    private static let auditState = FuzzTarget(
        "audit-state", upTo: 16_384, heap: HeapBound(factor: 10, floor: 1_114_112),
        words: ["checkpoint ", "depth tree\n", "depth filings\n", "times ", "counts ", "registry ", "hashes\n"],
        seeds: {
            let checkpoint = try FuzzGround.bytes("ledger/checkpoint")
            return [
                Array("indelible-audit/v1\ncheckpoint \(checkpoint.count)\n".utf8) + checkpoint
                    + Array("depth tree\n".utf8)
            ]
        }
    ) { bytes in
        let whole = bytes + Array("end \(SHA256.hash(bytes).base64)\n".utf8)
        try FuzzFile.with(whole) { path in
            guard var state = try read({ try AuditState.read(path) }) else { return }
            try state.write(to: path)
            try promise("a state is written as it was read", try FuzzFile.bytes(path) == whole)
        }
    }
}

/// A file that an input is put into where a reader takes a path alone.
enum FuzzFile {
    /// Each input has a file of its own, which is gone after it: the tests try several at a time.
    static func with(_ bytes: [UInt8], _ body: (FilePath) throws -> Void) throws {
        let place = FileManager.default.temporaryDirectory.appendingPathComponent("indelible-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: place) }
        try Data(bytes).write(to: place)
        try body(FilePath(place.path))
    }

    static func bytes(_ path: FilePath) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: path.string)))
    }
}
