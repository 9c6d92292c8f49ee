// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// A registration with everything that is sealed in it, as its holder has it: any part of it can be shown.
///
///     private file + documents -> exhibit, dossier -> openings
public struct OpenRegistration: Sendable {
    /// Why the parts are not one registration.
    public enum Mismatch: Error, Sendable, Hashable {
        /// The private file is of something else than documents, or lacks its seeds.
        case noDocuments
        /// The text of a file that is cut is not at hand, or is another.
        case otherText(ExhibitPath)
        /// The digest is not the one that the filing registers.
        case otherDossier
    }

    /// What is sealed.
    public let exhibit: Exhibit
    /// With what was attested of it.
    public let dossier: Dossier
    private let exhibitSeed: SealedSeed
    private let dossierSeed: SealedSeed

    /// Opens what `filing` registers. `texts` are those of the files that are cut, by path.
    ///
    /// Everything is computed anew and held against the filing: what this shows is what was registered.
    public init(_ contents: PrivateContents, of filing: Filing, texts: [ExhibitPath: [UInt8]]) throws {
        guard let part = contents.exhibit else { throw Mismatch.noDocuments }
        try self.init(contents, of: filing, exhibit: try Exhibit(part, texts: texts))
    }

    /// Opens what `filing` registers; `exhibit` is the one that the contents describe.
    public init(_ contents: PrivateContents, of filing: Filing, exhibit: Exhibit) throws {
        guard let exhibitPart = contents.exhibit, let dossierPart = contents.dossier,
            case .register(let registration) = filing.action
        else { throw Mismatch.noDocuments }
        self.exhibit = exhibit
        exhibitSeed = exhibitPart.seed
        var attestations: [Int: Attestation] = [:]
        for (slot, note) in dossierPart.attestations { attestations[slot] = try Attestation(parsing: note) }
        dossier = try Dossier(
            exhibit: exhibit.sealed(with: exhibitSeed).digest, signerLinesHash: filing.signerLinesHash,
            log: filing.log, attestations: attestations)
        dossierSeed = dossierPart.seed
        guard dossier.sealed(with: dossierSeed).digest == registration.dossier else { throw Mismatch.otherDossier }
    }

    /// The opening of the exhibit; nil where nothing of it is shown.
    ///
    /// Throws where the text of a file that is not cut is asked for, or a file's hash beside a hidden part of its text.
    public func exhibitOpening(showing disclosure: Disclosure) throws -> Opening? {
        guard let shown = exhibit.positions(shownBy: disclosure) else {
            let number = disclosure.files.first { file in
                if case .text = file.value { exhibit.files[file.key].slices == nil } else { false }
            }
            throw Mismatch.otherText(exhibit.files[number?.key ?? 0].path)
        }
        return shown.isEmpty ? nil : try exhibit.opening(seed: exhibitSeed, showing: shown)
    }

    /// The opening of the dossier that shows the exhibit's digest, and some slots.
    public func dossierOpening(showing disclosure: Disclosure) -> Opening {
        dossier.opening(seed: dossierSeed, showing: RangeSet(disclosure.slots.map { $0..<$0 + 1 }))
    }
}

extension Exhibit {
    /// The exhibit that a private file describes. `texts` are those of the files that are cut, by path.
    public init(_ part: PrivateContents.ExhibitPart, texts: [ExhibitPath: [UInt8]]) throws {
        try self.init(
            fields: part.fields,
            files: part.files.map { file in
                var slices: Slices?
                if let lengths = file.lengths {
                    slices = texts[file.path].flatMap { Slices(text: $0, lengths: lengths) }
                    guard slices != nil else { throw OpenRegistration.Mismatch.otherText(file.path) }
                }
                return Exhibit.File(path: file.path, sha256: file.sha256, size: file.size, slices: slices)
            })
    }
}
