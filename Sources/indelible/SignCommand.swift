// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Signs a filing that names one of the person's keys as a signer.
struct SignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Sign a filing that several sign, such as a charter, an enrolment or a hand-over.",
        discussion:
            "Shows first what the filing says. The file grows by your signature; with -o another file is written.")

    @OptionGroup var options: WorkplaceOptions
    @Argument(help: "The filing.", completion: .file(extensions: ["filing"])) var file: String
    @Option(
        name: .customLong("as"),
        help: ArgumentHelp("The name of the key, where several of yours are named.", valueName: "name"))
    var name: String?
    @Option(name: [.short, .long], help: ArgumentHelp("Write the signed filing here.", valueName: "file")) var output:
        String?

    func run() async throws {
        let workplace = try Workplace(options)
        let path = FilePath(file)
        var draft = try FilingDraft(reading: path)
        try draft.verifySignatures()
        let own = try draft.unsigned.filter { signer in
            try (name == nil || signer.name.description == name) && workplace.holds(signer)
        }
        guard !own.isEmpty else {
            guard !draft.unsigned.isEmpty else {
                throw Failure(
                    .usage, "nothing to sign: everybody has signed it", hint: "enter it with `indelible submit`")
            }
            let names = draft.unsigned.map { "\"\($0.name)\"" }.joined(separator: ", ")
            throw Failure(
                .usage,
                "nothing to sign: it waits for \(names), and \(name == nil ? "no such key is here" : "not for that key")",
                hint: "`indelible key list` shows your keys; INDELIBLE_HOME names the folder")
        }
        Console.note("You sign these words, and no others:")
        for line in Shown.lines(draft.text.bytes).split(separator: "\n") { Console.note("    \(line)") }
        for signer in own {
            try draft.sign(with: try workplace.prompt.open(try workplace.home.key(named: signer.name)))
        }
        try DurableFile.write(
            draft.bytes, to: output.map { FilePath($0) } ?? path, ifTaken: output == nil ? .replace : .refuse)
        let names = own.map { "\"\($0.name)\"" }.joined(separator: ", ")
        let rest = draft.unsigned.map { "\"\($0.name)\"" }.joined(separator: ", ")
        Console.note(
            "Signed by \(names)."
                + (rest.isEmpty ? " Everybody has signed: `indelible submit` enters it." : " Not yet by \(rest)."))
    }
}
