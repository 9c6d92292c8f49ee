// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Begins a log: its key, its charter, its first member, and the trust list that others verify with.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Begin a log of your own.",
        discussion: """
            Makes the log's key, a steward key and a member key in your own folder (INDELIBLE_HOME), the ledger with \
            its charter as entry 0 and the member's enrolment as entry 1, and the public keys and trust list in the \
            keys folder. With --steward, the charter is left for those to sign.
            """)

    @OptionGroup var options: WorkplaceOptions

    @Option(help: ArgumentHelp("The log's name for ever, such as ledger.example.org/2026.", valueName: "name"))
    var origin: String

    @Option(help: ArgumentHelp("A steward's vkey; several may be given.", valueName: "vkey"))
    var steward: [String] = []

    @Option(help: "How many stewards make a quorum.")
    var threshold = 1

    @Option(help: "How many members may enrol another without the stewards; 0: none may.")
    var sponsors = 0

    @Option(help: "Who may register: members or anyone.")
    var admission = "members"

    @Option(help: ArgumentHelp("A file with one line of text for the charter, public for ever.", valueName: "file"))
    var note: String?

    @Option(
        help: ArgumentHelp("The ledger of a closed log that this one follows.", valueName: "path|url"),
        completion: .directory)
    var continues: String?

    @Option(help: ArgumentHelp("With --continues: the trust list of that log.", valueName: "file"))
    var trust: String?

    func run() async throws {
        let workplace = try Workplace(options)
        guard let name = KeyName(origin), !origin.isEmpty else {
            throw Failure(
                .usage, "the origin is 1 to 255 bytes without white space or \"+\"",
                hint: "take a name that nobody else's log has, such as ledger.example.org/2026")
        }
        guard let admission = ["members": Charter.Admission.members, "anyone": .anyone][admission] else {
            throw Failure(
                .usage, "--admission is members or anyone", hint: "anyone: whoever makes a key registers with it")
        }
        let stewards = try steward.map { try workplace.publicKey($0) }
        let note = try text(note)
        let most = max(stewards.count, 1)
        guard (1...min(most, 15)).contains(threshold) else {
            throw Failure(
                .usage, "a quorum of \(threshold) cannot be had from \(EntryWords.count(most, "steward"))",
                hint: "--threshold is 1 to the number of stewards, and 15 at most")
        }
        guard (0...15).contains(sponsors) else {
            throw Failure(.usage, "--sponsors is 0 to 15", hint: "0: no member enrols another without the stewards")
        }
        let earlier = try await continued(name, workplace)
        let start = try beginning(workplace, name)
        // A passphrase that a person has already is asked for before a new one is made up.
        for known in [Self.stewardName, Self.memberName].compactMap({ KeyName($0) })
        where workplace.home.contains(known) {
            _ = try workplace.prompt.open(try workplace.home.key(named: known))
        }
        let passphrase = try workplace.prompt.choose(for: "the keys of this log")
        try start.begin()
        let logKey = try start.key(name, passphrase)
        let ownSteward = stewards.isEmpty ? try start.key(Self.stewardName, passphrase) : nil
        let member = try start.key(Self.memberName, passphrase)
        let charter = try Charter(
            stewards: ownSteward.map { [$0.verifierKey] } ?? stewards, threshold: threshold, sponsors: sponsors,
            admission: admission, logKeys: [logKey.verifierKey], continues: earlier, note: note)
        let filing = FilingDraft(
            try FilingText(log: Origin(name), signers: charter.stewards, action: .charter(charter)))

        let identity = LogIdentity(signers: [logKey])
        for key in [logKey, ownSteward, member].compactMap(\.self) { try workplace.publish(key.verifierKey) }
        try publishTrustList(identity, workplace)
        if let ownSteward {
            try await enter(filing, ownSteward, member, identity, workplace)
        } else {
            try leave(filing, for: stewards, workplace)
        }
        try start.finish()
        if let earlier, !workplace.speaksJSON {
            Console.note(
                """
                Its charter says that it continues the closed log "\(Shown.bytes(earlier.origin.utf8))" of \(earlier.head.size) entries. Keep that
                log's files and trust list for those who hold its proofs.
                """)
        }
    }

    /// The end of the log that this one follows; nil where it follows none.
    private func continued(_ name: KeyName, _ workplace: Workplace) async throws -> Charter.Continuation? {
        guard let continues else {
            guard trust == nil else {
                throw Failure(.usage, "--trust goes with --continues", hint: "`indelible init` makes a trust list")
            }
            return nil
        }
        guard let trust else {
            throw Failure(
                .usage, "--continues takes the trust list of that log, by which its end is verified",
                hint: "name it with --trust")
        }
        let end = try await ContinuedLog.end(of: continues, trustedBy: trust, in: workplace)
        guard end.origin != Origin(name) else {
            throw Failure(
                .usage, "a log that follows another has a name of its own", hint: "one name is one history")
        }
        return end
    }

    /// Enters charter and enrolment, signed by the keys just made.
    private func enter(
        _ charter: FilingDraft, _ steward: NoteSigner, _ member: NoteSigner, _ identity: LogIdentity,
        _ workplace: Workplace
    ) async throws {
        let log = try await workplace.openLog(identity)
        if await log.sequencer.head?.size == 0 {
            var charter = charter
            try charter.sign(with: steward)
            _ = try await log.sequencer.submit(try charter.finished().filing)
        }
        let signers = [member, steward]
        let enrolment = try FilingText(
            log: identity.origin, signers: signers.map(\.verifierKey),
            action: .enrol(Enrolment(key: member.verifierKey)))
        _ = try await log.sequencer.submit(try Filing(enrolment, signedBy: signers))
        try await log.close()
        if workplace.speaksJSON {
            Console.data(
                JSON.object([
                    JSON.Member("origin", .text(identity.origin.utf8)), JSON.Member("entries", .number(2)),
                    JSON.Member("log_key", .text(identity.verifierKeys[0].utf8)),
                    JSON.Member("policy_sha256", .text(try workplace.trust(nil).policy.fingerprint.hex)),
                ]))
            return
        }
        Console.note(
            """
            The log "\(identity.origin)" is begun, in \(Shown.path(workplace.ledger)).
              entry 0   its charter: steward "\(steward.verifierKey.name)", and who may register: \(admission)
              entry 1   the member "\(member.verifierKey.name)" is enrolled; that key registers documents
            Private keys, encrypted: \(Shown.path(workplace.home.folder)). Back them up; nobody can restore them.
            Public keys and trust list: \(Shown.path(workplace.keys)). Give that folder to those who verify;
            the SHA-256 of its file policy, to be compared aloud:
              \(try workplace.trust(nil).fingerprint)
            No other server cosigns this log yet, so proofs show the log's own claim of time and no independent one.
            """)
    }

    private func leave(_ charter: FilingDraft, for stewards: [VerifierKey], _ workplace: Workplace) throws {
        let path = FilePath("charter.filing")
        // One that an earlier run left may have been signed by some of them since.
        if try DurableFile.exists(path) && FilingDraft(reading: path).text == charter.text {
            try DurableFile.renew(path)
        } else {
            try DurableFile.write(charter.bytes, to: path, ifTaken: .refuse)
        }
        if workplace.speaksJSON {
            return Console.data(
                JSON.object([
                    JSON.Member("origin", .text(charter.text.log.utf8)), JSON.Member("entries", .number(0)),
                    JSON.Member("filing", .text("charter.filing")),
                    JSON.Member("unsigned", .array(stewards.map { .text($0.utf8) })),
                ]))
        }
        let names = stewards.map { "\"\($0.name)\"" }.joined(separator: ", ")
        Console.note(
            """
            The log "\(charter.text.log)" is not begun yet: its charter is in charter.filing, and each of its stewards
            (\(names)) signs it, with `indelible sign charter.filing`. Then enter it here:
              indelible submit charter.filing
            and make your own key, "\(Self.memberName)", a member that registers documents; \(EntryWords.count(threshold, "steward")) must sign that too:
              indelible key enrol \(Self.memberName) --with VKEY
            """)
    }

    /// Writes the trust list. Where the mark of a log that is being made is back after a power cut, there is one by which
    /// the log is known, and which may name witnesses by now: that stays.
    private func publishTrustList(_ identity: LogIdentity, _ workplace: Workplace) throws {
        let path = workplace.keys.appending("policy")
        let known = try TrustPolicy(reading: path)?.logKeys(for: identity.origin) ?? []
        if known.contains(identity.verifierKeys[0]) {
            try DurableFile.renew(path)
        } else {
            try DurableFile.write(try trustList(identity), to: path)
        }
    }

    private func trustList(_ identity: LogIdentity) throws -> [UInt8] {
        var text = PolicyText()
        text.comment("Whom a verifier of this log trusts (C2SP tlog-policy).")
        for key in identity.verifierKeys { text.log(key) }
        text.comment("Add witness lines and a quorum once other servers cosign the log.")
        text.quorum(nil)
        return try text.policy().bytes
    }

    /// Checks that nothing is in the way of beginning a log, or of finishing one that was half begun.
    private func beginning(_ workplace: Workplace, _ name: KeyName) throws -> Beginning {
        try workplace.requireFolder()
        let mark = workplace.ledger.appending(DirectoryStore.stateName).appending("init")
        let isHalfMade = try DurableFile.readIfPresent(mark, limit: 1024) == name.utf8
        if !isHalfMade {
            guard try isFree(workplace.ledger, before: mark) else {
                throw Failure(
                    .usage, "\(Shown.path(workplace.ledger)) is there already",
                    hint: "a log is begun in a folder of its own; name another with --ledger")
            }
            if DurableFile.exists(workplace.keys.appending("policy")) {
                throw Failure(
                    .usage, "\(Shown.path(workplace.keys)) holds the trust list of a log already",
                    hint: "name another folder with --keys")
            }
            if workplace.home.contains(name) {
                throw Failure(
                    .usage,
                    "there is a key for a log of this name already: \(Shown.path(workplace.home.path(of: name)))",
                    hint: "one name is one history: take another name for another log")
            }
        }
        return Beginning(workplace: workplace, mark: mark, name: name)
    }

    /// Whether a ledger's folder is not there, or has nothing in it but what a run leaves that ends before it is marked.
    private func isFree(_ ledger: FilePath, before mark: FilePath) throws -> Bool {
        guard DurableFile.isFolder(ledger) else { return !DurableFile.exists(ledger) }
        let (state, end) = (mark.removingLastComponent(), mark.lastComponent)
        let others = try DurableFile.names(in: ledger).filter { name in
            name != state.lastComponent && state.lastComponent.map { TemporaryName.isOne(name, for: $0) } != true
        }
        guard others.isEmpty else { return false }
        guard DurableFile.isFolder(state) else { return !DurableFile.exists(state) }
        return try DurableFile.names(in: state).allSatisfy { name in
            end.map { TemporaryName.isOne(name, for: $0) } == true
        }
    }

    private func text(_ file: String?) throws -> WireText? {
        guard let file else { return nil }
        var bytes = try DurableFile.read(FilePath(file), limit: 2048)
        if bytes.last == 0x0A { bytes.removeLast() }
        guard let text = WireText(bytes) else {
            throw Failure(.usage, "the note is one line of 1 to 1,024 bytes of UTF-8, without control characters")
        }
        return text
    }

    private static let stewardName = "steward"
    private static let memberName = "registrar"

    /// A log that is being begun: its keys are made once, however often the command runs.
    private struct Beginning {
        let workplace: Workplace
        let mark: FilePath
        let name: KeyName

        /// Marks the folder as being made, so that a second run can finish it.
        func begin() throws {
            try DurableFile.makeFolder(workplace.ledger)
            try DurableFile.makeFolder(mark.removingLastComponent(), mode: 0o700)
            try DurableFile.write(name.utf8, to: mark, mode: 0o600)
        }

        func key(_ name: some CustomStringConvertible, _ passphrase: Passphrase) throws -> NoteSigner {
            guard let name = KeyName(name.description) else { throw Failure(.usage, "key name") }
            if workplace.home.contains(name) {
                let signer = try workplace.prompt.open(try workplace.home.key(named: name))
                // The charter names it for good.
                try workplace.home.settle(name)
                return signer
            }
            return try workplace.makeKey(name, passphrase)
        }

        func finish() throws {
            do {
                try DurableFile.remove(mark)
            } catch  where !DurableFile.exists(mark) {
                // All is done, and there is nothing to go on with.
            }
        }
    }
}
