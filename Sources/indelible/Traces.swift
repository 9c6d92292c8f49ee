// SPDX-License-Identifier: Apache-2.0
import Ledger
import SystemPackage

/// The files that the tool made for a document, or keeps of a person, as they are found on this machine.
struct Traces {
    /// What is there, in the order in which it is erased: secrets before the documents that they are of.
    private(set) var paths: [FilePath] = []

    private static let ownSuffixes = [
        "private", "draft", "signed.draft", "locked.private", "locked.draft", "filing", "attestation",
    ]
    private static let proofSuffixes = ["proof", "filing.proof"]

    /// Adds what stands beside a document; or a file itself that only the tool makes.
    mutating func add(of place: RegisteredPlace, documents: Bool, proofs: Bool) throws {
        guard let name = place.path.lastComponent else { return }
        let suffixes = Self.ownSuffixes + (proofs ? Self.proofSuffixes : [])
        let isOwn = (Self.ownSuffixes + ["proof"]).contains { Array(name.string.utf8).hasSuffix(".\($0)") }
        let beside = suffixes.compactMap { FilePath.Component("\(name.string).\($0)") }
        let folder = place.path.removingLastComponent()
        // Temporary files of this document's files: what a run that was killed left behind, in the clear even.
        let siblings = try names(in: folder)
        let attested = siblings.filter { Self.isAttestation($0, of: name, among: siblings) }
        let temporary = siblings.filter { found in
            ([name] + beside + attested).contains { TemporaryName.isOne(found, for: $0) }
        }
        for found in temporary + beside + attested + (documents || isOwn ? [name] : []) {
            let path = folder.appending(found)
            if DurableFile.exists(path), !paths.contains(path) { paths.append(path) }
        }
    }

    /// Adds every private key in a person's own folder, and what was left of writing one.
    mutating func add(keysIn home: KeyStore) throws {
        for name in try names(in: home.folder) {
            let bytes = Array(name.string.utf8)
            if bytes.hasSuffix(".pem") || bytes.starts(with: ".".utf8) && bytes.hasSuffix(".tmp") {
                paths.append(home.folder.appending(name))
            }
        }
    }

    private func names(in folder: FilePath) throws -> [FilePath.Component] {
        let folder = folder.isEmpty ? "." : folder
        return DurableFile.isFolder(folder) ? try DurableFile.names(in: folder) : []
    }

    /// Whether a file is an attestation of this document by its name, `NAME.KEY.attestation`; not where
    /// `NAME` with the first words of `KEY` is another document, or was.
    private static func isAttestation(
        _ found: FilePath.Component, of name: FilePath.Component, among siblings: [FilePath.Component]
    ) -> Bool {
        let bytes = Array(found.string.utf8)
        let start = Array("\(name.string).".utf8)
        guard bytes.starts(with: start), bytes.hasSuffix(".attestation") else { return false }
        let end = bytes.count - ".attestation".utf8.count
        guard start.count < end else { return false }
        let dot = UInt8(ascii: ".")
        return !(start.count..<end).contains { place in
            guard bytes[place] == dot else { return false }
            let others = ["", ".private", ".draft", ".proof"].map { Array(bytes[..<place]) + Array($0.utf8) }
            return siblings.contains { others.contains(Array($0.string.utf8)) }
        }
    }
}

extension [UInt8] {
    fileprivate func hasSuffix(_ suffix: String) -> Bool {
        suffix.utf8.count < count && self.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    }
}
