// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import LedgerService

/// What goes wrong with a witness, in words.
extension Failure {
    init(witness error: WitnessStore.StoreError) {
        switch error {
        case .absent:
            self.init(
                .cannotTell, "\(error)",
                hint: "name its folder with --folder, or begin one with `indelible witness add-log VKEY`")
        case .otherKeys(_, let known):
            self.init(
                .doesNotHold, "\(error): \(known.map { Shown.bytes($0.utf8) }.joined(separator: ", "))",
                hint: "ask those who run the log; if its keys changed, name all that it has now, with --rotate")
        case .damaged:
            self.init(
                .cannotTell, "\(error)",
                hint: "look at the disk; an older copy must not take its place: begin a witness with another key")
        case .cosignedByAnother:
            self.init(
                .cannotTell, "\(error)", hint: "say which key with --key; another key needs another folder")
        case .inUse:
            self.init(
                .cannotTell, "\(error)",
                hint: "look for another `indelible witness` on this folder that was stopped; end it, or let it go on")
        case .clockIsBehind(let last, let now):
            self.init(
                .cannotTell,
                "this machine's clock (\(Moment(seconds: now).rfc3339)) is behind the last cosignature (\(Moment(seconds: last).rfc3339))",
                hint: "set the clock")
        }
    }

    init(service error: HTTPService.StartError) {
        self.init(
            .cannotTell, "\(error)", hint: "another process may have the port; name another with --listen HOST:PORT")
    }
}
