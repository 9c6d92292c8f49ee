// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// An opening whose shown items are those of a dossier, with every shown attestation verified.
///
/// That it is an opening of *the* dossier is for the holder to see: its digest is the one that a `register` entry
/// names. (Formats section 4.)
public struct DossierOpening: Sendable, Hashable {
    /// What stands at a position.
    public enum Content: Sendable, Hashable {
        /// The item `exhibit`.
        case exhibit
        /// An attestation.
        case attestation(Attestation)
        /// A slot without an attestation.
        case empty
        /// A part of this many items of which nothing is shown. Adjacent ones are never joined.
        case withheld(count: Int)
    }

    /// A stretch of the dossier: an item that is shown, or a hidden part in its place.
    public struct Part: Sendable, Hashable {
        /// The position of its first item.
        public let position: Int
        /// What stands there.
        public let content: Content
    }

    /// The opening.
    public let opening: Opening
    /// The digest of the whole dossier.
    public let digest: Hash
    /// The digest of the exhibit, where it is known: it was given, or a shown attestation names it. The item `exhibit`
    /// was then compared with it and with the signer lines; otherwise neither was checked.
    public let exhibit: Hash?
    /// What is shown and what is withheld, from the first item to the last.
    public let parts: [Part]

    /// The attestations that are shown, by position.
    public var attestations: [(position: Int, attestation: Attestation)] {
        parts.compactMap { part in
            if case .attestation(let attestation) = part.content { (part.position, attestation) } else { nil }
        }
    }

    /// The number of slots that are withheld, empty or not.
    public var withheldSlotCount: Int {
        parts.reduce(0) { sum, part in
            guard case .withheld(let count) = part.content else { return sum }
            // The item `exhibit` is no slot.
            return sum + (part.position == 0 ? count - 1 : count)
        }
    }

    /// Whether every slot is shown, so that there are no other attestations in the dossier.
    public var showsEverySlot: Bool { withheldSlotCount == 0 }

    /// Checks what `opening` shows: the count, labels and forms; every attestation, by its signature, against `log`,
    /// against the exhibit and against the others; and the item `exhibit` against the exhibit and the signer lines.
    ///
    /// `exhibit` is the digest of an exhibit that is shown with the dossier. Where it is given, or an attestation is
    /// shown, the item `exhibit` must be shown. `signerLinesHash` and `log` are those of the filing.
    public init(
        _ opening: Opening, exhibit: Hash?, signerLinesHash: Hash, log: Origin
    ) throws(DossierError) {
        let stretches = opening.parts
        let exhibitHash = try Self.exhibitHash(in: stretches.first)
        // The exhibit comes first: where another is shown, that is what to say, not that all attestations differ.
        if let exhibit { try Self.expect(exhibit, signerLinesHash, as: exhibitHash) }
        var check = AttestationCheck(exhibit: exhibit, log: log)
        var parts: [Part] = []
        var empty = 0
        for stretch in stretches {
            switch stretch {
            case .withheld(let position, let count):
                parts.append(Part(position: position, content: .withheld(count: count)))
            case .shown(0, _): parts.append(Part(position: 0, content: .exhibit))
            case .shown(let position, let item):
                if let attestation = try Self.attestation(in: item, at: position) {
                    try check.add(attestation, at: position)
                    parts.append(Part(position: position, content: .attestation(attestation)))
                } else {
                    empty += 1
                    parts.append(Part(position: position, content: .empty))
                }
            }
        }
        // No more items than the attestations that there can be need: this allows 16, 32, 64, ... and nothing else.
        guard opening.count == Dossier.count(for: opening.count - 1 - empty) else { throw .count(opening.count) }
        if let attested = check.exhibit { try Self.expect(attested, signerLinesHash, as: exhibitHash) }
        self.opening = opening
        self.exhibit = check.exhibit
        self.parts = parts
        digest = opening.digest(.dossier)
    }

    /// Checks that the item `exhibit` is shown, and is of this exhibit and these signers.
    private static func expect(
        _ exhibit: Hash, _ signerLinesHash: Hash, as shown: Hash?
    ) throws(DossierError) {
        guard let shown else { throw .exhibitHidden }
        guard shown == Dossier.exhibitHash(exhibit: exhibit, signerLinesHash: signerLinesHash) else {
            throw .exhibitOrSignersDiffer
        }
    }

    /// The value of the item `exhibit`, where it is shown.
    private static func exhibitHash(in first: Opening.Part?) throws(DossierError) -> Hash? {
        guard case .shown(0, let item) = first else { return nil }
        switch item {
        case .sha256(let label, let hash):
            guard label == Dossier.label(at: 0) else { throw .label(position: 0) }
            return hash
        case .text, .run: throw .form(position: 0)
        }
    }

    private static func attestation(in item: Opening.Item, at position: Int) throws(DossierError) -> Attestation? {
        switch item {
        case .text(let label, let text):
            guard label == Dossier.label(at: position) else { throw .label(position: position) }
            guard !text.isEmpty else { return nil }
            do throws(AttestationError) {
                return try Attestation(parsing: text)
            } catch {
                throw .attestation(position: position, error)
            }
        case .sha256, .run: throw .form(position: position)
        }
    }
}
