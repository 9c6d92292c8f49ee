// SPDX-License-Identifier: Apache-2.0
import Glibc
public import SystemPackage

/// Files that are there already, and are to be relied on.
///
/// Whoever wrote one may have been killed before its name was flushed, or was told that it could not be. Whether it is on
/// the disk nobody knows then, and flushing it once more would not tell: where its flush failed before, what is read may
/// be nowhere but in memory, and a second flush says that all is well.
extension DurableFile {
    /// Writes a file anew that is there, byte for byte, and puts it in its own place: durable when this returns.
    ///
    /// A link, and what is no file, is left: neither is made by what writes files here. So is another user's file: a new
    /// one would be ours, and root, who reads everybody's keys, would take each from its owner.
    public static func renew(_ path: FilePath) throws {
        var status = stat()
        guard path.withPlatformString({ lstat($0, &status) }) == 0 else { throw FileError(last: "read", path) }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid() else { return }
        let descriptor = path.withPlatformString { open($0, O_RDONLY | O_NOFOLLOW | O_CLOEXEC) }
        guard descriptor >= 0 else { throw FileError(last: "read", path) }
        defer { close(descriptor) }
        try write(to: path, mode: status.st_mode & 0o777) { append in
            var buffer = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = buffer.withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
                if count == 0 { return }
                if count < 0 {
                    if errno == EINTR { continue }
                    throw FileError(last: "read", path)
                }
                try buffer.withUnsafeBytes { try append(UnsafeRawBufferPointer(rebasing: $0[..<count])) }
            }
        }
    }

    /// Names an empty folder anew, so that its name can be flushed: to another name, and back.
    ///
    /// One that cannot be named anew, the root of a file system or somebody else's, was not made by a call that failed
    /// here, and stays.
    static func nameAnew(emptyFolder path: FilePath) throws(FileError) {
        guard let name = path.lastComponent, name.kind == .regular else { return }
        let aside = path.removingLastComponent().appending(TemporaryName.fresh(for: name))
        guard path.rename(to: aside) == 0 else {
            switch Errno(rawValue: errno) {
            case .resourceBusy, .invalidArgument, .permissionDenied, .notPermitted, .readOnlyFileSystem: return
            // Another process is at it.
            case .noSuchFileOrDirectory: return
            default: throw FileError(last: "make folder", path)
            }
        }
        guard aside.rename(to: path) == 0 else {
            let failure = FileError(last: "make folder", path)
            // Empty as it is, the next call makes it anew.
            _ = aside.withPlatformString { rmdir($0) }
            throw failure
        }
    }
}
