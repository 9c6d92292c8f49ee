// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// One person's way into a log: from no key to a key that the log has enrolled.
struct JoinApplication {
    /// What is to be done about the filing.
    enum Plan {
        /// The key is a member already.
        case enrolled(LeafIndex)
        /// A filing is there from an earlier run.
        case begun(FilingDraft)
        /// A filing is to be made, for these to sign besides the key itself.
        case new(others: [VerifierKey], revokers: [Hash])
        /// Nobody can say who must sign before they are named.
        case unknownSigners
    }

    /// How far it has come.
    struct Result {
        let key: VerifierKey
        let keyPath: FilePath
        let isNewKey: Bool
        let enrolledAt: LeafIndex?
        let path: FilePath
        /// The filing, where there is one.
        let filing: FilingDraft?
    }

    let name: KeyName
    let log: Origin
    let policy: TrustPolicy
    /// Who may do what in the log, where a ledger is at hand.
    let registry: Registry?
    let workplace: Workplace
    /// The key, where it is there already.
    private let own: KeyFile?

    init(name: KeyName, log: Origin, policy: TrustPolicy, registry: Registry?, workplace: Workplace) throws {
        guard name.utf8 != log.utf8 else {
            throw Failure(
                .usage, "\"\(name)\" is the log's own name", hint: "name your key with --name; it need not be your name"
            )
        }
        self.name = name
        self.log = log
        self.policy = policy
        self.registry = registry
        self.workplace = workplace
        own = workplace.home.contains(name) ? try workplace.home.key(named: name) : nil
    }

    /// The filing's file, in the folder in which the command runs.
    private var path: FilePath { FilePath(workplace.home.fileName(of: name) + ".filing") }

    /// Decides what is to be done, and throws what the log would refuse. Nothing is written.
    func plan(signers: [VerifierKey], revokers: [Hash]) throws -> Plan {
        if let own, let index = try enrolment(of: own.verifierKey) { return .enrolled(index) }
        if let registry {
            try registry.requireOpen()
            if let bearer = registry.knownKey(named: name), bearer != own?.verifierKey {
                throw Failure(
                    .usage, "the name \"\(name)\" is taken in this log", hint: "name your key otherwise, with --name")
            }
        }
        let published = workplace.keys.appending(workplace.home.fileName(of: name) + ".vkey")
        if let other = try VerifierKey(reading: published), other != own?.verifierKey {
            throw Failure(
                .usage, "\(Shown.path(published)) is the key of somebody else who calls themself \"\(name)\"",
                hint: "name your key otherwise, with --name")
        }
        if let begun = try begunFiling() {
            try require(begun, agreesWith: signers, revokers)
            return .begun(begun)
        }
        // A stand-in for a key that is not made yet: none is made for what the log would refuse.
        let key = try own?.verifierKey ?? Self.standIn(named: name)
        let others = LogSigners(signers).keys.filter { $0.keyBytes != key.keyBytes }
        guard let chosen = try enrollers(besides: others) else { return .unknownSigners }
        let text = try text(key, chosen, revokers)
        try registry?.judge(unsigned: text, at: Moment.now())
        return .new(others: chosen, revokers: revokers)
    }

    /// Asks for the passphrase that carrying it out takes, so that nothing is made where there is none.
    func ask(for plan: Plan) throws {
        switch (own, plan) {
        case (nil, _): _ = try workplace.prompt.choose(for: "the key \"\(name)\"")
        case (let own?, .new): _ = try workplace.prompt.open(own)
        case (let own?, .begun(let draft)) where draft.unsigned.contains(own.verifierKey):
            _ = try workplace.prompt.open(own)
        default: break
        }
    }

    /// Makes what is missing: the key, its vkey among the public keys, and the filing, signed with it.
    func carryOut(_ plan: Plan) throws -> Result {
        if let own { try workplace.settle(own.verifierKey.name) }
        let key = try own?.verifierKey ?? makeKey()
        try workplace.publish(key)
        var index: LeafIndex?
        var filing: FilingDraft?
        switch plan {
        case .enrolled(let place): index = place
        case .unknownSigners: break
        case .begun(let draft):
            filing = draft
            if draft.unsigned.contains(key) { filing = try sign(draft, with: key, ifTaken: .replace) }
        case .new(let others, let revokers):
            filing = try sign(FilingDraft(text(key, others, revokers)), with: key, ifTaken: .refuse)
        }
        return Result(
            key: key, keyPath: workplace.home.path(of: name), isNewKey: own == nil, enrolledAt: index, path: path,
            filing: filing)
    }

    // MARK: -

    /// The entry that enrolled this key, as the ledger or the proof of its filing shows; nil where neither does.
    private func enrolment(of key: VerifierKey) throws -> LeafIndex? {
        if let registry {
            let membership = LogMembership(registry: registry, key: key)
            if membership.revokedAt != nil { throw RegistryError.revokedSigner(key) }
            if let index = membership.enrolledAt { return index }
            if membership.isSteward { throw RegistryError.keyIsKnown(key) }
            return nil
        }
        let proofPath = FilePath(path.string + ".proof")
        guard DurableFile.exists(proofPath) else { return nil }
        let proof = try ProofFile(reading: proofPath)
        guard case .enrol(let enrolment) = proof.entry.filing.action, enrolment.key == key else { return nil }
        return try proof.verified(under: policy).index
    }

    /// The filing of an earlier run, if there is one. Throws where something else has its name.
    private func begunFiling() throws -> FilingDraft? {
        guard DurableFile.exists(path) else { return nil }
        let draft = try FilingDraft(reading: path)
        try draft.verifySignatures()
        guard case .enrol(let enrolment) = draft.text.action, draft.text.log == log, enrolment.key == own?.verifierKey
        else {
            throw Failure(
                .usage, "\(Shown.path(path)) is there already, and does not enrol this key in this log",
                hint: "move it away and run this again")
        }
        return draft
    }

    /// Throws unless a filing names whom the command line does; it may name more.
    private func require(_ draft: FilingDraft, agreesWith signers: [VerifierKey], _ revokers: [Hash]) throws {
        guard case .enrol(let enrolment) = draft.text.action else { return }
        guard signers.allSatisfy(draft.text.signers.contains), revokers.allSatisfy(enrolment.revokers.contains) else {
            throw Failure(
                .usage, "\(Shown.path(path)) is there already, with other signers or revokers",
                hint: "move it away to ask anew; those who signed it sign the new one too")
        }
    }

    /// Who signs besides the new key; nil where they must be named first.
    private func enrollers(besides named: [VerifierKey]) throws -> [VerifierKey]? {
        guard let registry, let charter = registry.charterInForce?.charter else { return named.isEmpty ? nil : named }
        let stewards = LogSigners.Quorum(of: charter, in: registry)
        let sponsors = named.count { registry.hasInGoodStanding($0) }
        if stewards.lacking(named) == 0 || charter.sponsors > 0 && sponsors >= charter.sponsors { return named }
        guard named.isEmpty else {
            throw Failure(
                .usage, "\(JoinReport.whoMustSign(registry)), and the named ones are too few",
                hint: "name each of them with --with NAME or --with VKEY")
        }
        return charter.sponsors == 0 && stewards.people.count == stewards.count ? stewards.people : nil
    }

    private func text(_ key: VerifierKey, _ others: [VerifierKey], _ revokers: [Hash]) throws -> FilingText {
        try FilingText(
            log: log, signers: [key] + others, action: .enrol(Enrolment(key: key, revokers: revokers)))
    }

    private func sign(
        _ draft: FilingDraft, with key: VerifierKey, ifTaken: DurableFile.Conflict
    ) throws -> FilingDraft {
        var draft = draft
        try draft.sign(with: try workplace.prompt.open(try workplace.home.key(named: key.name)))
        try DurableFile.write(draft.bytes, to: path, ifTaken: ifTaken)
        return draft
    }

    private func makeKey() throws -> VerifierKey {
        try workplace.makeKey(name, try workplace.prompt.choose(for: "the key \"\(name)\"")).verifierKey
    }

    private static func standIn(named name: KeyName) throws -> VerifierKey {
        NoteSigner(name: name, privateKey: try .fresh()).verifierKey
    }
}
