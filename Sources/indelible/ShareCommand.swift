// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Renews a proof under the ledger's present checkpoint.
struct ShareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "share",
        abstract: "Make a renewed proof: under the newest checkpoint, with what the log has learnt since.",
        discussion: """
            Reads PATH.private (and asks for the passphrase of your key), or a .proof, which needs none. The first \
            inclusion is kept, so that the earliest bound in time stays. This version renews; it cannot yet hide or \
            show more than the proof did.
            """)

    @OptionGroup var options: WorkplaceOptions
    @Argument(help: "A .private or .proof file.", completion: .file(extensions: ["private", "proof"])) var file: String
    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Write the proof here (default: the .proof beside it).", valueName: "file"))
    var output: String?
    @Flag(help: "Write over a file that is there.") var force = false

    func run() async throws {
        let workplace = try Workplace(options)
        let path = FilePath(file)
        let trust = try workplace.trust(nil)
        let old = try workplace.proof(at: path)
        _ = try old.verified(under: trust.policy)
        let (reader, index) = try await workplace.openForReading(trust.policy)
        let renewed = try await ProofRenewal(reader: reader, index: index).renewed(old)
        let verified = try renewed.verified(under: trust.policy)

        let target = output.map { FilePath($0) } ?? defaultTarget(path)
        // A proof of the same entry gives way to its renewal, beside it; anything else is in the way.
        if !force, DurableFile.exists(target) {
            guard output == nil || target == path, (try ProofFile(reading: target)).entry == renewed.entry else {
                throw Failure(
                    .usage, "\(Shown.path(target)) is there already", hint: "name another file with -o, or say --force")
            }
        }
        try DurableFile.write(renewed.json.encoded(lines: 2), to: target)
        if workplace.speaksJSON {
            return Console.data(
                JSON.object([
                    JSON.Member("proof", .text(Shown.path(target))), JSON.Member("entry", .number(renewed.index.value)),
                    JSON.Member("tree_size", .number(reader.head.size.value)),
                    JSON.Member("inclusions", .number(UInt64(renewed.inclusions.count))),
                ]))
        }
        Console.note(
            "\(Shown.path(target)): entry \(renewed.index), renewed under the checkpoint of \(reader.head.size) entries"
        )
        for line in LaterEntries(in: verified).lines(workplace.language) { Console.note("  later  \(line)") }
        if renewed.exhibit != nil {
            Console.note(
                "  It shows what the proof before it showed, the hash of the document among it: it goes only to those who may have the document."
            )
        }
    }

    private func defaultTarget(_ path: FilePath) -> FilePath {
        guard path.extension == "private" else { return path }
        var target = path
        target.extension = "proof"
        return target
    }
}

extension Workplace {
    /// The proof in a file: a `.proof`, or a `.private` that one of the person's keys opens.
    func proof(at path: FilePath) throws -> ProofFile {
        guard path.extension == "private" || path.extension == "draft" else {
            return try ProofFile(reading: path)
        }
        let keys = try home.list()
        guard !keys.isEmpty else {
            throw Failure(
                .cannotTell, "there are no keys in \(Shown.path(home.folder))",
                hint: "INDELIBLE_HOME names the folder of your keys")
        }
        // The file does not say whose it is; the key that registers is the likeliest.
        let isLikeliest = { (key: KeyFile) in key.verifierKey.name.description == "registrar" }
        var failure: any Error = PrivateFile.ReadError.notForTheseKeys
        for key in keys.filter(isLikeliest) + keys.filter({ !isLikeliest($0) }) {
            do {
                let opened = try prompt.open(key)
                guard let proof = try PrivateFile.read(path, with: [opened]).proof else {
                    throw Failure(
                        .usage, "\(Shown.path(path)) is not registered yet",
                        hint: "run `indelible register` on its document again")
                }
                return proof
            } catch PrivateFile.ReadError.notForTheseKeys {
                continue
            } catch let error as Failure where error.code == .cannotTell {
                // A key that its passphrase does not open may not be the one.
                failure = error
            }
        }
        throw failure
    }
}
