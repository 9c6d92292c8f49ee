// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

extension KeyCommand.Revoker {
    /// A revoker's key on a sheet of paper.
    struct Paper: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a sheet of paper with which a relative can revoke your key.",
            discussion: """
                Writes one HTML file to be printed: a fresh key as words and as a square code, and how to use it. The \
                secret half is nowhere else. With --for, the revocation it can sign is left beside the sheet, signed. \
                Name the sheet's vkey with `indelible key enrol --revoker` or `indelible key revoker add`. In English \
                and Chinese, or in one of them by --language.
                """)
        @OptionGroup var options: WorkplaceOptions
        @Option(
            name: .customLong("for"),
            help: ArgumentHelp("The key that it is to revoke: a vkey, or the name of one.", valueName: "vkey|name"))
        var owner: String?
        @Option(help: "Why: \(RevocationReason.all.map(\.word).joined(separator: ", ")).") var reason = "detained"
        @Option(
            name: [.short, .long],
            help: ArgumentHelp("Write the sheet here; - is a text sheet on standard output.", valueName: "sheet.html"))
        var output: String?

        func run() throws {
            let workplace = try Workplace(options)
            guard let reason = RevocationReason(reason) else {
                throw Failure(
                    .usage, "no reason \(Shown.bytes(reason.utf8))",
                    hint: "the reasons are \(RevocationReason.all.map(\.word).joined(separator: ", "))")
            }
            let owner = try owner.map { try workplace.publicKey($0) }
            let log = try owner.map { _ in try workplace.ownLog().origin }
            let key = try PaperKey.random()
            let isText = output == "-"
            guard !isText || !workplace.speaksJSON else {
                throw Failure(
                    .usage, "a sheet and a report cannot both be standard output", hint: "name a file with -o")
            }
            let sheetPath = isText ? nil : FilePath(output ?? "\(key.verifierKey.name).html")
            let filingPath = owner.map { _ in Self.filing(beside: sheetPath, key) }
            guard sheetPath == nil || sheetPath != filingPath else {
                throw Failure(
                    .usage, "the sheet cannot have the name of the filing beside it", hint: "name it SHEET.html")
            }
            for taken in [sheetPath, filingPath].compactMap({ $0 }) where DurableFile.exists(taken) {
                throw FileError("write", taken, .fileExists)
            }
            let sheet = PaperSheet(
                key: key, owner: owner, log: log, reason: reason,
                filing: filingPath?.lastComponent.map { Shown.path(FilePath(root: nil, [$0])) },
                languages: options.language == nil ? Language.allCases : [workplace.language],
                hasCode: !isText)

            // The filing first: a sheet that speaks of it must not be without it.
            if let owner, let log, let filingPath {
                let revocation = try Revocation(key: owner, reason: reason)
                let text = try FilingText(log: log, signers: [key.verifierKey], action: .revoke(revocation))
                let filing = try Filing(text, signedBy: [key.signer])
                try DurableFile.write(filing.bytes, to: filingPath, ifTaken: .refuse, mode: 0o600)
            }
            if let sheetPath {
                guard let html = sheet.html() else { throw Failure(.cannotTell, "no square code could be made") }
                try DurableFile.write(html.bytes, to: sheetPath, ifTaken: .refuse, mode: 0o600)
            } else {
                Console.data(bytes: sheet.text().bytes)
            }
            report(key.verifierKey, sheetPath, filingPath, workplace)
        }

        private func report(
            _ key: VerifierKey, _ sheet: FilePath?, _ filing: FilePath?, _ workplace: Workplace
        ) {
            let hash = SHA256.hash(key.utf8).base64
            if workplace.speaksJSON {
                var members = [JSON.Member("vkey", .text(key.utf8)), JSON.Member("revoker_hash", .text(hash))]
                if let sheet { members.append(JSON.Member("sheet", .text(Shown.path(sheet)))) }
                if let filing { members.append(JSON.Member("filing", .text(Shown.path(filing)))) }
                return Console.data(JSON.object(members))
            }
            if sheet != nil {
                Console.data("\(key)")
                Console.data(hash)
                Console.note("These are the sheet's vkey and its hash.")
            }
            Console.note(
                "Name either with `indelible key enrol --revoker` or `indelible key revoker add`; the log shows the hash."
            )
            if let filing {
                Console.note(
                    "\(Shown.path(filing)) is the revocation, signed: whoever has it can enter it once the key is named."
                )
            }
            if let sheet {
                let path = Shown.path(sheet)
                Console.note(
                    "Print \(path), hand it over, and erase it with `indelible forget --documents \(path)`: whoever has it can revoke the key."
                )
            }
        }

        private static func filing(beside sheet: FilePath?, _ key: PaperKey) -> FilePath {
            guard var path = sheet else { return FilePath("\(key.verifierKey.name).filing") }
            path.extension = "filing"
            return path
        }
    }
}
