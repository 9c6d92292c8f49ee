// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// A checkpoint in facts: size, root, who cosigned it when, and whether that meets the server's trust list.
struct CheckpointFacts {
    let checkpoint: CosignedCheckpoint
    let policy: TrustPolicy

    func rows(_ words: PageWords) -> [(term: String, facts: [HTML])] {
        [
            (words("size", "条数"), [HTML(String(checkpoint.head.size.value))]),
            (words("root", "根"), [words.code(checkpoint.head.root.base64)]),
            (words("signed by the log with", "登记册签署密钥"), checkpoint.verified.signers.map { words.key($0) }),
            (words("cosigned by", "联署服务器"), cosigners(words)),
            (words("quorum", "法定数目"), [quorum(words)]),
        ]
    }

    private func cosigners(_ words: PageWords) -> [HTML] {
        guard !checkpoint.cosigners.isEmpty else { return [HTML(words("nobody", "无"))] }
        return checkpoint.cosigners.map { cosigner in
            HTML([
                words.foreign(cosigner.witness.name.utf8),
                cosigner.time > 0
                    ? HTML([HTML(words(", ", ",")), words.time(cosigner.time)])
                    : HTML(words(", without a time", ",未注明时间")),
            ])
        }
    }

    private func quorum(_ words: PageWords) -> HTML {
        guard policy.quorum != nil else {
            return HTML(
                words(
                    "none is asked for: this server’s trust list names no cosigning servers",
                    "未要求:本服务器的信任名单未列联署服务器"))
        }
        let fingerprint = String(policy.fingerprint.hex.prefix(8))
        return checkpoint.isQuorumMet
            ? Tag.span(.class("met")) {
                words(
                    "met, by this server’s trust list \(fingerprint)…", "符合本服务器的信任名单 \(fingerprint)…")
            }
            : Tag.span(.class("warning")) {
                words(
                    "NOT met, by this server’s trust list \(fingerprint)…", "不符合本服务器的信任名单 \(fingerprint)…")
            }
    }
}
