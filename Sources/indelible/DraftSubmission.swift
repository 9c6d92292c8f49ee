// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// The options of a registration that are given when its draft is submitted.
struct DraftSubmissionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How it relates to an earlier entry: \(RelationVerb.all.map(\.word).joined(separator: ", ")).",
            valueName: "verb:proof|index"))
    var relation: [String] = []

    @Flag(help: "Put the documents' plain SHA-256 into the log, so that anybody who has one finds the entry.")
    var publishHash = false

    @Option(help: ArgumentHelp("The name of the key that registers.", valueName: "name"))
    var key: String?

    @Flag(help: "Register with a fresh key that is kept nowhere, where the log admits anyone.")
    var oneTimeKey = false

    @Option(
        help: ArgumentHelp("Encrypt the private file, with the documents in it, to this key too.", valueName: "vkey"))
    var to: [String] = []

    var isUsed: Bool { !relation.isEmpty || publishHash || key != nil || oneTimeKey || !to.isEmpty }
}

/// Registers a draft with what was attested of it.
struct DraftSubmission {
    let draft: FilePath
    let attestations: [FilePath]
    let options: DraftSubmissionOptions

    func run(in workplace: Workplace) async throws -> Registered {
        let log = try workplace.ownLog().origin
        let opening = try PrivateOpening(draft, in: workplace, key: options.key, keepingTexts: true)
        guard opening.contents.dossier == nil else {
            throw Failure(
                .usage, "\(Shown.path(draft)) was begun to be registered, and is not open to attestations any more",
                hint: "run `indelible register` on its document: that goes on from there")
        }
        let place = try RegisteredPlace(opening.documentPath.string)
        guard DurableFile.exists(place.path) else {
            throw Failure(
                .usage, "\(Shown.path(place.path)) is not there, of which this is the draft",
                hint: "put the document beside the draft; `indelible unlock` takes it out")
        }
        for taken in [place.proof, place.private] where DurableFile.exists(taken) {
            throw Failure(
                .usage, "\(Shown.path(taken)) is there already",
                hint: "move it away and keep it; nothing was registered")
        }
        let sealed = try opening.draft(documents: place.path)
        let attested = try attestations.map { path in
            let attestation = try Attestation(reading: path)
            try check(attestation, at: path, of: sealed, log)
            return attestation
        }
        for (index, attestation) in attested.enumerated()
        where attested[..<index].contains(where: { $0.signer.publicKey == attestation.signer.publicKey }) {
            throw Failure(
                .usage, "\(Shown.path(attestations[index])) is by a key that vouches already: one key vouches once",
                hint: "leave one of the two out")
        }
        let holder = try workplace.ownKeyFile(options.key ?? opening.holder.name.description)
        let isOneTime = try await workplace.registersOnce(asked: options.oneTimeKey, key: options.key)
        var random = SystemRandomNumberGenerator()
        let prepared = try sealed.carryingDocuments(!options.to.isEmpty).registration(
            attested: attested, by: isOneTime ? try NoteSigner.oneTime() : try workplace.prompt.open(holder), log: log,
            after: try await workplace.quote(), publishesHashes: options.publishHash,
            relations: try await workplace.relations(options.relation),
            using: &random)
        let registrar = Registrar(
            workplace: workplace, place: place, custodians: try options.to.map { try workplace.publicKey($0) },
            holder: holder.verifierKey)
        // What is written as the draft from here on holds who vouched: it is for the holder alone. The one that went
        // around is kept until the log has taken the filing.
        try DurableFile.keep(draft, as: place.signedDraft)
        do {
            return try await registrar.register(prepared)
        } catch let error as RegistryError {
            try place.restoreSignedDraft()
            throw error
        }
    }

    private func check(
        _ attestation: Attestation, at path: FilePath, of sealed: RegistrationDraft, _ log: Origin
    ) throws {
        guard attestation.log == log else {
            throw Failure(
                .usage, "\(Shown.path(path)) is for another log, \(Shown.bytes(attestation.log.utf8))",
                hint: "whoever signed it needs the trust list of this log, with --keys")
        }
        guard attestation.exhibit == sealed.digest else {
            throw Failure(
                .usage, "\(Shown.path(path)) attests something else than \(Shown.path(draft))",
                hint: "each vouches for the draft that is submitted; leave this one out, or ask for another")
        }
    }
}

extension PrivateOpening {
    /// The draft in this file, every item of it opened and held against the documents.
    ///
    /// What it does not carry must be at hand.
    func draft(documents: FilePath?) throws -> RegistrationDraft {
        let draft = try RegistrationDraft(contents, texts: texts(from: documents))
        let absent = (contents.exhibit?.files ?? []).filter { !$0.isCarried }
        guard !absent.isEmpty else { return draft }
        let place = documents ?? documentPath
        let read = try DocumentReader(keepsText: false).read(place)
        for file in absent where !read.contains(where: { $0.sha256 == file.sha256 }) {
            throw Failure(
                .usage, "\(Shown.path(place)) is not the document of \(Shown.path(path)), byte for byte",
                hint: "ask for a draft with the documents in it; nothing was signed")
        }
        return draft
    }
}
