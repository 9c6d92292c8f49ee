// SPDX-License-Identifier: Apache-2.0
import TransparencyLog

/// The checkpoint that a log is judged by.
///
/// A line that claims to be by a known key and does not verify is a fault and is left out; what the others say still
/// counts, so that one damaged cosignature does not hide the rest of the log.
struct AuditCheckpoint: Sendable {
    /// The checkpoint without the lines that do not verify.
    let cosigned: CosignedCheckpoint
    /// The number of lines that are by nobody the policy knows.
    let ignoredSignatures: Int

    /// Reads and judges what a source serves; nil, with a fault, where the log has signed nothing of it.
    ///
    /// Throws what the source throws.
    init?(
        from source: any LedgerSource, under policy: TrustPolicy, _ findings: inout AuditFindings
    ) async throws {
        let path = "checkpoint"
        guard let bytes = try await source.read(path, limit: SignedNote.maximumByteCount) else {
            findings.add(.missing(path: path))
            return nil
        }
        do throws(FormatError) {
            self.init(try SignedCheckpoint(parsing: bytes), under: policy, &findings)
        } catch {
            findings.add(.malformed(path: path, error))
            return nil
        }
    }

    private init?(_ signed: SignedCheckpoint, under policy: TrustPolicy, _ findings: inout AuditFindings) {
        // The log's own lines come first, since without one of them nothing else is looked at.
        let origin = signed.unverified.origin.utf8
        let lines = signed.note.signatures
        var verified: [SignedNote.Signature] = []
        for line in lines.filter({ $0.name.utf8 == origin }) + lines.filter({ $0.name.utf8 != origin }) {
            let error = Self.judge(signed, with: verified + [line], under: policy)
            switch error {
            case .invalidLogSignature, .invalidCosignature: error.map { findings.add(.checkpoint($0)) }
            case .unknownOrigin, .ambiguousKey, .notSignedByLog, nil: verified.append(line)
            }
        }
        do {
            let note = try SignedNote(
                text: Array(signed.note.unverifiedText), signatures: lines.filter(verified.contains))
            cosigned = try policy.verify(SignedCheckpoint(note))
        } catch let error as CheckpointError {
            findings.add(.checkpoint(error))
            return nil
        } catch {
            // No line is left, and the faults of all are named.
            return nil
        }
        ignoredSignatures = verified.count - cosigned.verified.signers.count - cosigned.cosigners.count
        if !cosigned.isQuorumMet { findings.add(.quorumNotMet) }
    }

    private static func judge(
        _ signed: SignedCheckpoint, with lines: [SignedNote.Signature], under policy: TrustPolicy
    ) -> CheckpointError? {
        do {
            let note = try SignedNote(text: Array(signed.note.unverifiedText), signatures: lines)
            _ = try policy.verify(SignedCheckpoint(note))
            return nil
        } catch let error as CheckpointError {
            return error
        } catch {
            preconditionFailure("lines of a note make a note")
        }
    }
}
