// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import Synchronization
import SystemPackage
import Testing
import TransparencyLog

/// Filings of people whose keys follow from their names, and a log in a folder that enters them.
enum FilingWorld {
    static let identity = LogIdentity(signers: [person("log.example/filings")])
    static let start: UInt64 = 1_750_000_000

    static func person(_ name: String) -> NoteSigner { SequencerWorld.person(name) }

    // MARK: - Filings

    static func filing(
        _ action: Action, by names: [String], after: Quote? = nil, log: Origin = identity.origin
    ) throws -> Filing {
        let signers = names.map(person)
        let text = try FilingText(log: log, after: after, signers: signers.map(\.verifierKey), action: action)
        return try Filing(text, signedBy: signers)
    }

    static func charter(admission: Charter.Admission = .members, amends: EntryReference? = nil) throws -> Filing {
        let charter = try Charter(
            amends: amends, stewards: [person("steward").verifierKey], threshold: 1, sponsors: 1,
            admission: admission, logKeys: identity.verifierKeys)
        return try filing(.charter(charter), by: ["steward"])
    }

    static func enrol(_ name: String, by other: String = "steward", revokers: [String] = []) throws -> Filing {
        let enrolment = try Enrolment(
            key: person(name).verifierKey, revokers: revokers.map { SHA256.hash(person($0).verifierKey.utf8) })
        return try filing(.enrol(enrolment), by: [name, other])
    }

    static func revoke(_ name: String, by other: String = "steward") throws -> Filing {
        try filing(.revoke(Revocation(key: person(name).verifierKey, reason: .compromised)), by: [other])
    }

    static func register(
        _ number: Int, by name: String = "ana", published: [Hash] = [], relations: [Registration.Relation] = []
    ) throws -> Filing {
        let registration = try Registration(
            dossier: SHA256.hash(Array("dossier \(number)".utf8)), published: published, relations: relations)
        return try filing(.register(registration), by: [name])
    }

    /// The entry that a log makes of a filing at a time.
    static func entry(_ filing: Filing, at time: UInt64 = start) throws -> Entry {
        try Entry(time: EntryTime(seconds: time)!, filing: filing)
    }

    static func reference(_ filing: Filing, at index: LeafIndex, time: UInt64 = start) throws -> EntryReference {
        EntryReference(index: index, leafHash: try entry(filing, at: time).leafHash)!
    }

    // MARK: - A log

    /// Opens the log in a folder. One that was just let go may still be held for a moment.
    static func open(_ folder: FilePath, clock: @escaping @Sendable () -> UInt64 = { start }) async throws -> LedgerLog
    {
        var tries = 0
        while true {
            do {
                return try await LedgerLog(folder, identity: identity, waiting: false, clock: clock)
            } catch DirectoryStore.OpenError.inUse where tries < 100_000 {
                tries += 1
                await Task.yield()
            }
        }
    }

    /// A reader of the log as it stands.
    static func reader(_ folder: FilePath) async throws -> LedgerReader {
        try await LedgerReader(DirectoryStore.reading(folder), under: identity.policy())
    }

    /// The log in a folder holds by its own audit, which gives the registry.
    @discardableResult
    static func check(_ source: any LedgerSource) async throws -> AuditReport {
        let report = try await Audit(of: source, under: identity.policy()).run().report
        #expect(report.holds, "\(report.faults) \(report.gaps)")
        return report
    }

    /// Registry and index stand for the log's entries, and answer as ones made anew.
    static func check(_ log: LedgerLog, in folder: FilePath) async throws {
        let report = try await check(DirectoryStore.reading(folder))
        let registry = await log.registry
        #expect(registry == report.registry)
        let reader = try await reader(folder)
        let index = try #require(LookupIndex(reading: folder.appending(".state/index")))
        try await check(index, against: reader)
    }

    /// An index answers as one that has followed the log from its first entry.
    static func check(_ index: LookupIndex, against reader: LedgerReader) async throws {
        let fresh = try await LookupIndex(following: reader)
        #expect(try index.size() == reader.head.size)
        #expect(try fresh.size() == reader.head.size)
        var keys: Set<LookupIndex.Key> = [.text(MerkleTree.emptyRoot), .reference(LeafIndex(1 << 40)!)]
        var next: LeafIndex = 0
        while reader.head.size.contains(next) {
            let entries = try await reader.unverifiedEntries(from: next).map { try Entry(parsing: $0) }
            for entry in entries { keys.formUnion(LookupIndex.keys(of: entry)) }
            next = LeafIndex(next.value + UInt64(entries.count))!
        }
        for key in keys { #expect(try index.entries(under: key) == fresh.entries(under: key)) }
    }
}

extension Sequencer where Rules == FilingRules {
    /// Offers filings in one batch: the index of each, or nil where it is refused.
    func indices(of filings: [Filing]) async -> [UInt64?] {
        await submit(filings).map { try? $0.get().index.value }
    }
}
