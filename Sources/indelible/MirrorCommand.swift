// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Keeps a full verified copy of a log.
struct MirrorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mirror",
        abstract: "Keep a full verified copy of a log, to be served, audited and restored from.",
        discussion: """
            LEDGER is a folder or an http(s) address. Everything is verified before it is written to DIR, which is then \
            a ledger as any other; the checkpoint is written last. Stopped at any moment, it goes on from there. A second \
            history of the log is refused, and both signed checkpoints are kept. With --key the mirror cosigns what it \
            has.
            """)

    @OptionGroup var options: WorkplaceOptions
    @Argument(help: "The ledger to copy: a folder or an http(s) address.", completion: .directory) var from: String
    @Argument(help: "The folder of the copy.", completion: .directory) var directory: String
    @OptionGroup var trust: TrustOption
    @Option(help: ArgumentHelp("Cosign with this key of your own, which no witness may have.", valueName: "name"))
    var key: String?
    @Flag(help: "Go on looking for what is new.") var follow = false
    @Option(help: ArgumentHelp("How often to look, with --follow.", valueName: "seconds")) var every: UInt32 = 60
    @Flag(help: "Keep the copy in DIR/<hex SHA-256 of the log's name>, as a mirror of several logs is served.")
    var monitoringPrefix = false

    func run() async throws {
        var options = options
        options.ledger = from
        let workplace = try Workplace(options)
        let trust = try workplace.trust(trust.named)
        let cosigner = try cosigner(workplace, trust.policy)
        guard !follow || every > 0 else { throw Failure(.usage, "--every is at least 1 second") }
        try await workplace.source.read { files in
            let folder = try MirrorFolder(try await place(of: files))
            let mirror = Mirror(of: files, in: folder, under: trust.policy, cosigner: cosigner) { Moment.now() }
            let words = MirrorWords(folder: folder.folder, trust: trust, language: workplace.language)
            guard follow else { return try await update(mirror, folder, words, workplace) }
            try await keepUpdating(mirror, folder, words, workplace)
        }
    }

    /// The folder of the copy. Below a monitoring prefix its name follows from that of the log, which the source claims;
    /// whether it is so shows where the checkpoint is verified.
    private func place(of files: any LedgerSource) async throws -> FilePath {
        guard monitoringPrefix else { return FilePath(directory) }
        guard let bytes = try await files.read("checkpoint", limit: SignedNote.maximumByteCount) else {
            throw Mirror.Failure.noCheckpoint
        }
        let origin = try SignedCheckpoint(parsing: bytes).unverified.origin
        return FilePath(directory).appending(SHA256.hash(origin.utf8).hex)
    }

    private func cosigner(_ workplace: Workplace, _ policy: TrustPolicy) throws -> WitnessSigner? {
        guard let key else { return nil }
        guard let name = KeyName(key) else {
            throw Failure(.usage, "\(Shown.bytes(key.utf8)) cannot be the name of a key")
        }
        let file = try workplace.home.key(named: name)
        guard file.verifierKey.type == .cosignature else {
            throw Failure(
                .usage, "the key \(name) signs filings or a log, and no cosignatures",
                hint: "a mirror has a key of type 0x04 of its own: make one with `indelible witness new NAME`")
        }
        let known = policy.witnesses.map(\.key) + policy.logs.map(\.key)
        guard !known.contains(where: { $0.publicKey == file.verifierKey.publicKey }) else {
            throw Failure(
                .usage, "the trust list names the key \(name) as a witness's or the log's",
                hint: "a mirror's cosignature says more than a witness's: it takes a key of its own")
        }
        return try workplace.prompt.openWitness(file)
    }

    private func update(
        _ mirror: Mirror, _ folder: MirrorFolder, _ words: MirrorWords, _ workplace: Workplace
    ) async throws {
        let report: Mirror.Report
        do {
            report = try await updated(mirror)
        } catch Mirror.Failure.conflict(let seen, let now) {
            throw try conflict(seen, now, in: folder, workplace)
        }
        if workplace.speaksJSON {
            Console.data(words.json(report))
        } else {
            words.lines(report).forEach { Console.data($0) }
        }
    }

    private func updated(_ mirror: Mirror) async throws -> Mirror.Report {
        let progress = Progress("copying", total: nil, unit: "entries")
        defer { progress.finish() }
        do {
            return try await mirror.update { progress.reach($0.done.value, of: $0.total.value) }
        } catch let error as FileError where error.errno == .fileExists {
            throw Failure(
                .doesNotHold, "\(Shown.path(error.path)) is in the copy, and is not what the log has there",
                hint: "`indelible audit DIR --repair-from LEDGER` puts it right")
        }
    }

    /// Looks again and again. What passes, such as a server that is away, is told and tried again; a second history
    /// ends it.
    private func keepUpdating(
        _ mirror: Mirror, _ folder: MirrorFolder, _ words: MirrorWords, _ workplace: Workplace
    ) async throws {
        var lastProblem: String?
        var isFirst = true
        while true {
            do {
                let report = try await updated(mirror)
                if isFirst || report.isChanged || lastProblem != nil {
                    if workplace.speaksJSON {
                        Console.data(bytes: words.json(report).encoded() + [0x0A])
                    } else {
                        words.lines(report).forEach { Console.data($0) }
                    }
                }
                (lastProblem, isFirst) = (nil, false)
            } catch Mirror.Failure.conflict(let seen, let now) {
                throw try conflict(seen, now, in: folder, workplace)
            } catch let error as CancellationError {
                throw error
            } catch {
                let failure = Failure(explaining: error)
                if failure.message != lastProblem { Console.note("indelible: not copied: \(failure.message)") }
                lastProblem = failure.message
            }
            try await Task.sleep(for: .seconds(every))
        }
    }

    /// Keeps both checkpoints, and says that and where.
    private func conflict(
        _ seen: SignedCheckpoint, _ now: SignedCheckpoint, in folder: MirrorFolder, _ workplace: Workplace
    ) throws -> any Error {
        let paths = try ConflictEvidence.keep([seen, now], in: folder.conflicts)
        return ConflictWords(seen: seen, now: now, paths: paths, language: workplace.language)
            .said(asJSON: workplace.speaksJSON)
    }
}
