// SPDX-License-Identifier: Apache-2.0

/// Why a checkpoint's signatures do not hold.
public enum CheckpointError: Error, Sendable, Hashable {
    /// No log key is configured for the origin.
    case unknownOrigin(Origin)
    /// Two configured keys have one name and key ID, so that a signature line could be by either.
    case ambiguousKey(KeyName)
    /// A line claims to be by a key of the log and does not verify.
    case invalidLogSignature(KeyName)
    /// No line is by a key of the log.
    case notSignedByLog(Origin)
    /// A line claims to be by a known witness and does not verify, or is not of a cosignature's form.
    case invalidCosignature(KeyName)
}

/// A checkpoint that a key configured for its origin has signed (C2SP tlog-proof, step 2).
///
/// It is made by verification alone. Who has cosigned it is the matter of a `CosignedCheckpoint`.
public struct VerifiedCheckpoint: Sendable, Hashable {
    /// The note, as received.
    public let signed: SignedCheckpoint
    /// The log's keys whose signatures were verified, in the order of the note's lines.
    public let signers: [VerifierKey]

    /// What the log has stated.
    public var checkpoint: Checkpoint { signed.unverified }
    /// The log's name.
    public var origin: Origin { checkpoint.origin }
    /// The size and the root that the log has stated.
    public var head: TreeHead { checkpoint.head }

    fileprivate init(signed: SignedCheckpoint, signers: [VerifierKey]) {
        self.signed = signed
        self.signers = signers
    }
}

extension SignedCheckpoint {
    /// Verifies the log's signatures by those of `logKeys` whose name is the checkpoint's origin.
    ///
    /// A line that claims to be by one of them and fails refuses the checkpoint, even where another passes. Lines by
    /// other keys are ignored.
    public func verified(by logKeys: [VerifierKey]) throws(CheckpointError) -> VerifiedCheckpoint {
        let origin = unverified.origin
        let keys = logKeys.filter { $0.name.utf8 == origin.utf8 }
        guard !keys.isEmpty else { throw .unknownOrigin(origin) }
        do {
            return VerifiedCheckpoint(signed: self, signers: try note.verified(by: keys).signers)
        } catch {
            switch error {
            case .ambiguousKey(let name): throw .ambiguousKey(name)
            case .invalidSignature(let name): throw .invalidLogSignature(name)
            case .noKnownSignature: throw .notSignedByLog(origin)
            }
        }
    }
}

extension CheckpointError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownOrigin: "no key is configured for the origin of the checkpoint"
        case .ambiguousKey: "two configured keys have the same name and key ID"
        case .invalidLogSignature: "a signature of the log does not verify"
        case .notSignedByLog: "the checkpoint has no signature by a key of the log"
        case .invalidCosignature: "a cosignature of a known witness does not verify"
        }
    }
}
