// SPDX-License-Identifier: Apache-2.0
import CLinux
import Glibc

/// What others may learn of the memory of this process, in which passphrases, keys and documents are for a while.
enum ProcessMemory {
    /// No crash writes it to a file, and no other program of the same user reads it (prctl(2), PR_SET_DUMPABLE). The
    /// system's administrator still can.
    ///
    /// The limit is for what reads only that; a handler of crashes that is a program does not.
    static func close() {
        var none = rlimit(rlim_cur: 0, rlim_max: 0)
        setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
        _ = indelible_set_dumpable(0)
    }

    /// Whether it is closed.
    static var isClosed: Bool {
        var limit = rlimit()
        getrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &limit)
        return indelible_is_dumpable() == 0 && limit.rlim_cur == 0
    }
}
