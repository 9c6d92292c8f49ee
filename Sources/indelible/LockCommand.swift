// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Seals a private file, with its documents in it, to others.
struct LockCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lock",
        abstract: "Encrypt a private file, with the documents in it, to others: a custodian, a colleague abroad.",
        discussion: """
            Whoever it is locked for can open it with `indelible unlock`, and then show, strike out and renew without \
            anything else. The documents are taken from beside the private file, and must be the registered ones. You \
            can open it too, unless you say --only.
            """)

    @OptionGroup var options: WorkplaceOptions
    @Argument(help: "A .private or .draft file.", completion: .file(extensions: ["private", "draft"])) var file: String
    @Option(
        help: ArgumentHelp("For whom: a vkey, a file that holds one, or a name in the keys folder.", valueName: "vkey"))
    var to: [String]
    @Flag(help: "For those alone, and not for your own key.") var only = false
    @Option(help: ArgumentHelp("The name of your key that opens it.", valueName: "name")) var key: String?
    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Write it here (default: NAME.locked.private beside it).", valueName: "file"))
    var output: String?
    @Flag(help: "Write over a file that is there.") var force = false

    func run() throws {
        let workplace = try Workplace(options)
        let name = try PrivateName(file)
        let others = try to.map { try workplace.publicKey($0) }
        let target = output.map { FilePath($0) } ?? name.locked
        guard force || !DurableFile.exists(target) else { throw FileError("write", target, .fileExists) }
        let opening = try PrivateOpening(name.path, in: workplace, key: key)
        let contents = opening.contents
        let opener = try workplace.ownKey(opening.holder.name.description)
        var recipients = only ? [] : [opener.verifierKey]
        for other in others where !recipients.contains(where: { $0.publicKey == other.publicKey }) {
            recipients.append(other)
        }
        guard recipients.count <= PrivateEnvelope.maximumRecipients else {
            throw Failure(
                .usage, "a private file is for \(PrivateEnvelope.maximumRecipients) keys at most",
                hint: "lock it more than once, each time for some of them, with -o")
        }
        let files = contents.exhibit?.files ?? []
        let conflict = force ? DurableFile.Conflict.replace : .refuse
        if files.allSatisfy(\.isCarried) {
            try PrivateFile.reseal(name.path, with: opener, to: recipients, at: target, ifTaken: conflict)
        } else {
            let documents = try documents(files, at: name.place)
            try PrivateFile.write(
                contents.carryingAll(true), carrying: documents, to: recipients, at: target, ifTaken: conflict)
        }
        report(target, recipients, files.count, earlier: try PrivateFile.recipientCount(name.path), workplace)
    }

    /// The documents beside the private file, each of them the one that it describes.
    private func documents(_ files: [PrivateContents.File], at path: FilePath) throws -> [FilePath] {
        guard DurableFile.exists(path) else {
            throw Failure(
                .usage, "the document is not beside the private file, at \(Shown.path(path))",
                hint: "put it there again: whoever it is locked for needs it too")
        }
        let total = files.reduce(0) { $0 + $1.size }
        let progress = Progress("hashing \(Shown.path(path))", total: total, unit: "bytes")
        defer { progress.finish() }
        let found = try DocumentReader(keepsText: false) { progress.reach($0) }.read(path)
        return try files.map { file in
            let document = files.count == 1 && found.count == 1 ? found[0] : found.first { $0.name == file.path.utf8 }
            guard let document else {
                throw Failure(
                    .usage, "\(Shown.bytes(file.path.utf8)) is not in \(Shown.path(path))",
                    hint: "all documents that were registered together go into the file")
            }
            guard document.sha256 == file.sha256 else {
                throw Failure(
                    .doesNotHold, "\(Shown.path(document.path)) is not the document that the private file describes",
                    hint: "put the registered document there; `indelible verify` compares")
            }
            return document.path
        }
    }

    private func report(
        _ target: FilePath, _ recipients: [VerifierKey], _ files: Int, earlier: Int, _ workplace: Workplace
    ) {
        if workplace.speaksJSON {
            return Console.data(
                JSON.object([
                    JSON.Member("private", .text(Shown.path(target))),
                    JSON.Member("recipients", .array(recipients.map { .text($0.utf8) })),
                    JSON.Member("documents", .number(UInt64(files))),
                ]))
        }
        let path = Shown.path(target)
        let names = recipients.map { "\"\(Shown.bytes($0.name.utf8))\"" }
        switch workplace.language {
        case .english:
            Console.note(
                "\(path): locked, with \(EntryWords.count(files, "document")) in it, for \(names.joined(separator: ", "))"
            )
            Console.note(
                "  They open it with `indelible unlock`. It shows them everything: text, names, fields, who vouched.")
            if earlier > 1 {
                Console.note(
                    "  The file that it was made from was for \(earlier) keys; this one is for those named here alone.")
            }
        case .chinese:
            Console.note("\(path):已加密,内含 \(files) 份材料,可打开者:\(names.joined(separator: "、"))")
            Console.note("  他们用 indelible unlock 打开,可见全部内容:正文、文件名、附注、具名声明。")
            if earlier > 1 { Console.note("  原私存件可由 \(earlier) 把密钥打开;此件仅限上述密钥。") }
        }
    }
}
