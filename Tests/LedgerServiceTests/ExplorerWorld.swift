// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Ledger
import LedgerService
import Synchronization
import SystemPackage
import Testing
import TransparencyLog

/// Logs that the explorer shows: the repository's sample, and one in which everybody's words are hostile.
struct ExplorerWorld {
    /// What others may write in a filing: markup, quotes, and length.
    static let hostileNames = [
        "<script>alert(1)</script>", "\"onmouseover=\"alert(1)", "'><img/src=x/onerror=alert(1)>",
        "</bdi></style>&lt;&amp;",
        "\u{200D}\u{FE0F}\u{10FFFD}", String(repeating: "W", count: 255), "林月",
    ]
    static let hostileNote = "</title><script>alert(1)</script> ]]> &nbsp; <!-- \u{FFFD}\u{2060}"
    /// What stands in names that are not bound by the rules of filings.
    static let reversed = "\u{202E}gpj.elif"
    static let start: UInt64 = 1_750_000_000

    let explorer: Explorer
    let size: UInt64
    /// What the explorer told the one who runs it.
    let notes = Notes()

    final class Notes: Sendable {
        private let lines = Mutex<[String]>([])

        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    /// The repository's own log, as of a moment.
    static func sample(version: String = "1.2.3", now: UInt64 = start) async throws -> ExplorerWorld {
        let root = (0..<3).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
        let policy = try TrustPolicy(parsing: [UInt8](Data(contentsOf: root.appending(path: "keys/policy"))))
        let source = DirectoryStore.reading(FilePath(root.appending(path: "ledger").path))
        return try await ExplorerWorld(source, policy, version: version, now: now)
    }

    init(
        _ source: DirectoryStore, _ policy: TrustPolicy, authorities: TimestampAuthorities = TimestampAuthorities(),
        version: String, now: UInt64
    ) async throws {
        let reader = try await LedgerReader(source, under: policy)
        let registry = try await Registry(replaying: reader)
        size = reader.head.size.value
        explorer = Explorer(
            Explorer.Ground(
                index: try await LookupIndex(following: reader), policy: policy, authorities: authorities,
                reader: { try await LedgerReader(source, under: policy) }, registry: { registry }),
            version: version, now: { now }, note: { [notes] in notes.add($0) })
    }

    /// A request as a browser makes it by a link.
    func get(_ link: String, languages: String? = nil) async -> ServiceAnswer {
        let request = ServiceRequest("GET", link)
        let path = String(request.path.dropFirst("/log".count))
        return await explorer.answer(
            path, query: request.parameters.map { ($0.name, $0.value) }, languages: languages)
    }

    // MARK: - Everybody's words are hostile

    static func person(_ name: String) throws -> NoteSigner {
        let seed = SHA256.hash(Array(name.utf8)).bytes
        return NoteSigner(
            name: try #require(KeyName(name)), privateKey: try #require(Ed25519.PrivateKey(seed: seed)))
    }

    /// A log in a folder, cosigned, with an entry of each kind and names that a page could obey.
    ///
    /// `change` may alter what it keeps before anybody looks.
    static func hostile(
        _ folder: TemporaryFolder, authorities: TimestampAuthorities = TimestampAuthorities(),
        change: (_ ledger: FilePath, _ newest: SignedCheckpoint) throws -> Void = { _, _ in }
    ) async throws -> ExplorerWorld {
        let log = try person("<b>log&\"'</b>")
        let steward = try person(hostileNames[0])
        let witness = WitnessSigner(
            name: try #require(KeyName("witness.example/w")),
            privateKey: try #require(Ed25519.PrivateKey(seed: [UInt8](repeating: 7, count: 32))))
        let policy = try TrustPolicy(
            parsing: Array(
                "log \(log.verifierKey)\nwitness <i>\(reversed)\u{22} \(witness.verifierKey)\nquorum <i>\(reversed)\u{22}\n"
                    .utf8))
        let identity = LogIdentity(signers: [log])
        try folder.makeFolder("ledger")
        let path = folder("ledger")
        let opened = try await LedgerLog(path, identity: identity, clock: { start })
        func file(_ action: Action, _ names: [String], after: Quote? = nil) async throws -> EntryReference {
            let signers = try names.map { try person($0) }
            let text = try FilingText(
                log: identity.origin, after: after, signers: signers.map(\.verifierKey), action: action)
            let results = await opened.sequencer.submit([try Filing(text, signedBy: signers)])
            let index = try #require(results.first).get().index
            let entry = try Entry(time: #require(EntryTime(seconds: start)), filing: Filing(text, signedBy: signers))
            return try #require(EntryReference(index: index, leafHash: entry.leafHash))
        }
        let first = try await file(
            .charter(
                Charter(
                    stewards: [steward.verifierKey], threshold: 1, sponsors: 1, admission: .members,
                    logKeys: [log.verifierKey],
                    continues: Charter.Continuation(
                        origin: try #require(Origin(Array("<u>old</u>".utf8))),
                        head: TreeHead(size: 3, root: SHA256.hash(Array("old".utf8)))),
                    note: WireText("</title><script>alert(1)</script>"))), [hostileNames[0]])
        for name in hostileNames.dropFirst() {
            _ = try await file(
                .enrol(Enrolment(key: person(name).verifierKey, revokers: [SHA256.hash(steward.verifierKey.utf8)])),
                [name, hostileNames[0]])
        }
        let (ana, ben) = (hostileNames[1], hostileNames[2])
        let quote = try await cosign(path, witness, policy)
        let document = SHA256.hash(Array("document".utf8))
        let original = try await file(
            .register(Registration(dossier: SHA256.hash(Array("1".utf8)), published: [document])), [ana], after: quote)
        let lost = try await cosign(path, witness, policy)
        _ = try await file(
            .register(
                Registration(
                    dossier: SHA256.hash(Array("2".utf8)),
                    relations: [
                        .init(try #require(RelationVerb("contests")), original),
                        .init(try #require(RelationVerb("answers")), original),
                    ])), [ben], after: lost)
        _ = try await file(
            .custody(Custody(of: original, event: try #require(CustodyEvent("handed-over")), details: document)),
            [ana, ben])
        _ = try await file(.addRevoker(RevokerAddition(revoker: document)), [ben])
        _ = try await file(
            .revoke(Revocation(key: person(ana).verifierKey, reason: .coerced, since: EntryTime(seconds: start - 9))),
            [hostileNames[0]])
        _ = try await file(
            .revoke(Revocation(key: person("stranger<x>").verifierKey, reason: .lost)), ["stranger<x>"])
        _ = try await file(
            .charter(
                Charter(
                    amends: first, stewards: [steward.verifierKey], threshold: 1, sponsors: 0, admission: .anyone,
                    logKeys: [log.verifierKey])), [hostileNames[0]])
        _ = try await file(.close(Closing(note: WireText("<h1>& closed"))), [hostileNames[0]])
        try FileManager.default.removeItem(atPath: path.string + "/" + lost.path)
        _ = try await cosign(path, witness, policy)
        try change(path, SignedCheckpoint(parsing: try folder.read("ledger/checkpoint")))
        return try await ExplorerWorld(
            DirectoryStore.reading(path), policy, authorities: authorities, version: "<1&2>", now: start + 7_300)
    }

    /// Has the witness cosign what is served, and keeps that where it can be quoted.
    private static func cosign(_ folder: FilePath, _ witness: WitnessSigner, _ policy: TrustPolicy) async throws
        -> Quote
    {
        let file = URL(fileURLWithPath: folder.appending("checkpoint").string)
        let signed = try SignedCheckpoint(parsing: [UInt8](Data(contentsOf: file)))
        let verified = try signed.verified(by: policy.logs.map(\.key))
        let cosigned = try signed.adding([try witness.cosign(verified, at: start + 60)])
        let quote = try #require(Quote(of: cosigned))
        let kept = URL(fileURLWithPath: folder.string).appending(path: quote.path)
        try FileManager.default.createDirectory(
            at: kept.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(cosigned.bytes).write(to: kept)
        try Data(cosigned.bytes).write(to: file)
        return quote
    }
}
