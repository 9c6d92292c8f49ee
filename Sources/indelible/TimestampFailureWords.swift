// SPDX-License-Identifier: Apache-2.0
import Ledger

/// Why a time-stamp is not stored, in words.
extension Failure {
    init(timestamps error: TimestampStore.StoreError) {
        switch error {
        case .anotherCheckpoint, .full, .notOfCheckpoint:
            self.init(
                .doesNotHold, "\(error)",
                hint: "`indelible audit` tells more; keep both, and tell those who rely on the log")
        case .inUse:
            self.init(
                .cannotTell, "\(error)",
                hint:
                    "look for another `indelible timestamp` that was stopped; end it, or let it go on, and run this again"
            )
        }
    }
}
