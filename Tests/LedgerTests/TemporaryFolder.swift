// SPDX-License-Identifier: Apache-2.0
import Foundation
import SystemPackage

/// A folder of its own for a test, removed when the value goes away. It is in memory where that can be had: flushing
/// every write to a disk takes most of the time of a test.
final class TemporaryFolder: Sendable {
    /// The folder.
    let path: FilePath

    init() throws {
        let memory = "/dev/shm"
        let root =
            FileManager.default.isWritableFile(atPath: memory) ? memory : FileManager.default.temporaryDirectory.path
        path = FilePath(root).appending("ledger-\(UUID())")
        try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path.string)
    }

    /// A path within.
    func callAsFunction(_ name: String) -> FilePath { path.appending(name) }

    /// Writes a file, with the folders above it.
    @discardableResult
    func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> FilePath {
        let file = self(name)
        try FileManager.default.createDirectory(
            atPath: file.removingLastComponent().string, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(fileURLWithPath: file.string))
        return file
    }

    @discardableResult
    func write(_ text: String, to name: String) throws -> FilePath { try write(Array(text.utf8), to: name) }

    func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: self(name).string, withIntermediateDirectories: true)
    }

    func read(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: self(name).string)))
    }

    /// The paths of all files below, in order.
    func files(in name: String = ".") throws -> [String] {
        let root = self(name).string
        return (FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String } ?? []).filter { path in
            var isFolder: ObjCBool = false
            return !FileManager.default.fileExists(atPath: root + "/" + path, isDirectory: &isFolder)
                || !isFolder.boolValue
        }.sorted()
    }

    /// Copies what stands at one path to another.
    func copy(_ from: FilePath, to name: String) throws {
        try FileManager.default.copyItem(atPath: from.string, toPath: self(name).string)
    }
}

extension FilePath {
    /// The permission bits of what stands here.
    var mode: Int {
        get throws {
            try (FileManager.default.attributesOfItem(atPath: string)[.posixPermissions] as? NSNumber)?.intValue ?? -1
        }
    }
}
