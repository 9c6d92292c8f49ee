// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// The trust lists that a proof is judged by: the one that was named, or the one in use and those kept of earlier times.
///
///     keys/policy            the one in use
///     keys/trust/NAME        others, which are tried where the first does not know the log or its quorum is not met
struct TrustLists {
    /// The one that comes first.
    let first: Workplace.Trust
    private let kept: [Workplace.Trust]

    init(named: String?, in workplace: Workplace) throws {
        first = try workplace.trust(named)
        kept = named == nil ? try Self.kept(in: workplace, besides: first) : []
    }

    /// Verifies a proof under the first list that can judge it; says which that is.
    func verified(_ proof: ProofFile) throws(ProofVerificationError) -> (proof: VerifiedProof, trust: Workplace.Trust) {
        do throws(ProofVerificationError) {
            return (try proof.verified(under: first.policy), first)
        } catch {
            guard error.isOfTheTrustList else { throw error }
            for list in kept {
                if let verified = try? proof.verified(under: list.policy) { return (verified, list) }
            }
            throw error
        }
    }

    /// What a person is told where an older list judged the proof.
    func note(on trust: Workplace.Trust, _ language: Language) -> String? {
        guard trust.policy != first.policy else { return nil }
        return language == .english
            ? "Judged by the trust list \"\(trust.name)\", \(trust.shortFingerprint), kept in \"trust\" of the keys folder: the one in use does not know the log, or asks for other servers."
            : "依据密钥文件夹 trust 中保存的信任名单“\(trust.name)”(\(trust.shortFingerprint))判断:现用名单未列此登记册,或要求其他服务器。"
    }

    private static func kept(in workplace: Workplace, besides first: Workplace.Trust) throws -> [Workplace.Trust] {
        let folder = workplace.keys.appending("trust")
        guard DurableFile.isFolder(folder) else { return [] }
        return try DurableFile.names(in: folder).sorted { $0.string < $1.string }.compactMap { name in
            let path = folder.appending(name)
            // What is no trust list is not relied on, and keeps nothing from being judged by those that are.
            guard !DurableFile.isFolder(path), let policy = try? TrustPolicy(reading: path), policy != first.policy
            else { return nil }
            return Workplace.Trust(name: Shown.bytes(name.string.utf8), policy: policy)
        }
    }
}

extension ProofVerificationError {
    /// Whether another trust list could judge the proof otherwise.
    fileprivate var isOfTheTrustList: Bool {
        switch self {
        case .inclusion(.quorumNotMet), .inclusion(.checkpoint(.unknownOrigin)),
            .inclusion(.checkpoint(.notSignedByLog)):
            true
        default: false
        }
    }
}
