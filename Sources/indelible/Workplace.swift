// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Foundation
import Ledger
import SystemPackage
import TransparencyLog

/// The options that say which ledger, which public keys, and in which form.
struct WorkplaceOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The ledger's folder, or an http(s) address to read from (default: INDELIBLE_LEDGER, or ledger).",
            valueName: "path|url"))
    var ledger: String?

    @Option(help: ArgumentHelp("The folder of policy and vkeys (default: INDELIBLE_KEYS, or keys).", valueName: "path"))
    var keys: String?

    @Option(help: ArgumentHelp("en or zh-Hans (default: as LANG says).", valueName: "language"))
    var language: String?

    @Flag(help: "Report as JSON on standard output.")
    var json = false
}

/// Where a command works: the ledger, the public keys, the person's own keys, and how it speaks.
struct Workplace {
    /// Where the ledger is read from: a folder, or a web server.
    let source: LedgerPlace
    /// The ledger's folder; nothing is there if it is read from a web server.
    let ledger: FilePath
    let keys: FilePath
    let home: KeyStore
    let language: Language
    let speaksJSON: Bool
    let prompt: PassphrasePrompt

    /// What became of the witnesses in this command.
    let witnesses = WitnessNotes()

    /// Whether the ledger was named, rather than taken by default.
    let isLedgerNamed: Bool

    init(_ options: WorkplaceOptions) throws {
        let environment = ProcessInfo.processInfo.environment
        func chosen(_ option: String?, _ variable: String, _ fallback: String) -> String {
            if let option, !option.isEmpty { return option }
            if let value = environment[variable], !value.isEmpty { return value }
            return fallback
        }
        let name = chosen(options.ledger, "INDELIBLE_LEDGER", "ledger")
        source = try LedgerPlace(name)
        ledger = FilePath(name)
        isLedgerNamed = options.ledger != nil
        keys = FilePath(chosen(options.keys, "INDELIBLE_KEYS", "keys"))
        home = KeyStore(folder: try Self.home(environment))
        speaksJSON = options.json
        prompt = PassphrasePrompt(environment: environment)
        if let named = options.language {
            guard let language = Language(rawValue: named) else {
                throw Failure(.usage, "no language \(Shown.bytes(named.utf8))", hint: "en and zh-Hans are there")
            }
            self.language = language
        } else {
            language = Language.preferred(environment)
        }
    }

    private static func home(_ environment: [String: String]) throws -> FilePath {
        if let home = environment["INDELIBLE_HOME"], !home.isEmpty { return FilePath(home) }
        if let folder = environment["XDG_CONFIG_HOME"], folder.hasPrefix("/") {
            return FilePath(folder).appending("indelible")
        }
        guard let user = environment["HOME"], !user.isEmpty else {
            throw Failure(.cannotTell, "there is no folder for your keys", hint: "name one in INDELIBLE_HOME")
        }
        return FilePath(user).appending(".config").appending("indelible")
    }

    /// A trust list with the name that it is spoken of by.
    struct Trust {
        let name: String
        let policy: TrustPolicy

        /// The whole fingerprint in groups of four digits, to be compared aloud.
        var fingerprint: String {
            let digits = Array(policy.fingerprint.hex)
            return stride(from: 0, to: digits.count, by: 4).map { String(digits[$0..<$0 + 4]) }.joined(separator: " ")
        }

        /// The first eight digits of its fingerprint: enough to see at a glance that it is another list, no more.
        var shortFingerprint: String {
            let digits = policy.fingerprint.hex
            return digits.prefix(4) + " " + digits.dropFirst(4).prefix(4)
        }
    }

    /// The trust list: a file, one of `keys/trust/` by name, or `keys/policy`.
    func trust(_ named: String?) throws -> Trust {
        let path: FilePath
        if let named {
            let listed = keys.appending("trust").appending(named)
            let isName = !named.contains("/") && DurableFile.exists(listed)
            path = isName ? listed : FilePath(named)
        } else {
            path = keys.appending("policy")
        }
        guard let policy = try TrustPolicy(reading: path) else {
            throw Failure(
                .cannotTell, "there is no trust list at \(Shown.path(path))",
                hint:
                    "name one with --trust, or its folder with --keys: it says which log and which servers you rely on")
        }
        return Trust(name: Shown.bytes((path.lastComponent?.string ?? "policy").utf8), policy: policy)
    }

    /// The origin of the log that commands write to: the one that the trust list names.
    func ownLog() throws -> (origin: Origin, keys: [VerifierKey]) {
        let policy = try trust(nil).policy
        guard let log = policy.logs.first, policy.logs.allSatisfy({ $0.origin == log.origin }) else {
            throw Failure(
                .usage, "\(Shown.path(keys.appending("policy"))) does not name one log",
                hint: "writing needs a trust list with a single log; name its folder with --keys")
        }
        return (log.origin, policy.logKeys(for: log.origin))
    }

    /// The identity of the log, if its private key is on this machine; nil otherwise.
    func logIdentity() throws -> LogIdentity? {
        let log = try ownLog()
        guard let name = KeyName(log.origin.utf8), home.contains(name) else { return nil }
        let file = try home.key(named: name)
        guard log.keys.contains(file.verifierKey) else {
            throw Failure(
                .cannotTell, "the key file of \(name) holds another key than the trust list names",
                hint: "compare `indelible key show` with keys/policy")
        }
        var files = [file]
        // While one key takes the place of the other, both sign, as far as the charter in force names them.
        if nextKeys.contains(name), case let next = try nextKeys.key(named: name),
            next.verifierKey != file.verifierKey
        {
            files.append(next)
        }
        return LogIdentity(signers: try files.map { try prompt.open($0) }, knowing: log.keys)
    }

    /// Where the log of this machine is served, if a server has it open now: it is filed in there. Each server leaves its
    /// address in `.state/serving`.
    func servedAddress() throws -> String? {
        let path = servingMark
        guard let bytes = try DurableFile.readIfPresent(path, limit: 1024), isInUse else { return nil }
        let address = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
        return (try? LedgerPlace(address)).flatMap { if case .address(let address) = $0 { address } else { nil } }
    }

    /// The file in which a server says where it listens.
    var servingMark: FilePath { ledger.appending(DirectoryStore.stateName).appending("serving") }

    private var isInUse: Bool {
        do {
            _ = try DirectoryStore.writing(ledger)
            return false
        } catch DirectoryStore.OpenError.inUse {
            return true
        } catch {
            return false
        }
    }

    /// Opens the log for writing, waiting for another process if there is one. The witnesses of the trust list are asked
    /// at once to cosign what it has.
    func openLog(_ identity: LogIdentity, batchLimit: Int = 256) async throws -> LedgerLog {
        let cosigning = try cosigning()
        let progress = Progress("reading the log", total: nil, unit: "entries")
        defer { progress.finish() }
        do {
            return try await LedgerLog(
                ledger, identity: identity, cosigning: cosigning, waiting: false, batchLimit: batchLimit,
                clock: { Moment.now() },
                progress: { progress.reach($0) })
        } catch DirectoryStore.OpenError.inUse {
            if let address = try servedAddress() {
                Console.note("the log is being served at \(Shown.bytes(address.utf8)); waiting for that to end")
            } else if Console.isWatched {
                Console.note("another process is writing to the log; waiting for it")
            }
            return try await LedgerLog(
                ledger, identity: identity, cosigning: cosigning, batchLimit: batchLimit, clock: { Moment.now() },
                progress: { progress.reach($0) })
        }
    }

    /// Reads the ledger's folder under a trust list, with an index of all its entries.
    func openForReading(_ policy: TrustPolicy) async throws -> (reader: LedgerReader, index: LookupIndex) {
        let store = DirectoryStore.reading(ledger)
        guard DurableFile.isFolder(ledger) else { throw DirectoryStore.OpenError.absent(ledger) }
        let reader = try await LedgerReader(store, under: policy)
        // Whoever made this copy could have left things out of its index. Only on the machine that writes the log is it
        // known who made it.
        if let name = KeyName(reader.checkpoint.verified.origin.utf8), home.contains(name),
            let index = LookupIndex(reading: store.state.appending("index")),
            (try? index.size()) == reader.head.size
        {
            return (reader, index)
        }
        return (reader, try await Self.followed(reader))
    }

    /// One of the person's own keys, opened. Without a name, the only one that signs entries.
    func ownKey(_ name: String?) throws -> NoteSigner {
        try prompt.open(try ownKeyFile(name))
    }

    /// One of the person's own keys, still encrypted.
    func ownKeyFile(_ name: String?) throws -> KeyFile {
        let wanted = name ?? "registrar"
        guard let keyName = KeyName(wanted) else {
            throw Failure(.usage, "\(Shown.bytes(wanted.utf8)) cannot be the name of a key")
        }
        return try home.key(named: keyName)
    }
}
