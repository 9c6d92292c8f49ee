// SPDX-License-Identifier: Apache-2.0
import Glibc
import SystemPackage

/// An advisory lock on a file that one process holds at a time, given up when the value goes away or the process ends.
final class ProcessLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock; nil if another process holds it and `waiting` is not asked for.
    init?(_ path: FilePath, waiting: Bool) throws(FileError) {
        descriptor = try Self.open(path)
        // The value goes away where this gives nil or throws, and closes the file.
        guard try Self.lock(descriptor, path, waiting ? LOCK_EX : LOCK_EX | LOCK_NB) else { return nil }
    }

    /// Takes the lock; nil if another holds it for as long as `patience`, as a process that was stopped may for ever.
    ///
    /// Who waits asks again and again, at first soon: the kernel can be asked to wait, but not for how long.
    init?(_ path: FilePath, within patience: Duration) throws(FileError) {
        descriptor = try Self.open(path)
        let end = ContinuousClock.now + patience
        var pause: UInt32 = 250
        while try !Self.lock(descriptor, path, LOCK_EX | LOCK_NB) {
            guard ContinuousClock.now < end else { return nil }
            usleep(pause)
            pause = min(pause * 2, 20_000)
        }
    }

    private static func open(_ path: FilePath) throws(FileError) -> Int32 {
        let descriptor = path.withPlatformString { Glibc.open($0, O_RDWR | O_CREAT | O_CLOEXEC, 0o600) }
        guard descriptor >= 0 else { throw FileError(last: "lock", path) }
        return descriptor
    }

    /// Whether the lock was had.
    private static func lock(_ descriptor: Int32, _ path: FilePath, _ operation: Int32) throws(FileError) -> Bool {
        while flock(descriptor, operation) != 0 {
            let reason = Errno(rawValue: errno)
            if reason == .interrupted { continue }
            if reason == .wouldBlock { return false }
            throw FileError("lock", path, reason)
        }
        return true
    }

    deinit {
        close(descriptor)
    }
}
