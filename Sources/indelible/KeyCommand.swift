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
        abstract: "Make, list, show, carry, enrol and revoke keys.",
        subcommands: [
            New.self, List.self, Show.self, Export.self, Import.self, Enrol.self, Revoke.self, Revoker.self,
        ])

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
                try workplace.settle(name)
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
            let workplace = try Workplace(options)
            let key = try workplace.publicKey(name)
            Console.data("\(key)")
            Console.note("key \(key.shortID), calls itself \"\(key.name)\"")
            Console.note("as a revoker it is named by this hash: \(SHA256.hash(key.utf8).base64)")
        }
    }
}

extension Workplace {
    /// Makes a key from the system's randomness and stores it encrypted.
    func makeKey(_ name: KeyName, _ passphrase: Passphrase) throws -> NoteSigner {
        try store(try .fresh(), name, passphrase)
    }

    /// Stores a key, encrypted.
    func store(_ key: Ed25519.PrivateKey, _ name: KeyName, _ passphrase: Passphrase) throws -> NoteSigner {
        try home.add(
            KeyFile(
                sealing: key, named: name, under: passphrase, salt: .fresh(count: 16),
                initializationVector: .fresh(count: 16)))
        return NoteSigner(name: name, privateKey: key)
    }

    /// Makes sure that one of the person's own keys is on the disk, before anybody is told of it. One in a folder that
    /// cannot be written was not stored there by a run that failed just now.
    func settle(_ name: KeyName) throws {
        do {
            try home.settle(name)
        } catch let error as FileError where [.readOnlyFileSystem, .permissionDenied].contains(error.errno) {}
    }

    /// Who may do what in the log, by replaying it.
    func registry() async throws -> Registry {
        let policy = try trust(nil).policy
        return try await source.read { try await Registry(replaying: try await LedgerReader($0, under: policy)) }
    }

    /// The hash by which the log knows a revoker: given as such, or as the vkey.
    func revokerHash(_ argument: String) throws -> Hash {
        if let hash = Hash(base64: Array(argument.utf8)) { return hash }
        return SHA256.hash(try publicKey(argument).utf8)
    }

    /// Whether this very key is among the person's own.
    func holds(_ key: VerifierKey) throws -> Bool {
        try home.contains(key.name) && home.key(named: key.name).verifierKey == key
    }
}

extension Registry {
    /// How many stewards make a quorum.
    var threshold: Int { charterInForce?.charter.threshold ?? 1 }
    /// How many members can enrol another without the stewards; 0: none can.
    var sponsors: Int { charterInForce?.charter.sponsors ?? 0 }
}
