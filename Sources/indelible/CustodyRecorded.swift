// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// What became of a custody entry, in words and as JSON.
struct CustodyRecorded {
    enum State {
        /// It is in the log; whether it was there already.
        case logged(LeafIndex, Bool)
        /// It was entered before, and its files are here.
        case before(LeafIndex)
        /// It waits, for these to sign it or for the log.
        case pending([VerifierKey])
    }

    let place: CustodyPlace
    let state: State
    /// Whether something is sealed in it, and a private file kept.
    let isSealed: Bool

    func lines(in language: Language) -> [String] {
        let english = language == .english
        switch state {
        case .before(let index):
            return [
                english
                    ? "\(Shown.path(place.private)): entered before, as entry \(index); nothing was done"
                    : "\(Shown.path(place.private)):先前已入册,为第 \(index) 号;未作任何改动"
            ]
        case .logged(let index, let wasPresent):
            let first =
                english
                ? "\(wasPresent ? "already in the log as" : "logged as") entry \(index)"
                : "\(wasPresent ? "先前已入册" : "已入册"),为第 \(index) 号"
            guard isSealed else { return [first] }
            return [first]
                + (english
                    ? [
                        "  the proof    \(Shown.path(place.proof))",
                        "               it hides the details",
                        "  keep         \(Shown.path(place.private))",
                        "               encrypted; only with it can details be shown, with `indelible share`. Nobody can restore it",
                    ]
                    : [
                        "  登记凭证    \(Shown.path(place.proof))", "              未显示细节",
                        "  私存件      \(Shown.path(place.private))",
                        "              已加密;只有凭它才能显示细节(indelible share)。丢失后无人能恢复",
                    ])
        case .pending(let unsigned):
            let file = Shown.path(place.filing)
            let names = unsigned.map { "\"\(Shown.bytes($0.name.utf8))\"" }.joined(separator: english ? ", " : "、")
            let next =
                switch (english, unsigned.isEmpty) {
                case (true, true): "anybody may carry \(file) to the log and enter it with `indelible submit`"
                case (true, false):
                    "\(file) still lacks the signature of \(names); they sign it with `indelible sign`"
                case (false, true): "任何人都可将 \(file) 带到登记册,以 indelible submit 入册"
                case (false, false): "\(file) 尚缺 \(names) 的签名;由其以 indelible sign 签署"
                }
            var lines = [(english ? "not yet logged: " : "尚未入册:") + next]
            if isSealed {
                lines.append(
                    english
                        ? "keep \(Shown.path(place.draft)): it is encrypted, and holds what is sealed; when the log has the filing, run the same command again"
                        : "请保存 \(Shown.path(place.draft)):已加密,内有密封的细节;入册后再运行同一命令即可")
            }
            return lines
        }
    }

    var json: JSON {
        switch state {
        case .logged(let index, _), .before(let index):
            var members = [JSON.Member("entry", .number(index.value))]
            if isSealed {
                members.append(JSON.Member("proof", .text(Shown.path(place.proof))))
                members.append(JSON.Member("private", .text(Shown.path(place.private))))
            }
            return .object(members)
        case .pending:
            var members = [JSON.Member("filing", .text(Shown.path(place.filing)))]
            if isSealed { members.append(JSON.Member("draft", .text(Shown.path(place.draft)))) }
            return .object(members)
        }
    }
}

extension Workplace {
    func report(_ recorded: CustodyRecorded) {
        if speaksJSON {
            Console.data(recorded.json)
        } else {
            recorded.lines(in: language).forEach { Console.note($0) }
        }
    }
}
