// SPDX-License-Identifier: Apache-2.0
import Evidence
import Ledger
import SystemPackage

/// The file that a report is kept in, as JSON or in one other form; its name says which.
struct ReportFile {
    private let path: FilePath
    private let conflict: DurableFile.Conflict

    /// Takes a name that ends in `.json` or in `form`. Throws before there is anything to write.
    init(_ name: String, form: String, force: Bool) throws {
        path = FilePath(name)
        conflict = force ? .replace : .refuse
        guard path.extension == form || path.extension == "json" else {
            throw Failure(
                .usage, "\(Shown.path(path)) is neither a .\(form) nor a .json file",
                hint: "its name says which the report is to be")
        }
        guard force || !DurableFile.exists(path) else {
            throw Failure(.usage, "\(Shown.path(path)) is there already", hint: "name another file, or say --force")
        }
    }

    /// Writes the report in the form that the name says.
    func write(json: @autoclosure () -> JSON, otherwise text: @autoclosure () -> String) throws {
        let bytes = path.extension == "json" ? json().encoded(lines: 4) : Array(text().utf8)
        try DurableFile.write(bytes, to: path, ifTaken: conflict)
    }
}
