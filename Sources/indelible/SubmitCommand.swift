// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Enters filings that were prepared elsewhere or earlier.
struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Enter filings in the log: those named, or every .filing in this folder.",
        discussion: """
            Needs no key of the person whose filing it is. A proof that the log has the entry is written to \
            FILE.proof; who registered makes the document's own proof with `indelible register` again.
            """)

    @OptionGroup var options: WorkplaceOptions
    @Argument(help: "Files that hold filings.", completion: .file(extensions: ["filing"])) var files: [String] = []

    func run() async throws {
        let workplace = try Workplace(options)
        let paths = files.isEmpty ? try pending() : files.map { FilePath($0) }
        guard !paths.isEmpty else {
            return Console.note("There is no .filing in this folder that waits to be entered; nothing was done.")
        }
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
                try DurableFile.write(try ProofFile(inclusions: [logged.inclusion]).json.encoded(lines: 2), to: proof)
                report(path, logged, proof, workplace)
            } catch let error as RegistryError {
                // One that is refused keeps none of the others waiting.
                Console.note("\(Shown.path(path)): the log's rules refuse this: \(error)")
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
