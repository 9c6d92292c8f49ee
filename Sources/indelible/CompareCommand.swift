// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Compares a circulating copy with the text that a proof shows.
struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare a circulating copy with the text that a proof shows, paragraph by paragraph.",
        discussion: """
            The copy may have lost its line breaks, have a page around it, or lack parts of the text. White space, line \
            breaks and the composition of letters are not compared. A withheld part matches nothing and anything. Which \
            of the two came first, or who changed it, is not shown. No key and no network is needed.
            """)

    @OptionGroup var options: WorkplaceOptions
    @Argument(help: "The copy: plain text, or a saved web page.", completion: .file()) var copy: String
    @Option(
        help: ArgumentHelp("The proof that shows the text.", valueName: "file"),
        completion: .file(extensions: ["proof"]))
    var proof: String
    @OptionGroup var trust: TrustOption
    @Option(
        name: .customLong("file"),
        help: ArgumentHelp(
            "The number of the document, from 1, where the proof shows the text of several.", valueName: "n"))
    var number: Int?
    @Option(
        help: ArgumentHelp("Write the report to this file too, all of it.", valueName: "file.html|.json"),
        completion: .file(extensions: ["html", "json"]))
    var report: String?
    @Flag(help: "Write over a file that is there.") var force = false

    func run() async throws {
        let workplace = try Workplace(options)
        let target = try report.map { try ReportFile($0, form: "html", force: force) }
        let lists = try TrustLists(named: trust.named, in: workplace)
        // Nothing of a proof is shown before it is known to hold.
        let (verified, trust) = try lists.verified(ProofFile(reading: FilePath(proof)))
        let file = try file(of: verified.exhibit)
        let shown: ComparedText?
        do throws(ComparedText.Refusal) {
            shown = try verified.exhibit?.comparedText(ofFile: file)
        } catch {
            throw Failure(.usage, "the proof shows more words than can be compared")
        }
        guard let shown else { throw nothingShown }
        // Where only the words can tell the encoding, it is the one in which most of them are the same.
        let comparisons = try CirculatingCopy.readings(of: FilePath(copy)).map { copy in
            (copy: copy, result: TextComparison(of: copy.text, with: shown))
        }
        let best = comparisons.dropFirst().reduce(comparisons[0]) {
            $1.result.sameWordCount > $0.result.sameWordCount ? $1 : $0
        }
        let report = CompareReport(
            copy: best.copy, comparison: best.result, proof: verified, file: file, trust: trust,
            language: workplace.language)
        try target?.write(json: report.json, otherwise: report.html)
        if workplace.speaksJSON {
            Console.data(report.json)
        } else {
            report.lines.forEach { Console.data($0) }
            if let note = lists.note(on: trust, workplace.language) { Console.note(note) }
        }
        if !report.holds { throw Ended(code: .doesNotHold) }
    }

    private var nothingShown: Failure {
        Failure(
            .cannotTell, "\(Shown.path(FilePath(proof))) shows no text to compare with",
            hint:
                "`indelible verify` compares a whole file by its hash; ask who registered it for a proof with its text")
    }

    /// The file whose text is compared: the one that is named, or the only one.
    private func file(of exhibit: ExhibitOpening?) throws -> Int {
        guard let exhibit, !exhibit.filesWithText.isEmpty else { throw nothingShown }
        let files = exhibit.filesWithText
        if let number {
            guard let file = files.first(where: { $0 + 1 == number }) else {
                throw Failure(
                    .usage, "the proof shows no text of document \(number)",
                    hint: "it shows that of \(Self.list(files, exhibit))")
            }
            return file
        }
        guard files.count == 1 else {
            throw Failure(
                .usage, "the proof shows the text of \(files.count) documents",
                hint: "name one with --file: \(Self.list(files, exhibit))")
        }
        return files[0]
    }

    /// The numbers of documents, from 1, as `show` and `share` count them, with the names that are shown.
    private static func list(_ files: [Int], _ exhibit: ExhibitOpening) -> String {
        let all = files.prefix(16).map { file in
            exhibit.path(ofFile: file).map { "\(file + 1) (\(Shown.bytes($0.utf8)))" } ?? "\(file + 1)"
        }
        return all.joined(separator: ", ") + (files.count > all.count ? ", ..." : "")
    }
}

extension ExhibitOpening {
    /// The path of a file, where it is shown.
    func path(ofFile file: Int) -> ExhibitPath? {
        for part in parts {
            if case .path(let number, let path) = part.content, number == file { return path }
        }
        return nil
    }
}
