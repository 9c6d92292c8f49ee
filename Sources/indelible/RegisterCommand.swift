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

    @Flag(help: "Write over files that a registration left before.") var force = false

    func run() async throws {
        let workplace = try Workplace(options)
        guard ["words", "none"].contains(split) else {
            throw Failure(
                .usage, "--split is words or none", hint: "none: no part of a text can be struck out later")
        }
        let places = try paths.map { try RegisteredPlace($0) }
        for (index, place) in places.enumerated() where places[..<index].contains(where: { $0.proof == place.proof }) {
            throw Failure(
                .usage, "\(Shown.path(place.path)) is given twice", hint: "name each document once; nothing was done")
        }
        // A name that is wrong is found out before anything is registered.
        for place in places { _ = try place.files() }
        let log = try workplace.ownLog().origin
        let relations = try await relations(workplace)
        let fields = try field.map { try Self.field($0) }

        for place in places {
            if !force, let proof = try place.finished(for: log) {
                try place.clear(proof.entry.filing)
                try report(Registered(place: place, entry: proof.index, state: .before), workplace)
                continue
            }
            let prepared: PreparedRegistration
            let begun = try place.begun(try workplace.ownKey(key), for: log)
            if let begun {
                noteOldOptions(place, begun)
                prepared = begun
            } else {
                try place.refuseIfTaken(force: force)
                prepared = try prepare(place, log, relations, fields, workplace)
                try keep(prepared, at: place, workplace, try workplace.ownKey(key))
            }
            do {
                try report(try await enter(prepared, at: place, workplace, try workplace.ownKey(key)), workplace)
            } catch let error as RegistryError where begun == nil {
                // Nobody else has had this filing. One that was begun before may be in the log by now, and its draft
                // is all that shows what it registers.
                try place.removeBegun()
                throw error
            }
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

    /// Seals and signs what is at a place.
    private func prepare(
        _ place: RegisteredPlace, _ log: Origin, _ relations: [Registration.Relation], _ fields: [SealedField],
        _ workplace: Workplace
    ) throws -> PreparedRegistration {
        var request = PreparedRegistration.Request(documents: try place.read(keepingText: split == "words"))
        request.fields = fields
        request.cutsTexts = split == "words"
        request.publishesHashes = publishHash
        request.relations = relations
        request.carriesDocuments = !to.isEmpty
        let names = try names()
        for (number, vouching) in roles.enumerated() {
            let parts = vouching.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard let role = Role(String(parts[0])) else {
                throw Failure(
                    .usage, "no role \(Shown.bytes(parts[0].utf8))",
                    hint: "the roles are \(Role.all.map(\.word).joined(separator: ", "))")
            }
            let signer = try workplace.ownKey(parts.count == 2 ? String(parts[1]) : key)
            guard !request.vouchings.contains(where: { $0.signer.verifierKey == signer.verifierKey }) else {
                throw Failure(
                    .usage, "one key vouches once: \(signer.verifierKey.name)",
                    hint: "name another key, as in --as \(role.word):NAME")
            }
            request.vouchings.append(PreparedRegistration.Vouching(signer: signer, role: role, name: names?[number]))
        }
        var random = SystemRandomNumberGenerator()
        return try PreparedRegistration(request, log: log, registrant: try workplace.ownKey(key), using: &random)
    }

    /// Keeps what it takes to go on, before anything is logged: a registration whose secrets are lost is no proof.
    private func keep(
        _ prepared: PreparedRegistration, at place: RegisteredPlace, _ workplace: Workplace, _ registrant: NoteSigner
    ) throws {
        // The draft comes last: where it stands there was a filing, which may have been carried off to the log.
        try DurableFile.write(prepared.filing.bytes, to: place.filing)
        try write(prepared.contents, at: place.draft, of: place, workplace, registrant)
    }

    private func enter(
        _ prepared: PreparedRegistration, at place: RegisteredPlace, _ workplace: Workplace, _ registrant: NoteSigner
    ) async throws -> Registered {
        // Whoever else runs the log may have entered it: their proof, or their ledger, shows that.
        var logged = try await workplace.enter([prepared.filing])?.first
        if logged == nil { logged = try await workplace.entered(prepared.filing, provedBy: place.filingProof) }
        guard let logged else { return Registered(place: place, entry: nil, state: .pending) }
        let proof = try prepared.proof(with: logged.inclusion)
        var contents = prepared.contents
        contents.proof = proof
        try write(contents, at: place.private, of: place, workplace, registrant)
        try DurableFile.write(proof.json.encoded(lines: 2), to: place.proof)
        try place.removeBegun()
        return Registered(
            place: place, entry: logged.index, state: .now, filing: proof.entry.filing,
            hides: Registered.Hidden(contents), time: proof.entry.time.seconds)
    }

    private func write(
        _ contents: PrivateContents, at path: FilePath, of place: RegisteredPlace, _ workplace: Workplace,
        _ registrant: NoteSigner
    ) throws {
        var recipients = [registrant.verifierKey]
        for key in try to.map({ try workplace.publicKey($0) }) where !recipients.contains(key) {
            recipients.append(key)
        }
        let carried = contents.exhibit?.files.contains { $0.isCarried } == true
        try PrivateFile.write(
            contents, carrying: carried ? try place.files().map(\.path) : [], to: recipients, at: path,
            ifTaken: .replace)
    }

    private func report(_ registered: Registered, _ workplace: Workplace) throws {
        if workplace.speaksJSON {
            Console.data(registered.json)
        } else {
            registered.lines(in: workplace.language).forEach { Console.note($0) }
        }
    }

    /// Each relation's entry, by its proof or by its index in the ledger, with its leaf hash.
    private func relations(_ workplace: Workplace) async throws -> [Registration.Relation] {
        var relations: [Registration.Relation] = []
        for argument in relation {
            let parts = argument.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let verb = RelationVerb(String(parts[0])) else {
                throw Failure(
                    .usage, "\(Shown.bytes(argument.utf8)) is no relation",
                    hint:
                        "write VERB:PROOF or VERB:INDEX; the verbs are \(RelationVerb.all.map(\.word).joined(separator: ", "))"
                )
            }
            relations.append(Registration.Relation(verb, try await workplace.entry(String(parts[1]))))
        }
        return relations
    }

    private static func field(_ argument: String) throws -> SealedField {
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

    /// What those who vouch call themselves, in the order of the `--as` options.
    private func names() throws -> [WireText]? {
        guard let name else { return nil }
        guard !roles.isEmpty else {
            throw Failure(
                .usage, "--name says what those call themselves who vouch, and nobody does",
                hint: "say who vouches, and as what, with --as ROLE")
        }
        var bytes = try DurableFile.read(FilePath(name.hasPrefix("@") ? String(name.dropFirst()) : name), limit: 65_536)
        if bytes.last == 0x0A { bytes.removeLast() }
        let names = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).compactMap { WireText($0) }
        guard names.count == roles.count else {
            throw Failure(
                .usage, "\(Shown.bytes(name.utf8)) does not hold a name for each --as",
                hint: "one line each: 1 to 1,024 bytes of UTF-8 without control characters")
        }
        return names
    }
}
