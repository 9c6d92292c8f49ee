// SPDX-License-Identifier: Apache-2.0
import Glibc
public import SystemPackage

/// Folders, of which the names are made durable as the bytes of files are.
extension DurableFile {
    /// Makes a folder and those above it, each flushed into the one that holds it. One that is there is left.
    public static func makeFolder(_ path: FilePath, mode: UInt32 = 0o755) throws(FileError) {
        if path.withPlatformString({ mkdir($0, mode) }) == 0 {
            do throws(FileError) {
                return try synchronizeFolder(path.removingLastComponent())
            } catch {
                // The next call is to make it again: a second flush of the same name may tell what is not so.
                _ = path.withPlatformString { rmdir($0) }
                throw error
            }
        }
        switch Errno(rawValue: errno) {
        case .fileExists:
            guard isFolder(path) else { throw FileError("make folder", path, .notDirectory) }
            // Something is in it only after its name was flushed. What may not be read was not made here.
            do throws(FileError) {
                guard try isEmpty(path) else { return }
                // Its flush may have failed before, and it could not be removed then.
                try nameAnew(emptyFolder: path)
                try synchronizeFolder(path.removingLastComponent())
            } catch  where error.errno == .permissionDenied {}
        case .noSuchFileOrDirectory where !path.removingLastComponent().isEmpty:
            try makeFolder(path.removingLastComponent(), mode: mode)
            try makeFolder(path, mode: mode)
        case let reason: throw FileError("make folder", path, reason)
        }
    }

    /// Makes durable what was renamed or removed beside `path`.
    static func flushFolder(of path: FilePath) throws(FileError) {
        try synchronizeFolder(path.removingLastComponent())
    }

    /// Whether a folder stands at `path`.
    public static func isFolder(_ path: FilePath) -> Bool {
        var status = stat()
        return path.withPlatformString({ stat($0, &status) }) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The names in a folder, "." and ".." left out, in byte order.
    public static func names(in folder: FilePath) throws(FileError) -> [FilePath.Component] {
        guard let stream = folder.withPlatformString({ opendir($0) }) else { throw FileError(last: "list", folder) }
        defer { closedir(stream) }
        var names: [FilePath.Component] = []
        while true {
            errno = 0
            guard let entry = Glibc.readdir(stream) else { break }
            let path = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { FilePath(platformString: $0) }
            }
            if let name = path.lastComponent, name.kind == .regular { names.append(name) }
        }
        // The end and a failure both give nothing: a list must not pass for the whole of one.
        guard errno == 0 else { throw FileError(last: "list", folder) }
        return names.sorted { $0.string.utf8.lexicographicallyPrecedes($1.string.utf8) }
    }

    // MARK: -

    /// Makes the names in a folder durable.
    static func synchronizeFolder(_ path: FilePath) throws(FileError) {
        let folder: FilePath = path.isEmpty ? "." : path
        let descriptor = folder.withPlatformString { open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw FileError(last: "flush", folder) }
        defer { close(descriptor) }
        try synchronize(descriptor, folder)
    }

    /// Whether nothing is in a folder.
    private static func isEmpty(_ folder: FilePath) throws(FileError) -> Bool {
        guard let stream = folder.withPlatformString({ opendir($0) }) else { throw FileError(last: "list", folder) }
        defer { closedir(stream) }
        // Two of them are "." and "..".
        for _ in 0..<3 where Glibc.readdir(stream) == nil { return true }
        return false
    }
}
