// SPDX-License-Identifier: Apache-2.0
import Ledger
import TransparencyLog

extension Failure {
    /// Why a log was not recovered from a copy.
    init(recovery error: LedgerRecovery.Failure) {
        switch error {
        case .anotherLog(let here, let copy):
            self.init(
                .usage,
                "this is the folder of the log \"\(Shown.bytes(here.utf8))\", not of \"\(Shown.bytes(copy.utf8))\"",
                hint: "name the right folder with --ledger")
        case .copyIsOlder(let here, let copy):
            self.init(
                .cannotTell,
                "the copy has \(copy) entries, and this log has signed \(here): it is older than what is here",
                hint: "nothing was changed; name a newer copy of the log")
        case .moreIsHere(let path, let copy):
            self.init(
                .cannotTell, "the copy has \(copy) entries, and \(Shown.bytes(path.utf8)) here is of more",
                hint:
                    "nothing was changed; name a newer copy of the log. Only where you know that none was ever signed, move that file away"
            )
        case .conflict: self.init(.doesNotHold, "the log has signed two histories")
        }
    }
}
