// SPDX-License-Identifier: Apache-2.0
public import Evidence
public import TransparencyLog

/// Makes a proof newer: one more inclusion under the ledger's present checkpoint, and what the log has learnt since.
///
/// The first inclusion stays, and with it the earliest bound. What is shown of documents stays as it was.
public struct ProofRenewal: Sendable {
    private let reader: LedgerReader
    private let index: LookupIndex

    /// Renews from a log, of which `index` has followed every entry.
    public init(reader: LedgerReader, index: LookupIndex) {
        self.reader = reader
        self.index = index
    }

    /// Why a proof cannot be renewed from this log.
    public enum RenewalError: Error, Sendable, Hashable {
        /// The log has another entry at the proof's index.
        case anotherEntry(LeafIndex)
    }

    /// The renewed proof.
    public func renewed(_ proof: ProofFile) async throws -> ProofFile {
        let inclusion = try await reader.proof(of: proof.index)
        guard inclusion.extra == proof.entry.bytes else { throw RenewalError.anotherEntry(proof.index) }
        return try proof.renewed(
            with: inclusion, quoted: try await quoted(by: proof), related: try await related(to: proof),
            timestamps: proof.timestamps)
    }

    /// The checkpoints that the proof carries, and those that its shown texts quote and the log has kept.
    private func quoted(by proof: ProofFile) async throws -> [ProofFile.Quoted] {
        var quoted: [ProofFile.Quoted] = []
        for item in proof.quoted {
            let consistency = try await reader.consistency(from: item.checkpoint.unverified.head)
            quoted.append(ProofFile.Quoted(checkpoint: item.checkpoint, consistency: consistency))
        }
        let shown = [proof.entry.filing.after] + Self.attestations(in: proof).map(\.after)
        for quote in shown.compactMap(\.self)
        where quote.size.value <= proof.index.value
            && !quoted.contains(where: { $0.checkpoint.noteHash == quote.checkpointHash })
        {
            if let found = try await reader.quoted(quote) { quoted.append(found) }
        }
        return quoted
    }

    /// The attestations that a proof shows.
    private static func attestations(in proof: ProofFile) -> [Attestation] {
        (proof.dossier?.parts ?? []).compactMap { part in
            guard case .shown(_, .text(_, let note)) = part else { return nil }
            return try? Attestation(parsing: note)
        }
    }

    /// The entries that say something about this one or its keys: the first charter, the enrolments and revocations of
    /// its signers and of those whose attestations are shown, and what refers to it.
    private func related(to proof: ProofFile) async throws -> [ProofFile.Related] {
        var places: Set<LeafIndex> = [0]
        let keys = proof.entry.filing.signers + Self.attestations(in: proof).map(\.signer)
        for place in try keys.compactMap(\.publicKey).flatMap({ try index.entries(under: .key($0)) }) {
            switch try await entry(at: place).filing.action {
            case .enrol(let enrolment) where keys.contains(enrolment.key): places.insert(place)
            case .revoke(let revocation) where keys.contains(where: { $0.publicKey == revocation.key.publicKey }):
                places.insert(place)
            case .addRevoker: places.insert(place)
            default: break
            }
        }
        places.formUnion(try index.entries(under: .reference(proof.index)))
        places.remove(proof.index)
        var related: [ProofFile.Related] = []
        for place in places.sorted() {
            let (bytes, inclusion) = try await reader.entry(at: place)
            related.append(
                ProofFile.Related(entry: try Entry(parsing: bytes), index: place, inclusion: inclusion))
        }
        return related
    }

    private func entry(at place: LeafIndex) async throws -> Entry {
        try Entry(parsing: await reader.entry(at: place).bytes)
    }
}
