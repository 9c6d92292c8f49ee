// SPDX-License-Identifier: Apache-2.0
import Evidence
import TransparencyLog

/// The replay of a log's filings, one after the other, and what an audit found on the way.
///
/// A filing that is refused changes nothing. One that was not read may have changed anything: a later entry that then
/// seems to break a rule is named as not judged where the one that was not read could decide it.
struct AuditReplay {
    private(set) var findings: AuditFindings
    /// What the entries lead to.
    private(set) var replayed: AuditReplayed
    /// The checkpoints that the entries quote, each with the first that does, in their order.
    private(set) var quoted: [AuditTimes.Quoted] = []
    /// The charters behind entry 0.
    private(set) var amendments: [LeafIndex] = []
    private var quotes: Set<Quote> = []
    /// The first entry that was not read.
    private(set) var firstUnread: LeafIndex?
    /// Whether entry 0 was refused or not read, so that no rules are known.
    private(set) var lacksCharter = false

    private let judgesFilings: Bool
    private let observe: (@Sendable (LeafIndex, Entry) -> Void)?
    /// Entries of which it is not known what they did.
    private var unread: Set<LeafIndex> = []
    /// Consecutive entries that were not read and are not named yet.
    private var unreadRun: ClosedRange<LeafIndex>?

    /// A replay that goes on from what an earlier one led to. Without `judgesFilings` it only collects what was found.
    init(
        from replayed: AuditReplayed, judgesFilings: Bool, findings: AuditFindings,
        observe: (@Sendable (LeafIndex, Entry) -> Void)? = nil
    ) {
        self.observe = observe
        self.replayed = replayed
        self.judgesFilings = judgesFilings
        self.findings = findings
    }

    /// Takes up the next bundle. Throws where an earlier audit's texts cannot be looked up.
    mutating func take(_ verdict: AuditBundles.Verdict) throws {
        findings.add(verdict.findings)
        guard judgesFilings || !verdict.entries.isEmpty else { return }
        for (place, index) in zip(0..<verdict.bundle.width, verdict.bundle.entries.lowerBound.value...) {
            let index = LeafIndex(entry: index)
            if !verdict.entries.isEmpty, verdict.entries[place] == .differs { findings.add(.entry(index)) }
            guard judgesFilings else { continue }
            switch verdict.filings[place] {
            case .seen: continue
            case .verified(let entry, let references): try admit(entry, at: index, references)
            case .refused(let fault):
                nameUnreadRun()
                findings.add(fault)
                passOver(index)
            case .unread: passOver(unread: index)
            }
        }
    }

    /// Ends the replay: nothing is left unnamed.
    mutating func finish() {
        nameUnreadRun()
        if lacksCharter { findings.add(.rulesWithoutCharter) }
    }

    private mutating func admit(_ entry: VerifiedEntry, at index: LeafIndex, _ references: [AuditReference]) throws {
        nameUnreadRun()
        guard !lacksCharter else { return passOver(index) }
        let filing = entry.entry.filing
        let hash = filing.text.hash
        let prior = PriorEntries(
            for: filing, sameText: try replayed.texts.position(of: hash),
            leaves: zip(filing.action.references, references).map { leaf(of: $0, $1, for: entry.entry, at: index) })
        do throws(RegistryError) {
            try replayed.registry.admit(entry, given: prior)
        } catch {
            if let firstUnread, error.canRestOnEarlierEntries {
                findings.add(.rule(index, error, unread: firstUnread))
                unread.insert(index)
            } else {
                findings.add(.rule(index, error))
            }
            return passOver(index)
        }
        let isNew = replayed.texts.append(hash)
        precondition(isNew, "a text that is there is refused")
        let isRegistration = if case .register = filing.action { true } else { false }
        replayed.registrations.append(isRegistration)
        replayed.tally.add(entry.entry)
        if case .charter = filing.action, index > 0 { amendments.append(index) }
        if let quote = filing.after, quotes.insert(quote).inserted {
            quoted.append(AuditTimes.Quoted(quote: quote, index: index, time: entry.entry.time))
        }
        observe?(index, entry.entry)
    }

    /// What the registry is told of an entry that is referred to. Where it was not read, the filing is taken at its word,
    /// and that is named.
    private mutating func leaf(
        of reference: EntryReference, _ answer: AuditReference, for entry: Entry, at index: LeafIndex
    ) -> PriorEntries.Leaf? {
        var isRegistration = replayed.registrations.contains(reference.index)
        if case .custody = entry.filing.action, unread.contains(reference.index) {
            findings.add(.reference(index, to: reference.index))
            isRegistration = true
        } else if answer == .unread {
            findings.add(.reference(index, to: reference.index))
        }
        switch answer {
        case .none: return nil
        case .leaf(let hash): return PriorEntries.Leaf(hash: hash, isRegistration: isRegistration)
        case .unread: return PriorEntries.Leaf(hash: reference.leafHash, isRegistration: isRegistration)
        }
    }

    private mutating func passOver(unread index: LeafIndex) {
        unread.insert(index)
        if firstUnread == nil { firstUnread = index }
        unreadRun = (unreadRun?.lowerBound ?? index)...index
        passOver(index)
    }

    /// An entry that changes nothing. It takes a place among the texts with a hash that no text has.
    private mutating func passOver(_ index: LeafIndex) {
        if index == 0 { lacksCharter = true }
        replayed.registry.passOver()
        let isNew = replayed.texts.append(SHA256.hash(Array("no text for entry \(index)".utf8)))
        precondition(isNew, "each index has one place")
        replayed.registrations.append(false)
    }

    private mutating func nameUnreadRun() {
        if let run = unreadRun { findings.add(.filings(of: run)) }
        unreadRun = nil
    }
}

extension RegistryError {
    /// Whether an entry may break the rule only because of an earlier one that was not read: a charter, an enrolment or
    /// a revocation could decide otherwise.
    fileprivate var canRestOnEarlierEntries: Bool {
        switch self {
        case .otherLog, .timeRunsBackwards, .duplicate, .quoteOfLaterTree, .notAFirstCharter, .charterWithoutAmends,
            .continuesAfterFirstEntry, .charterLacksItsStewards, .newKeyHasNotSigned, .revokerAddedByMany,
            .sinceIsLater, .noSuchEntry, .custodyOfNoRegistration, .handOverByOne:
            false
        case .closed, .keyUnderAnotherName, .revokedSigner, .charterAmendsAnother, .charterLacksStewardsInForce,
            .keyIsKnown, .nameIsTaken, .enrolmentLacksSignatures, .revokerAddedByNonMember, .tooManyRevokers,
            .revocationLacksAuthority, .revokedBefore, .noMemberSigned, .closingLacksSignatures:
            true
        }
    }
}
