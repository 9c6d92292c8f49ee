// SPDX-License-Identifier: Apache-2.0
import Evidence
import TransparencyLog

extension FuzzTarget {
    /// Proof files with all that they embed.
    static let proofs: [FuzzTarget] = [proof]

    static let proof = FuzzTarget(
        "proof", upTo: 1 << 16, heap: .json, words: jsonWords, seeds: { FuzzGround.shared.proofFiles }
    ) {
        bytes in
        guard let proof = try read({ try ProofFile(parsing: bytes) }) else { return }
        let written = proof.json.encoded()
        try promise("a proof comes to the same, written and read again", try ProofFile(parsing: written) == proof)
        try promise("what is written of a proof is not much longer", written.count <= 2 * bytes.count + 64)
        guard let policy = FuzzGround.shared.policy, let verified = try read({ try proof.verified(under: policy) })
        else {
            return
        }
        let ground = FuzzGround.shared
        try promise("nothing is verified that was not logged", ground.leaves.contains(verified.entry.leafHash))
        try promise("nothing is verified that the log did not sign", ground.heads.contains(verified.checkpoint.head))
        for vouching in verified.attestations {
            try promise(
                "nothing is verified that was not signed",
                ground.canBeSigned(vouching.attestation.text.bytes, by: [vouching.attestation.signer]))
        }
        _ = verified.timestamps(judgedBy: TimestampAuthorities())
        for file in verified.exhibit?.filesWithText ?? [] {
            _ = try read { try verified.exhibit?.comparedText(ofFile: file) }
        }
    }
}
