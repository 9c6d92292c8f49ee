// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Makes a proof for others: renewed under the ledger's present checkpoint, showing what is asked for and no more.
struct ShareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "share",
        abstract: "Make a proof for others: renewed, and showing no more than you choose.",
        discussion: """
            Reads PATH.private (and asks for the passphrase of your key), or a .proof, which can only be renewed. \
            Without options the proof shows what the first one did. Where something is struck out, every signature \
            still holds, and the proof alone carries the text that is left. Every place that is hidden is listed. \
            Where there is no ledger at hand, the proof is not renewed.
            """)

    @OptionGroup var options: WorkplaceOptions
    @OptionGroup(title: "What is shown") var parts: SharedPartsOptions
    @Argument(help: "A .private or .proof file.", completion: .file(extensions: ["private", "proof"])) var file: String
    @Option(
        help: ArgumentHelp("Where the document is (default: in the private file, or beside it).", valueName: "path"))
    var document: String?
    @Option(
        name: [.short, .long],
        help: ArgumentHelp("Write the proof here (default: PATH.proof, or PATH.shared.proof).", valueName: "file"))
    var output: String?
    @Flag(help: "Write over a file that is there.") var force = false

    func run() async throws {
        let workplace = try Workplace(options)
        let path = FilePath(file)
        let trust = try workplace.trust(nil)
        let isPrivate = path.extension == "private" || path.extension == "draft"
        guard isPrivate || !parts.isAsked else {
            throw Failure(
                .usage, "\(Shown.path(path)) is a proof: what it hides, nobody can show from it",
                hint: "name the .private file, which only its holder has")
        }
        let opening = isPrivate ? try PrivateOpening(path, in: workplace, keepingTexts: parts.isAsked) : nil
        let old = try opening?.proof() ?? ProofFile(reading: path)
        try Self.check(old, under: trust.policy)

        var shared: SharedParts?
        var disclosed = old
        if parts.isAsked, let opening, opening.contents.details != nil {
            disclosed = try old.showing(details: parts.opening(of: OpenDetails(opening.contents, of: old.entry.filing)))
        } else if parts.isAsked, let opening {
            let registration = try OpenRegistration(
                opening.contents, of: old.entry.filing, texts: opening.texts(from: document.map { FilePath($0) }))
            let chosen = try SharedParts(of: registration, parts)
            disclosed = try old.showing(
                dossier: registration.dossierOpening(showing: chosen.disclosure),
                exhibit: registration.exhibitOpening(showing: chosen.disclosure))
            shared = chosen
        }
        let (renewed, size) = try await renewed(disclosed, trust, workplace)
        let verified = try renewed.verified(under: trust.policy)

        let target = output.map { FilePath($0) } ?? defaultTarget(path)
        // A proof of the same entry gives way to its renewal, beside it; anything else is in the way.
        if !force, DurableFile.exists(target) {
            guard !parts.isAsked, output == nil || target == path,
                (try ProofFile(reading: target)).entry == renewed.entry
            else {
                throw Failure(
                    .usage, "\(Shown.path(target)) is there already", hint: "name another file with -o, or say --force")
            }
        }
        let bytes = renewed.json.encoded(lines: 2)
        try DurableFile.write(bytes, to: target)
        report(SharedReport(proof: verified, size: size, parts: shared, byteCount: bytes.count), target, workplace)
    }

    /// Checks a proof before it is renewed.
    private static func check(_ proof: ProofFile, under policy: TrustPolicy) throws {
        do throws(ProofVerificationError) {
            _ = try proof.verified(under: policy)
        } catch {
            // The renewed one is judged: what lacked cosignatures when it was made may have them by now.
            guard error == .inclusion(.quorumNotMet) else { throw error }
        }
    }

    /// The proof under the ledger's checkpoint, with the size of its tree; as it is, where there is no ledger.
    private func renewed(
        _ proof: ProofFile, _ trust: Workplace.Trust, _ workplace: Workplace
    ) async throws -> (ProofFile, TreeSize?) {
        guard workplace.isLedgerNamed || workplace.source.isThere else { return (proof, nil) }
        return try await workplace.reading(trust.policy) { reader, index in
            let renewed = try await ProofRenewal(reader: reader, index: index).renewed(proof)
            return (
                try await TimestampWork.stamped(renewed, from: reader.source, workplace, trust.policy), reader.head.size
            )
        }
    }

    private func report(_ report: SharedReport, _ target: FilePath, _ workplace: Workplace) {
        if workplace.speaksJSON {
            Console.data(report.json(target))
        } else {
            report.lines(target, workplace.language).forEach { Console.note($0) }
        }
    }

    private func defaultTarget(_ path: FilePath) -> FilePath {
        guard path.extension == "private" || path.extension == "draft" else { return path }
        var target = path
        target.extension = parts.isAsked ? "shared.proof" : "proof"
        return target
    }
}
