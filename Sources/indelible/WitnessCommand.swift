// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// A witness: a server that cosigns the checkpoints of logs it knows, and so makes it plain to all that each has one
/// history.
struct WitnessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness",
        abstract: "Run a server that cosigns the checkpoints of logs.",
        discussion: """
            A witness cosigns a checkpoint once it has seen that the log only grew since the one before. It learns \
            nothing of what is logged. docs/witness.md tells how to run one.
            """,
        subcommands: [New.self, WitnessAddLogCommand.self, WitnessServeCommand.self, WitnessListCommand.self])

    struct New: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a witness's key in your own folder (INDELIBLE_HOME).",
            discussion: "The key cosigns checkpoints and nothing else, under this one name.")
        @OptionGroup var options: WorkplaceOptions
        @Argument(help: "The witness's name, public for ever, such as witness.example.org/w1.") var name: String

        func run() throws {
            let workplace = try Workplace(options)
            guard let name = KeyName(name) else {
                throw Failure(.usage, "a key's name is 1 to 255 bytes without white space or \"+\"")
            }
            guard !workplace.home.contains(name) else {
                try workplace.settle(name)
                throw Failure(
                    .usage, "there is a key \"\(Shown.bytes(name.utf8))\" already",
                    hint: "keys are never replaced; take another name")
            }
            let passphrase = try workplace.prompt.choose(for: "the witness's key \"\(Shown.bytes(name.utf8))\"")
            let key = try workplace.makeWitnessKey(name, passphrase)
            if workplace.speaksJSON {
                return Console.data(JSON.object([JSON.Member("vkey", .text(key.utf8))]))
            }
            Console.data("\(key)")
            Console.note(
                """
                The key is in \(Shown.path(workplace.home.path(of: name))), encrypted. Back it up; nobody can restore it.
                The line above is its public half, VKEY in the line `witness NAME VKEY URL` of a trust list.
                Next: `indelible witness add-log VKEY`, and then `indelible witness serve`.
                """)
        }
    }
}

/// The option that says where a witness keeps its state.
struct WitnessOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The witness's folder. It must never be brought back from an older copy.", valueName: "path"))
    var folder = "witness"

    /// The state.
    var store: WitnessStore { WitnessStore(folder: FilePath(folder)) }
}

extension Workplace {
    /// Makes a witness's key from the system's randomness and stores it encrypted.
    func makeWitnessKey(_ name: KeyName, _ passphrase: Passphrase) throws -> VerifierKey {
        let key = try Ed25519.PrivateKey.fresh()
        try home.add(
            KeyFile(
                sealing: key, named: name, type: .cosignature, under: passphrase, salt: .fresh(count: 16),
                initializationVector: .fresh(count: 16)))
        return WitnessSigner(name: name, privateKey: key).verifierKey
    }

    /// A witness's key among the person's own, opened. Without a name, the only one.
    func witnessKey(_ name: String?) throws -> WitnessSigner {
        try prompt.openWitness(try witnessKeyFile(name))
    }

    private func witnessKeyFile(_ name: String?) throws -> KeyFile {
        if let name {
            let file = try ownKeyFile(name)
            guard file.verifierKey.type == .cosignature else {
                throw Failure(
                    .usage, "the key \"\(Shown.bytes(name.utf8))\" is not a witness's",
                    hint: "a witness has a key of its own: `indelible witness new NAME`")
            }
            return file
        }
        let files = try home.list().filter { $0.verifierKey.type == .cosignature }
        guard let file = files.first else {
            throw Failure(
                .cannotTell, "there is no witness's key in \(Shown.path(home.folder))",
                hint: "make one with `indelible witness new NAME`; INDELIBLE_HOME names the folder")
        }
        guard files.count == 1 else {
            throw Failure(
                .usage, "there are \(files.count) witness keys in \(Shown.path(home.folder))",
                hint: "say which with --key: one folder of state belongs to one of them")
        }
        return file
    }
}
