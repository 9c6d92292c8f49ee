// SPDX-License-Identifier: Apache-2.0
public import Evidence
import Glibc
public import SystemPackage

/// Documents on their way out of a private file: in a hidden folder of their own until all of them are verified, and
/// only then under their names.
///
///     DIR/.NAME.2k3v9w0q.tmp/photos/gate.jpg     ->     DIR/NAME/photos/gate.jpg
///
/// Their paths come from whoever made the private file. They are relative and without ".." (formats section 4); here
/// they must also be such that files and folders do not exclude each other. Each folder is made and opened within the
/// one above it, and no link is followed. Files have mode 0600, folders 0700.
public final class UnlockedDocuments {
    /// Why paths cannot be those of files.
    public enum NameError: Error, Sendable, Hashable {
        /// No file can have this name.
        case impossible(ExhibitPath)
        /// It would have to be a file and a folder.
        case conflict(ExhibitPath)
    }

    private let paths: [ExhibitPath]
    private let folder: FilePath
    private let staging: FilePath
    private let descriptor: Int32
    /// The file that is being written, and its place among the paths.
    private var current: (descriptor: Int32, path: FilePath)?
    private var begun = 0
    private var isPlaced = false

    /// Begins with files of these paths, which ascend. `folder` is there; `name` says what the hidden folder is for.
    public init(_ paths: [ExhibitPath], in folder: FilePath, for name: FilePath.Component) throws {
        try Self.check(paths)
        self.paths = paths
        self.folder = folder
        staging = folder.appending(TemporaryName.fresh(for: name))
        guard staging.withPlatformString({ mkdir($0, 0o700) }) == 0 else {
            throw FileError(last: "make folder", staging)
        }
        descriptor = staging.withPlatformString { open($0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
        guard descriptor >= 0 else { throw FileError(last: "read", staging) }
    }

    deinit {
        if let current { close(current.descriptor) }
        close(descriptor)
        // What could not be placed is not left behind in the clear. There is nobody left to tell of a failure.
        if !isPlaced { try? Erasure.eraseAll(staging) }
    }

    /// Adds bytes to a file. Files come in the order of their paths, each in one piece after the other.
    public func append(_ part: ArraySlice<UInt8>, to path: ExhibitPath) throws {
        while begun == 0 || paths[begun - 1] != path { try beginNext() }
        guard let current else { preconditionFailure("a file is begun before bytes come") }
        let failure = part.withUnsafeBytes { DurableFile.writeAll($0, to: current.descriptor, current.path) }
        if let failure { throw failure }
    }

    /// Gives the files their names: the whole folder becomes `name`, or, where `isSingle`, its one file does. Nothing
    /// that is there is replaced.
    public func place(as name: FilePath.Component, isSingle: Bool) throws {
        while begun < paths.count { try beginNext() }
        try endCurrent()
        guard fsync(descriptor) == 0 else { throw FileError(last: "flush", staging) }
        let target = folder.appending(name)
        if isSingle {
            guard paths.count == 1, let last = Self.path(paths[0]).lastComponent else {
                preconditionFailure("several files are not one")
            }
            try Self.move(staging.appending(last), to: target, isFolder: false)
            guard staging.withPlatformString({ rmdir($0) }) == 0 else { throw FileError(last: "remove", staging) }
        } else {
            try Self.move(staging, to: target, isFolder: true)
        }
        isPlaced = true
        try DurableFile.flushFolder(of: target)
    }

    private func beginNext() throws {
        try endCurrent()
        precondition(begun < paths.count, "bytes of a file that was not announced")
        let path = Self.path(paths[begun])
        begun += 1
        let shown = staging.pushing(path)
        var parent = dup(descriptor)
        defer { close(parent) }
        for component in path.removingLastComponent().components {
            let name = FilePath(root: nil, [component])
            let made = name.withPlatformString { mkdirat(parent, $0, 0o700) }
            guard made == 0 || errno == EEXIST else { throw FileError(last: "make folder", shown) }
            let next = name.withPlatformString {
                openat(parent, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
            }
            guard next >= 0 else { throw FileError(last: "make folder", shown) }
            close(parent)
            parent = next
        }
        guard let last = path.lastComponent else { throw NameError.impossible(paths[begun - 1]) }
        let file = FilePath(root: nil, [last]).withPlatformString {
            openat(parent, $0, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        }
        guard file >= 0 else { throw FileError(last: "write", shown) }
        current = (file, shown)
    }

    private func endCurrent() throws {
        guard let (descriptor, path) = current else { return }
        current = nil
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw FileError(last: "flush", path) }
    }

    /// Renames to a name that is free. A folder takes the place of an empty one that was just made; a file is linked,
    /// or, where the file system has no hard links, takes the place of an empty one.
    private static func move(_ source: FilePath, to target: FilePath, isFolder: Bool) throws(FileError) {
        guard isFolder else {
            if let failure = DurableFile.placeNew(source, at: target) { throw failure }
            return
        }
        guard target.withPlatformString({ mkdir($0, 0o700) }) == 0 else { throw FileError(last: "write", target) }
        let renamed = source.withPlatformString { source in target.withPlatformString { rename(source, $0) } }
        guard renamed == 0 else { throw FileError(last: "write", target) }
    }

    private static func path(_ path: ExhibitPath) -> FilePath {
        (path.utf8.map { CChar(bitPattern: $0) } + [0]).withUnsafeBufferPointer {
            FilePath(platformString: $0.baseAddress!)
        }
    }

    /// Throws unless files of these paths can stand side by side in a folder.
    private static func check(_ paths: [ExhibitPath]) throws(NameError) {
        let slash = UInt8(ascii: "/")
        var folders: Set<[UInt8]> = []
        for path in paths {
            // A NUL would end the name for the system, and leave another path than the one that was checked.
            guard !path.utf8.contains(0), path.utf8.count < 4096 else { throw .impossible(path) }
            for end in path.utf8.indices where path.utf8[end] == slash { folders.insert(Array(path.utf8[..<end])) }
        }
        for path in paths where folders.contains(path.utf8) { throw .conflict(path) }
    }
}
