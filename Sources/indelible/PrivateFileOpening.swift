// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage
import TransparencyLog

/// The opening of a private file with one of the person's keys.
extension Workplace {
    /// What a private file holds, and the key that opened it. The file does not say whose it is: without a name, each
    /// key is tried, the one that registers first.
    func openPrivate(_ path: FilePath, with name: String?) throws -> (contents: PrivateContents, key: NoteSigner) {
        if let name {
            let key = try ownKey(name)
            return (try PrivateFile.read(path, with: [key]), key)
        }
        // What is no private file is found out before a passphrase is asked for.
        _ = try PrivateFile.recipientCount(path)
        let keys = try home.list()
        guard !keys.isEmpty else {
            throw Failure(
                .cannotTell, "there are no keys in \(Shown.path(home.folder))",
                hint: "INDELIBLE_HOME names the folder of your keys")
        }
        let isLikeliest = { (key: KeyFile) in key.verifierKey.name.description == "registrar" }
        var failure: any Error = PrivateFile.ReadError.notForTheseKeys
        for key in keys.filter(isLikeliest) + keys.filter({ !isLikeliest($0) }) {
            do {
                let opened = try prompt.open(key)
                return (try PrivateFile.read(path, with: [opened]), opened)
            } catch PrivateFile.ReadError.notForTheseKeys {
                continue
            } catch let error as Failure where error.code == .cannotTell {
                // A key that its passphrase does not open may not be the one.
                failure = error
            }
        }
        throw failure
    }
}

/// The name of a private file, and what it is beside.
struct PrivateName {
    let path: FilePath
    /// `private`, or `draft` before registration.
    let suffix: String
    /// The name without its suffixes: the document's, where it is beside it.
    let stem: String

    init(_ argument: String) throws {
        path = FilePath(argument)
        guard let last = path.lastComponent, last.kind == .regular, let end = last.extension,
            end == "private" || end == "draft", !last.stem.isEmpty
        else {
            throw Failure(
                .usage, "\(Shown.bytes(argument.utf8)) is no private file by its name",
                hint: "a private file ends in .private, or .draft before it is registered")
        }
        suffix = end
        stem = last.stem.hasSuffix(".locked") ? String(last.stem.dropLast(7)) : last.stem
    }

    /// Where the documents are, if they are beside it.
    var place: FilePath { path.removingLastComponent().appending(stem) }
    /// Where it goes when it is locked for others.
    var locked: FilePath { path.removingLastComponent().appending("\(stem).locked.\(suffix)") }
}
