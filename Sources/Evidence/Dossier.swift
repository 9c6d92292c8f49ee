// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// An exhibit's digest with what was attested of it, as a sealed list: what a `register` entry names.
///
///     exhibit              the 32-byte exhibit digest || SHA-256 of the filing's signer lines
///     attestation/<n>      n = 1, 2, ...: a note, or nothing
///
/// It has 16 items; 32, 64, ... where 15 attestations do not suffice. The attestations stand at positions chosen at
/// random, so that those shown say nothing of those hidden. The signer lines bind it to one filing's signers: nobody
/// else can file the same dossier first. (Formats section 4.)
public struct Dossier: Sendable, Hashable {
    /// The number of items of most dossiers.
    public static let minimumCount = 16

    /// The exhibit's digest.
    public let exhibit: Hash
    /// The SHA-256 of the filing's signer lines.
    public let signerLinesHash: Hash
    /// The number of items.
    public let count: Int
    /// The attestations, by position.
    public let attestations: [Int: Attestation]

    /// Puts together what a filing for `log` will register. `FilingText.signerLinesHash` gives the hash of its signers.
    ///
    /// The keys of `attestations` are positions from 1; `positions(for:using:)` chooses them. Throws where an
    /// attestation is of another exhibit or for another log, where two are by one key, or where a position is beyond
    /// the count that so many attestations give.
    public init(
        exhibit: Hash, signerLinesHash: Hash, log: Origin, attestations: [Int: Attestation]
    ) throws(DossierError) {
        let count = Self.count(for: attestations.count)
        var check = AttestationCheck(exhibit: exhibit, log: log)
        for (position, attestation) in attestations.sorted(by: { $0.key < $1.key }) {
            guard (1..<count).contains(position) else { throw .noSlot(position: position) }
            try check.add(attestation, at: position)
        }
        self.exhibit = exhibit
        self.signerLinesHash = signerLinesHash
        self.count = count
        self.attestations = attestations
    }

    /// The number of items of a dossier with this many attestations.
    public static func count(for attestations: Int) -> Int {
        var count = minimumCount
        while count <= attestations { count *= 2 }
        return count
    }

    /// Positions for this many attestations, each set of them equally likely. The generator must not be predictable.
    public static func positions(
        for attestations: Int, using generator: inout some RandomNumberGenerator
    ) -> [Int] {
        Array((1..<count(for: attestations)).shuffled(using: &generator).prefix(attestations))
    }

    /// The list of the items under a fresh random seed; its digest is what `register` names.
    public func sealed(with seed: SealedSeed) -> SealedList<[SealedItem]> {
        var items = [
            SealedItem.sha256(
                label: Self.label(at: 0), Self.exhibitHash(exhibit: exhibit, signerLinesHash: signerLinesHash))
        ]
        for position in 1..<count {
            items.append(.text(label: Self.label(at: position), attestations[position]?.bytes ?? []))
        }
        return SealedList(.dossier, of: items, count: count, seed: seed)
    }

    /// The opening that shows the item `exhibit` and the slots at `positions`, and no others.
    public func opening(seed: SealedSeed, showing positions: RangeSet<Int>) -> Opening {
        var shown = positions
        shown.insert(contentsOf: 0..<1)
        return sealed(with: seed).opening(showing: shown)
    }

    /// The label of the item at `position`.
    static func label(at position: Int) -> [UInt8] {
        Array((position == 0 ? "exhibit" : "attestation/\(position)").utf8)
    }

    /// The SHA-256 of the item `exhibit`.
    static func exhibitHash(exhibit: Hash, signerLinesHash: Hash) -> Hash {
        SHA256.hash(exhibit.bytes + signerLinesHash.bytes)
    }
}

/// Takes the attestations of one dossier, one after the other.
struct AttestationCheck {
    /// The exhibit that all must be of: that of the first, where none was given.
    private(set) var exhibit: Hash?
    private let log: Origin
    private var signers: Set<[UInt8]> = []

    init(exhibit: Hash?, log: Origin) {
        self.exhibit = exhibit
        self.log = log
    }

    mutating func add(_ attestation: Attestation, at position: Int) throws(DossierError) {
        guard attestation.log == log else { throw .attestationForOtherLog(position: position) }
        guard attestation.exhibit == exhibit ?? attestation.exhibit else {
            throw .attestationOfOtherExhibit(position: position)
        }
        exhibit = attestation.exhibit
        guard signers.insert(attestation.signer.keyBytes).inserted else {
            throw .twoAttestationsByOneKey(attestation.signer)
        }
    }
}
