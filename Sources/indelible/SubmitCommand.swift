// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Enters what was prepared elsewhere or earlier: filings, and drafts with what was attested of them.
struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Enter filings in the log, or register a draft with what others attest of it.",
        discussion: """
            Without names, every .filing in this folder. A filing needs no key: a proof that the log has it is \
            written to FILE.proof, and who registered makes the document's own proof with `indelible register` again.
            A .draft is registered with the .attestation files named beside it, by your key: it leaves the same files \
            as `indelible register` does.
            """)

    @OptionGroup var options: WorkplaceOptions
    @Argument(
        help: "Files that hold filings; or a draft with its attestations.",
        completion: .file(extensions: ["filing", "draft", "attestation"])) var files: [String] = []
    @OptionGroup(title: "For a draft") var registering: DraftSubmissionOptions

    func run() async throws {
        let workplace = try Workplace(options)
        let paths = files.isEmpty ? try pending() : files.map { FilePath($0) }
        guard !paths.isEmpty else {
            return Console.note("There is no .filing in this folder that waits to be entered; nothing was done.")
        }
        let drafts = paths.filter { $0.extension == "draft" }
        let attestations = paths.filter { $0.extension == "attestation" }
        if let draft = drafts.first {
            guard drafts.count == 1, drafts.count + attestations.count == paths.count else {
                throw Failure(
                    .usage, "a draft is registered by itself: name it with its attestations and nothing else",
                    hint: "enter filings and other drafts each with a command of their own")
            }
            let submission = DraftSubmission(draft: draft, attestations: attestations, options: registering)
            let registered = try await submission.run(in: workplace)
            workplace.report(registered)
            if registered.state == .held { throw Ended(code: .cannotTell) }
            return
        }
        guard attestations.isEmpty, !registering.isUsed else {
            throw Failure(
                .usage, "attestations and options of a registration go with a draft, and none is named",
                hint: "name the .draft first, as in `indelible submit letter.txt.draft letter.txt.*.attestation`")
        }
        try await enter(paths, workplace)
    }

    private func enter(_ paths: [FilePath], _ workplace: Workplace) async throws {
        // Every file is read and looked at before the first is entered.
        let filings = try paths.map { path in
            let draft = try FilingDraft(reading: path)
            guard draft.unsigned.isEmpty else {
                let names = draft.unsigned.map { "\"\($0.name)\"" }.joined(separator: ", ")
                throw Failure(
                    .usage, "\(Shown.path(path)) still lacks the signature of \(names)",
                    hint: "they sign it with `indelible sign`")
            }
            return try draft.finished().filing
        }
        var failure: (any Error)?
        for (path, filing) in zip(paths, filings) {
            do {
                guard let logged = try await workplace.enter([filing])?.first else {
                    throw Failure(
                        .cannotTell, "the log cannot be written to from here",
                        hint: "carry the file to the machine that runs the log, and submit it there")
                }
                let proof = FilePath(path.string + ".proof")
                try DurableFile.write(
                    try ProofFile(inclusions: [logged.inclusion], quoted: logged.quoted).json.encoded(lines: 2),
                    to: proof)
                report(path, logged, proof, workplace)
            } catch let error where error.isRefusal {
                // One that is refused keeps none of the others waiting.
                Console.note("\(Shown.path(path)): \(Failure(explaining: error).message)")
                failure = error
            }
        }
        if failure != nil { throw Ended(code: .doesNotHold) }
    }

    private func report(_ path: FilePath, _ logged: Logged, _ proof: FilePath, _ workplace: Workplace) {
        if workplace.speaksJSON {
            Console.data(
                JSON.object([
                    JSON.Member("filing", .text(Shown.path(path))), JSON.Member("entry", .number(logged.index.value)),
                    JSON.Member("was_present", .bool(logged.wasPresent)),
                    JSON.Member("proof", .text(Shown.path(proof))),
                ]))
        } else {
            let word = logged.wasPresent ? "already in the log as" : "logged as"
            Console.note("\(Shown.path(path)): \(word) entry \(logged.index); proof in \(Shown.path(proof))")
        }
    }

    private func pending() throws -> [FilePath] {
        try DurableFile.names(in: ".").filter { $0.extension == "filing" }.map { FilePath(root: nil, [$0]) }
            // One that has its proof was entered before.
            .filter { !DurableFile.exists(FilePath($0.string + ".proof")) }
    }
}
