// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// What a mirror has and stands by, as its own files say when an update begins.
struct MirrorStanding: Sendable {
    /// The checkpoint that the mirror stands by: all it covers is durable here. Nil for a new mirror.
    let record: SignedCheckpoint?
    /// The newest checkpoint of the log that was seen here: the record, or that of a folder copied from elsewhere.
    let seen: VerifiedCheckpoint?

    /// The size up to which everything is durable.
    var copied: TreeSize { record?.unverified.head.size ?? 0 }

    /// Reads what is there, and serves the record where an earlier checkpoint still stands.
    init(of store: any MirrorStore, under policy: TrustPolicy) async throws {
        let recorded = try await store.signedCheckpoint()
        let served = try await store.read("checkpoint", limit: SignedNote.maximumByteCount)
        do throws(FormatError) {
            record = try recorded.map { (bytes) throws(FormatError) in try SignedCheckpoint(parsing: bytes) }
        } catch {
            throw Mirror.Failure.malformed(error)
        }
        if let record, let recorded {
            seen = try record.verified(by: policy.logs.map(\.key))
            if served != recorded { try await store.publish(recorded) }
            return
        }
        // A folder that somebody copied: its checkpoint counts as seen where it holds, its files only once verified.
        seen = try served.flatMap { bytes in
            guard let signed = try? SignedCheckpoint(parsing: bytes) else { return nil }
            return try signed.verified(by: policy.logs.map(\.key))
        }
    }

    /// The checkpoint to be served: that of the source with the lines that it has, those that were collected before
    /// over the same text, and the mirror's own. Call it only when all that the checkpoint covers is durable.
    func record(
        of served: CosignedCheckpoint, cosignedBy cosigner: WitnessSigner?, clock: () -> UInt64
    ) throws -> SignedCheckpoint {
        let own = cosigner?.verifierKey
        let signed = served.verified.signed
        func isForeign(_ line: SignedNote.Signature) -> Bool { own.map { ![$0].isClaimed(by: line) } ?? true }
        var lines = signed.note.signatures.filter(isForeign)
        var cosignature: SignedNote.Signature?
        if let record {
            if record.unverified.text == signed.unverified.text {
                lines += record.note.signatures.filter { line in
                    isForeign(line) && !lines.contains { $0.isByKey(of: line) }
                }
                cosignature = own.flatMap { record.note.signature(claiming: $0) }
            }
            if let own, let last = record.note.signature(claiming: own) {
                let (time, now) = (try Cosignature(parsing: last.bytes).time, clock())
                guard now >= time else { throw Mirror.Failure.clockIsBehind(last: time, now: now) }
            }
        }
        if let cosigner, cosignature == nil { cosignature = try cosigner.cosign(served.verified, at: clock()) }
        let room = SignedNote.maximumSignatures - (cosignature == nil ? 0 : 1)
        lines = Self.fitted(lines, served, room)
        let note = try SignedNote(
            text: Array(signed.note.unverifiedText), signatures: lines + (cosignature.map { [$0] } ?? []))
        return try SignedCheckpoint(note)
    }

    /// At most so many lines: those of nobody known give way first.
    private static func fitted(
        _ lines: [SignedNote.Signature], _ served: CosignedCheckpoint, _ room: Int
    ) -> [SignedNote.Signature] {
        guard lines.count > room else { return lines }
        let known = served.verified.signers + served.cosigners.map(\.witness.key)
        let kept = lines.filter { known.isClaimed(by: $0) } + lines.filter { !known.isClaimed(by: $0) }
        return Array(kept.prefix(room))
    }
}
