// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
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

        /// The checkpoint of a tree, cosigned right after the entry that was its last: they claim a second more each.
        func checkpoint(of head: TreeHead, cosigned: Bool = true) throws -> SignedCheckpoint {
            let signed = try Checkpoint(origin: origin, head: head).signed(by: [log])
            let verified = try signed.verified(by: [log.verifierKey])
            return try signed.adding(
                cosigned ? witnesses.map { try $0.cosign(verified, at: 1_750_000_000 + head.size.value) } : [])
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
