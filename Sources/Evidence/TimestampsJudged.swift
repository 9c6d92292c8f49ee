// SPDX-License-Identifier: Apache-2.0
public import TransparencyLog

extension ProofFile {
    /// Checks that every time-stamp is one, and of the checkpoint of an inclusion. Whether its authority is relied on is
    /// judged apart, by `VerifiedProof.timestamps(judgedBy:)`.
    func checkTimestamps() throws(ProofVerificationError) {
        let checkpoints = checkpointsByText
        for number in timestamps.indices { _ = try stamped(number, among: checkpoints) }
    }

    /// The checkpoints of the inclusions by the hash that a time-stamp covers, the newest of each: hashed once, since a
    /// file has room for many time-stamps, and a checkpoint for a megabyte.
    fileprivate var checkpointsByText: [Hash: SignedCheckpoint] {
        Dictionary(inclusions.map { ($0.checkpoint.textHash, $0.checkpoint) }) { $1 }
    }

    /// A time-stamp, counted from 0, with the newest inclusion's checkpoint that it is of.
    fileprivate func stamped(
        _ number: Int, among checkpoints: [Hash: SignedCheckpoint]
    ) throws(ProofVerificationError) -> (token: TimestampToken, checkpoint: SignedCheckpoint) {
        let response: TimestampResponse
        do throws(FormatError) {
            response = try TimestampResponse(parsing: timestamps[number])
        } catch {
            throw .timestamp(number, error)
        }
        guard let token = response.token else {
            throw .timestamp(number, FormatError("time-stamp response", "the authority refused"))
        }
        guard let checkpoint = checkpoints[token.imprint] else { throw .timestampForAnotherCheckpoint(number) }
        return (token, checkpoint)
    }

    /// The same proof with more time-stamps, and the inclusion whose checkpoint they are of if it has none of it.
    ///
    /// Where there are 16 inclusions already, the second that no time-stamp is of gives way; where each of them has one,
    /// the proof stays as it is.
    public func stamped(with responses: [[UInt8]], under inclusion: LogProof?) throws(FormatError) -> ProofFile {
        var inclusions = inclusions
        if let inclusion {
            let size = inclusion.checkpoint.unverified.head.size
            // The last one stays the last: all else is verified under it.
            guard size <= inclusions[inclusions.count - 1].checkpoint.unverified.head.size else { return self }
            if inclusions.count == Self.maximumInclusions {
                guard let spare = inclusions[1..<(inclusions.count - 1)].firstIndex(where: { !isStamped($0) }) else {
                    return self
                }
                inclusions.remove(at: spare)
            }
            let later = inclusions.dropLast().firstIndex { $0.checkpoint.unverified.head.size > size }
            inclusions.insert(inclusion, at: later ?? inclusions.count - 1)
        }
        return try ProofFile(
            inclusions: inclusions, dossier: dossier, exhibit: exhibit, details: details, quoted: quoted,
            related: related, timestamps: timestamps + responses)
    }

    /// Whether a time-stamp that the proof carries is of this inclusion's checkpoint.
    func isStamped(_ inclusion: LogProof) -> Bool {
        let hash = inclusion.checkpoint.textHash
        return timestamps.contains { (try? TimestampResponse(parsing: $0))?.token?.imprint == hash }
    }
}

extension VerifiedProof {
    /// A time-stamp that the proof carries, of a checkpoint that the entry is under.
    public struct JudgedTimestamp: Sendable {
        /// What the authority states.
        public let token: TimestampToken
        /// The size of the tree that was stamped.
        public let size: TreeSize
        /// What is to be thought of it.
        public let judgement: TimestampJudgement

        /// By when the entry was in the log, in POSIX seconds: the time and the accuracy; nil where it counts for nothing.
        public var bound: UInt64? {
            if case .valid(let valid) = judgement { valid.token.bound } else { nil }
        }
    }

    /// The time-stamps as judged under the certificates of authorities, in the order of the proof.
    public func timestamps(judgedBy authorities: TimestampAuthorities) -> [JudgedTimestamp] {
        let checkpoints = proof.checkpointsByText
        return proof.timestamps.indices.map { number in
            do throws(ProofVerificationError) {
                let (token, checkpoint) = try proof.stamped(number, among: checkpoints)
                return JudgedTimestamp(
                    token: token, size: checkpoint.unverified.head.size,
                    // By which the checkpoint was found.
                    judgement: authorities.judge(token, covering: token.imprint))
            } catch {
                preconditionFailure("a verified proof's time-stamps are of its inclusions")
            }
        }
    }

    /// Whether something was signed after the moment by which a valid time-stamp has it in the log.
    public func contradicts(_ timestamps: [JudgedTimestamp]) -> Bool {
        guard let bound = timestamps.compactMap(\.bound).min() else { return false }
        return ([signedAfter] + attestations.map(\.signedAfter)).contains { ($0 ?? 0) > bound }
    }
}
