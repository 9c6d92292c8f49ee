// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// A document or folder with the files that a registration writes beside it.
struct RegisteredPlace {
    let path: FilePath

    /// A place by its name; a slash at its end changes nothing.
    init(_ argument: String) throws {
        let path = FilePath(argument)
        guard let last = path.lastComponent, last.kind == .regular else {
            throw Failure(
                .usage,
                argument.isEmpty ? "an empty name names nothing" : "\(Shown.path(path)) is no file or folder by name",
                hint: "name a file or a folder by its own name, from the folder above it")
        }
        self.path = path
    }

    var proof: FilePath { beside("proof") }
    var `private`: FilePath { beside("private") }
    var draft: FilePath { beside("draft") }
    var filing: FilePath { beside("filing") }
    /// What `submit` gives to those who carry the filing to the log.
    var filingProof: FilePath { beside("filing.proof") }

    /// A draft that went around to be vouched for, while it is being registered.
    var signedDraft: FilePath { beside("signed.draft") }
    /// What somebody attests of it, by the name of their key as a file can bear it.
    func attestation(by name: String) -> FilePath { beside(name + ".attestation") }

    /// The files at this place, in the order of their names.
    func files() throws -> [(name: [UInt8], path: FilePath, size: UInt64)] {
        try DocumentReader(keepsText: false).files(at: path)
    }

    /// Reads the documents, with progress.
    func read(keepingText: Bool) throws -> [ReadDocument] {
        let total = try files().reduce(0) { $0 + $1.size }
        let progress = Progress("hashing \(Shown.path(path))", total: total, unit: "bytes")
        defer { progress.finish() }
        return try DocumentReader(keepsText: keepingText) { progress.reach($0) }.read(path)
    }

    /// The proof, if this very document was registered in this log before; nil where there is none.
    func finished(for log: Origin) throws -> ProofFile? {
        guard DurableFile.exists(self.private),
            let bytes = try DurableFile.readIfPresent(proof, limit: JSON.maximumByteCount),
            !DurableFile.exists(draft), let proof = try? ProofFile(parsing: bytes), proof.entry.filing.log == log,
            let exhibit = proof.exhibit.flatMap({ try? ExhibitOpening($0) })
        else { return nil }
        let hashes = exhibit.parts.compactMap { part in
            if case .file(_, let hash) = part.content { hash } else { nil }
        }
        return try read(keepingText: false).map(\.sha256) == hashes ? proof : nil
    }

    /// A registration that was begun here and not finished. The filing may have left for the log, and its proof come
    /// back.
    func begun(in workplace: Workplace, key: String?, for log: Origin) throws -> PreparedRegistration? {
        guard DurableFile.exists(draft) else { return nil }
        let begun: Filing
        if DurableFile.exists(filing) {
            begun = try FilingDraft(reading: filing).finished().filing
        } else if DurableFile.exists(filingProof) {
            begun = try ProofFile(reading: filingProof).entry.filing
        } else {
            return try returned(in: workplace, key: key, for: log)
        }
        guard begun.log == log else {
            throw Failure(
                .usage, "\(Shown.path(draft)) was begun for another log, \(Shown.bytes(begun.log.utf8))",
                hint: "name the folder of that log's trust list with --keys, or move .draft and .filing away")
        }
        let contents = try PrivateOpening(draft, in: workplace, key: key).contents
        guard contents.dossier != nil || contents.exhibit == nil else {
            throw Failure(
                .usage, "\(Shown.path(draft)) waits for attestations; the filing beside it is of something else",
                hint: "`indelible submit \(Shown.path(draft))` registers it, with the attestations named beside it")
        }
        return try PreparedRegistration(filing: begun, draft: contents, documents: try read(keepingText: true))
    }

    /// A registration that was finished here and whose draft is there again, without its filing: a power cut can bring back
    /// a name whose removal was not flushed. To finish it once more is to remove the draft.
    private func returned(in workplace: Workplace, key: String?, for log: Origin) throws -> PreparedRegistration? {
        guard DurableFile.exists(self.private),
            let bytes = try DurableFile.readIfPresent(proof, limit: JSON.maximumByteCount),
            let logged = try? ProofFile(parsing: bytes).entry.filing, logged.log == log
        else { return nil }
        let contents = try PrivateOpening(draft, in: workplace, key: key).contents
        // Another draft of this document waits for attestations, or is of another registration.
        guard contents.dossier != nil else { return nil }
        do {
            return try PreparedRegistration(filing: logged, draft: contents, documents: try read(keepingText: true))
        } catch is OpenRegistration.Mismatch {
            return nil
        }
    }

    /// Removes what a registration was begun with, the draft first: a filing alone is begun anew. After a power cut too.
    func removeBegun() throws {
        try DurableFile.remove(draft, flushingName: true)
        try DurableFile.remove(filing)
    }

    /// Puts the draft back that went around to be vouched for, in the place of what was begun with it.
    func restoreSignedDraft() throws {
        // Beside a filing it waits for attestations all the same.
        try DurableFile.rename(signedDraft, to: draft)
        try DurableFile.remove(filing)
    }

    /// Removes the filing of a registration that is in the log and whose proof is here.
    func clear(_ registered: Filing) throws {
        if try DurableFile.readIfPresent(filing, limit: Entry.maximumByteCount) == registered.bytes {
            try DurableFile.remove(filing)
        }
    }

    /// Throws if files of an earlier registration are in the way.
    func refuseIfTaken(force: Bool) throws {
        guard !force else { return }
        if DurableFile.exists(draft) {
            throw Failure(
                .usage, "\(Shown.path(draft)) is there without \(Shown.path(filing))",
                hint:
                    "if others are to vouch for it, `indelible submit` registers it with their attestations; otherwise put the .filing back, or the .filing.proof that came of it; to begin anew, move the draft away"
            )
        }
        for taken in [proof, self.private] where DurableFile.exists(taken) {
            throw Failure(
                .usage, "\(Shown.path(taken)) is there already, of another document or another log",
                hint: "move it away and keep it: without the private file nothing can be redacted or renewed")
        }
    }

    private func beside(_ suffix: String) -> FilePath {
        let bytes = path.withPlatformString { String(cString: $0) }
        var name = bytes
        while name.hasSuffix("/") { name.removeLast() }
        return FilePath(name + "." + suffix)
    }
}
