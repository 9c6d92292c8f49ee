// SPDX-License-Identifier: Apache-2.0
import CSodium
import Glibc
public import SystemPackage

/// The end of a file, as far as a program can bring it about: overwritten once, flushed, cut to nothing, given a name
/// that says nothing, and removed.
///
/// Journals, copies that the file system or a flash disk made of old blocks, snapshots and backups are beyond it.
public enum Erasure {
    /// What became of a file.
    public enum Outcome: Sendable, Hashable {
        /// It was overwritten and removed.
        case overwritten
        /// The name was removed; the same bytes have other names, and were left.
        case hasOtherNames
        /// The link was removed; what it points to was left.
        case wasLink
        /// It held no bytes of its own: a folder, a pipe.
        case removed
    }

    /// Erases a file. Of a link only the link goes, never what it points to.
    public static func erase(_ path: FilePath) throws(FileError) -> Outcome {
        var status = stat()
        guard path.withPlatformString({ lstat($0, &status) }) == 0 else { throw FileError(last: "erase", path) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            guard status.st_mode & S_IFMT != S_IFDIR else { throw FileError("erase", path, .isDirectory) }
            try removeName(path, isFolder: false)
            return status.st_mode & S_IFMT == S_IFLNK ? .wasLink : .removed
        }
        // Bytes that stand under another name too may be somebody's backup.
        if status.st_nlink > 1 {
            try removeName(path, isFolder: false)
            return .hasOtherNames
        }
        let descriptor = try openForWriting(path)
        defer { close(descriptor) }
        try overwrite(descriptor, path, byteCount: Int(status.st_size))
        guard ftruncate(descriptor, 0) == 0, fsync(descriptor) == 0 else { throw FileError(last: "erase", path) }
        try removeName(path, isFolder: false)
        return .overwritten
    }

    /// Erases a file, or a folder with all that is in it. `body` is told of each file, before its folder goes.
    public static func eraseAll(
        _ path: FilePath, _ body: (FilePath, Outcome) -> Void = { _, _ in }
    ) throws(FileError) {
        try eraseAll(path, depth: 0, body)
    }

    private static func eraseAll(
        _ path: FilePath, depth: Int, _ body: (FilePath, Outcome) -> Void
    ) throws(FileError) {
        guard depth < 256 else { throw FileError("erase", path, .fileNameTooLong) }
        var status = stat()
        guard path.withPlatformString({ lstat($0, &status) }) == 0 else { throw FileError(last: "erase", path) }
        guard status.st_mode & S_IFMT == S_IFDIR else { return body(path, try erase(path)) }
        for name in try DurableFile.names(in: path) { try eraseAll(path.appending(name), depth: depth + 1, body) }
        try removeName(path, isFolder: true)
        body(path, .removed)
    }

    private static func openForWriting(_ path: FilePath) throws(FileError) -> Int32 {
        let flags = O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        var descriptor = path.withPlatformString { open($0, flags) }
        if descriptor < 0, errno == EACCES, path.withPlatformString({ chmod($0, 0o600) }) == 0 {
            descriptor = path.withPlatformString { open($0, flags) }
        }
        guard descriptor >= 0 else { throw FileError(last: "erase", path) }
        return descriptor
    }

    /// Writes noise over the bytes of a file, and flushes it.
    package static func overwrite(
        _ descriptor: Int32, _ path: FilePath, byteCount size: Int
    ) throws(FileError) {
        // Random bytes, since some file systems and disks store zeros as a note that there are zeros.
        var noise = [UInt8](repeating: 0, count: max(1, min(size, 1 << 20)))
        var offset = 0
        while offset < size {
            randombytes_buf(&noise, noise.count)
            let count = noise.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress, min($0.count, size - offset), offset)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw FileError(last: "erase", path)
            }
            offset += count
        }
        guard fsync(descriptor) == 0 else {
            throw FileError(last: "erase", path)
        }
    }

    /// Takes the name away, by way of one that says nothing: some file systems keep old names in their folders.
    private static func removeName(_ path: FilePath, isFolder: Bool) throws(FileError) {
        let random = String(UInt64.random(in: .min ... .max), radix: 36)
        let nameless = path.removingLastComponent().appending(random)
        let isRenamed = path.withPlatformString { old in nameless.withPlatformString { rename(old, $0) } } == 0
        let last = isRenamed ? nameless : path
        guard last.withPlatformString({ isFolder ? rmdir($0) : unlink($0) }) == 0 else {
            throw FileError(last: "erase", last)
        }
        try DurableFile.flushFolder(of: path)
    }
}
