// SPDX-License-Identifier: Apache-2.0
import Evidence
import Foundation
import Ledger
import Synchronization
import SystemPackage
import TransparencyLog

/// A log made for tests of the audit: any entries, signed by whoever is asked, as files in memory.
struct AuditTestLog {
    /// Who signs the checkpoints.
    struct Signers {
        let log: NoteSigner
        let witnesses: [WitnessSigner]

        static let sample = Signers(
            log: AuditTestLog.person("log.example/audit"),
            witnesses: ["w.example/one", "w.example/two"].map {
                WitnessSigner(name: KeyName($0)!, privateKey: AuditTestLog.person($0).privateKey)
            })

        var origin: Origin { Origin(log.verifierKey.name) }

        /// A policy that asks for the cosignatures of all witnesses.
        var policy: TrustPolicy {
            get throws {
                var text = "log \(log.verifierKey)\n"
                for (number, witness) in witnesses.enumerated() {
                    text += "witness w\(number) \(witness.verifierKey)\n"
                }
                text += "group all all \(witnesses.indices.map { "w\($0)" }.joined(separator: " "))\nquorum all\n"
                return try TrustPolicy(parsing: Array(text.utf8))
            }
        }

        func checkpoint(of head: TreeHead, cosigned: Bool = true) throws -> SignedCheckpoint {
            let signed = try Checkpoint(origin: origin, head: head).signed(by: [log])
            let verified = try signed.verified(by: [log.verifierKey])
            return try signed.adding(cosigned ? witnesses.map { try $0.cosign(verified, at: 1_800_000_000) } : [])
        }
    }

    var signers = Signers.sample
    var entries: [[UInt8]] = []

    /// Someone whose key follows from the name.
    static func person(_ name: String) -> NoteSigner {
        NoteSigner(name: KeyName(name)!, privateKey: Ed25519.PrivateKey(seed: SHA256.hash(Array(name.utf8)).bytes)!)
    }

    func root(of size: Int) -> Hash { MerkleTree.root(of: entries[..<size].map { MerkleTree.leafHash($0) }) }

    func checkpoint(at size: Int? = nil) throws -> SignedCheckpoint {
        let size = size ?? entries.count
        return try signers.checkpoint(of: TreeHead(size: TreeSize(UInt64(size))!, root: root(of: size)))
    }

    /// The files of the log, with the partial ones of each of the older sizes.
    func files(keeping older: [Int] = []) throws -> [String: [UInt8]] {
        var files = ["checkpoint": try checkpoint().bytes]
        for size in older + [entries.count] {
            var edge = TileEdge()
            for entry in entries[..<size] { edge.append(MerkleTree.leafHash(entry)) }
            for file in edge.takeFull() + edge.partial() { files[file.tile.path] = file.data.bytes }
            for bundle in Tile.bundles(to: TreeSize(UInt64(size))!) {
                let first = Int(bundle.index) * 256
                files[bundle.path] = try EntryBundle(entries[first..<first + bundle.width]).bytes
            }
        }
        return files
    }

    func source(keeping older: [Int] = []) throws -> AuditTestSource { AuditTestSource(try files(keeping: older)) }

    // MARK: - Filings

    /// A filing for this log as its next entry, whatever the rules say of it.
    mutating func enter(
        _ action: Action, by signers: [NoteSigner], after: Quote? = nil, time: UInt64? = nil
    ) throws {
        let text = try FilingText(
            log: self.signers.origin, after: after, signers: signers.map(\.verifierKey), action: action)
        let time = EntryTime(seconds: time ?? 1_750_000_000 + UInt64(entries.count))!
        entries.append(try Entry(time: time, filing: Filing(text, signedBy: signers)).bytes)
    }

    mutating func charter() throws {
        try enter(
            .charter(
                Charter(
                    stewards: [Self.person("steward").verifierKey], threshold: 1, sponsors: 1, admission: .members,
                    logKeys: [signers.log.verifierKey])), by: [Self.person("steward")])
    }

    mutating func enrol(_ name: String) throws {
        let person = Self.person(name)
        try enter(.enrol(Enrolment(key: person.verifierKey)), by: [person, Self.person("steward")])
    }

    mutating func register(_ number: Int, by name: String = "ana", relating: [Int] = []) throws {
        let registration = try Registration(
            dossier: SHA256.hash(Array("dossier \(number)".utf8)),
            relations: relating.map { Registration.Relation(.excerpts, reference($0)) })
        try enter(.register(registration), by: [Self.person(name)])
    }

    /// Enters a filing again that the log has.
    mutating func enterAgain(_ index: Int) throws {
        let time = EntryTime(seconds: 1_750_000_000 + UInt64(entries.count))!
        entries.append(try Entry(time: time, filing: Entry(parsing: entries[index]).filing).bytes)
    }

    func reference(_ index: Int) -> EntryReference {
        EntryReference(index: LeafIndex(UInt64(index))!, leafHash: MerkleTree.leafHash(entries[index]))!
    }

    /// A log with a charter, two members, and registrations each of which refers to one before.
    static func filings(_ count: Int) throws -> AuditTestLog {
        var log = AuditTestLog()
        try log.charter()
        try log.enrol("ana")
        try log.enrol("ben")
        while log.entries.count < count {
            let number = log.entries.count
            if number % 5 == 4 {
                let custody = Custody(of: log.reference(number - 1), event: .collected)
                try log.enter(.custody(custody), by: [person("ben")])
            } else {
                try log.register(number, relating: [number * 7 % number])
            }
        }
        log.entries.removeLast(log.entries.count - count)
        return log
    }

    /// A log of entries of no format.
    static func opaque(_ count: Int) -> AuditTestLog {
        AuditTestLog(entries: (0..<count).map { Array("entry \($0)".utf8) })
    }
}

/// Files in memory that a test changes at will, counting what is read of them.
final class AuditTestSource: ListableSource {
    private struct State {
        var files: [String: [UInt8]]
        var failing: Set<String> = []
        var reads: [String: Int] = [:]
    }

    struct Unreachable: Error {}

    private let state: Mutex<State>

    init(_ files: [String: [UInt8]]) {
        state = Mutex(State(files: files))
    }

    subscript(path: String) -> [UInt8]? {
        get { state.withLock { $0.files[path] } }
        set { state.withLock { $0.files[path] = newValue } }
    }

    var files: [String: [UInt8]] { state.withLock { $0.files } }

    /// The paths that were read, with how often.
    var reads: [String: Int] { state.withLock { $0.reads } }

    func fail(_ path: String) { state.withLock { _ = $0.failing.insert(path) } }

    func read(_ path: String, limit: Int) throws -> [UInt8]? {
        try state.withLock { state throws -> [UInt8]? in
            state.reads[path, default: 0] += 1
            if state.failing.contains(path) { throw Unreachable() }
            guard let bytes = state.files[path] else { return nil }
            guard bytes.count <= limit else { throw FileError("read", FilePath(path), .fileTooLarge) }
            return bytes
        }
    }

    func list(_ folder: String) throws -> [String] {
        state.withLock { $0.files.keys.filter { $0.hasPrefix(folder + "/") } }
    }
}

/// The same files from a source that cannot list them.
struct AuditTestServer: LedgerSource {
    let source: AuditTestSource

    func read(_ path: String, limit: Int) throws -> [UInt8]? { try source.read(path, limit: limit) }
}

extension Audit {
    /// An audit under the sample policy.
    static func report(
        _ source: any LedgerSource, depth: Depth = .filings, continuing state: AuditState? = nil
    ) async throws -> AuditReport {
        try await result(source, depth: depth, continuing: state).report
    }

    static func result(
        _ source: any LedgerSource, depth: Depth = .filings, continuing state: AuditState? = nil
    ) async throws -> Result {
        try await Audit(of: source, under: AuditTestLog.Signers.sample.policy, depth: depth, continuing: state).run()
    }
}

/// A folder that is removed at the end of a test.
final class AuditTestFolder {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("audit-\(UUID())", isDirectory: true)

    init(_ files: [String: [UInt8]] = [:]) throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        for (path, bytes) in files { try write(bytes, to: path) }
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    func write(_ bytes: [UInt8], to path: String) throws {
        let file = url.appendingPathComponent(path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
    }
}

/// The shared test vectors: INDELIBLE_VECTORS, or `../shared/vectors` from the package's root.
enum AuditVectors {
    static let url: URL = {
        if let path = ProcessInfo.processInfo.environment["INDELIBLE_VECTORS"] {
            return URL(fileURLWithPath: path, isDirectory: true)
        }
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        return root.deletingLastPathComponent().appendingPathComponent("shared/vectors", isDirectory: true)
    }()

    static var isPresent: Bool { FileManager.default.fileExists(atPath: url.path) }

    static func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: url.appendingPathComponent(path)))
    }

    /// All files under a folder, by their paths in it.
    static func files(in folder: String) throws -> [String: [UInt8]] {
        let base = url.appendingPathComponent(folder)
        var files: [String: [UInt8]] = [:]
        for case let path as String in FileManager.default.enumerator(atPath: base.path) ?? .init() {
            var isFolder: ObjCBool = false
            let file = base.appendingPathComponent(path)
            guard FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder), !isFolder.boolValue else {
                continue
            }
            files[path] = [UInt8](try Data(contentsOf: file))
        }
        return files
    }

    static var policy: TrustPolicy { get throws { try TrustPolicy(parsing: bytes("indelible/policy")) } }

    /// The vector log with its entries, signed by its own key and two of its witnesses.
    static func log() throws -> AuditTestLog {
        struct Key: Decodable { let seed: String }
        let json = try JSONSerialization.jsonObject(with: Data(bytes("indelible/keys.json"))) as? [String: Any] ?? [:]
        func key(_ name: String) -> Ed25519.PrivateKey {
            let seed = (json[name] as? [String: String])?["seed"] ?? ""
            return Ed25519.PrivateKey(seed: Hex.decode(Array(seed.utf8)) ?? [])!
        }
        let origin = "ledger.example/vectors"
        var log = AuditTestLog()
        log.signers = AuditTestLog.Signers(
            log: NoteSigner(name: KeyName(origin)!, privateKey: key(origin)),
            witnesses: ["witness.example/w1", "witness.example/w3"].map {
                WitnessSigner(name: KeyName($0)!, privateKey: key($0))
            })
        let files = try files(in: "indelible/ledger")
        for bundle in Tile.bundles(to: 600) {
            log.entries += try EntryBundle(parsing: files[bundle.path] ?? [], of: bundle).map { Array($0) }
        }
        return log
    }
}
