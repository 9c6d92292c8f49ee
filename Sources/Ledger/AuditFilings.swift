// SPDX-License-Identifier: Apache-2.0
import Evidence
import TransparencyLog

/// What an audit found of one entry as a filing, before it is held against the rules.
enum AuditFiling: Sendable {
    /// Form and signatures hold. There is one answer for each entry that it refers to.
    case verified(VerifiedEntry, [AuditReference])
    /// Form or signatures do not hold.
    case refused(AuditFault)
    /// Its bytes are not there or do not hold.
    case unread
    /// An earlier audit has judged it.
    case seen
}

/// What stands at a place that an entry refers to.
enum AuditReference: Sendable, Hashable {
    /// An entry with this leaf hash.
    case leaf(Hash)
    /// No earlier entry.
    case none
    /// An earlier entry of which no hash could be found under the signed root.
    case unread
}

/// Judges entries by what each says by itself: its form and its signatures.
struct AuditFilings: Sendable {
    /// The first entry that is judged.
    let first: LeafIndex
    let leaves: AuditLeaves

    /// Judges the entries of a bundle whose `bytes` have them at `ranges`; `readings` says of which the bytes hold, and
    /// is empty where all do. `hashes` are the leaf hashes that follow from the signed root.
    func judge(
        _ readings: [AuditBundles.Reading], of bundle: Tile, in bytes: [UInt8], at ranges: [Range<Int>],
        under hashes: [Hash], keys: inout FilingKeyCache
    ) async throws -> [AuditFiling] {
        var filings: [AuditFiling] = []
        filings.reserveCapacity(bundle.width)
        for place in 0..<bundle.width {
            let index = LeafIndex(entry: bundle.index << 8 + UInt64(place))
            guard index >= first else {
                filings.append(.seen)
                continue
            }
            guard readings.isEmpty || readings[place] == .holds else {
                filings.append(.unread)
                continue
            }
            let entry: VerifiedEntry
            do {
                entry = try Entry(parsing: Array(bytes[ranges[place]]), keys: &keys).verified()
            } catch let error as FormatError {
                filings.append(.refused(.form(index, error)))
                continue
            } catch let error as FilingError {
                filings.append(.refused(.signatures(index, error)))
                continue
            }
            var references: [AuditReference] = []
            for reference in entry.entry.filing.action.references {
                references.append(try await answer(reference.index, from: index, hashes))
            }
            filings.append(.verified(entry, references))
        }
        return filings
    }

    /// The entries of a bundle nothing of which could be read.
    func unread(in bundle: Tile) -> [AuditFiling] {
        (0..<bundle.width).map { LeafIndex(entry: bundle.index << 8 + UInt64($0)) < first ? .seen : .unread }
    }

    private func answer(
        _ target: LeafIndex, from index: LeafIndex, _ hashes: [Hash]
    ) async throws -> AuditReference {
        guard target < index else { return .none }
        let place = Int(target.value & 255)
        if target.value >> 8 == index.value >> 8 { return .leaf(hashes[place]) }
        return try await leaves.hashes(ofBundle: target.value >> 8).map { .leaf($0[place]) } ?? .unread
    }
}
