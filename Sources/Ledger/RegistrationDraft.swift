// SPDX-License-Identifier: Apache-2.0
public import Evidence
public import TransparencyLog

/// Documents that are sealed and not yet registered: what those who vouch attest, each by themself.
///
///     documents -> exhibit -> attestations -> dossier -> filing
///
/// It travels as a private file, locked to those who are to sign. It holds nobody's attestation: each gives theirs to
/// the one who registers, and sees nobody else's.
public struct RegistrationDraft: Sendable {
    /// What is to be sealed.
    public struct Request: Sendable {
        /// The documents, read.
        public var documents: [ReadDocument]
        /// Texts with names that go with them.
        public var fields: [SealedField] = []
        /// Whether texts are cut into words, so that any of them can be struck out later.
        public var cutsTexts = true
        /// Whether the private file is to carry the documents.
        public var carriesDocuments = false

        /// Asks for documents to be sealed.
        public init(documents: [ReadDocument]) {
            self.documents = documents
        }
    }

    /// What is sealed.
    public let exhibit: Exhibit
    /// What attestations name: the exhibit's digest.
    public let digest: Hash
    /// What its holders keep.
    public let contents: PrivateContents
    private let part: PrivateContents.ExhibitPart

    /// Seals documents under a fresh seed from `random`, which must not be predictable.
    public init(_ request: Request, using random: inout some RandomNumberGenerator) throws {
        let exhibit = try Exhibit(
            fields: request.fields,
            files: try request.documents.map { document in
                guard let path = ExhibitPath(document.name) else {
                    throw PreparedRegistration.PreparationError.path(document)
                }
                let slices = request.cutsTexts ? document.text.flatMap { Slices(cutting: $0) } : nil
                return Exhibit.File(
                    path: path, sha256: document.sha256, size: document.size,
                    slices: slices?.count == 0 ? nil : slices)
            })
        self.init(
            exhibit, seed: SealedSeed(.random(using: &random)), carriesDocuments: request.carriesDocuments)
    }

    /// Opens every item of a draft. `texts` are those of the files that are cut, by path.
    ///
    /// Throws `Exhibit`'s errors where something in it does not fit the rest.
    public init(_ contents: PrivateContents, texts: [ExhibitPath: [UInt8]]) throws {
        guard let part = contents.exhibit else { throw OpenRegistration.Mismatch.noDocuments }
        exhibit = try Exhibit(part, texts: texts)
        digest = exhibit.sealed(with: part.seed).digest
        self.contents = PrivateContents(exhibit: part)
        self.part = part
    }

    private init(_ exhibit: Exhibit, seed: SealedSeed, carriesDocuments: Bool) {
        self.exhibit = exhibit
        digest = exhibit.sealed(with: seed).digest
        part = PrivateContents.ExhibitPart(
            seed: seed, fields: exhibit.fields,
            files: exhibit.files.map { file in
                PrivateContents.File(
                    path: file.path, sha256: file.sha256, size: file.size, lengths: file.slices?.lengths,
                    isCarried: carriesDocuments)
            })
        contents = PrivateContents(exhibit: part)
    }

    /// The same draft, saying whether its private file carries the documents.
    public func carryingDocuments(_ carries: Bool) -> RegistrationDraft {
        RegistrationDraft(exhibit, digest: digest, part: part.carryingAll(carries))
    }

    private init(_ exhibit: Exhibit, digest: Hash, part: PrivateContents.ExhibitPart) {
        self.exhibit = exhibit
        self.digest = digest
        self.part = part
        contents = PrivateContents(exhibit: part)
    }

    /// What somebody attests of the documents, signed with their key after a checkpoint that they have seen.
    public func attestation(
        by signer: NoteSigner, as role: Role, name: WireText? = nil, note: WireText? = nil, log: Origin,
        after quote: Quote? = nil
    ) throws -> Attestation {
        let text = try AttestationText(
            log: log, after: quote, signer: signer.verifierKey, exhibit: digest, role: role, name: name, note: note)
        return try Attestation(text, signedBy: signer)
    }

    /// Puts the documents and what was attested of them into a dossier, and signs the filing that registers it.
    ///
    /// Seed and slots come from `random`. Throws `DossierError` where an attestation is of something else.
    public func registration(
        attested attestations: [Attestation], by registrant: NoteSigner, log: Origin, after quote: Quote? = nil,
        publishesHashes: Bool = false, relations: [Registration.Relation] = [],
        using random: inout some RandomNumberGenerator
    ) throws -> PreparedRegistration {
        let slots = Dossier.positions(for: attestations.count, using: &random)
        let placed = Dictionary(uniqueKeysWithValues: zip(slots, attestations))
        let signers = [registrant.verifierKey]
        let dossier = try Dossier(
            exhibit: digest, signerLinesHash: FilingText.signerLinesHash(signers), log: log, attestations: placed)
        let seed = SealedSeed(.random(using: &random))
        guard !publishesHashes || exhibit.files.count <= 64 else {
            throw PreparedRegistration.PreparationError.tooManyHashes
        }
        let registration = try Registration(
            dossier: dossier.sealed(with: seed).digest,
            published: publishesHashes ? exhibit.files.map(\.sha256) : [], relations: relations)
        let filing = try Filing(
            FilingText(log: log, after: quote, signers: signers, action: .register(registration)),
            signedBy: [registrant])
        let contents = PrivateContents(
            exhibit: part,
            dossier: PrivateContents.DossierPart(
                seed: seed, count: dossier.count, attestations: placed.mapValues(\.bytes)))
        return try PreparedRegistration(filing: filing, contents: contents, exhibit: exhibit)
    }
}
