// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import TransparencyLog

/// The options of what a log's stewards file about the log itself.
struct LogFilingOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A file with one line of text, public for ever.", valueName: "@file"))
    var note: String?
    @Option(help: ArgumentHelp("A steward who signs, where there are more than it takes.", valueName: "vkey"))
    var with: [String] = []
    @Option(
        name: [.short, .long], help: ArgumentHelp("Leave the filing here instead of entering it.", valueName: "file"))
    var output: String?

    /// The line that `--note` names; nil where none is given.
    var line: WireText? {
        get throws { try note.map { try Vouching.lines($0, count: 1, for: "one line") }?.first }
    }

    /// Those whom `--with` names.
    func signers(in workplace: Workplace, knownTo registry: Registry) throws -> LogSigners {
        LogSigners(try with.map { try workplace.publicKey($0, knownTo: registry) })
    }
}
