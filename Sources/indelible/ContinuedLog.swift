// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import TransparencyLog

/// The end of a closed log, as the first charter of the log that follows names it.
enum ContinuedLog {
    /// Reads the last checkpoint of a log under the trust list by which it is known, and sees that the log is closed.
    static func end(of ledger: String, trustedBy named: String, in workplace: Workplace) async throws
        -> Charter.Continuation
    {
        let trust = try workplace.trust(named)
        let place = try LedgerPlace(ledger)
        return try await place.read { files in
            let reader = try await LedgerReader(files, under: trust.policy)
            guard reader.checkpoint.isQuorumMet else {
                throw Failure(
                    .doesNotHold,
                    "too few servers of the trust list \"\(trust.name)\" have cosigned the end of \(place.shown)",
                    hint: "have the log published before another goes on from it; nothing was begun")
            }
            return try judge(try await registry(reader, place), reader.checkpoint.checkpoint)
        }
    }

    private static func registry(_ reader: LedgerReader, _ place: LedgerPlace) async throws -> Registry {
        let progress = Progress("reading the log", total: reader.head.size.value, unit: "entries")
        defer { progress.finish() }
        do {
            return try await Registry(replaying: reader) { progress.reach($0) }
        } catch let error as FormatError {
            throw Failure(
                .doesNotHold, "\(place.shown) does not hold: \(error)",
                hint: "`indelible audit` names each fault; name another copy of that log")
        }
    }

    private static func judge(_ registry: Registry, _ last: Checkpoint) throws -> Charter.Continuation {
        let origin = Shown.bytes(registry.origin.utf8)
        guard registry.closedAt != nil else {
            throw Failure(
                .doesNotHold, "the log \"\(origin)\" is not closed, so nothing can go on from its end",
                hint: "its stewards close it with `indelible log close`; nothing was begun")
        }
        guard let end = Charter.Continuation(origin: last.origin, head: last.head) else {
            throw Failure(.cannotTell, "no charter can name the end of the log \"\(origin)\"")
        }
        return end
    }
}
