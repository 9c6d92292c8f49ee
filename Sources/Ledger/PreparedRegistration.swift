// SPDX-License-Identifier: Apache-2.0
public import Evidence
public import TransparencyLog

/// A registration that is ready to be logged: the filing, which anybody may see, and what its registrant keeps.
///
///     documents -> exhibit -> dossier -> filing
public struct PreparedRegistration: Sendable {
    /// Who vouches for the documents, and as what.
    public struct Vouching: Sendable {
        /// The key that signs the attestation.
        public let signer: NoteSigner
        /// As what.
        public let role: Role
        /// What the signer calls themself.
        public let name: WireText?

        /// Joins a key, a role and a name.
        public init(signer: NoteSigner, role: Role, name: WireText?) {
            self.signer = signer
            self.role = role
            self.name = name
        }
    }

    /// What is to be registered, and how.
    public struct Request: Sendable {
        /// The documents, read.
        public var documents: [ReadDocument]
        /// Texts with names that go with them.
        public var fields: [SealedField] = []
        /// Whether texts are cut into words, so that any of them can be struck out later.
        public var cutsTexts = true
        /// Who vouches.
        public var vouchings: [Vouching] = []
        /// Whether the documents' hashes are published in the log.
        public var publishesHashes = false
        /// Earlier entries that this one relates to.
        public var relations: [Registration.Relation] = []
        /// Whether the private file is to carry the documents.
        public var carriesDocuments = false

        /// Asks for documents to be registered.
        public init(documents: [ReadDocument]) {
            self.documents = documents
        }
    }

    /// Why a request cannot be carried out.
    public enum PreparationError: Error, Sendable {
        /// A document's path cannot stand in an exhibit.
        case path(ReadDocument)
        /// More documents than hashes that an entry can publish.
        case tooManyHashes
        /// The documents at hand are not those of the private file.
        case otherDocuments(ExhibitPath)
    }

    /// What is offered to the log.
    public let filing: Filing
    /// What the registrant keeps; there is no proof in it yet.
    public let contents: PrivateContents
    private let exhibit: Exhibit

    /// Seals, attests and signs. `registrant` signs the filing; seeds and slots come from `random`, which must not be
    /// predictable.
    public init(
        _ request: Request, log: Origin, registrant: NoteSigner, using random: inout some RandomNumberGenerator
    ) throws {
        exhibit = try Exhibit(
            fields: request.fields,
            files: try request.documents.map { document in
                guard let path = ExhibitPath(document.name) else { throw PreparationError.path(document) }
                let slices = request.cutsTexts ? document.text.flatMap { Slices(cutting: $0) } : nil
                return Exhibit.File(
                    path: path, sha256: document.sha256, size: document.size,
                    slices: slices?.count == 0 ? nil : slices)
            })
        let exhibitSeed = SealedSeed(.random(using: &random))
        let digest = exhibit.sealed(with: exhibitSeed).digest

        let slots = Dossier.positions(for: request.vouchings.count, using: &random)
        var attestations: [Int: Attestation] = [:]
        for (slot, vouching) in zip(slots, request.vouchings) {
            let text = try AttestationText(
                log: log, signer: vouching.signer.verifierKey, exhibit: digest, role: vouching.role,
                name: vouching.name)
            attestations[slot] = try Attestation(text, signedBy: vouching.signer)
        }
        let signers = [registrant.verifierKey]
        let dossier = try Dossier(
            exhibit: digest, signerLinesHash: FilingText.signerLinesHash(signers), log: log, attestations: attestations)
        let dossierSeed = SealedSeed(.random(using: &random))

        guard !request.publishesHashes || request.documents.count <= 64 else { throw PreparationError.tooManyHashes }
        let registration = try Registration(
            dossier: dossier.sealed(with: dossierSeed).digest,
            published: request.publishesHashes ? request.documents.map(\.sha256) : [], relations: request.relations)
        filing = try Filing(
            FilingText(log: log, signers: signers, action: .register(registration)), signedBy: [registrant])
        contents = PrivateContents(
            exhibit: PrivateContents.ExhibitPart(
                seed: exhibitSeed, fields: exhibit.fields,
                files: exhibit.files.map { file in
                    PrivateContents.File(
                        path: file.path, sha256: file.sha256, size: file.size, lengths: file.slices?.lengths,
                        isCarried: request.carriesDocuments)
                }),
            dossier: PrivateContents.DossierPart(
                seed: dossierSeed, count: dossier.count, attestations: attestations.mapValues(\.bytes)))
    }

    /// Takes up a registration that was begun before, from its filing, its draft and the same documents.
    public init(filing: Filing, draft: PrivateContents, documents: [ReadDocument]) throws {
        let kept = draft.exhibit?.files ?? []
        exhibit = try Exhibit(
            fields: draft.exhibit?.fields ?? [],
            files: try kept.map { file in
                guard let document = documents.first(where: { $0.name == file.path.utf8 }),
                    document.sha256 == file.sha256
                else { throw PreparationError.otherDocuments(file.path) }
                var slices: Slices?
                if let lengths = file.lengths {
                    slices = document.text.flatMap { Slices(text: $0, lengths: lengths) }
                    guard slices != nil else { throw PreparationError.otherDocuments(file.path) }
                }
                return Exhibit.File(path: file.path, sha256: file.sha256, size: file.size, slices: slices)
            })
        self.filing = filing
        contents = draft
    }

    /// The proof that goes beside the documents, and only to those who may have them: it shows the hash of each file,
    /// and hides names, fields, words and who vouched.
    public func proof(with inclusion: LogProof) throws -> ProofFile {
        guard let exhibitPart = contents.exhibit, let dossierPart = contents.dossier else {
            return try ProofFile(inclusions: [inclusion])
        }
        var attestations: [Int: Attestation] = [:]
        for (slot, note) in dossierPart.attestations { attestations[slot] = try Attestation(parsing: note) }
        let dossier = try Dossier(
            exhibit: exhibit.sealed(with: exhibitPart.seed).digest, signerLinesHash: filing.signerLinesHash,
            log: filing.log, attestations: attestations)
        var shown = RangeSet<Int>()
        for file in exhibit.files.indices {
            let position = exhibit.bytesPosition(ofFile: file)
            shown.insert(contentsOf: position..<position + 1)
        }
        return try ProofFile(
            inclusions: [inclusion], dossier: dossier.opening(seed: dossierPart.seed, showing: RangeSet()),
            exhibit: exhibit.opening(seed: exhibitPart.seed, showing: shown))
    }
}

extension Hash {
    /// 32 random bytes.
    static func random(using random: inout some RandomNumberGenerator) -> Hash {
        let words = (0..<4).map { _ in random.next() as UInt64 }
        return words.withUnsafeBytes { Hash(loading: $0.baseAddress!) }
    }
}
