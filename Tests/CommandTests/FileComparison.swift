// SPDX-License-Identifier: Apache-2.0
import Foundation

/// Two files, or two folders with all they hold, byte for byte.
struct FileComparison {
    /// What differs first, in words; nil if nothing does.
    let difference: String?

    init(_ first: String, _ second: String) throws {
        difference = try FileComparison.difference(first, second)
    }

    private static func difference(_ first: String, _ second: String) throws -> String? {
        guard isFolder(first) || isFolder(second) else { return try contents(first, second) }
        guard isFolder(first), isFolder(second) else { return "one is a folder" }
        let files = FileManager.default
        let names = try [first, second].map { Set(try files.subpathsOfDirectory(atPath: $0)) }
        if let odd = names[0].symmetricDifference(names[1]).min() { return "only one has \(odd)" }
        for name in names[0].sorted() {
            let pair = (first + "/" + name, second + "/" + name)
            if isFolder(pair.0), isFolder(pair.1) { continue }
            if let difference = try difference(pair.0, pair.1) { return "\(name): \(difference)" }
        }
        return nil
    }

    private static func contents(_ first: String, _ second: String) throws -> String? {
        let data = try [first, second].map { path in
            guard let data = FileManager.default.contents(atPath: path) else {
                throw ScriptProblem("\((path as NSString).lastPathComponent) cannot be read")
            }
            return data
        }
        guard data[0] != data[1] else { return nil }
        let same = zip(data[0], data[1]).prefix { $0 == $1 }.count
        let line = data[0].prefix(same).count { $0 == 0x0A } + 1
        return "they differ from byte \(same) on, in line \(line); \(data[0].count) and \(data[1].count) bytes"
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}
