// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Gives the log a new key, in two steps, so that whoever knows one of the two can follow it.
struct LogRotateKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-key",
        abstract: "Give the log a new key: first both sign, then with --finish the new one alone.",
        discussion: """
            The first step makes the new key, amends the charter to name both, and lists the new key in the trust \
            list. Hand that out, and have the servers that cosign learn the new key; then finish. A quorum of the \
            stewards signs each step; where others must, the filing is left for them, and the command is run again \
            once it is entered. Stopped at any moment, it goes on from there.
            """)

    @OptionGroup var options: WorkplaceOptions
    @Flag(help: "End with the old key: from now on the new one signs alone.") var finish = false
    @OptionGroup var filed: LogFilingOptions

    func run() async throws {
        let workplace = try Workplace(options)
        let rotation = try LogKeyRotation(in: workplace)
        // What an earlier run entered may have been held back until now. A passphrase that is given here is the new key's.
        if let identity = try workplace.logIdentity() { try await workplace.openLog(identity).close() }
        let registry = try await workplace.registry()
        guard let charter = registry.charterInForce else { throw RegistryError.notAFirstCharter }
        let step = try Step(charter.charter.logKeys, rotation)
        if finish {
            try await end(rotation, step, registry, charter)
        } else {
            try await begin(rotation, step, registry, charter)
        }
    }

    /// How far a rotation has come, by the charter in force.
    private enum Step {
        /// The charter names the key in use alone.
        case notBegun
        /// It names both.
        case both(VerifierKey)
        /// It names the new one alone.
        case newAlone(VerifierKey)

        init(_ named: [VerifierKey], _ rotation: LogKeyRotation) throws {
            let present = rotation.present.verifierKey
            let next = rotation.next?.verifierKey
            if named == [present] {
                self = .notBegun
            } else if let next, named == [next] {
                self = .newAlone(next)
            } else if let next, named.count == 2, named.contains(present), named.contains(next) {
                self = .both(next)
            } else {
                throw Failure(
                    .cannotTell, "the charter in force names a log key that is not on this machine",
                    hint: "`indelible log status --json` lists the log keys; bring the missing one back from a backup")
            }
        }
    }

    // MARK: - First both

    private func begin(
        _ rotation: LogKeyRotation, _ step: Step, _ registry: Registry, _ charter: CharterInForce
    ) async throws {
        switch step {
        case .newAlone:
            throw Failure(
                .usage, "the charter in force names the new key alone already",
                hint: "`indelible log rotate-key --finish` does what is left to do here")
        case .both(let new): try said(rotation, new, isFiled: false)
        case .notBegun:
            try registry.requireOpen()
            var rotation = rotation
            let new = try rotation.make()
            try await file(
                [rotation.present.verifierKey, new], charter, registry, rotation, named: "rotate-key.filing")
            guard try await rotation.workplace.registry().logKeys.contains(new) else {
                return pending("`indelible log rotate-key`", rotation)
            }
            try said(rotation, new, isFiled: true)
        }
    }

    private func said(_ rotation: LogKeyRotation, _ new: VerifierKey, isFiled: Bool) throws {
        try rotation.publish(new)
        let workplace = rotation.workplace
        if workplace.speaksJSON { return isFiled ? () : Self.json([rotation.present.verifierKey, new]) }
        let policy = Shown.path(workplace.keys.appending("policy"))
        Console.note(
            """
            This log's checkpoints now bear the signatures of two keys:
              old key       \(Shown.bytes(rotation.present.verifierKey.utf8))
              new key       \(Shown.bytes(new.utf8))
            The trust list \(policy) names both; as it was before it is \(Shown.path(rotation.earlierPolicyPath(before: new))).
            Back up \(Shown.path(workplace.nextKeys.path(of: rotation.name))): nobody can restore it. Then, in this order:
              1. Hand the trust list to those who verify. Its SHA-256, to be compared aloud:
                 \(try workplace.trust(nil).fingerprint)
              2. Who runs a server that cosigns this log makes both keys known to it:
                 indelible witness add-log --policy POLICY --rotate
              3. When all have done so:
                 indelible log rotate-key --finish
            """)
    }

    // MARK: - Then the new one

    private func end(
        _ rotation: LogKeyRotation, _ step: Step, _ registry: Registry, _ charter: CharterInForce
    ) async throws {
        switch step {
        case .notBegun:
            guard rotation.next == nil, try rotation.listed().count > 1 else {
                throw Failure(
                    .usage, "the charter in force names one log key, and no other is to take its place",
                    hint: "begin with `indelible log rotate-key`")
            }
            try ended(rotation, rotation.present.verifierKey, isFiled: false)
        case .newAlone(let new): try ended(rotation, new, isFiled: false)
        case .both(let new):
            try registry.requireOpen()
            guard try rotation.listed().contains(new) else {
                throw Failure(
                    .usage, "the trust list does not name the new key yet",
                    hint: "`indelible log rotate-key` lists it, and says what to do before this")
            }
            try await file([new], charter, registry, rotation, named: "rotate-key-finish.filing")
            guard try await rotation.workplace.registry().logKeys == [new] else {
                return pending("`indelible log rotate-key --finish`", rotation)
            }
            try ended(rotation, new, isFiled: true)
        }
    }

    private func ended(_ rotation: LogKeyRotation, _ new: VerifierKey, isFiled: Bool) throws {
        let isNew = rotation.present.verifierKey != new
        let old = rotation.oldPath
        try rotation.swap()
        try rotation.workplace.publish(new)
        if rotation.workplace.speaksJSON { return isFiled ? () : Self.json([new]) }
        Console.note(
            """
            This log's checkpoints are signed by one key from now on:
              new key       \(Shown.bytes(new.utf8))
            """)
        if isNew {
            Console.note(
                """
                  old key       \(Shown.path(old))
                Nothing needs the old key any more, and whoever has it can sign in the log's name for those who have not
                heard: destroy that file and its backups, or lock them away.
                """)
        }
        Console.note(
            """
            The trust list goes on naming the old key, so that earlier proofs verify. Those who run servers that cosign
            this log let them forget it:
              indelible witness add-log \(Shown.bytes(new.utf8)) --rotate
            """)
    }

    // MARK: - The filing

    /// Files the charter in force with these log keys.
    private func file(
        _ keys: [VerifierKey], _ inForce: CharterInForce, _ registry: Registry, _ rotation: LogKeyRotation,
        named name: String
    ) async throws {
        let workplace = rotation.workplace
        let old = inForce.charter
        let charter = try Charter(
            amends: inForce.entry, stewards: old.stewards, threshold: old.threshold, sponsors: old.sponsors,
            admission: old.admission, logKeys: keys, note: try filed.line ?? old.note)
        var signers = try filed.signers(in: workplace, knownTo: registry)
        try signers.meet([LogSigners.Quorum(of: old, in: registry)], holding: workplace.holds)
        let filing = try LogFiling(
            .charter(charter), by: signers, after: try await workplace.quote(), under: registry, at: filed.output,
            named: name)
        Console.note(
            "The charter of the log \"\(Shown.bytes(registry.origin.utf8))\" (entry \(inForce.entry.index)) changes:")
        for line in LogCharterChange(from: old, to: charter).lines { Console.note("  " + line) }
        Console.note("  must sign     \(LogSigners.names(signers.keys))")
        try await filing.offer(in: workplace)
    }

    private func pending(_ command: String, _ rotation: LogKeyRotation) {
        guard !rotation.workplace.speaksJSON else { return }
        Console.note("Once the log has it, run \(command) again: it does what is left to do here.")
    }

    private static func json(_ keys: [VerifierKey]) {
        Console.data(JSON.object([JSON.Member("log_keys", .array(keys.map { .text($0.utf8) }))]))
    }
}
