// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// A person's own keys, and what the log knows of them.
struct KeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make, list, show, enrol and revoke keys.",
        subcommands: [New.self, List.self, Show.self, Enrol.self, Revoke.self, Revoker.self])

    struct New: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a key in your own folder (INDELIBLE_HOME).")
        @OptionGroup var options: WorkplaceOptions
        @Argument(help: "The key's name, public for ever: it need not be yours.") var name: String

        func run() throws {
            let workplace = try Workplace(options)
            guard let name = KeyName(name) else {
                throw Failure(.usage, "a key's name is 1 to 255 bytes without white space or \"+\"")
            }
            guard !workplace.home.contains(name) else {
                throw Failure(
                    .usage, "there is a key \"\(name)\" already", hint: "keys are never replaced; take another name")
            }
            let key = try workplace.makeKey(name, try workplace.prompt.choose(for: "the key \"\(name)\""))
            try workplace.publish(key.verifierKey)
            Console.data("\(key.verifierKey)")
            Console.note(
                """
                The key is in \(Shown.path(workplace.home.path(of: name))), encrypted. Back it up; nobody can restore it.
                The line above is its public half. It becomes a member of a log with `indelible key enrol \(name)`.
                """)
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the keys in your own folder.")
        @OptionGroup var options: WorkplaceOptions

        func run() throws {
            let workplace = try Workplace(options)
            let keys = try workplace.home.list()
            if workplace.speaksJSON {
                return Console.data(JSON.array(keys.map { .text($0.verifierKey.utf8) }))
            }
            if keys.isEmpty { Console.note("There are no keys in \(Shown.path(workplace.home.folder)).") }
            for key in keys { Console.data("\(key.verifierKey)") }
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the public half of a key.")
        @OptionGroup var options: WorkplaceOptions
        @Argument(help: "The key's name, or a vkey.") var name: String

        func run() throws {
            let key = try Workplace(options).publicKey(name)
            Console.data("\(key)")
            Console.note("key \(key.shortID), calls itself \"\(key.name)\"")
            Console.note("as a revoker it is named by this hash: \(SHA256.hash(key.utf8).base64)")
        }
    }

    struct Enrol: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a key a member of the log.",
            discussion: """
                    The new key signs, those named by --with, and as many stewards among your own keys as are needed. \
                    Where others must sign, the filing is left for them.
                """)
        @OptionGroup var options: WorkplaceOptions
        @Argument(help: "The name of one of your keys.") var name: String
        @Option(help: ArgumentHelp("Who may revoke it: a vkey, named in the log by hash only.", valueName: "vkey"))
        var revoker: [String] = []
        @Option(help: ArgumentHelp("Another signer: a steward or sponsor whose key is elsewhere.", valueName: "vkey"))
        var with: [String] = []
        @Option(
            name: [.short, .long],
            help: ArgumentHelp("Leave the filing here instead of entering it.", valueName: "file"))
        var output: String?

        func run() async throws {
            let workplace = try Workplace(options)
            let key = try workplace.ownKey(name)
            let log = try workplace.ownLog().origin
            var signers = [key.verifierKey] + (try with.map { try workplace.publicKey($0) })
            // Without the ledger nobody can say who must sign; then those who are named do.
            if with.isEmpty || DurableFile.isFolder(workplace.ledger) {
                try addStewards(to: &signers, by: try await workplace.registry(), workplace)
            }
            let enrolment = try Enrolment(
                key: key.verifierKey, revokers: try revoker.map { SHA256.hash(try workplace.publicKey($0).utf8) })
            let text = try FilingText(log: log, signers: signers, action: .enrol(enrolment))
            try await workplace.offer(text, having: [key], at: output, named: "enrol-\(name).filing")
        }

        /// Has the stewards sign whose keys are here, where not enough sponsors do. Throws if the log would refuse it.
        private func addStewards(
            to signers: inout [VerifierKey], by registry: Registry, _ workplace: Workplace
        ) throws {
            let sponsors = registry.members.count { signers.contains($0.key) }
            guard registry.sponsors == 0 || sponsors < registry.sponsors else { return }
            var stewards = signers.count { registry.stewards.contains($0) }
            for steward in registry.stewards where stewards < registry.threshold && !signers.contains(steward) {
                guard try workplace.holds(steward) else { continue }
                signers.append(steward)
                stewards += 1
            }
            guard stewards < registry.threshold else { return }
            let names = registry.stewards.filter { !signers.contains($0) }.map { Shown.bytes($0.name.utf8) }
            let orMembers =
                registry.sponsors > 0 ? ", or \(EntryWords.count(registry.sponsors, "member"))" : ""
            throw Failure(
                .usage,
                "\(EntryWords.count(registry.threshold, "steward"))\(orMembers) must sign an enrolment, and \(stewards) would",
                hint: "name others with --with VKEY, wherever their keys are: \(names.joined(separator: ", "))")
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Revoke a key: your own, one that names yours as its revoker, or any as steward.",
            discussion:
                "Nothing that the key signed before is voided by it. With -o, the revocation is prepared for later.")
        @OptionGroup var options: WorkplaceOptions
        @Argument(help: "The key: a vkey, or a name.") var key: String
        @Option(help: "Why: \(RevocationReason.all.map(\.word).joined(separator: ", ")).") var reason: String
        @Option(
            help: ArgumentHelp(
                "Since when, by your account: 2026-11-22, 2026-11-22T08:00:00Z, or POSIX seconds.", valueName: "time"))
        var since: String?
        @Option(
            name: .customLong("as"),
            help: ArgumentHelp("The name of the key that signs; several may.", valueName: "name"))
        var signers: [String] = []
        @Option(
            name: [.short, .long],
            help: ArgumentHelp("Leave the filing here instead of entering it.", valueName: "file"))
        var output: String?

        func run() async throws {
            let workplace = try Workplace(options)
            guard let reason = RevocationReason(reason) else {
                throw Failure(
                    .usage, "no reason \(Shown.bytes(reason.utf8))",
                    hint: "the reasons are \(RevocationReason.all.map(\.word).joined(separator: ", "))")
            }
            let revoked = try workplace.publicKey(key)
            let names = signers.isEmpty ? [revoked.name.description] : signers
            let opened = try names.map { try workplace.ownKey($0) }
            let revocation = try Revocation(key: revoked, reason: reason, since: try since.map { try Moment.parse($0) })
            let log = try workplace.ownLog().origin
            let text = try FilingText(log: log, signers: opened.map(\.verifierKey), action: .revoke(revocation))
            try await workplace.offer(text, having: opened, at: output, named: "revoke.filing")
        }
    }

    struct Revoker: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say who may revoke your key when you cannot.", subcommands: [Add.self])

        struct Add: AsyncParsableCommand {
            static let configuration = CommandConfiguration(abstract: "Name one more revoker of your key.")
            @OptionGroup var options: WorkplaceOptions
            @Argument(help: "The revoker's vkey; the log shows its hash only.") var revoker: String
            @Option(name: .customLong("as"), help: ArgumentHelp("The name of your key.", valueName: "name"))
            var name: String?
            @Option(
                name: [.short, .long],
                help: ArgumentHelp("Leave the filing here instead of entering it.", valueName: "file"))
            var output: String?

            func run() async throws {
                let workplace = try Workplace(options)
                let revoker = SHA256.hash(try workplace.publicKey(revoker).utf8)
                let key = try workplace.ownKey(name)
                let text = try FilingText(
                    log: try workplace.ownLog().origin, signers: [key.verifierKey],
                    action: .addRevoker(RevokerAddition(revoker: revoker)))
                try await workplace.offer(text, having: [key], at: output, named: "revoker.filing")
            }
        }
    }
}

extension Workplace {
    /// Makes a key from the system's randomness and stores it encrypted.
    func makeKey(_ name: KeyName, _ passphrase: Passphrase) throws -> NoteSigner {
        func random(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: .min ... .max) } }
        guard let key = Ed25519.PrivateKey(seed: random(32)) else {
            throw Failure(.cannotTell, "this machine gives no random numbers")
        }
        try home.add(
            KeyFile(sealing: key, named: name, under: passphrase, salt: random(16), initializationVector: random(16)))
        return NoteSigner(name: name, privateKey: key)
    }

    /// Who may do what in the log, by replaying it.
    func registry() async throws -> Registry {
        guard DurableFile.isFolder(ledger) else { throw DirectoryStore.OpenError.absent(ledger) }
        let reader = try await LedgerReader(DirectoryStore.reading(ledger), under: try trust(nil).policy)
        return try await Registry(replaying: reader)
    }

    /// Whether this very key is among the person's own.
    func holds(_ key: VerifierKey) throws -> Bool {
        try home.contains(key.name) && home.key(named: key.name).verifierKey == key
    }
}

extension VerifierKey {
    /// The first eight digits of the key's 32 bytes, to tell keys apart at a glance.
    var shortID: String { String(Hex.encode(keyBytes).prefix(8)) + "…" }
}

extension Registry {
    /// How many stewards make a quorum.
    var threshold: Int { charterInForce?.charter.threshold ?? 1 }
    /// How many members can enrol another without the stewards; 0: none can.
    var sponsors: Int { charterInForce?.charter.sponsors ?? 0 }
}
