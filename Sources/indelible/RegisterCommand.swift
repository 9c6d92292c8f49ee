// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Registers documents: the whole job in one command.
struct RegisterCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "register",
        abstract: "Register documents, so that anybody can check later that they are unaltered.",
        discussion: """
            Writes PATH.proof, for those who may have the document, and PATH.private, which only you keep. A folder is \
            registered as one, with every file in it. Where the log cannot be written to, PATH.filing and PATH.draft \
            are left; the same command goes on from there. Text of up to 16 MiB is cut into words, so that any of \
            them can be struck out later.
            """)

    @OptionGroup var options: WorkplaceOptions

    @Argument(help: "Files and folders; each becomes one entry.", completion: .file()) var paths: [String]

    @Option(
        name: .customLong("as"),
        help: ArgumentHelp(
            "Vouch for it: \(Role.all.map(\.word).joined(separator: ", ")); with :KEY, by another of your keys.",
            valueName: "role[:key]"))
    var roles: [String] = []

    @Option(
        help: ArgumentHelp(
            "What those who vouch call themselves: a file with a line for each --as.", valueName: "@file"))
    var name: String?

    @Option(
        help: ArgumentHelp("A text to go with it, sealed: its name, and a file that holds it.", valueName: "name=@file")
    )
    var field: [String] = []

    @Option(
        help: ArgumentHelp(
            "How it relates to an earlier entry: \(RelationVerb.all.map(\.word).joined(separator: ", ")).",
            valueName: "verb:proof|index"))
    var relation: [String] = []

    @Option(help: ArgumentHelp("The name of the key that registers.", valueName: "name"))
    var key: String?

    @Option(
        help: ArgumentHelp("Encrypt the private file, with the documents in it, to this key too.", valueName: "vkey"))
    var to: [String] = []

    @Option(help: "words, or none: cut texts, so that words can be struck out later.") var split = "words"

    @Flag(help: "Put the documents' plain SHA-256 into the log, so that anybody who has one finds the entry.")
    var publishHash = false

    @Flag(
        help:
            "Do not register yet: leave PATH.draft for those who are to vouch, locked to the keys that --to names, with the documents in it."
    )
    var draft = false

    @Flag(
        help:
            "Register with a fresh key that is kept nowhere, where the log admits anyone: the default there, unless --key names one."
    )
    var oneTimeKey = false

    @Flag(help: "Write over files that a registration left before.") var force = false

    func run() async throws {
        let workplace = try Workplace(options)
        guard ["words", "none"].contains(split) else {
            throw Failure(
                .usage, "--split is words or none", hint: "none: no part of a text can be struck out later")
        }
        try checkDraftOptions()
        let places = try paths.map { try RegisteredPlace($0) }
        for (index, place) in places.enumerated() where places[..<index].contains(where: { $0.proof == place.proof }) {
            throw Failure(
                .usage, "\(Shown.path(place.path)) is given twice", hint: "name each document once; nothing was done")
        }
        // A name that is wrong is found out before anything is registered.
        for place in places { _ = try place.files() }
        let log = try workplace.ownLog().origin
        let relations = try await workplace.relations(relation)
        let fields = try field.map { try Self.field($0) }
        let custodians = try to.map { try workplace.publicKey($0) }
        let isOneTime = try await workplace.registersOnce(asked: oneTimeKey, key: key)
        let quote = try await workplace.quote()

        var isHeld = false
        for place in places {
            if !force, let proof = try place.finished(for: log) {
                try place.clear(proof.entry.filing)
                workplace.report(Registered(place: place, entry: proof.index, state: .before))
                continue
            }
            let holder = try workplace.ownKeyFile(key)
            let registrar = Registrar(
                workplace: workplace, place: place, custodians: custodians, holder: holder.verifierKey)
            if let begun = try place.begun(in: workplace, key: key, for: log) {
                noteOldOptions(place, begun)
                let finished = try await registrar.resume(begun)
                isHeld = isHeld || finished.state == .held
                workplace.report(finished)
                continue
            }
            try place.refuseIfTaken(force: force)
            let sealed = try seal(place, fields)
            let attestations = try attest(sealed, log, quote, workplace)
            guard !draft else {
                try leave(sealed, attestations, registrar)
                continue
            }
            var random = SystemRandomNumberGenerator()
            let prepared = try sealed.registration(
                attested: attestations, by: isOneTime ? try NoteSigner.oneTime() : try workplace.prompt.open(holder),
                log: log, after: quote, publishesHashes: publishHash, relations: relations, using: &random)
            do {
                let registered = try await registrar.register(prepared)
                isHeld = isHeld || registered.state == .held
                workplace.report(registered)
            } catch let error as RegistryError {
                // Nobody else has had this filing. One that was begun before may be in the log by now, and its draft
                // is all that shows what it registers.
                try place.removeBegun()
                throw error
            }
        }
        if isHeld { throw Ended(code: .cannotTell) }
    }

    private func checkDraftOptions() throws {
        guard draft else { return }
        guard !to.isEmpty else {
            throw Failure(
                .usage, "--draft locks the documents to those who are to vouch, and nobody is named",
                hint: "name each with --to and their vkey, which `indelible key new` printed for them")
        }
        guard relation.isEmpty, !publishHash, !oneTimeKey else {
            throw Failure(
                .usage, "--relation, --publish-hash and --one-time-key say what is logged, and a draft logs nothing",
                hint: "give them to `indelible submit`, with the draft and the attestations")
        }
    }

    /// What was sealed is sealed: options that were given this time change nothing of it.
    private func noteOldOptions(_ place: RegisteredPlace, _ begun: PreparedRegistration) {
        if !roles.isEmpty || !field.isEmpty || !relation.isEmpty || publishHash || split != "words" {
            Console.note(
                "\(Shown.path(place.path)): goes on as it was begun before; what is asked for now changes nothing")
        }
        if to.isEmpty, begun.contents.exhibit?.files.contains(where: \.isCarried) == true {
            Console.note(
                "\(Shown.path(place.path)): it was begun with --to; give it again, or the private file is for your key alone"
            )
        }
    }

    private func seal(_ place: RegisteredPlace, _ fields: [SealedField]) throws -> RegistrationDraft {
        var request = RegistrationDraft.Request(documents: try place.read(keepingText: split == "words"))
        request.fields = fields
        request.cutsTexts = split == "words"
        request.carriesDocuments = !to.isEmpty
        var random = SystemRandomNumberGenerator()
        return try RegistrationDraft(request, using: &random)
    }

    /// What those of the person's keys attest that `--as` names.
    private func attest(
        _ draft: RegistrationDraft, _ log: Origin, _ quote: Quote?, _ workplace: Workplace
    ) throws -> [Attestation] {
        if name != nil, roles.isEmpty {
            throw Failure(
                .usage, "--name says what those call themselves who vouch, and nobody does",
                hint: "say who vouches, and as what, with --as ROLE")
        }
        let names = try name.map { try Vouching.lines($0, count: roles.count, for: "a name for each --as") }
        var attestations: [Attestation] = []
        for (number, vouching) in try roles.map(Vouching.init).enumerated() {
            let signer = try workplace.ownKey(vouching.key ?? key)
            guard !attestations.contains(where: { $0.signer == signer.verifierKey }) else {
                throw Failure(
                    .usage, "one key vouches once: \(signer.verifierKey.name)",
                    hint: "name another key, as in --as \(vouching.role.word):NAME")
            }
            attestations.append(
                try draft.attestation(by: signer, as: vouching.role, name: names?[number], log: log, after: quote))
        }
        return attestations
    }

    /// Leaves a draft for others to vouch for, and the attestations of those whose keys are here.
    private func leave(_ sealed: RegistrationDraft, _ attestations: [Attestation], _ registrar: Registrar) throws {
        let place = registrar.place
        try registrar.write(sealed.contents, at: place.draft)
        let written = try attestations.map { try registrar.workplace.write($0, besides: place) }
        if registrar.workplace.speaksJSON {
            return Console.data(
                JSON.object([
                    JSON.Member("document", .text(Shown.path(place.path))), JSON.Member("state", .text("draft")),
                    JSON.Member("draft", .text(Shown.path(place.draft))),
                    JSON.Member("attestations", .array(written.map { .text(Shown.path($0)) })),
                ]))
        }
        Console.note("\(Shown.path(place.path)): NOT YET REGISTERED; a draft for others to vouch for")
        Console.note(
            "  \(Shown.path(place.draft))   locked to those named by --to, with the documents in it: send it to them")
        for path in written { Console.note("  \(Shown.path(path))   what your key attests") }
        Console.note("  each runs `indelible sign` on the draft and sends the .attestation back to you")
        Console.note("  then `indelible submit \(Shown.path(place.draft)) *.attestation` registers it")
    }

    static func field(_ argument: String) throws -> SealedField {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1].hasPrefix("@") else {
            throw Failure(
                .usage, "\(Shown.bytes(argument.utf8)) is no field",
                hint: "write NAME=@FILE, so that what the shell remembers holds no text")
        }
        let text = try DurableFile.read(FilePath(String(parts[1].dropFirst())), limit: 1 << 24)
        guard let field = SealedField(name: parts[0].utf8, text: text) else {
            throw Failure(
                .usage,
                "the field \"\(Shown.bytes(parts[0].utf8))\": its name is empty or has a character that is refused, or its file is not UTF-8",
                hint: "a name is some words on one line; the file holds text"
            )
        }
        return field
    }
}

extension Workplace {
    /// Each relation's entry, by its proof or by its index in the ledger, with its leaf hash.
    func relations(_ arguments: [String]) async throws -> [Registration.Relation] {
        var relations: [Registration.Relation] = []
        for argument in arguments {
            let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let verb = RelationVerb(String(parts[0])) else {
                throw Failure(
                    .usage, "\(Shown.bytes(argument.utf8)) is no relation",
                    hint:
                        "write VERB:PROOF or VERB:INDEX; the verbs are \(RelationVerb.all.map(\.word).joined(separator: ", "))"
                )
            }
            relations.append(Registration.Relation(verb, try await entry(String(parts[1]))))
        }
        return relations
    }
}
