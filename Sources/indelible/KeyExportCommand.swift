// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

extension KeyCommand {
    /// A copy of a private key, encrypted as it is.
    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Copy one of your keys into a file, encrypted as it is.",
            discussion: """
                The file is PEM of PKCS#8, which other programs open too, under the passphrase that the key has. \
                `indelible key import` takes it up on another machine.
                """)
        @OptionGroup var options: WorkplaceOptions
        @Argument(help: "The name of one of your keys.") var name: String
        @Option(
            name: [.short, .long],
            help: ArgumentHelp(
                "Write it here (default: NAME.pem in this folder); - is standard output.", valueName: "file"))
        var output: String?

        func run() throws {
            let workplace = try Workplace(options)
            let key = try workplace.ownKeyFile(name)
            guard output != "-" else { return Console.data(bytes: key.bytes) }
            let path =
                output.map { FilePath($0) } ?? FilePath(workplace.home.fileName(of: key.verifierKey.name) + ".pem")
            try DurableFile.write(key.bytes, to: path, ifTaken: .refuse, mode: 0o600)
            if workplace.speaksJSON {
                return Console.data(
                    JSON.object([
                        JSON.Member("vkey", .text(key.verifierKey.utf8)), JSON.Member("file", .text(Shown.path(path))),
                    ]))
            }
            Console.note(
                "The key \"\(Shown.bytes(key.verifierKey.name.utf8))\" is in \(Shown.path(path)), encrypted under the passphrase it has."
            )
        }
    }
}
