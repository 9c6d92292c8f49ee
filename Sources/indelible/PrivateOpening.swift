// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// A `.private` or `.draft` file that one of the person's keys opened, with the texts that it carries where they are
/// asked for.
struct PrivateOpening {
    let path: FilePath
    let contents: PrivateContents
    /// The key that opened it.
    let holder: VerifierKey
    /// The texts of the files that are cut and carried; nil where they were not kept.
    private let carriedTexts: [ExhibitPath: [UInt8]]?

    /// Opens the file with whichever of the person's keys does. All of it is checked; `keepingTexts` says whether the
    /// texts in it are needed, which may be many times what anything else takes in memory.
    init(_ path: FilePath, in workplace: Workplace, key: String? = nil, keepingTexts: Bool = false) throws {
        let keys = try key.map { [try workplace.ownKeyFile($0)] } ?? workplace.home.list()
        guard !keys.isEmpty else {
            throw Failure(
                .cannotTell, "there are no keys in \(Shown.path(workplace.home.folder))",
                hint: "INDELIBLE_HOME names the folder of your keys")
        }
        // The file does not say whose it is; the key that registers is the likeliest.
        let isLikeliest = { (key: KeyFile) in key.verifierKey.name.description == "registrar" }
        var failure: any Error = PrivateFile.ReadError.notForTheseKeys
        for key in keys.filter(isLikeliest) + keys.filter({ !isLikeliest($0) }) {
            do {
                let opened = try workplace.prompt.open(key)
                var texts: [ExhibitPath: [UInt8]] = [:]
                contents = try PrivateFile.read(path, with: [opened]) { file, part in
                    // Texts are cut up to a size, and only those that are cut are needed again.
                    guard keepingTexts, file.lengths != nil, file.size <= DocumentReader.longestCutText else { return }
                    texts[file.path, default: []] += part
                }
                carriedTexts = keepingTexts ? texts : nil
                holder = key.verifierKey
                self.path = path
                return
            } catch PrivateFile.ReadError.notForTheseKeys {
                continue
            } catch let error as Failure where error.code == .cannotTell {
                // A key that its passphrase does not open may not be the one.
                failure = error
            }
        }
        throw failure
    }

    /// The proof that it holds.
    func proof() throws -> ProofFile {
        guard let proof = contents.proof else {
            throw Failure(
                .usage, "\(Shown.path(path)) is not registered yet",
                hint: contents.details != nil
                    ? "when the log has its filing, run the `indelible custody` command again that left it"
                    : "run `indelible register` on its document again, or `indelible submit` for a draft that several sign"
            )
        }
        return proof
    }

    /// The name of what was registered, without the ending of this file: where the documents may stand.
    var documentPath: FilePath {
        var path = path
        path.extension = nil
        return path
    }

    /// The texts of the files that are cut, by path: carried in the file, or read from the documents.
    ///
    /// A document that was renamed or moved is known by its hash. The file must have been opened `keepingTexts`.
    func texts(from documents: FilePath? = nil) throws -> [ExhibitPath: [UInt8]] {
        guard let carriedTexts else { preconditionFailure("texts are kept where they are needed") }
        let cut = (contents.exhibit?.files ?? []).filter { $0.lengths != nil }
        guard cut.contains(where: { carriedTexts[$0.path] == nil }) || documents != nil else { return carriedTexts }
        let place = documents ?? documentPath
        guard DurableFile.exists(place) else {
            throw Failure(
                .usage, "the document of \(Shown.path(path)) is not beside it, nor in it",
                hint: "say where it is with --document; without its text no part of it can be shown or struck out")
        }
        let progress = Progress("reading \(Shown.path(place))", total: nil, unit: "bytes")
        defer { progress.finish() }
        let read = try DocumentReader(keepsText: true) { progress.reach($0) }.read(place)
        var texts: [ExhibitPath: [UInt8]] = [:]
        for file in cut {
            guard let text = read.first(where: { $0.sha256 == file.sha256 })?.text else {
                throw Failure(
                    .usage, "\(Shown.path(place)) is not the document of \(Shown.path(path)), byte for byte",
                    hint: "bring the document as it was registered; --document says where it is")
            }
            texts[file.path] = text
        }
        return texts
    }
}

extension Workplace {
    /// The proof in a file: a `.proof`, or a `.private` that one of the person's keys opens.
    func proof(at path: FilePath) throws -> ProofFile {
        guard path.extension == "private" || path.extension == "draft" else {
            return try ProofFile(reading: path)
        }
        return try PrivateOpening(path, in: self).proof()
    }
}
