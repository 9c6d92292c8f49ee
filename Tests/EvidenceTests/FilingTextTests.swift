// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

@Suite struct FilingTextTests {
    private typealias World = RegistryWorld
    private static let anna = World.person("anna")
    private static let hash = SHA256.hash(Array("x".utf8))
    private static let vkey = anna.verifierKey.description
    private static let logKey = World.logKey.description
    private static let head = ["indelible-filing/v1", "log \(World.origin)", "signer \(vkey)"]

    private func text(_ lines: [String]) throws(FormatError) -> FilingText {
        try FilingText(parsing: Array(lines.map { $0 + "\n" }.joined().utf8)[...])
    }

    /// The lines behind the head are refused at `line`, for `reason`.
    private func refuses(
        _ lines: [String], line: Int?, _ reason: String, at location: SourceLocation = #_sourceLocation
    ) {
        #expect(throws: FormatError("filing", line: line, reason), sourceLocation: location) {
            try text(Self.head + lines)
        }
    }

    static func everyAction() throws -> [Action] {
        let keys = (0..<16).map { World.person("key\($0)").verifierKey }
        let reference = try #require(EntryReference(index: 7, leafHash: hash))
        let note = try #require(WireText("证词 — a note"))
        let continuation = Charter.Continuation(
            origin: Origin(Array("old.example".utf8))!, head: TreeHead(size: 9, root: hash))
        return [
            .charter(
                try Charter(
                    amends: reference, stewards: keys, threshold: 15, sponsors: 15, admission: .anyone,
                    logKeys: [World.logKey, World.person(World.origin, seed: "second").verifierKey],
                    continues: continuation, note: note)),
            .charter(
                try Charter(
                    stewards: [keys[0]], threshold: 1, sponsors: 0, admission: .members, logKeys: [World.logKey])),
            .enrol(try Enrolment(key: keys[0])),
            .enrol(try Enrolment(key: keys[0], revokers: Array(repeating: hash, count: 8))),
            .addRevoker(RevokerAddition(revoker: hash)),
            .revoke(try Revocation(key: keys[0], reason: .detained)),
            .revoke(try Revocation(key: keys[0], reason: .lost, since: EntryTime(seconds: 0))),
            .register(try Registration(dossier: hash)),
            .register(
                try Registration(
                    dossier: hash, published: Array(repeating: hash, count: 64),
                    relations: Array(repeating: .init(.contests, reference), count: 16))),
            .custody(Custody(of: reference, event: .handedOver)),
            .custody(Custody(of: reference, event: .lost, details: hash)),
            .close(Closing()),
            .close(Closing(note: note)),
        ]
    }

    @Test func readsWhatItWrites() throws {
        let signers = (0..<16).map { World.person("key\($0)").verifierKey }
        for action in try Self.everyAction() {
            for (quote, count) in [(nil, 1), (Quote(size: 3, checkpointHash: Self.hash), 16)] {
                let log = Origin(Array(World.origin.utf8))!
                let text = try FilingText(log: log, after: quote, signers: Array(signers[..<count]), action: action)
                #expect(text.log == log)
                #expect(text.after == quote)
                #expect(text.signers == Array(signers[..<count]))
                #expect(text.action == action)
                #expect(try FilingText(parsing: text.bytes[...]) == text)
                #expect(text.hash == SHA256.hash(text.bytes))
                let lines = text.signers.map { "signer \($0)\n" }.joined()
                #expect(text.signerLinesHash == SHA256.hash(Array(lines.utf8)))
                #expect(text.signerLinesHash == FilingText.signerLinesHash(text.signers))
            }
        }
    }

    /// No text that differs in one byte, or lacks its last lines, is read as anything but itself.
    @Test func isCanonical() throws {
        var keys = FilingKeyCache()
        for action in try Self.everyAction() {
            let bytes = try FilingText(
                log: Origin(Array(World.origin.utf8))!, signers: [Self.anna.verifierKey], action: action
            ).bytes
            for position in stride(from: 0, to: bytes.count, by: bytes.count > 1000 ? 29 : 1) {
                for replacement in [0x00, 0x0A, 0x20, 0x30, 0x41, bytes[position] ^ 1, bytes[position] ^ 0x20] {
                    var changed = bytes
                    changed[position] = replacement
                    if let text = try? FilingText(parsing: changed[...], keys: &keys) { #expect(text.bytes == changed) }
                }
            }
            for extra in ["\n", " \n", "note x\n", "x"] {
                if extra == "note x\n", case .close(let closing) = action, closing.note == nil { continue }
                if extra == "note x\n", case .charter(let charter) = action, charter.note == nil { continue }
                #expect(throws: FormatError.self) { try FilingText(parsing: (bytes + extra.utf8)[...], keys: &keys) }
            }
        }
    }

    @Test func headIsStrict() {
        let close = ["close"]
        let other = #expect(throws: FormatError.self) {
            try text(["indelible-filing/v2"] + Self.head[1...] + close)
        }
        #expect(other?.isOtherVersion == true)
        for log in ["", " ", "two words", "a+b", String(repeating: "o", count: 256)] {
            #expect(throws: FormatError.self) { try text([Self.head[0], "log \(log)", Self.head[2]] + close) }
        }
        let quote = "after 3 \(Self.hash.base64)"
        #expect(throws: FormatError("filing", line: 4, "want an action")) { try text(Self.head) }
        #expect(throws: FormatError("filing", line: 3, "fewer than 1 signer lines")) {
            try text([Self.head[0], Self.head[1]] + close)
        }
        #expect(throws: FormatError("filing", line: 4, "fewer than 1 signer lines")) {
            try text([Self.head[0], Self.head[1], quote, quote, Self.head[2]] + close)
        }
        #expect(throws: FormatError("filing", line: 3, "want a size of 1 or more and a hash")) {
            try text([Self.head[0], Self.head[1], "after 0 \(Self.hash.base64)", Self.head[2]] + close)
        }
        #expect(throws: FormatError("filing", line: 4, "unknown action")) { try text(Self.head + [quote] + close) }
    }

    @Test func signersAreDistinct() throws {
        let close = ["close"]
        let renamed = World.person("anna2", seed: "anna").verifierKey
        let sameName = World.person("anna", seed: "other").verifierKey
        for second in [Self.vkey, renamed.description] {
            #expect(throws: FormatError("filing", line: 4, "the same signer twice")) {
                try text(Self.head + ["signer \(second)"] + close)
            }
        }
        #expect(try text(Self.head + ["signer \(sameName)"] + close).signers.count == 2)
        // Found by trying: two keys with one key ID under one name.
        let twins = ["collision 39972", "collision 69036"].map { World.person("anna", seed: $0).verifierKey }
        #expect(twins[0].id == twins[1].id)
        #expect(throws: FormatError("filing", line: 4, "the same signer twice")) {
            try text([Self.head[0], Self.head[1]] + twins.map { "signer \($0)" } + close)
        }
        let many = (0..<17).map { "signer \(World.person("key\($0)").verifierKey)" }
        #expect(try text(Self.head[..<2] + many[..<16] + close).signers.count == 16)
        #expect(throws: FormatError("filing", line: 19, "more than 16 signer lines")) {
            try text(Self.head[..<2] + many + close)
        }
    }

    @Test func keysAreSigningKeys() throws {
        let type = FormatError.self
        let cosigner = VerifierKey(
            name: Self.anna.verifierKey.name, type: .cosignature, publicKey: Self.anna.privateKey.publicKey)
        #expect(throws: FormatError("filing", line: 3, "key is not of type 0x01")) {
            try text([Self.head[0], Self.head[1], "signer \(cosigner)", "close"])
        }
        refuses(["enrol \(cosigner)"], line: 4, "key is not of type 0x01")
        refuses(["revoke \(cosigner)", "reason lost"], line: 4, "key is not of type 0x01")
        #expect(throws: type) { try Enrolment(key: cosigner) }
        #expect(throws: type) { try Revocation(key: cosigner, reason: .lost) }
        #expect(throws: type) {
            try Charter(
                stewards: [cosigner], threshold: 1, sponsors: 0, admission: .members, logKeys: [World.logKey])
        }
        #expect(throws: type) {
            try Charter(
                stewards: [Self.anna.verifierKey], threshold: 1, sponsors: 0, admission: .members, logKeys: [cosigner])
        }
    }

    @Test func actionsAreStrict() {
        let reference = "7 \(Self.hash.base64)"
        refuses(["destroy x"], line: 4, "unknown action")
        refuses(["Close"], line: 4, "unknown action")
        refuses(["closed"], line: 4, "unknown action")
        refuses(["close "], line: 4, "the action has no value, and no space behind it")
        refuses(["close x"], line: 4, "the action has no value, and no space behind it")
        refuses(["charter x"], line: 4, "the action has no value, and no space behind it")
        for word in ["enrol", "add-revoker", "revoke", "register", "custody"] {
            refuses([word], line: 4, "the action wants a value")
            refuses([word + " "], line: 4, "the action wants a value")
        }
        refuses(["close", "note "], line: 5, "note has no value")
        refuses(["close", "note x", "note y"], line: 6, "unexpected line")
        refuses(["close", "note \(String(repeating: "x", count: 1025))"], line: 5, "note is longer than 1,024 bytes")

        let hash = "want 32 bytes in canonical base64"
        refuses(["add-revoker \(Self.hash.hex)"], line: 4, hash)
        refuses(["register \(Self.hash.base64.dropLast())"], line: 4, hash)
        refuses(
            ["register \(Self.hash.base64)", "sha256 \(Self.hash.base64)"], line: 5,
            "want 64 lower-case hexadecimal digits")
        refuses(
            ["register \(Self.hash.base64)"] + Array(repeating: "sha256 \(Self.hash.hex)", count: 65),
            line: 69, "more than 64 sha256 lines")
        refuses(
            ["register \(Self.hash.base64)"] + Array(repeating: "relation rebuts \(reference)", count: 17),
            line: 21, "more than 16 relation lines")
        let relation = "want a known verb, an index and a leaf hash"
        for value in [
            "proves \(reference)", "rebuts", "rebuts 7", "rebuts 07 \(Self.hash.base64)", "rebuts \(reference) x",
        ] {
            refuses(["register \(Self.hash.base64)", "relation \(value)"], line: 5, relation)
        }
        refuses(
            ["register \(Self.hash.base64)", "relation rebuts \(reference)", "sha256 \(Self.hash.hex)"],
            line: 6, "unexpected line")

        refuses(["custody 7"], line: 4, "want an index and a leaf hash")
        refuses(
            ["custody 9007199254740992 \(Self.hash.base64)", "event lost"], line: 4, "want an index and a leaf hash")
        refuses(["custody \(reference)"], line: 5, "want a event line")
        refuses(["custody \(reference)", "event eaten"], line: 5, "unknown event")
        refuses(["custody \(reference)", "event lost", "details x"], line: 6, hash)
        refuses(["custody \(reference)", "event lost", "event lost"], line: 6, "unexpected line")

        refuses(["revoke \(Self.vkey)"], line: 5, "want a reason line")
        refuses(["revoke \(Self.vkey)", "reason bored"], line: 5, "unknown reason")
        for since in ["01", "-1", "9007199254740992", "now"] {
            refuses(
                ["revoke \(Self.vkey)", "reason lost", "since \(since)"], line: 6,
                "since is not a number of seconds below 2^53")
        }
        refuses(
            ["enrol \(Self.vkey)"] + Array(repeating: "revoker \(Self.hash.base64)", count: 9), line: 13,
            "more than 8 revoker lines")
        refuses(["enrol \(Self.vkey)", "revoker \(Self.hash.hex)"], line: 5, hash)
    }

    @Test func limitsHoldWhenMaking() {
        let relation = Registration.Relation(.rebuts, EntryReference(index: 0, leafHash: Self.hash)!)
        #expect(throws: FormatError.self) {
            try Registration(dossier: Self.hash, published: Array(repeating: Self.hash, count: 65))
        }
        #expect(throws: FormatError.self) {
            try Registration(dossier: Self.hash, relations: Array(repeating: relation, count: 17))
        }
        #expect(throws: FormatError.self) {
            try Enrolment(key: Self.anna.verifierKey, revokers: Array(repeating: Self.hash, count: 9))
        }
        #expect(EntryReference(index: LeafIndex(1 << 53 - 1)!, leafHash: Self.hash) != nil)
        #expect(EntryReference(index: LeafIndex(1 << 53)!, leafHash: Self.hash) == nil)
        #expect(EntryTime(seconds: 1 << 53 - 1) != nil)
        #expect(EntryTime(seconds: 1 << 53) == nil)
        let long = WireText([UInt8](repeating: 0x61, count: 1025), limit: 4096)
        #expect(throws: FormatError.self) {
            try FilingText(
                log: Origin(World.logKey.name), signers: [Self.anna.verifierKey], action: .close(Closing(note: long)))
        }
        #expect(throws: FormatError.self) {
            try FilingText(log: Origin(World.logKey.name), signers: [], action: .close(Closing()))
        }
    }
}
