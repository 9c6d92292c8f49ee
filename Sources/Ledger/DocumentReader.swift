// SPDX-License-Identifier: Apache-2.0
import Glibc
public import SystemPackage
public import TransparencyLog

/// What was read of one document: its name, its size and hash, and its bytes where it is short enough to be cut.
public struct ReadDocument: Sendable {
    /// The path that it is registered under: the file's own name, or its path within the folder; UTF-8.
    public let name: [UInt8]
    /// Where it was read.
    public let path: FilePath
    /// Its length in bytes.
    public let size: UInt64
    /// The SHA-256 of its bytes.
    public let sha256: Hash
    /// Its bytes, if they are UTF-8 text of at most `DocumentReader.longestCutText` bytes without a NUL.
    public let text: [UInt8]?
}

/// Reads documents for registration and verification: a file is hashed in one pass, a folder file by file.
public struct DocumentReader: Sendable {
    /// Why something cannot be registered as a document.
    public enum ReadError: Error, Sendable, Hashable {
        /// A file's name is not UTF-8, so that no proof could show it.
        case nameIsNotText(FilePath)
        /// It is neither a file nor a folder: a link within a folder, a device, a socket.
        case notADocument(FilePath)
        /// A folder holds no file.
        case emptyFolder(FilePath)
        /// It was longer or shorter when read than when looked at.
        case changedWhileRead(FilePath)
    }

    /// The longest text that is kept for cutting into slices, in bytes.
    public static let longestCutText: UInt64 = 16 << 20

    /// Whether texts are kept at all.
    public let keepsText: Bool
    /// Called with the number of bytes read so far, over all documents.
    public let progress: @Sendable (UInt64) -> Void

    /// Makes a reader.
    public init(keepsText: Bool, progress: @escaping @Sendable (UInt64) -> Void = { _ in }) {
        self.keepsText = keepsText
        self.progress = progress
    }

    /// The files that a path stands for, with the names they are registered under, in byte order of the names.
    ///
    /// A file stands for itself; a folder for every file below it. A link given by name is followed, one within a
    /// folder is refused: what it points to may not be what was meant.
    public func files(at path: FilePath) throws -> [(name: [UInt8], path: FilePath, size: UInt64)] {
        let status = try Self.status(of: path, followingLink: true)
        if status.st_mode & S_IFMT == S_IFREG {
            guard let last = path.lexicallyNormalized().lastComponent, last.kind == .regular else {
                throw ReadError.notADocument(path)
            }
            return [(try Self.text(of: FilePath(root: nil, [last]), at: path), path, UInt64(status.st_size))]
        }
        guard status.st_mode & S_IFMT == S_IFDIR else { throw ReadError.notADocument(path) }
        var found: [(name: [UInt8], path: FilePath, size: UInt64)] = []
        try collect(path, within: FilePath(""), into: &found, depth: 0)
        guard !found.isEmpty else { throw ReadError.emptyFolder(path) }
        return found.sorted { $0.name.lexicographicallyPrecedes($1.name) }
    }

    /// Reads the documents that a path stands for.
    public func read(_ path: FilePath) throws -> [ReadDocument] {
        var before: UInt64 = 0
        return try files(at: path).map { file in
            let document = try read(file.path, named: file.name, after: before)
            before += document.size
            return document
        }
    }

    /// Reads and hashes one file.
    public func read(_ path: FilePath, named name: [UInt8], after bytesBefore: UInt64 = 0) throws -> ReadDocument {
        // A pipe that took the file's place would be waited for.
        let descriptor = path.withPlatformString { open($0, O_RDONLY | O_NONBLOCK | O_CLOEXEC) }
        guard descriptor >= 0 else { throw FileError(last: "read", path) }
        defer { close(descriptor) }
        posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw FileError(last: "read", path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw ReadError.notADocument(path) }
        var hasher = SHA256()
        var size: UInt64 = 0
        var text: [UInt8]? = keepsText && UInt64(status.st_size) <= Self.longestCutText ? [] : nil
        text?.reserveCapacity(Int(status.st_size))
        let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 4096)
        defer { chunk.deallocate() }
        while true {
            let count = Glibc.read(descriptor, chunk.baseAddress, chunk.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw FileError(last: "read", path)
            }
            if count == 0 { break }
            let part = UnsafeRawBufferPointer(rebasing: chunk[..<count])
            hasher.update(part)
            size += UInt64(count)
            if size > Self.longestCutText { text = nil }
            text?.append(contentsOf: part)
            progress(bytesBefore + size)
        }
        guard size == UInt64(status.st_size) else { throw ReadError.changedWhileRead(path) }
        if let kept = text, kept.contains(0) || String(validating: kept, as: UTF8.self) == nil { text = nil }
        return ReadDocument(name: name, path: path, size: size, sha256: hasher.finish(), text: text)
    }

    private func collect(
        _ folder: FilePath, within relative: FilePath,
        into found: inout [(name: [UInt8], path: FilePath, size: UInt64)], depth: Int
    ) throws {
        guard depth < 128 else { throw FileError("read", folder, .fileNameTooLong) }
        for component in try DurableFile.names(in: folder) {
            let path = folder.appending(component)
            let inner = relative.appending(component)
            let status = try Self.status(of: path, followingLink: false)
            switch status.st_mode & S_IFMT {
            case S_IFDIR: try collect(path, within: inner, into: &found, depth: depth + 1)
            case S_IFREG: found.append((try Self.text(of: inner, at: path), path, UInt64(status.st_size)))
            default: throw ReadError.notADocument(path)
            }
        }
    }

    private static func status(of path: FilePath, followingLink: Bool) throws(FileError) -> stat {
        var status = stat()
        let result = path.withPlatformString { followingLink ? stat($0, &status) : lstat($0, &status) }
        guard result == 0 else { throw FileError(last: "read", path) }
        return status
    }

    private static func text(of name: FilePath, at path: FilePath) throws(ReadError) -> [UInt8] {
        let bytes = name.withPlatformString { text in
            UnsafeBufferPointer(start: text, count: strlen(text)).map { UInt8(bitPattern: $0) }
        }
        guard String(validating: bytes, as: UTF8.self) != nil else { throw .nameIsNotText(path) }
        return bytes
    }
}
