// SPDX-License-Identifier: Apache-2.0
import Ledger
import SystemPackage

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
