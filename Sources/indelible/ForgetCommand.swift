// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Glibc
import Ledger
import SystemPackage
import TransparencyLog

/// Removes what the tool left of a document on this machine, and says what it cannot remove.
struct ForgetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Erase what the tool keeps of a document on this machine.",
        discussion: """
            Erases PATH.private, PATH.draft, PATH.filing, attestations, and temporary files of the tool; with \
            --documents PATH itself; with --proofs the proofs beside it; with --private-keys your keys. Each file is \
            overwritten once and removed. It cannot be undone, and it does not reach everything: what it does not \
            reach is said.
            """)

    @OptionGroup var options: WorkplaceOptions
    @Argument(help: "Documents, folders, or files that the tool made.", completion: .file()) var paths: [String] = []
    @Flag(help: "Erase the documents too.") var documents = false
    @Flag(help: "Erase the proofs beside them too.") var proofs = false
    // Not `--keys`: that names the folder of public keys in every command.
    @Flag(help: "Erase all your private keys (INDELIBLE_HOME).") var privateKeys = false
    @Flag(help: "Do not ask.") var yes = false

    func run() throws {
        let workplace = try Workplace(options)
        var traces = Traces()
        for path in paths {
            let place = try RegisteredPlace(path)
            // Others rely on it, and one that comes back from a copy could sign a second history.
            guard !documents || !DurableFile.exists(place.path.appending("checkpoint")) else {
                throw Failure(
                    .usage, "\(Shown.path(place.path)) is a ledger, and no document",
                    hint: "what is in a log is there for others too; it is not erased by this")
            }
            let found = traces.paths.count
            try traces.add(of: place, documents: documents, proofs: proofs)
            guard traces.paths.count > found else {
                throw Failure(
                    .usage, "there is nothing of \(Shown.bytes(path.utf8)) here that would be erased",
                    hint: documents ? "check the name" : "check the name; --documents erases the document itself")
            }
        }
        if privateKeys { try traces.add(keysIn: workplace.home) }
        guard !traces.paths.isEmpty else {
            throw Failure(
                .usage, "nothing was named that would be erased",
                hint: "name a document, or say --private-keys; `indelible help forget` tells what goes")
        }
        if !yes { try confirm(traces.paths, workplace.language) }

        var erased: [(FilePath, Erasure.Outcome)] = []
        var failures: [FileError] = []
        for path in traces.paths {
            // One that cannot be erased keeps none of the others.
            do throws(FileError) {
                try Erasure.eraseAll(path) { erased.append(($0, $1)) }
            } catch {
                failures.append(error)
            }
        }
        ForgetReport(erased: erased, failures: failures, kept: try kept()).show(in: workplace)
        if !failures.isEmpty { throw Ended(code: .cannotTell) }
    }

    /// What stands beside the documents and was not asked to be erased.
    private func kept() throws -> [FilePath] {
        try paths.map { try RegisteredPlace($0) }.flatMap { place in
            [place.path, place.proof, place.filingProof].filter { DurableFile.exists($0) }
        }
    }

    private func confirm(_ paths: [FilePath], _ language: Language) throws {
        let terminal = try Console.terminal(
            for: "nothing is erased without a yes",
            hint: "say --yes; `indelible help forget` tells what goes")
        defer { close(terminal) }
        let english = language == .english
        Console.write(
            english ? "These are erased, and nobody can bring them back:\n" : "将抹除以下文件,无人能恢复:\n", to: terminal)
        for path in paths {
            let end = DurableFile.isFolder(path) ? (english ? "/ and all that is in it" : "/ 及其中全部内容") : ""
            Console.write("    \(Shown.path(path))\(end)\n", to: terminal)
        }
        Console.write(english ? "Erase them? Type yes: " : "确定抹除?请输入 yes:", to: terminal)
        var answer: [UInt8] = []
        var byte: UInt8 = 0
        while read(terminal, &byte, 1) == 1, byte != 0x0A, answer.count < 16 { answer.append(byte) }
        guard answer == Array("yes".utf8) else {
            throw Failure(.usage, "nothing was erased", hint: "type yes, in full, to erase")
        }
    }
}
