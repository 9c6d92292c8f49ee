// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Makes logs known to a witness, by the keys that sign their checkpoints.
struct WitnessAddLogCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add-log",
        abstract: "Make a log known to the witness, by its vkeys.",
        discussion: """
            A log is named by a vkey, by a file that holds one, by a trust list, or by a folder with a trust list in \
            it. A witness that is running takes it up at once. Where a log has new keys, --rotate puts those that are \
            given in the place of those it has; what was cosigned stays.
            """)

    @OptionGroup var options: WorkplaceOptions
    @OptionGroup var witness: WitnessOptions
    @Argument(help: ArgumentHelp("vkeys, or files or folders that hold them.", valueName: "vkey|file|folder"))
    var logs: [String] = []
    @Option(help: ArgumentHelp("A trust list whose logs are added.", valueName: "file")) var policy: String?
    @Flag(help: "Let these keys take the place of those by which the log is known.") var rotate = false

    func run() throws {
        let workplace = try Workplace(options)
        var keys = try logs.flatMap { try Self.keys(named: $0) }
        if let policy { keys += try Self.keys(in: FilePath(policy)) }
        guard !keys.isEmpty else {
            throw Failure(.usage, "no log is named", hint: "give its vkey, or its trust list with --policy")
        }
        var origins: [KeyName] = []
        for key in keys where !origins.contains(key.name) { origins.append(key.name) }
        var results: [JSON] = []
        for origin in origins {
            var own: [VerifierKey] = []
            for key in keys where key.name == origin && !own.contains(key) { own.append(key) }
            let addition = try witness.store.add(own, rotating: rotate)
            results.append(Self.json(origin, own, addition))
            if !workplace.speaksJSON { Self.say(origin, own, addition) }
        }
        if workplace.speaksJSON { Console.data(JSON.array(results)) }
    }

    private static func say(_ origin: KeyName, _ keys: [VerifierKey], _ addition: WitnessStore.Addition) {
        let name = Shown.bytes(origin.utf8)
        switch addition {
        case .added: Console.note("The witness knows the log \"\(name)\" from now on, by")
        case .unchanged: Console.note("The witness knows the log \"\(name)\" already, by")
        case .rotated(let earlier):
            Console.note("The witness knows the log \"\(name)\" by other keys from now on. It no longer accepts")
            for key in earlier where !keys.contains(key) { Console.note("  \(Shown.bytes(key.utf8))") }
            Console.note("and accepts")
        }
        for key in keys {
            Console.note("  \(Shown.bytes(key.utf8))\n    SHA-256, to be compared aloud: \(key.fingerprint)")
        }
    }

    private static func json(_ origin: KeyName, _ keys: [VerifierKey], _ addition: WitnessStore.Addition) -> JSON {
        let word =
            switch addition {
            case .added: "added"
            case .unchanged: "unchanged"
            case .rotated: "rotated"
            }
        return .object([
            JSON.Member("origin", .text(origin.utf8)), JSON.Member("result", .text(word)),
            JSON.Member("keys", .array(keys.map { .text($0.utf8) })),
        ])
    }

    /// The log keys that an argument means.
    private static func keys(named argument: String) throws -> [VerifierKey] {
        let path = FilePath(argument)
        if DurableFile.isFolder(path) { return try keys(in: path.appending("policy")) }
        if DurableFile.exists(path) { return try keys(in: path) }
        do throws(FormatError) {
            return [try logKey(VerifierKey(parsing: Array(argument.utf8)))]
        } catch {
            throw Failure(
                .usage, "\(Shown.bytes(argument.utf8)) is neither a log's vkey nor a file: \(error.reason)",
                hint: "the log's vkey is in its trust list, behind the word log")
        }
    }

    /// The log keys in a vkey file or a trust list.
    private static func keys(in path: FilePath) throws -> [VerifierKey] {
        let bytes = try DurableFile.read(path, limit: TrustPolicy.maximumByteCount)
        do throws(FormatError) {
            if bytes.last == 0x0A, bytes.count(where: { $0 == 0x0A }) == 1,
                !bytes.starts(with: "log ".utf8), !bytes.starts(with: "quorum ".utf8)
            {
                return [try logKey(VerifierKey(parsing: bytes.dropLast()))]
            }
            // Of a log that signs with ML-DSA-44 too, the Ed25519 signature is the one that is verified.
            return try TrustPolicy(parsing: bytes).logs.map(\.key).filter { $0.type == .ed25519 }
        } catch {
            throw Failure(
                .usage, "\(Shown.path(path)): \(error)", hint: "a log is named by a vkey file or a trust list")
        }
    }

    private static func logKey(_ key: VerifierKey) throws(FormatError) -> VerifierKey {
        guard key.type == .ed25519 else { throw FormatError("vkey", "the key is not one that signs checkpoints") }
        return key
    }
}

extension VerifierKey {
    /// SHA-256 of the vkey's text, in groups of four digits.
    fileprivate var fingerprint: String {
        let digits = Array(SHA256.hash(utf8).hex)
        return stride(from: 0, to: digits.count, by: 4).map { String(digits[$0..<$0 + 4]) }.joined(separator: " ")
    }
}
