// SPDX-License-Identifier: Apache-2.0
import ArgumentParser
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// Takes the documents out of a private file that somebody locked.
struct UnlockCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "unlock",
        abstract: "Open a private file that was locked for you: its documents, and a private file for your own key.",
        discussion: """
            Writes the documents into this folder, or DIR; several into a folder named like FILE. Nothing is replaced, \
            and nothing appears before all of it has been checked. The names come from whoever made the file.
            """)

    @OptionGroup var options: WorkplaceOptions
    @Argument(help: "A .private or .draft file.", completion: .file(extensions: ["private", "draft"])) var file: String
    @Option(
        name: [.short, .long], help: ArgumentHelp("The folder to write into; it is made if need be.", valueName: "dir"))
    var output: String?
    @Option(help: ArgumentHelp("The name of your key that opens it.", valueName: "name")) var key: String?

    func run() throws {
        let workplace = try Workplace(options)
        let source = try PrivateName(file)
        let opening = try PrivateOpening(source.path, in: workplace, key: key)
        let contents = opening.contents
        let opener = try workplace.ownKey(opening.holder.name.description)
        let files = contents.exhibit?.files ?? []
        guard !files.isEmpty, files.allSatisfy(\.isCarried) else {
            throw Failure(
                .usage, "the documents are not in \(Shown.path(source.path))",
                hint: "whoever has them puts them in with `indelible lock`")
        }
        let folder = FilePath(output ?? "")
        let name = try name(files, source)
        let target = folder.appending(name)
        let own = folder.appending("\(name.string).\(source.suffix)")
        for taken in [target, own] where DurableFile.exists(taken) { throw FileError("write", taken, .fileExists) }
        if !folder.isEmpty { try DurableFile.makeFolder(folder, mode: 0o700) }

        let total = files.reduce(0) { $0 + $1.size }
        let progress = Progress("unlocking \(Shown.path(source.path))", total: total, unit: "bytes")
        defer { progress.finish() }
        do {
            let documents = try UnlockedDocuments(files.map(\.path), in: folder, for: name)
            var written: UInt64 = 0
            let again = try PrivateFile.read(source.path, with: [opener]) { file, part in
                try documents.append(part, to: file.path)
                written += UInt64(part.count)
                progress.reach(written)
            }
            guard again == contents else { throw PrivateFile.ReadError.damaged }
            try documents.place(as: name, isSingle: Self.isSingle(files))
        } catch let error as UnlockedDocuments.NameError {
            throw Self.failure(error)
        }
        try PrivateFile.write(contents.carryingAll(false), to: [opener.verifierKey], at: own, ifTaken: .refuse)
        report(target, own, files, workplace)
    }

    private static func isSingle(_ files: [PrivateContents.File]) -> Bool {
        files.count == 1 && !files[0].path.utf8.contains(UInt8(ascii: "/"))
    }

    /// What the documents will be called: a single one as it was registered, several like the file they came in.
    private func name(_ files: [PrivateContents.File], _ source: PrivateName) throws -> FilePath.Component {
        guard Self.isSingle(files) else {
            guard let name = FilePath.Component(source.stem) else {
                throw Failure(.usage, "\(Shown.path(source.path)) gives no name to a folder", hint: "rename it")
            }
            return name
        }
        let path = files[0].path
        // A hidden file in a folder that is in use could change how the person's other programs behave.
        guard output != nil || path.utf8.first != UInt8(ascii: ".") else {
            throw Failure(
                .usage, "the document would be the hidden file \(Shown.bytes(path.utf8))",
                hint: "name a folder for it with -o")
        }
        guard !path.utf8.contains(0), let name = FilePath.Component(String(decoding: path.utf8, as: UTF8.self)) else {
            throw Self.failure(.impossible(path))
        }
        return name
    }

    private static func failure(_ error: UnlockedDocuments.NameError) -> Failure {
        switch error {
        case .impossible(let path):
            Failure(.usage, "no file can be called \(Shown.bytes(path.utf8))", hint: "nothing was written")
        case .conflict(let path):
            Failure(
                .usage, "\(Shown.bytes(path.utf8)) would have to be a file and a folder", hint: "nothing was written")
        }
    }

    private func report(_ target: FilePath, _ own: FilePath, _ files: [PrivateContents.File], _ workplace: Workplace) {
        if workplace.speaksJSON {
            return Console.data(
                JSON.object([
                    JSON.Member("documents", .text(Shown.path(target))),
                    JSON.Member("count", .number(UInt64(files.count))),
                    JSON.Member("private", .text(Shown.path(own))),
                ]))
        }
        let path = Shown.path(target)
        switch workplace.language {
        case .english:
            let several = files.count > 1 ? " (\(files.count) documents)" : ""
            Console.note("\(path)\(several): as the private file describes it, byte for byte")
            Console.note("\(Shown.path(own)): for your key alone")
            Console.note(
                "  Whether it is what the log holds, `indelible share \(Shown.path(own))` and `indelible verify \(path)` tell."
            )
        case .chinese:
            let several = files.count > 1 ? "(\(files.count) 份材料)" : ""
            Console.note("\(path)\(several):与私存件所述逐字节一致")
            Console.note("\(Shown.path(own)):仅您的密钥可打开")
            Console.note("  是否即册中登记之物,请用 indelible share \(Shown.path(own)) 与 indelible verify \(path) 核对。")
        }
    }
}
