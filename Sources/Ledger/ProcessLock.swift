// SPDX-License-Identifier: Apache-2.0
import Glibc
import SystemPackage

/// An advisory lock on a file that one process holds at a time, given up when the value goes away or the process ends.
final class ProcessLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock; nil if another process holds it and `waiting` is not asked for.
    init?(_ path: FilePath, waiting: Bool) throws(FileError) {
        descriptor = path.withPlatformString { open($0, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
        guard descriptor >= 0 else { throw FileError(last: "lock", path) }
        while flock(descriptor, waiting ? LOCK_EX : LOCK_EX | LOCK_NB) != 0 {
            let reason = Errno(rawValue: errno)
            if reason == .interrupted { continue }
            // The value goes away in both cases, and closes the file.
            if reason == .wouldBlock { return nil }
            throw FileError("lock", path, reason)
        }
    }

    deinit {
        close(descriptor)
    }
}
