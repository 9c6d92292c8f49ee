// SPDX-License-Identifier: Apache-2.0
import Ledger
import TransparencyLog

extension Failure {
    /// Why a mirror was not updated, with what to do.
    init(mirror error: Mirror.Failure) {
        switch error {
        case .noCheckpoint:
            self.init(
                .cannotTell, "there is no checkpoint at the source",
                hint: "name a ledger: a folder or an http(s) address")
        case .malformed(let error): self.init(.doesNotHold, "the checkpoint is malformed: \(error)")
        case .quorumNotMet:
            self.init(
                .doesNotHold, "too few of the trust list's servers have cosigned the checkpoint; nothing was copied",
                hint: "try again later, or ask the people who run the log")
        case .anotherLog(let mirrored, let served):
            self.init(
                .usage,
                "this is the mirror of the log \"\(Shown.bytes(mirrored.utf8))\", and the source serves \"\(Shown.bytes(served.utf8))\"",
                hint: "name another folder")
        case .tooLarge(let size): self.init(.cannotTell, "the log states \(size) entries; this version copies fewer")
        case .conflict:
            self.init(.doesNotHold, "the log has signed two histories")
        case .incomplete(let faults, let gaps):
            let first = faults.first.map { "\($0)" } ?? gaps.first.map { "\($0)" } ?? "it could not be read"
            self.init(
                faults.isEmpty ? .cannotTell : .doesNotHold, "the copy is not complete: \(Shown.bytes(first.utf8))",
                hint: "what held was copied; run this again, or name another copy of the log as the source")
        case .clockIsBehind(let last, let now):
            self.init(
                .cannotTell,
                "this machine's clock (\(Moment(seconds: now).rfc3339)) is behind the mirror's last cosignature (\(Moment(seconds: last).rfc3339))",
                hint: "set the clock and run the command again")
        }
    }

    init(mirror error: MirrorFolder.OpenError) {
        switch error {
        case .isTheLog(let path):
            self.init(
                .usage, "\(Shown.path(path)) is where the log itself is written", hint: "name another folder for a copy"
            )
        }
    }
}
