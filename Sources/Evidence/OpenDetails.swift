// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// The details of a custody entry with their seed, as their holder has them: any of the fields can be shown.
///
///     private file -> details -> opening
///
/// (Formats sections 4 and 6.)
public struct OpenDetails: Sendable {
    /// Why a private file does not hold the details of an entry.
    public enum Mismatch: Error, Sendable, Hashable {
        /// The private file is of something else than a custody entry.
        case noDetails
        /// The digest is not the one that the filing names.
        case otherDetails
    }

    /// What is sealed.
    public let details: Details
    /// What a `custody` entry names.
    public let digest: Hash
    private let seed: SealedSeed

    /// Seals details under a fresh random seed, or opens them with theirs.
    public init(_ details: Details, seed: SealedSeed) {
        self.details = details
        self.seed = seed
        digest = details.sealed(with: seed).digest
    }

    /// Opens what a private file or a draft holds.
    public init(_ part: PrivateContents.DetailsPart) throws(DetailsError) {
        self.init(try Details(fields: part.fields), seed: part.seed)
    }

    /// Opens what `filing` names: what this shows is what was sealed.
    public init(_ contents: PrivateContents, of filing: Filing) throws {
        guard let part = contents.details, case .custody(let custody) = filing.action else { throw Mismatch.noDetails }
        try self.init(part)
        guard digest == custody.details else { throw Mismatch.otherDetails }
    }

    /// What the holder keeps of them.
    public var part: PrivateContents.DetailsPart { PrivateContents.DetailsPart(seed: seed, fields: details.fields) }

    /// The opening that shows the fields of these names, and no others; nil where it shows nothing.
    public func opening(showing names: Set<WireText>) -> Opening? {
        var shown = RangeSet<Int>()
        for (position, field) in details.fields.enumerated() where names.contains(field.name) {
            shown.insert(contentsOf: position..<position + 1)
        }
        return shown.isEmpty ? nil : details.opening(seed: seed, showing: shown)
    }
}

extension OpenDetails.Mismatch: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noDetails: "it holds no details of a custody entry"
        case .otherDetails: "its details are not those that the entry names"
        }
    }
}
