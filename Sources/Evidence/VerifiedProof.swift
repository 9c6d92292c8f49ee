// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

/// A proof file every part of which was checked under a policy. It is made by that check alone.
///
/// Nothing in it says whether a document is accurate, who holds a key, or when it was written. (Formats section 5.)
public struct VerifiedProof: Sendable {
    /// An attestation that the proof shows.
    public struct Vouching: Sendable {
        /// Its slot in the dossier.
        public let slot: Int
        /// The attestation, its signature verified.
        public let attestation: Attestation
        /// It was signed after this moment, in POSIX seconds, by a cosigned checkpoint that it quotes.
        public let signedAfter: UInt64?
    }

    /// The proof.
    public let proof: ProofFile
    /// The entry's filing, its signatures verified.
    public let filing: VerifiedFiling
    /// The last inclusion's checkpoint, which meets the policy's quorum.
    public let checkpoint: CosignedCheckpoint
    /// What is shown of the dossier.
    public let dossier: DossierOpening?
    /// What is shown of the exhibit.
    public let exhibit: ExhibitOpening?
    /// What is shown of a custody entry's details.
    public let details: DetailsOpening?
    /// The attestations that are shown, by slot.
    public let attestations: [Vouching]
    /// The entry was in the log before this moment, in POSIX seconds: a quorum of witnesses cosigned then.
    public let loggedBefore: UInt64?
    /// The filing was signed after this moment, in POSIX seconds: it quotes a checkpoint that a quorum had cosigned then.
    public let signedAfter: UInt64?
    /// The other entries that the proof carries, each in the log and signed.
    public let related: [ProofFile.Related]

    /// The entry.
    public var entry: Entry { proof.entry }
    /// Its place in the log.
    public var index: LeafIndex { proof.index }

    /// Whether something was signed after the moment before which it is shown to have been logged.
    public var contradictsItself: Bool {
        guard let loggedBefore else { return false }
        return ([signedAfter] + attestations.map(\.signedAfter)).contains { ($0 ?? 0) > loggedBefore }
    }
}

extension ProofFile {
    /// Checks every part of the proof under a policy. Throws at the first that does not hold.
    public func verified(under policy: TrustPolicy) throws(ProofVerificationError) -> VerifiedProof {
        let check = ProofCheck(proof: self, policy: policy)
        return try check.run()
    }
}

/// The checks of one proof, in their order.
private struct ProofCheck {
    let proof: ProofFile
    let policy: TrustPolicy

    func run() throws(ProofVerificationError) -> VerifiedProof {
        let (checkpoint, loggedBefore) = try inclusions()
        let filing = try filing(of: checkpoint)
        let dossier = try dossier(filing.filing)
        let exhibit = try exhibit()
        let attestations = dossier?.attestations ?? []
        let details = try details(filing.filing)
        let bounds = try quoted(filing.filing, attestations.map(\.attestation), checkpoint)
        try related(checkpoint)
        try proof.checkTimestamps()
        return VerifiedProof(
            proof: proof, filing: filing, checkpoint: checkpoint, dossier: dossier, exhibit: exhibit, details: details,
            attestations: attestations.map { position, attestation in
                VerifiedProof.Vouching(
                    slot: position, attestation: attestation,
                    signedAfter: attestation.after.flatMap { bounds[$0] ?? nil })
            },
            loggedBefore: loggedBefore, signedAfter: filing.filing.after.flatMap { bounds[$0] ?? nil },
            related: proof.related)
    }

    /// Every inclusion is signed by the log and holds; the last meets the quorum. An earlier one that does not meet it
    /// gives no bound.
    private func inclusions() throws(ProofVerificationError) -> (CosignedCheckpoint, UInt64?) {
        let leafHash = proof.entry.leafHash
        let newest: CosignedCheckpoint
        do {
            newest = try proof.inclusions[proof.inclusions.count - 1].verify(leafHash, under: policy)
        } catch {
            throw .inclusion(error)
        }
        var bounds = [newest.upperBound]
        for (number, inclusion) in proof.inclusions.dropLast().enumerated() {
            let stated = inclusion.checkpoint.unverified
            do throws(ProofError) {
                try inclusion.inclusion.verify(leafHash, at: inclusion.index, in: stated.head)
            } catch {
                throw .earlierInclusion(number, .inclusion(error))
            }
            guard stated.origin == newest.verified.origin else {
                throw .earlierInclusion(number, .checkpoint(.unknownOrigin(stated.origin)))
            }
            do throws(CheckpointError) {
                // A checkpoint that does not meet the quorum has no bound.
                bounds.append(try policy.verify(inclusion.checkpoint).upperBound)
            } catch {
                throw .earlierInclusion(number, .checkpoint(error))
            }
        }
        return (newest, bounds.compactMap(\.self).min())
    }

    private func filing(of checkpoint: CosignedCheckpoint) throws(ProofVerificationError) -> VerifiedFiling {
        guard proof.entry.filing.log == checkpoint.verified.origin else { throw .filingForAnotherLog }
        do {
            return try proof.entry.filing.verified()
        } catch {
            throw .filing(error)
        }
    }

    private func dossier(_ filing: Filing) throws(ProofVerificationError) -> DossierOpening? {
        guard let opening = proof.dossier, case .register(let registration) = filing.action else { return nil }
        guard opening.digest(.dossier) == registration.dossier else { throw .dossierDigest }
        do {
            return try DossierOpening(
                opening, exhibit: proof.exhibit?.digest(.exhibit), signerLinesHash: filing.signerLinesHash,
                log: filing.log)
        } catch {
            throw .dossier(error)
        }
    }

    /// What the exhibit's opening shows. That it is of the dossier was checked with the dossier, by its digest.
    private func exhibit() throws(ProofVerificationError) -> ExhibitOpening? {
        guard let opening = proof.exhibit else { return nil }
        do {
            return try ExhibitOpening(opening)
        } catch {
            throw .exhibit(error)
        }
    }

    private func details(_ filing: Filing) throws(ProofVerificationError) -> DetailsOpening? {
        guard let opening = proof.details, case .custody(let custody) = filing.action else { return nil }
        guard opening.digest(.details) == custody.details else { throw .detailsDigest }
        do {
            return try DetailsOpening(opening)
        } catch {
            throw .details(error)
        }
    }

    /// The bound that each shown `after` line gives, by what it quotes.
    private func quoted(
        _ filing: Filing, _ attestations: [Attestation], _ newest: CosignedCheckpoint
    ) throws(ProofVerificationError) -> [Quote: UInt64?] {
        let shown = Set(([filing.after] + attestations.map(\.after)).compactMap(\.self))
        var bounds: [Quote: UInt64?] = [:]
        for (number, item) in proof.quoted.enumerated() {
            let stated = item.checkpoint.unverified
            guard let quote = Quote(size: stated.head.size, checkpointHash: item.checkpoint.noteHash),
                shown.contains(quote), !bounds.keys.contains(quote)
            else { throw .quotedByNothing(number) }
            guard stated.origin == newest.verified.origin else { throw .quotedOfAnotherLog(number) }
            guard stated.head.size.value <= proof.index.value else { throw .quotedIsNotEarlier(number) }
            do throws(ProofError) {
                try item.consistency.verify(from: stated.head, to: newest.head)
            } catch {
                throw .quotedConsistency(number, error)
            }
            // One that does not meet the policy is of this history all the same; it gives no bound.
            bounds[quote] = .some((try? policy.verify(item.checkpoint))?.lowerBound)
        }
        return bounds
    }

    private func related(_ newest: CosignedCheckpoint) throws(ProofVerificationError) {
        var seen: Set<LeafIndex> = [proof.index]
        for (number, item) in proof.related.enumerated() {
            guard seen.insert(item.index).inserted else { throw .relatedTwice(number) }
            do throws(ProofError) {
                try item.inclusion.verify(item.entry.leafHash, at: item.index, in: newest.head)
            } catch {
                throw .relatedInclusion(number, error)
            }
            do throws(FilingError) {
                try item.entry.filing.verifySignatures()
            } catch {
                throw .relatedFiling(number)
            }
            guard item.entry.filing.log == newest.verified.origin else { throw .relatedFiling(number) }
        }
    }
}
