// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// A checkpoint that time-stamp authorities have stamped, judged: signed by the log, of the tree that it is a part of.
struct StampedCheckpoint: Sendable {
    /// What an authority's answer comes to.
    enum Stamp: Sendable {
        /// By an authority that is relied on.
        case valid(ValidTimestamp)
        /// By one of which nothing is known here: what it states.
        case notJudged(TimestampToken)
        /// Counts for nothing.
        case refused(TimestampToken, TimestampRefusal)
    }

    /// The checkpoint.
    let checkpoint: CosignedCheckpoint
    /// What each authority answered.
    let stamps: [Stamp]

    /// The one of a size that is listed. Throws where it is no earlier state of the log.
    init(of size: TreeSize, _ view: LogView) async throws {
        let stamped = try await TimestampArchive(of: view.reader.source).stamped(at: size)
        checkpoint = try view.policy.verify(stamped.checkpoint)
        _ = try await view.reader.consistency(from: checkpoint.head)
        let hash = stamped.checkpoint.textHash
        let authorities = view.authorities
        stamps = stamped.responses.compactMap(\.token).map { token in
            switch authorities.judge(token, covering: hash) {
            case .valid(let valid): .valid(valid)
            case .refused(.unknownAuthority), .refused(.certificateMissing): .notJudged(token)
            case .refused(let reason): .refused(token, reason)
            }
        }
    }

    /// A line for each stamp.
    func lines(_ words: PageWords) -> [HTML] {
        stamps.map { stamp in
            switch stamp {
            case .valid(let valid):
                HTML([
                    words.time(valid.token.bound),
                    words(
                        " by “\(foreign: valid.authority)”, of the checkpoint of \(checkpoint.head.size.value) entries",
                        ",“\(foreign: valid.authority)”,所盖为 \(checkpoint.head.size.value) 条之检查点"),
                ])
            case .notJudged(let token):
                HTML([
                    words.time(token.bound),
                    words(
                        ", says a time-stamp of the checkpoint of \(checkpoint.head.size.value) entries by what calls itself “\(foreign: token.name ?? [])”; not checked here",
                        ":自称“\(foreign: token.name ?? [])”者就 \(checkpoint.head.size.value) 条之检查点所称;此处未核查"),
                ])
            case .refused(let token, _):
                words(
                    "one by what calls itself “\(foreign: token.name ?? [])” does not hold, and counts for nothing",
                    "自称“\(foreign: token.name ?? [])”者所盖不成立,不予采信")
            }
        }
    }
}
