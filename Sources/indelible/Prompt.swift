// SPDX-License-Identifier: Apache-2.0
import Glibc
import Ledger
import SystemPackage
import TransparencyLog

/// Where passphrases come from: the file that INDELIBLE_PASSPHRASE_FILE names, or the terminal, without echo.
///
/// One that was given is tried for the next key before the person is asked again. None is taken from an argument.
final class PassphrasePrompt {
    private var given: [Passphrase] = []
    /// Keys that are open already: what decrypts one is slow, on purpose.
    private var opened: [NoteSigner] = []
    private let environment: [String: String]

    init(environment: [String: String]) {
        self.environment = environment
    }

    /// Opens a key: by a passphrase given before, by the file, or by asking up to three times.
    func open(_ key: KeyFile) throws -> NoteSigner {
        if let signer = opened.first(where: { $0.verifierKey == key.verifierKey }) { return signer }
        guard key.verifierKey.type == .ed25519 else {
            throw Failure(
                .cannotTell, "the key \(key.verifierKey.name) is a witness's, which signs nothing but cosignatures",
                hint: "name a key that `indelible key new` made")
        }
        let signer = try unlock(key)
        opened.append(signer)
        return signer
    }

    /// Opens the key of a witness.
    func openWitness(_ key: KeyFile) throws -> WitnessSigner {
        WitnessSigner(name: key.verifierKey.name, privateKey: try unlock(key).privateKey)
    }

    /// Tries passphrases on what another program encrypted: the file's, or what is asked for up to three times. None of
    /// them is tried on anything else.
    func unlock<Opened>(_ what: String, _ attempt: (Passphrase) throws -> Opened?) throws -> Opened {
        if let path = environment["INDELIBLE_PASSPHRASE_FILE"], !path.isEmpty {
            if let opened = try attempt(try fromFile(path)) { return opened }
            throw Failure(
                .cannotTell, "the passphrase in INDELIBLE_PASSPHRASE_FILE does not open \(what)",
                hint: "unset the variable to be asked for each passphrase")
        }
        for _ in 0..<3 {
            if let opened = try attempt(try ask("Passphrase of \(what): ")) { return opened }
            Console.note("That passphrase does not open it.")
        }
        throw Failure(.cannotTell, "no passphrase opened \(what)")
    }

    private func unlock(_ key: KeyFile) throws -> NoteSigner {
        for passphrase in given {
            if let signer = try attempt(key, passphrase) { return signer }
        }
        if let path = environment["INDELIBLE_PASSPHRASE_FILE"], !path.isEmpty {
            let passphrase = try fromFile(path)
            guard let signer = try attempt(key, passphrase) else {
                throw Failure(
                    .cannotTell,
                    "the passphrase in INDELIBLE_PASSPHRASE_FILE does not open the key \(key.verifierKey.name)",
                    hint: "put that key's passphrase into the file, or unset the variable to be asked")
            }
            given.append(passphrase)
            return signer
        }
        for _ in 0..<3 {
            let passphrase = try ask("Passphrase of the key \(key.verifierKey.name): ")
            if let signer = try attempt(key, passphrase) {
                given.append(passphrase)
                return signer
            }
            Console.note("That passphrase does not open it.")
        }
        throw Failure(
            .cannotTell, "no passphrase opened the key \(key.verifierKey.name)",
            hint: "run this again to be asked again; nobody can restore a passphrase that is lost")
    }

    /// A passphrase for new keys: from the file, or asked twice.
    func choose(for what: String) throws -> Passphrase {
        if let passphrase = given.first { return passphrase }
        let chosen: Passphrase
        if let path = environment["INDELIBLE_PASSPHRASE_FILE"], !path.isEmpty {
            chosen = try fromFile(path)
        } else {
            Console.note("A passphrase protects \(what). Nobody can restore it: six random words are a good one.")
            let first = try ask("New passphrase: ")
            let second = try ask("The same again: ")
            guard first.matches(second) else {
                throw Failure(.usage, "the two passphrases differ", hint: "run the command again")
            }
            chosen = first
        }
        given.append(chosen)
        return chosen
    }

    private func attempt(_ key: KeyFile, _ passphrase: Passphrase) throws -> NoteSigner? {
        do {
            return try key.open(with: passphrase)
        } catch .wrongPassphrase {
            return nil
        } catch .tooCostly {
            throw Failure(
                .usage,
                "the key file of \(key.verifierKey.name) is encrypted in a way that no key file of this tool is",
                hint: "restore the file from a backup")
        } catch .anotherKey {
            throw Failure(
                .usage, "the key file of \(key.verifierKey.name) holds another key than it says",
                hint: "restore the file from a backup")
        } catch {
            throw Failure(
                .usage, "the key file of \(key.verifierKey.name) is damaged: it holds no Ed25519 key",
                hint: "restore the file from a backup")
        }
    }

    private func fromFile(_ path: String) throws -> Passphrase {
        var bytes = try DurableFile.read(FilePath(path), limit: 4096)
        if let end = bytes.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) { bytes.removeSubrange(end...) }
        guard let passphrase = Passphrase(consuming: &bytes) else {
            throw Failure(.usage, "the file that INDELIBLE_PASSPHRASE_FILE names has no passphrase in its first line")
        }
        return passphrase
    }

    private func ask(_ question: String) throws -> Passphrase {
        let terminal = try Console.terminal(
            for: "a passphrase is needed",
            hint: "name a file that holds it in INDELIBLE_PASSPHRASE_FILE")
        defer { close(terminal) }
        var saved = termios()
        guard tcgetattr(terminal, &saved) == 0 else { throw Failure(.cannotTell, "cannot ask on this terminal") }
        var silent = saved
        silent.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(terminal, TCSAFLUSH, &silent)
        defer {
            tcsetattr(terminal, TCSAFLUSH, &saved)
            Console.write("\n", to: terminal)
        }
        Console.write(question, to: terminal)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1024)
        var byte: UInt8 = 0
        while read(terminal, &byte, 1) == 1, byte != 0x0A, bytes.count <= 1024 { bytes.append(byte) }
        guard let passphrase = Passphrase(consuming: &bytes) else {
            throw Failure(.usage, "no passphrase was given")
        }
        return passphrase
    }
}
