// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// What other entries say about an entry or the keys behind it: each with its signers, none of them believed or doubted.
struct LaterEntries {
    /// One such entry.
    struct Item {
        let index: LeafIndex
        let entry: Entry
        let bearing: Bearing
    }

    let entries: [Item]
    /// The last entry that was looked at; nil where only a proof was.
    let lookedUpTo: LeafIndex?

    /// What the proof itself carries.
    init(in proof: VerifiedProof) {
        entries = Self.items(proof.related.map { ($0.index, $0.entry) }, bearingOn: proof)
        lookedUpTo = nil
    }

    /// What a ledger has, up to its present checkpoint.
    init(in reader: LedgerReader, _ index: LookupIndex, bearingOn proof: VerifiedProof) async throws {
        var places = Set(try index.entries(under: .reference(proof.index)))
        let keys = Self.keys(of: proof)
        for key in keys.compactMap(\.publicKey) { places.formUnion(try index.entries(under: .key(key))) }
        places.remove(proof.index)
        var found: [(LeafIndex, Entry)] = []
        for place in places.sorted() {
            found.append((place, try Entry(parsing: try await reader.entry(at: place).bytes)))
        }
        entries = Self.items(found, bearingOn: proof)
        lookedUpTo = reader.head.size > 0 ? LeafIndex(reader.head.size.value - 1) : nil
    }

    private static func keys(of proof: VerifiedProof) -> [VerifierKey] {
        proof.filing.filing.signers + proof.attestations.map(\.attestation.signer)
    }

    private static func items(_ found: [(LeafIndex, Entry)], bearingOn proof: VerifiedProof) -> [Item] {
        guard let reference = EntryReference(index: proof.index, leafHash: proof.entry.leafHash) else { return [] }
        return found.flatMap { index, entry in
            Bearing.of(entry, on: reference, keys: keys(of: proof)).compactMap { bearing in
                switch bearing {
                // Rules and enrolments are the ground that the entry stands on, not something said about it.
                case .charter, .enrolment, .revoker: nil
                case .relation, .custody, .revocation: Item(index: index, entry: entry, bearing: bearing)
                }
            }
        }
    }

    func lines(_ language: Language, tail: String? = nil) -> [String] {
        var lines = entries.map { item in
            let what = EntryWords(item.entry, language: language).says(item.bearing).text(in: language)
            return Self.line(item.entry, at: item.index, saying: what, language)
        }
        if let lookedUpTo {
            if lines.isEmpty {
                lines.append(
                    language == .english
                        ? "up to entry \(lookedUpTo) of the ledger, nothing refers to it and none of its keys is revoked"
                        : "截至第 \(lookedUpTo) 号,无条目提及本件,其密钥均未撤销")
            } else {
                lines.append(
                    language == .english ? "looked at up to entry \(lookedUpTo) of the ledger" : "查至第 \(lookedUpTo) 号")
            }
        }
        if let tail { lines.append(tail) }
        return lines
    }

    /// What an entry says, with the log's clock and each of those who signed it.
    static func line(_ entry: Entry, at index: LeafIndex, saying what: String, _ language: Language) -> String {
        let signers = EntryWords(entry, language: language).signers
        let moment = Moment(seconds: entry.time.seconds).text(in: language)
        return language == .english
            ? "entry \(index) (log's clock \(moment)), \(signers), \(what)"
            : "第 \(index) 号(登记册时钟 \(moment)),\(signers),\(what)"
    }
}
