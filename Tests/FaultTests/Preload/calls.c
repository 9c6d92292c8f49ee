// SPDX-License-Identifier: Apache-2.0
//
// The calls of the write path, in the place of those of the C library. What they do is the plain system call, so that
// nothing of this library comes back to itself.
#define _GNU_SOURCE
#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

// What a descriptor is of; "" for what has no name.
static void path_of(int descriptor, char path[PATH_BYTES]) {
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    long length = syscall(SYS_readlinkat, AT_FDCWD, link, path, PATH_BYTES - 1);
    path[length > 0 ? length : 0] = 0;
}

// The absolute path of a name that need not be there: its folder without symbolic links, and the name.
static void path_at(int folder, const char *name, char path[PATH_BYTES]) {
    char joined[PATH_BYTES], base[PATH_BYTES], resolved[PATH_MAX];
    if (name[0] == '/') {
        snprintf(joined, sizeof joined, "%s", name);
    } else {
        if (folder == AT_FDCWD) {
            if (getcwd(base, sizeof base) == NULL) base[0] = 0;
        } else {
            path_of(folder, base);
        }
        if (snprintf(joined, sizeof joined, "%s/%s", base, name) >= PATH_BYTES) joined[0] = 0;
    }
    char *last = strrchr(joined, '/');
    snprintf(path, PATH_BYTES, "%s", joined);
    if (last == NULL || last == joined) return;
    *last = 0;
    bool is_folder_itself = strcmp(last + 1, ".") == 0;
    if (realpath(joined, resolved) == NULL) return;
    if (is_folder_itself || last[1] == 0) {
        snprintf(path, PATH_BYTES, "%s", resolved);
    } else if (snprintf(path, PATH_BYTES, "%s/%s", resolved, last + 1) >= PATH_BYTES) {
        path[0] = 0;
    }
}

// What the call gives in the end: nothing comes back from one that kills.
static long ending(struct fault fault, long result) {
    if (fault.effect == NONE) return result;
    if (fault.kills) syscall(SYS_kill, getpid(), SIGKILL);
    errno = fault.error;
    return -1;
}

static bool is_done(struct fault fault) { return fault.effect == NONE || fault.effect == AFTER; }

// MARK: - Files that are opened

static int opened(int folder, const char *name, int flags, mode_t mode) {
    char path[PATH_BYTES];
    bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & (O_CREAT | O_DIRECTORY)) != 0;
    if (writes) path_at(folder, name, path);
    if (!writes || !is_watched(path)) return syscall(SYS_openat, folder, name, flags, mode);
    struct fault fault = fault_of("open", path);
    long result = -1;
    if (is_done(fault)) {
        bool is_new = (flags & O_CREAT) != 0 && syscall(SYS_faccessat, AT_FDCWD, path, F_OK) != 0;
        if (is_new) disk_will_name(path);
        result = syscall(SYS_openat, folder, name, flags & ~O_TRUNC, mode);
        if (is_new && result >= 0) disk_made(path);
        if (!is_new && result >= 0 && (flags & O_TRUNC) != 0) {
            disk_will_write(result, 0, 0);
            if (syscall(SYS_ftruncate, result, 0) != 0) return -1;
        }
        if (fault.effect != NONE && result >= 0) syscall(SYS_close, result);
    }
    return ending(fault, result);
}

static mode_t mode_of(int flags, va_list rest) { return (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0; }

#define OPEN(function)                                \
    int function(const char *name, int flags, ...) {  \
        va_list rest;                                 \
        va_start(rest, flags);                        \
        mode_t mode = mode_of(flags, rest);           \
        va_end(rest);                                 \
        return opened(AT_FDCWD, name, flags, mode);   \
    }
#define OPENAT(function)                                        \
    int function(int folder, const char *name, int flags, ...) { \
        va_list rest;                                           \
        va_start(rest, flags);                                  \
        mode_t mode = mode_of(flags, rest);                     \
        va_end(rest);                                           \
        return opened(folder, name, flags, mode);               \
    }
OPEN(open)
OPEN(open64)
OPENAT(openat)
OPENAT(openat64)

int creat(const char *name, mode_t mode) { return opened(AT_FDCWD, name, O_CREAT | O_WRONLY | O_TRUNC, mode); }
int creat64(const char *name, mode_t mode) { return creat(name, mode); }

// MARK: - Bytes that are written

// With a negative offset the bytes go to where the descriptor stands.
static ssize_t written(const char *call, int descriptor, const void *bytes, size_t length, off_t offset) {
    char path[PATH_BYTES];
    path_of(descriptor, path);
    struct fault fault = {NONE, 0, false};
    if (is_watched(path)) {
        fault = fault_of(call, path);
        off_t from = offset < 0 ? syscall(SYS_lseek, descriptor, 0, SEEK_CUR) : offset;
        if (fault.effect != BEFORE) disk_will_write(descriptor, from, length);
    }
    long result = -1;
    if (fault.effect == HALF) length /= 2;
    if (is_done(fault) || fault.effect == HALF) {
        result = offset < 0 ? syscall(SYS_write, descriptor, bytes, length)
                            : syscall(SYS_pwrite64, descriptor, bytes, length, offset);
    }
    return ending(fault, result);
}

ssize_t write(int descriptor, const void *bytes, size_t length) {
    return written("write", descriptor, bytes, length, -1);
}
ssize_t pwrite(int descriptor, const void *bytes, size_t length, off_t offset) {
    return written("pwrite", descriptor, bytes, length, offset);
}
ssize_t pwrite64(int descriptor, const void *bytes, size_t length, off64_t offset) {
    return written("pwrite", descriptor, bytes, length, offset);
}

// Several pieces are written one by one; a short count, which is what comes of a piece that fails, is within the rules.
static ssize_t gathered(const char *call, int descriptor, const struct iovec *pieces, int count, off_t offset) {
    ssize_t sum = 0;
    for (int piece = 0; piece < count; piece++) {
        ssize_t result = written(
            call, descriptor, pieces[piece].iov_base, pieces[piece].iov_len, offset < 0 ? -1 : offset + sum);
        if (result < 0) return sum > 0 ? sum : -1;
        sum += result;
        if ((size_t)result < pieces[piece].iov_len) break;
    }
    return sum;
}

ssize_t writev(int descriptor, const struct iovec *pieces, int count) {
    char path[PATH_BYTES];
    path_of(descriptor, path);
    if (!is_watched(path)) return syscall(SYS_writev, descriptor, pieces, count);
    return gathered("writev", descriptor, pieces, count, -1);
}
ssize_t pwritev(int descriptor, const struct iovec *pieces, int count, off_t offset) {
    return gathered("pwritev", descriptor, pieces, count, offset);
}
ssize_t pwritev64(int descriptor, const struct iovec *pieces, int count, off64_t offset) {
    return gathered("pwritev", descriptor, pieces, count, offset);
}

int ftruncate(int descriptor, off_t length) {
    char path[PATH_BYTES];
    path_of(descriptor, path);
    if (!is_watched(path)) return syscall(SYS_ftruncate, descriptor, length);
    struct fault fault = fault_of("ftruncate", path);
    long result = -1;
    if (is_done(fault)) {
        disk_will_write(descriptor, 0, 0);
        result = syscall(SYS_ftruncate, descriptor, length);
    }
    return ending(fault, result);
}
int ftruncate64(int descriptor, off64_t length) { return ftruncate(descriptor, length); }

// MARK: - Flushes

static int flushed(const char *call, int descriptor) {
    char path[PATH_BYTES];
    path_of(descriptor, path);
    struct stat status;
    if (!is_watched(path) || fstat(descriptor, &status) != 0) return syscall(SYS_fsync, descriptor);
    struct fault fault = fault_of(S_ISDIR(status.st_mode) ? "fsync-folder" : call, path);
    // The disk is a model, or its flushes are not what is tested: they would be most of the time of a run.
    if (is_done(fault)) disk_flushed(descriptor, path);
    if (fault.effect == LOST || fault.effect == BACK) disk_lost(descriptor, path, fault.effect == BACK);
    return ending(fault, 0);
}

int fsync(int descriptor) { return flushed("fsync", descriptor); }
int fdatasync(int descriptor) { return flushed("fdatasync", descriptor); }
int sync_file_range(int descriptor, off64_t offset, off64_t length, unsigned flags) {
    // Promises nothing of size or name, so that the model of the disk takes it for nothing.
    char path[PATH_BYTES];
    path_of(descriptor, path);
    if (!is_watched(path)) return syscall(SYS_sync_file_range, descriptor, offset, length, flags);
    return ending(fault_of("sync_file_range", path), 0);
}

// MARK: - Names

static int renamed(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
    char source[PATH_BYTES], target[PATH_BYTES];
    path_at(from_folder, from, source);
    path_at(to_folder, to, target);
    if (!is_watched(target)) return syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
    struct fault fault = fault_of("rename", target);
    long result = -1;
    if (is_done(fault)) {
        disk_will_name(source);
        disk_will_name(target);
        result = syscall(SYS_renameat2, from_folder, from, to_folder, to, flags);
    }
    return ending(fault, result);
}

int rename(const char *from, const char *to) { return renamed(AT_FDCWD, from, AT_FDCWD, to, 0); }
int renameat(int from_folder, const char *from, int to_folder, const char *to) {
    return renamed(from_folder, from, to_folder, to, 0);
}
int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
    return renamed(from_folder, from, to_folder, to, flags);
}

int linkat(int from_folder, const char *from, int to_folder, const char *to, int flags) {
    char target[PATH_BYTES];
    path_at(to_folder, to, target);
    if (!is_watched(target)) return syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
    struct fault fault = fault_of("link", target);
    long result = -1;
    if (is_done(fault)) {
        disk_will_name(target);
        result = syscall(SYS_linkat, from_folder, from, to_folder, to, flags);
    }
    return ending(fault, result);
}
int link(const char *from, const char *to) { return linkat(AT_FDCWD, from, AT_FDCWD, to, 0); }

int unlinkat(int folder, const char *name, int flags) {
    char path[PATH_BYTES];
    path_at(folder, name, path);
    if (!is_watched(path)) return syscall(SYS_unlinkat, folder, name, flags);
    struct fault fault = fault_of((flags & AT_REMOVEDIR) != 0 ? "rmdir" : "unlink", path);
    long result = -1;
    if (is_done(fault)) {
        disk_will_name(path);
        result = syscall(SYS_unlinkat, folder, name, flags);
    }
    return ending(fault, result);
}
int unlink(const char *name) { return unlinkat(AT_FDCWD, name, 0); }
int rmdir(const char *name) { return unlinkat(AT_FDCWD, name, AT_REMOVEDIR); }

int mkdirat(int folder, const char *name, mode_t mode) {
    char path[PATH_BYTES];
    path_at(folder, name, path);
    if (!is_watched(path)) return syscall(SYS_mkdirat, folder, name, mode);
    struct fault fault = fault_of("mkdir", path);
    long result = -1;
    if (is_done(fault)) {
        disk_will_name(path);
        result = syscall(SYS_mkdirat, folder, name, mode);
    }
    return ending(fault, result);
}
int mkdir(const char *name, mode_t mode) { return mkdirat(AT_FDCWD, name, mode); }

// MARK: - Locks

int flock(int descriptor, int operation) {
    char path[PATH_BYTES];
    path_of(descriptor, path);
    if (!is_watched(path)) return syscall(SYS_flock, descriptor, operation);
    struct fault fault = fault_of("flock", path);
    return ending(fault, is_done(fault) ? syscall(SYS_flock, descriptor, operation) : -1);
}

static int controlled(int descriptor, int command, void *argument) {
    bool locks = command == F_SETLK || command == F_SETLKW || command == F_OFD_SETLK || command == F_OFD_SETLKW;
    char path[PATH_BYTES] = "";
    if (locks) path_of(descriptor, path);
    if (!locks || !is_watched(path)) return syscall(SYS_fcntl, descriptor, command, argument);
    struct fault fault = fault_of("fcntl", path);
    return ending(fault, is_done(fault) ? syscall(SYS_fcntl, descriptor, command, argument) : -1);
}

int fcntl(int descriptor, int command, ...) {
    va_list rest;
    va_start(rest, command);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    return controlled(descriptor, command, argument);
}
int fcntl64(int descriptor, int command, ...) {
    va_list rest;
    va_start(rest, command);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    return controlled(descriptor, command, argument);
}
