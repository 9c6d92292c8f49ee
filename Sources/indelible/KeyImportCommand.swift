// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

extension KeyCommand {
    /// A private key taken up from a file.
    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Take up a key from a file: one that was exported, or an Ed25519 key of another program.",
            discussion: """
                Asks for the passphrase, to see that it opens. What `indelible key export` wrote is stored as it is. A \
                key of another program (`openssl genpkey -algorithm ed25519`), encrypted or not, is given a name and \
                encrypted under a new passphrase. No key is ever replaced.
                """)
        @OptionGroup var options: WorkplaceOptions
        @Argument(help: "The file that holds the key.", completion: .file(extensions: ["pem"])) var file: String
        @Option(help: ArgumentHelp("The name of a key that brings none; public for ever.", valueName: "name"))
        var name: String?

        func run() throws {
            let workplace = try Workplace(options)
            let path = FilePath(file)
            var bytes = try DurableFile.read(path, limit: KeyFile.maximumByteCount)
            let key: VerifierKey
            if let named = try? KeyFile(parsing: bytes) {
                key = try store(named, workplace)
            } else {
                key = try store(try foreign(&bytes, path), path, workplace)
            }
            if workplace.speaksJSON {
                return Console.data(JSON.object([JSON.Member("vkey", .text(key.utf8))]))
            }
            Console.data("\(key)")
            Console.note(
                "The key is in \(Shown.path(workplace.home.path(of: key.name))), encrypted. \(Shown.path(path)) is still there."
            )
        }

        /// A key file of this tool, bit for bit.
        private func store(_ key: KeyFile, _ workplace: Workplace) throws -> VerifierKey {
            let own = key.verifierKey.name
            guard name == nil || name.flatMap({ KeyName($0) }) == own else {
                throw Failure(
                    .usage,
                    "this key has a name, \"\(Shown.bytes(own.utf8))\", and under another it would be another vkey",
                    hint: "leave --name out")
            }
            try refuseIfTaken(own, workplace)
            if key.verifierKey.type == .cosignature {
                _ = try workplace.prompt.openWitness(key)
            } else {
                _ = try workplace.prompt.open(key)
            }
            try workplace.home.add(key)
            return key.verifierKey
        }

        /// A key of another program, under a name and a new passphrase.
        private func store(_ foreign: ForeignKey, _ path: FilePath, _ workplace: Workplace) throws -> VerifierKey {
            guard let name else {
                throw Failure(
                    .usage, "the key in \(Shown.path(path)) has no name",
                    hint: "give it one with --name: public for ever")
            }
            guard let keyName = KeyName(name) else {
                throw Failure(.usage, "a key's name is 1 to 255 bytes without white space or \"+\"")
            }
            try refuseIfTaken(keyName, workplace)
            let key: Ed25519.PrivateKey
            if foreign.isEncrypted {
                key = try workplace.prompt.unlock("the key in \(Shown.path(path))") {
                    try Self.open(foreign, path, with: $0)
                }
            } else if let opened = try Self.open(foreign, path, with: nil) {
                key = opened
            } else {
                throw Self.noKey(path)
            }
            let passphrase = try workplace.prompt.choose(for: "the key \"\(Shown.bytes(keyName.utf8))\"")
            return try workplace.store(key, keyName, passphrase).verifierKey
        }

        private func foreign(_ bytes: inout [UInt8], _ path: FilePath) throws -> ForeignKey {
            do throws(FormatError) {
                return try ForeignKey(consuming: &bytes)
            } catch {
                throw Failure(
                    .usage, "\(Shown.path(path)): \(error)",
                    hint: "a key comes of `indelible key export`, or of `openssl genpkey -algorithm ed25519`")
            }
        }

        private func refuseIfTaken(_ name: KeyName, _ workplace: Workplace) throws {
            guard !workplace.home.contains(name) else {
                try workplace.settle(name)
                throw Failure(
                    .usage, "there is a key \"\(Shown.bytes(name.utf8))\" already",
                    hint: "keys are never replaced; `indelible key show` tells which it is")
            }
        }

        private static func open(
            _ foreign: ForeignKey, _ path: FilePath, with passphrase: Passphrase?
        ) throws -> Ed25519.PrivateKey? {
            do {
                return try foreign.open(with: passphrase)
            } catch KeyFile.OpenError.wrongPassphrase {
                return nil
            } catch KeyFile.OpenError.tooCostly {
                throw Failure(
                    .usage,
                    "the key in \(Shown.path(path)) is encrypted in a way that is not read here, or would take too long",
                    hint: "who made it can encrypt it anew: openssl pkcs8 -topk8 -scrypt -in KEY -out NEW")
            } catch {
                throw noKey(path)
            }
        }

        private static func noKey(_ path: FilePath) -> Failure {
            Failure(
                .usage, "the key in \(Shown.path(path)) is not of Ed25519, or is damaged",
                hint: "only such keys sign here")
        }
    }
}
