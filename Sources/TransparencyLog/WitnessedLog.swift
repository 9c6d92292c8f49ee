// SPDX-License-Identifier: Apache-2.0

/// A log as a witness knows it: the keys that may sign its checkpoints, and the tree that was cosigned last.
///
/// From these and a request alone follows what the witness answers (C2SP tlog-witness, add-checkpoint). Whoever asks
/// for the decision must hold on to the log until what is accepted is stored: no other request may be decided between.
public struct WitnessedLog: Sendable, Hashable {
    /// The most keys that a log may have.
    public static let maximumKeys = 16

    /// The log's origin, which is the name of its keys.
    public let origin: Origin
    /// The keys, of type 0x01, oldest first.
    public let keys: [VerifierKey]
    /// The tree that was cosigned last; nil where none was.
    public let last: TreeHead?

    /// A log with 1 to 16 different keys, all named as the origin, no two of them with one key ID.
    public init(keys: [VerifierKey], last: TreeHead? = nil) throws(FormatError) {
        guard let first = keys.first, keys.count <= Self.maximumKeys else {
            throw FormatError("witnessed log", "want 1 to 16 keys")
        }
        for (index, key) in keys.enumerated() {
            guard key.type == .ed25519 else { throw FormatError("witnessed log", "a key is not of type 0x01") }
            guard key.name == first.name else { throw FormatError("witnessed log", "keys of two names") }
            guard !keys[..<index].contains(where: { $0.id == key.id }) else {
                throw FormatError("witnessed log", "two keys with one key id")
            }
        }
        origin = Origin(first.name)
        self.keys = keys
        self.last = last
    }

    /// What the witness answers.
    public func decide(_ request: AddCheckpoint) -> WitnessDecision {
        guard request.origin == origin else { return .refuse(.unknownOrigin, isSplitView: false) }
        let signers: [VerifierKey]
        do {
            signers = try request.note.verified(by: keys).signers
        } catch {
            if case .noKnownSignature = error { return .refuse(.noTrustedSignature, isSplitView: false) }
            return .refuse(.badTrustedSignature, isSplitView: false)
        }
        if let refusal = refusal(of: request) {
            return .refuse(refusal, isSplitView: isSplitView(request))
        }
        return .accept(AcceptedCheckpoint(note: request.note, head: request.head, signers: signers))
    }

    /// Why a request that the log has signed is not cosigned; nil where it is.
    private func refusal(of request: AddCheckpoint) -> WitnessRefusal? {
        let (old, head) = (request.old, request.head)
        let lastSize = last?.size ?? 0
        guard old <= head.size else { return .oldAboveSize }
        guard old == lastSize else { return .oldDiffers(last: lastSize) }
        guard head.size > 0 || head.root == MerkleTree.emptyRoot else { return .emptyTreeOtherRoot }
        guard let last, last.size > 0 else { return request.proof.path.isEmpty ? nil : .unwantedProof }
        guard old < head.size || head.root == last.root else { return .sameSizeOtherRoot }
        do {
            try request.proof.verify(from: last, to: head)
            return nil
        } catch {
            return .badProof(error)
        }
    }

    /// Whether the log has signed two trees of one size, whatever else the request is refused for.
    private func isSplitView(_ request: AddCheckpoint) -> Bool {
        let other = request.head.size == 0 ? MerkleTree.emptyRoot : request.head.size == last?.size ? last?.root : nil
        return other.map { $0 != request.head.root } ?? false
    }
}

/// A checkpoint that a witness may cosign: the log's signature holds, and it follows from the one cosigned before.
///
/// It is made by a `WitnessedLog` alone.
public struct AcceptedCheckpoint: Sendable, Hashable {
    /// The note, as received: it may have lines that nobody verified.
    public let note: SignedNote
    /// The size and the root to be cosigned.
    public let head: TreeHead
    /// The log's keys whose signatures were verified.
    public let signers: [VerifierKey]

    fileprivate init(note: SignedNote, head: TreeHead, signers: [VerifierKey]) {
        self.note = note
        self.head = head
        self.signers = signers
    }

    /// The signature line of a witness over it. The time, in POSIX seconds, must be 1 to 2^63 - 1.
    public func cosignature(by signer: WitnessSigner, at time: UInt64) throws(FormatError) -> SignedNote.Signature {
        guard (1..<1 << 63).contains(time) else { throw FormatError("cosignature", "time 0, or from 2^63 on") }
        return signer.line(over: Array(note.unverifiedText), time: time)
    }

    /// The checkpoint with the signature lines that were verified and no others, and these cosignatures: what a witness
    /// keeps. A line that somebody else forged under the witness's own name must not become its state.
    public func record(with cosignatures: [SignedNote.Signature]) throws(FormatError) -> SignedCheckpoint {
        try SignedCheckpoint(note.keeping(where: signers.isClaimed).adding(cosignatures))
    }
}

extension SignedNote {
    /// The note without the signature lines that are not to be kept; one must be left.
    package func keeping(where isKept: (Signature) -> Bool) throws(FormatError) -> SignedNote {
        try SignedNote(text: Array(unverifiedText), signatures: signatures.filter(isKept))
    }
}

extension [VerifierKey] {
    /// Whether a signature line claims to be by one of these keys.
    package func isClaimed(by line: SignedNote.Signature) -> Bool {
        contains { $0.name == line.name && $0.id == line.keyID }
    }
}
