// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Signs a filing that names one of the person's keys as a signer, or vouches for a draft.
struct SignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Vouch for a draft, or sign a filing that several sign.",
        discussion: """
            Of a .draft every document and field is opened and checked first; what you attest goes into an \
            .attestation, which you send back, and which nobody else who vouches sees. Read the documents before: \
            `indelible unlock` takes them out.
            Of a .filing, such as a charter, an enrolment or a hand-over, the words are shown first; the file grows \
            by your signature, or with -o another is written.
            """)

    @OptionGroup var options: WorkplaceOptions
    @Argument(help: "The draft or the filing.", completion: .file(extensions: ["draft", "filing"])) var file: String
    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "As what you vouch for a draft: \(Role.all.map(\.word).joined(separator: ", ")).", valueName: "role[:key]"))
    var vouching: String?
    @Option(help: ArgumentHelp("The name of the key, where several of yours could sign.", valueName: "name"))
    var key: String?
    @Option(help: ArgumentHelp("What you call yourself: a file with one line.", valueName: "@file"))
    var name: String?
    @Option(help: ArgumentHelp("What you add: a file with one line.", valueName: "@file"))
    var note: String?
    @Option(
        help: ArgumentHelp("Where the documents are (default: in the draft, or beside it).", valueName: "path"))
    var document: String?
    @Option(name: [.short, .long], help: ArgumentHelp("Write here what comes of it.", valueName: "file")) var output:
        String?

    func run() async throws {
        let workplace = try Workplace(options)
        let path = FilePath(file)
        if path.extension == "draft" {
            try await vouch(for: path, workplace)
        } else {
            guard vouching == nil, name == nil, note == nil else {
                throw Failure(
                    .usage, "--as, --name and --note are for drafts: whoever signs a filing signs its words alone",
                    hint: "--key names the key that signs")
            }
            try sign(path, workplace)
        }
    }

    // MARK: - A draft

    private func vouch(for path: FilePath, _ workplace: Workplace) async throws {
        guard let vouching = try vouching.map(Vouching.init) else {
            throw Failure(
                .usage, "say as what you vouch for it, with --as ROLE",
                hint: "the roles are \(Role.all.map(\.word).joined(separator: ", "))")
        }
        let log = try workplace.ownLog().origin
        let opening = try PrivateOpening(path, in: workplace, keepingTexts: true)
        let draft = try opening.draft(documents: document.map { FilePath($0) })
        let signer = try workplace.ownKey(vouching.key ?? key ?? opening.holder.name.description)
        let attestation = try draft.attestation(
            by: signer, as: vouching.role,
            name: try name.map { try Vouching.lines($0, count: 1, for: "one line") }?.first,
            note: try note.map { try Vouching.lines($0, count: 1, for: "one line") }?.first, log: log,
            after: try await workplace.quote())
        let target: FilePath
        if let output {
            target = FilePath(output)
            try DurableFile.write(attestation.bytes, to: target, ifTaken: .refuse, mode: 0o600)
        } else {
            target = try workplace.write(attestation, besides: RegisteredPlace(opening.documentPath.string))
        }
        if workplace.speaksJSON {
            return Console.data(
                JSON.object([
                    JSON.Member("attestation", .text(Shown.path(target))),
                    JSON.Member("exhibit", .text(draft.digest.base64)), JSON.Member("role", .text(vouching.role.word)),
                ]))
        }
        Console.note("You vouch, as \(vouching.role), for all of this and nothing else:")
        for file in draft.exhibit.files {
            Console.note("    document  \(Shown.bytes(file.path.utf8)), \(file.size) bytes, SHA-256 \(file.sha256.hex)")
        }
        for field in draft.exhibit.fields {
            for line in field.lines(as: "  field    ") { Console.note(line) }
        }
        Console.note("    log       \(Shown.bytes(log.utf8))")
        Console.note(
            "\(Shown.path(target)): send it back to whoever sent the draft, and to nobody else: it says who you are")
    }

    // MARK: - A filing

    private func sign(_ path: FilePath, _ workplace: Workplace) throws {
        var draft = try FilingDraft(reading: path)
        try draft.verifySignatures()
        let own = try draft.unsigned.filter { signer in
            try (key == nil || signer.name.description == key) && workplace.holds(signer)
        }
        guard !own.isEmpty else {
            guard !draft.unsigned.isEmpty else {
                throw Failure(
                    .usage, "nothing to sign: everybody has signed it", hint: "enter it with `indelible submit`")
            }
            let names = draft.unsigned.map { "\"\($0.name)\"" }.joined(separator: ", ")
            throw Failure(
                .usage,
                "nothing to sign: it waits for \(names), and \(key == nil ? "no such key is here" : "not for that key")",
                hint: "`indelible key list` shows your keys; INDELIBLE_HOME names the folder")
        }
        Console.note("You sign these words, and no others:")
        for line in Shown.lines(draft.text.bytes).split(separator: "\n") { Console.note("    \(line)") }
        for signer in own {
            try draft.sign(with: try workplace.prompt.open(try workplace.home.key(named: signer.name)))
        }
        try DurableFile.write(
            draft.bytes, to: output.map { FilePath($0) } ?? path, ifTaken: output == nil ? .replace : .refuse)
        let names = own.map { "\"\($0.name)\"" }.joined(separator: ", ")
        let rest = draft.unsigned.map { "\"\($0.name)\"" }.joined(separator: ", ")
        Console.note(
            "Signed by \(names)."
                + (rest.isEmpty ? " Everybody has signed: `indelible submit` enters it." : " Not yet by \(rest)."))
    }
}
