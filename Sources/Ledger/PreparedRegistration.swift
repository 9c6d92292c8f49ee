// SPDX-License-Identifier: Apache-2.0
public import Evidence
public import TransparencyLog

/// A registration that is ready to be logged: the filing, which anybody may see, and what its registrant keeps.
///
/// It is made by a `RegistrationDraft`, or taken up again where an earlier run left it.
public struct PreparedRegistration: Sendable {
    /// Why a registration cannot be prepared.
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
    private let registration: OpenRegistration

    init(filing: Filing, contents: PrivateContents, exhibit: Exhibit) throws {
        registration = try OpenRegistration(contents, of: filing, exhibit: exhibit)
        self.filing = filing
        self.contents = contents
    }

    /// Takes up a registration that was begun before, from its filing, its draft and the same documents.
    ///
    /// Throws `OpenRegistration.Mismatch` where the draft is not what the filing registers: an entry of it could never
    /// be opened.
    public init(filing: Filing, draft: PrivateContents, documents: [ReadDocument]) throws {
        guard let part = draft.exhibit else { throw OpenRegistration.Mismatch.noDocuments }
        var texts: [ExhibitPath: [UInt8]] = [:]
        for file in part.files {
            guard let document = documents.first(where: { $0.name == file.path.utf8 }), document.sha256 == file.sha256
            else { throw PreparationError.otherDocuments(file.path) }
            if file.lengths != nil { texts[file.path] = document.text }
        }
        do {
            try self.init(filing: filing, contents: draft, exhibit: try Exhibit(part, texts: texts))
        } catch OpenRegistration.Mismatch.otherText(let path) {
            throw PreparationError.otherDocuments(path)
        }
    }

    /// The proof that goes beside the documents, and only to those who may have them: it shows the hash of each file,
    /// and hides names, fields, words and who vouched. `quoted` are checkpoints that the filing quotes.
    public func proof(with inclusion: LogProof, quoted: [ProofFile.Quoted] = []) throws -> ProofFile {
        var disclosure = Disclosure()
        for file in registration.exhibit.files.indices { disclosure.files[file] = .hash }
        return try ProofFile(
            inclusions: [inclusion], dossier: registration.dossierOpening(showing: disclosure),
            exhibit: registration.exhibitOpening(showing: disclosure), quoted: quoted)
    }
}

extension Hash {
    /// 32 random bytes.
    static func random(using random: inout some RandomNumberGenerator) -> Hash {
        let words = (0..<4).map { _ in random.next() as UInt64 }
        return words.withUnsafeBytes { Hash(loading: $0.baseAddress!) }
    }
}
