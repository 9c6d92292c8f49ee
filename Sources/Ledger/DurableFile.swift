// SPDX-License-Identifier: Apache-2.0
import Glibc
public import SystemPackage

/// The one place that writes files: a file appears whole and durable under its name, or not at all.
///
/// Each write goes to a new file beside the target, is flushed, renamed, and the folder is flushed. A flush that
/// fails is never tried again: the kernel may have dropped what it could not write.
public enum DurableFile {
    /// What happens when the name is taken.
    public enum Conflict: Sendable {
        /// The new file takes the place of the old one in one step.
        case replace
        /// The write is refused with `Errno.fileExists`.
        case refuse
    }

    /// Writes `bytes` to `path`. Without `flushingName` the earlier file may be back after a power cut, whole.
    public static func write(
        _ bytes: [UInt8], to path: FilePath, ifTaken conflict: Conflict = .replace, mode: UInt32 = 0o644,
        flushingName: Bool = true
    ) throws(FileError) {
        let temporary = try writeTemporary(bytes, for: path, mode: mode)
        try place(temporary, at: path, conflict)
        if flushingName { try flushName(of: path, conflict) }
    }

    /// Writes `bytes` over what the file at `path` holds; durable when it returns, torn if it does not.
    ///
    /// For scratch alone. It takes half the time of a `write`: a file of much the same length needs no new blocks and
    /// no new name.
    static func overwrite(_ path: FilePath, with bytes: [UInt8], mode: UInt32) throws(FileError) {
        let isNew = !exists(path)
        let descriptor = path.withPlatformString { open($0, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, mode) }
        guard descriptor >= 0 else { throw FileError(last: "write", path) }
        defer { close(descriptor) }
        if let failure = bytes.withUnsafeBytes({ writeAll($0, to: descriptor, path) }) { throw failure }
        guard ftruncate(descriptor, bytes.count) == 0 else { throw FileError(last: "write", path) }
        guard fdatasync(descriptor) == 0 else { throw FileError(last: "flush", path) }
        guard isNew else { return }
        do throws(FileError) {
            try synchronizeFolder(path.removingLastComponent())
        } catch {
            // The next call is to find it new, and flush its name.
            path.removeName()
            throw error
        }
    }

    /// Writes a file of which the parts come one after another, so that it need not be in memory at once.
    ///
    /// Nothing stays behind if `body` throws.
    public static func write<Failure: Error>(
        to path: FilePath, ifTaken conflict: Conflict = .replace, mode: UInt32 = 0o644,
        _ body: (_ append: @escaping (UnsafeRawBufferPointer) throws(FileError) -> Void) throws(Failure) -> Void
    ) throws {
        let temporary = temporaryPath(for: path)
        let descriptor = try create(temporary, mode: mode)
        do {
            defer { close(descriptor) }
            try body { (bytes) throws(FileError) in
                if let failure = writeAll(bytes, to: descriptor, temporary) { throw failure }
            }
            try synchronize(descriptor, temporary)
        } catch {
            temporary.removeName()
            throw error
        }
        try place(temporary, at: path, conflict)
        try flushName(of: path, conflict)
    }

    /// Makes several files that must never change: each flushed before any appears, each folder flushed once.
    ///
    /// A name that is taken by other bytes refuses the write. One that is taken by the same was left by a call that did
    /// not return. Whether that is on the disk nobody knows, and flushing it once more would not tell: where its flush
    /// failed before, what is read may be nowhere but in memory. So it is written anew, and takes the old one's place.
    static func createImmutable(_ files: [(path: FilePath, bytes: [UInt8])]) throws(FileError) {
        var written: [(temporary: FilePath, path: FilePath, conflict: Conflict)] = []
        var folders: [FilePath] = []
        do throws(FileError) {
            for (path, bytes) in files {
                let folder = path.removingLastComponent()
                if !folders.contains(folder) {
                    try makeFolder(folder)
                    folders.append(folder)
                }
                let isThere = try readIfPresent(path, limit: bytes.count + 1) == bytes
                written.append((try writeTemporary(bytes, for: path, mode: 0o644), path, isThere ? .replace : .refuse))
            }
            for (temporary, path, conflict) in written { try place(temporary, at: path, conflict) }
        } catch {
            // A disk that is full stays usable: nothing of a call that failed is left but what has its name.
            for (temporary, _, _) in written { temporary.removeName() }
            throw error
        }
        for folder in folders { try synchronizeFolder(folder) }
    }

    /// Gives a file another name in the same folder, in the place of what has that name.
    public static func rename(_ path: FilePath, to target: FilePath) throws(FileError) {
        guard path.rename(to: target) == 0 else { throw FileError(last: "rename", path) }
        try synchronizeFolder(target.removingLastComponent())
    }

    /// Gives a file a second name in the same folder, in the place of what has that name; the first can then be
    /// replaced, and at no moment do both lack it. Where files have one name only, it gets the second for the first.
    public static func keep(_ path: FilePath, as target: FilePath) throws(FileError) {
        let temporary = temporaryPath(for: target)
        guard path.link(to: temporary) == 0 else {
            guard hasNoLinks(Errno(rawValue: errno)) else { throw FileError(last: "link", path) }
            return try rename(path, to: target)
        }
        // Between two names of one file a rename does nothing, and leaves both.
        defer { temporary.removeName() }
        try rename(temporary, to: target)
    }

    /// Removes a file; one that is not there is fine. Without `flushingName` it may be back after a power cut.
    public static func remove(_ path: FilePath, flushingName: Bool = false) throws(FileError) {
        guard path.removeName() == 0 else {
            guard errno == ENOENT else { throw FileError(last: "remove", path) }
            return
        }
        if flushingName { try flushFolder(of: path) }
    }

    /// The bytes of a file of at most `limit` bytes. Throws `Errno.fileTooLarge` for a longer one.
    public static func read(_ path: FilePath, limit: Int) throws(FileError) -> [UInt8] {
        let descriptor = path.withPlatformString { open($0, O_RDONLY | O_CLOEXEC) }
        guard descriptor >= 0 else { throw FileError(last: "read", path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError(last: "read", path) }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw FileError("read", path, .isDirectory) }
        guard status.st_size <= limit else { throw FileError("read", path, .fileTooLarge) }
        // A pipe has no size; a regular file may grow while it is read. Both stop at the limit.
        var bytes: [UInt8] = []
        var chunk = max(Int(status.st_size) + 1, 65_536)
        while true {
            var failure: Errno?
            let part = [UInt8](unsafeUninitializedCapacity: chunk) { buffer, filled in
                let count = Glibc.read(descriptor, buffer.baseAddress, chunk)
                if count < 0 { failure = Errno(rawValue: errno) }
                filled = max(count, 0)
            }
            if let failure {
                if failure == .interrupted { continue }
                throw FileError("read", path, failure)
            }
            if part.isEmpty { return bytes }
            if bytes.isEmpty { bytes = part } else { bytes += part }
            guard bytes.count <= limit else { throw FileError("read", path, .fileTooLarge) }
            chunk = 65_536
        }
    }

    /// The bytes of a file, or nil where there is none.
    public static func readIfPresent(_ path: FilePath, limit: Int) throws(FileError) -> [UInt8]? {
        do {
            return try read(path, limit: limit)
        } catch {
            if error.errno == .noSuchFileOrDirectory { return nil }
            throw error
        }
    }

    /// Whether anything stands at `path`.
    public static func exists(_ path: FilePath) -> Bool {
        var status = stat()
        return path.withPlatformString { lstat($0, &status) } == 0
    }

    // MARK: -

    private static func temporaryPath(for path: FilePath) -> FilePath {
        path.removingLastComponent().appending(TemporaryName.fresh(for: path.lastComponent ?? "file"))
    }

    private static func create(_ path: FilePath, mode: UInt32) throws(FileError) -> Int32 {
        let descriptor = path.withPlatformString { open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode) }
        guard descriptor >= 0 else { throw FileError(last: "write", path) }
        return descriptor
    }

    private static func writeTemporary(_ bytes: [UInt8], for path: FilePath, mode: UInt32) throws(FileError) -> FilePath
    {
        let temporary = temporaryPath(for: path)
        let descriptor = try create(temporary, mode: mode)
        defer { close(descriptor) }
        do throws(FileError) {
            if let failure = bytes.withUnsafeBytes({ writeAll($0, to: descriptor, temporary) }) { throw failure }
            try synchronize(descriptor, temporary)
        } catch {
            temporary.removeName()
            throw error
        }
        return temporary
    }

    /// Writes all of the bytes; gives what the system refused.
    static func writeAll(
        _ bytes: UnsafeRawBufferPointer, to descriptor: Int32, _ path: FilePath
    ) -> FileError? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count < 0 {
                if errno == EINTR { continue }
                return FileError(last: "write", path)
            }
            rest = rest.dropFirst(count)
        }
        return nil
    }

    static func synchronize(_ descriptor: Int32, _ path: FilePath) throws(FileError) {
        guard fsync(descriptor) == 0 else { throw FileError(last: "flush", path) }
    }

    private static func place(_ temporary: FilePath, at path: FilePath, _ conflict: Conflict) throws(FileError) {
        let failure: FileError?
        switch conflict {
        case .replace: failure = temporary.rename(to: path) == 0 ? nil : FileError(last: "write", path)
        case .refuse: failure = placeNew(temporary, at: path)
        }
        if let failure {
            temporary.removeName()
            throw failure
        }
    }

    /// Flushes the name that a file has just got.
    private static func flushName(of path: FilePath, _ conflict: Conflict) throws(FileError) {
        do throws(FileError) {
            try synchronizeFolder(path.removingLastComponent())
        } catch {
            // A name that was free is free again. The next call is to make it: it must not find there, and take for
            // durable, what this one could not make so.
            if conflict == .refuse { path.removeName() }
            throw error
        }
    }

    /// A hard link fails where the name is taken. A file system without hard links (a USB stick) has the name
    /// reserved by an empty file first.
    static func placeNew(_ temporary: FilePath, at path: FilePath) -> FileError? {
        if temporary.link(to: path) == 0 {
            temporary.removeName()
            return nil
        }
        guard hasNoLinks(Errno(rawValue: errno)) else { return FileError(last: "write", path) }
        let reserved = path.withPlatformString { open($0, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600) }
        guard reserved >= 0 else { return FileError(last: "write", path) }
        close(reserved)
        return temporary.rename(to: path) == 0 ? nil : FileError(last: "write", path)
    }

    /// Whether a file could not be given a second name because the file system has none.
    private static func hasNoLinks(_ reason: Errno) -> Bool {
        [.notPermitted, .notSupported, .tooManyLinks].contains(reason)
    }
}

/// The system calls on names, for paths that need not be UTF-8.
extension FilePath {
    @discardableResult
    fileprivate func removeName() -> Int32 {
        withPlatformString { unlink($0) }
    }

    func rename(to target: FilePath) -> Int32 {
        withPlatformString { source in target.withPlatformString { Glibc.rename(source, $0) } }
    }

    fileprivate func link(to target: FilePath) -> Int32 {
        withPlatformString { source in target.withPlatformString { Glibc.link(source, $0) } }
    }
}
