// SPDX-License-Identifier: Apache-2.0
import Evidence
import Testing
import TransparencyLog

/// A small log in memory, with people whose keys follow from their names. After each step its registry is audited: a
/// refusal leaves no trace, and the snapshot gives the registry back.
struct RegistryWorld {
    static let origin = "log.example/world"

    var registry = Registry(origin: Origin(Array(origin.utf8))!)
    var history = ReplayedHistory()
    var entries: [Entry] = []
    var time: UInt64 = 1_700_000_000

    /// Someone whose key is made of `seed`, or of the name.
    static func person(_ name: String, seed: String? = nil) -> NoteSigner {
        let seed = SHA256.hash(Array((seed ?? name).utf8)).bytes
        return NoteSigner(name: KeyName(name)!, privateKey: Ed25519.PrivateKey(seed: seed)!)
    }

    static func people(_ names: String...) -> [NoteSigner] { names.map { person($0) } }

    static let logKey = person(origin).verifierKey

    /// A log with its charter: stewards s0, s1 and s2, two of whom are a quorum.
    init(
        stewards: [NoteSigner] = people("s0", "s1", "s2"), threshold: Int = 2, sponsors: Int = 2,
        admission: Charter.Admission = .members
    ) throws {
        let charter = try Charter(
            stewards: stewards.map(\.verifierKey), threshold: threshold, sponsors: sponsors, admission: admission,
            logKeys: [Self.logKey])
        try enter(.charter(charter), by: Array(stewards[..<threshold]))
    }

    /// A log without entries.
    private init() {}

    static let empty = RegistryWorld()

    /// Enrols people by stewards s0 and s1.
    mutating func enrol(_ people: NoteSigner..., revokers: [NoteSigner] = []) throws {
        for person in people {
            let action = try Action.enrol(
                Enrolment(key: person.verifierKey, revokers: revokers.map { SHA256.hash($0.verifierKey.utf8) }))
            try enter(action, by: [person] + Self.people("s0", "s1"))
        }
    }

    /// The filing of an action, signed by all of `signers`.
    static func filing(
        _ action: Action, by signers: [NoteSigner], after: Quote? = nil, log: String = origin
    ) throws -> Filing {
        let text = try FilingText(
            log: Origin(Array(log.utf8))!, after: after, signers: signers.map(\.verifierKey), action: action)
        return try Filing(text, signedBy: signers)
    }

    /// Enters an action, or throws the rule it breaks.
    @discardableResult
    mutating func enter(
        _ action: Action, by signers: [NoteSigner], after: Quote? = nil, log: String = origin
    ) throws -> LeafIndex {
        try enter(try Self.filing(action, by: signers, after: after, log: log))
    }

    @discardableResult
    mutating func enter(_ filing: Filing) throws -> LeafIndex {
        let verified = try filing.verified()
        let entry = try VerifiedEntry(time: EntryTime(seconds: time)!, filing: verified)
        let prior = history.prior(for: filing)
        let before = registry
        let index = registry.size.nextIndex
        // What judges and what admits agree, and a refusal leaves no trace.
        let judgement = registry.refusal(of: verified, at: entry.entry.time, given: prior)
        do throws(RegistryError) {
            try registry.admit(entry, given: prior)
        } catch {
            #expect(judgement == error)
            #expect(registry == before)
            throw error
        }
        #expect(judgement == nil)
        let isNew = history.append(entry.entry)
        #expect(isNew)
        entries.append(entry.entry)
        #expect(registry.size.value == before.size.value + 1)
        #expect(registry.lastTime == entry.entry.time)
        #expect(try Registry(snapshot: registry.snapshot()) == registry)
        return index
    }

    /// Why an action is refused; nil where it would be entered.
    func refusal(
        _ action: Action, by signers: [NoteSigner], after: Quote? = nil, log: String = origin
    ) throws -> RegistryError? {
        var copy = self
        do {
            try copy.enter(action, by: signers, after: after, log: log)
            return nil
        } catch let error as RegistryError {
            return error
        }
    }

    /// A reference to an entry as it is.
    func reference(_ index: Int) -> EntryReference {
        EntryReference(index: LeafIndex(UInt64(index))!, leafHash: entries[index].leafHash)!
    }

    /// A registration that differs from every other with another number.
    static func register(
        _ number: Int, _ relations: [Registration.Relation] = []
    ) throws -> Action {
        .register(try Registration(dossier: SHA256.hash(Array("dossier \(number)".utf8)), relations: relations))
    }

    static func revoke(_ key: NoteSigner, since: UInt64? = nil) throws -> Action {
        let since = since.flatMap { EntryTime(seconds: $0) }
        return .revoke(try Revocation(key: key.verifierKey, reason: .lost, since: since))
    }
}

extension Registry {
    /// Why a filing would be refused; nil where it would be admitted.
    fileprivate func refusal(of filing: VerifiedFiling, at time: EntryTime, given prior: PriorEntries) -> RegistryError?
    {
        do throws(RegistryError) {
            try judge(filing, at: time, given: prior)
            return nil
        } catch {
            return error
        }
    }
}
