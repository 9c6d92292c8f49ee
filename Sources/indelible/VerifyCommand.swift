// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Checks documents against proofs, without the log and without a network.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check whether documents are the registered ones, and what their proofs show.",
        discussion: """
            For each FILE the proof is FILE.proof, unless --proof names one. A proof alone is checked too. No key and \
            no network is needed; with --ledger, entries that came later are looked at.
            """)

    @OptionGroup var options: WorkplaceOptions
    @Argument(help: "Documents, folders, or proof files.", completion: .file()) var files: [String] = []
    @Option(help: ArgumentHelp("The proof to check them against.", valueName: "file"), completion: .file()) var proof:
        String?
    @OptionGroup var trust: TrustOption
    @OptionGroup(title: "Whose time-stamps are relied on") var authorities: TimestampAuthorityOptions

    func run() async throws {
        let workplace = try Workplace(options)
        guard !files.isEmpty || proof != nil else {
            throw Failure(
                .usage, "name a document, or a proof with --proof",
                hint: "`indelible verify FILE` reads FILE.proof beside it")
        }
        let lists = try TrustLists(named: trust.named, in: workplace)
        var worst: Failure.Code?
        var reports: [JSON] = []
        for (proofPath, documents) in try checks() {
            let code = try await check(proofPath, documents, lists, workplace, &reports)
            if let code, worst == nil || code.rawValue < (worst?.rawValue ?? 0) { worst = code }
        }
        if workplace.speaksJSON { Console.data(JSON.object([JSON.Member("proofs", .array(reports))])) }
        if let worst { throw Ended(code: worst) }
    }

    /// Each proof with the documents that are to be compared with it.
    private func checks() throws -> [(proof: FilePath, documents: [FilePath])] {
        if let proof { return [(FilePath(proof), files.map { FilePath($0) })] }
        return try files.map { file in
            let path = FilePath(file)
            if path.extension == "proof", !DurableFile.exists(FilePath(file + ".proof")) { return (path, []) }
            let beside = try RegisteredPlace(file).proof
            guard DurableFile.exists(path) else { throw FileError("read", path, .noSuchFileOrDirectory) }
            guard DurableFile.exists(beside) else {
                throw Failure(
                    .cannotTell, "there is no proof beside \(Shown.path(path))",
                    hint: "name it with --proof; whoever registered the document has it")
            }
            return (beside, [path])
        }
    }

    /// Checks one proof and reports; gives the code to end with, if not all is well.
    private func check(
        _ path: FilePath, _ documents: [FilePath], _ lists: TrustLists, _ workplace: Workplace,
        _ reports: inout [JSON]
    ) async throws -> Failure.Code? {
        let proof = try ProofFile(reading: path)
        let (verified, trust): (VerifiedProof, Workplace.Trust)
        do throws(ProofVerificationError) {
            (verified, trust) = try lists.verified(proof)
        } catch {
            return report(error, path, lists.first, workplace, &reports)
        }
        let comparisons = try compare(documents, verified)
        var later: LaterEntries?
        if workplace.isLedgerNamed {
            later = try await workplace.reading(trust.policy) { reader, index in
                guard try await reader.entry(at: proof.index).bytes == proof.entry.bytes else {
                    throw ProofRenewal.RenewalError.anotherEntry(proof.index)
                }
                return try await LaterEntries(in: reader, index, bearingOn: verified)
            }
        }
        let claims = ClaimsReport(
            proof: verified, trust: trust, comparisons: comparisons,
            folder: documents.count == 1 ? documents.first.flatMap { DurableFile.isFolder($0) ? $0 : nil } : nil,
            later: later,
            timestamps: TimestampWords(
                timestamps: verified.timestamps(judgedBy: try relied(for: proof, workplace)),
                now: Moment.now()),
            language: workplace.language)
        if workplace.speaksJSON {
            reports.append(claims.json)
        } else {
            claims.lines.forEach { Console.data($0) }
            if let note = lists.note(on: trust, workplace.language) { Console.note(note) }
            if let document = comparisons.first(where: { $0.result == .nothingToCompare })?.path {
                noteText(of: verified, in: path, for: document, workplace.language)
            }
        }
        if claims.holds { return nil }
        let isJustUnknown = comparisons.contains { $0.result == .nothingToCompare } && !claims.isContradictory
        return isJustUnknown ? .cannotTell : .doesNotHold
    }

    /// Whose time-stamps are relied on. Where the proof has none, no certificate is looked at.
    private func relied(for proof: ProofFile, _ workplace: Workplace) throws -> TimestampAuthorities {
        proof.timestamps.isEmpty ? TimestampAuthorities() : try workplace.timestampAuthorities(authorities)
    }

    private func compare(_ documents: [FilePath], _ verified: VerifiedProof) throws -> [DocumentComparison] {
        try documents.flatMap { path in
            let place = try RegisteredPlace(path.string)
            return try place.read(keepingText: true).map { DocumentComparison($0, with: verified.exhibit) }
        }
    }

    /// Says how a document compares with a proof that shows words of it, and not its hash.
    private func noteText(of proof: VerifiedProof, in path: FilePath, for document: FilePath, _ language: Language) {
        guard proof.exhibit?.filesWithText.isEmpty == false else { return }
        let command = "indelible compare \(Shown.path(document)) --proof \(Shown.path(path))"
        Console.note(
            language == .english
                ? "The proof shows text: `\(command)` compares the words of the document with it."
                : "此凭证显示了文字:可用 \(command) 逐词对照。")
    }

    /// Says which check failed. A log that the trust list does not know is no failure of the proof.
    private func report(
        _ error: ProofVerificationError, _ path: FilePath, _ trust: Workplace.Trust, _ workplace: Workplace,
        _ reports: inout [JSON]
    ) -> Failure.Code {
        let code: Failure.Code
        var log = "?"
        if case .inclusion(.checkpoint(.unknownOrigin(let origin))) = error {
            (code, log) = (.cannotTell, Shown.bytes(origin.utf8))
        } else {
            code = .doesNotHold
        }
        let name = Shown.path(path)
        let line =
            switch (workplace.language, code) {
            case (.english, .cannotTell):
                "\(name): CANNOT BE TOLD: the trust list \"\(trust.name)\" does not name this proof's log, which calls itself \"\(log)\""
            case (.chinese, .cannotTell): "\(name):无从判断:信任名单“\(trust.name)”未列此凭证所属的登记册(自称“\(log)”)"
            case (.english, _): "\(name): DOES NOT HOLD: \(error)"
            case (.chinese, _): "\(name):不成立:\(error)"
            }
        if workplace.speaksJSON {
            reports.append(
                .object([
                    JSON.Member("proof", .text(name)),
                    JSON.Member("holds", code == .cannotTell ? .null : .bool(false)),
                    JSON.Member("reason", .text("\(error)")),
                ]))
        } else {
            Console.data(line)
            switch (workplace.language, code) {
            case (.english, .cannotTell):
                Console.note("Name the trust list that names it with --trust, if you rely on that log.")
            case (.chinese, .cannotTell): Console.note("若信赖该登记册,请以 --trust 指明列有它的信任名单。")
            case (.english, _):
                Console.note("Nothing else that this proof says is reported: what does not hold shows nothing.")
            case (.chinese, _): Console.note("凭证不成立时,其余内容一概不予显示。")
            }
        }
        return code
    }
}
