// SPDX-License-Identifier: Apache-2.0
//
// A model of the disk below the page cache, as strict as POSIX lets a disk be: what a file holds is durable when the
// file was flushed, and a name when its folder was. A flush that failed loses what it was to flush, and a later one that
// succeeds does not bring it back. It outlives the process, in the folder FAULT_DISK:
//
//     names          a line for each name that is not durable: "c" changed or "l" lost; what the disk has under it, 0 for
//                    nothing, "d" for a folder, or a file's inode; the path
//     <inode>        that file itself, by a second name, so that it is there when all others are gone
//     <inode>.image  what the disk has of it, if that differs
//     <inode>.dirty  the stretches that were written since: offset and length
//
// Whoever cuts the power puts the names and the images back (PowerCut.swift).
#define _GNU_SOURCE
#include "faults.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

static bool is_modelled(void) { return getenv("FAULT_DISK") != NULL; }

static void inside(char path[PATH_BYTES], unsigned long inode, const char *ending) {
    snprintf(path, PATH_BYTES, "%s/%lu%s", getenv("FAULT_DISK"), inode, ending);
}

// MARK: - Names

enum { MOST_NAMES = 4096 };

struct name {
    char state;
    char what[24];
    char *path;
};

struct names {
    size_t count;
    struct name all[MOST_NAMES];
};

static struct names names;

static void names_read(void) {
    char path[PATH_BYTES], line[PATH_BYTES + 64];
    for (size_t index = 0; index < names.count; index++) free(names.all[index].path);
    names.count = 0;
    snprintf(path, sizeof path, "%s/names", getenv("FAULT_DISK"));
    FILE *file = fopen(path, "r");
    if (file == NULL) return;
    while (names.count < MOST_NAMES && fgets(line, sizeof line, file) != NULL) {
        struct name *name = &names.all[names.count];
        int start = 0;
        if (sscanf(line, "%c %23s %n", &name->state, name->what, &start) < 2 || start == 0) abort();
        line[strcspn(line, "\n")] = 0;
        name->path = strdup(line + start);
        names.count++;
    }
    fclose(file);
}

static void names_write(void) {
    char path[PATH_BYTES];
    snprintf(path, sizeof path, "%s/names", getenv("FAULT_DISK"));
    FILE *file = fopen(path, "w");
    if (file == NULL) abort();
    for (size_t index = 0; index < names.count; index++) {
        fprintf(file, "%c %s %s\n", names.all[index].state, names.all[index].what, names.all[index].path);
    }
    fclose(file);
}

static bool is_in(const char *path, const char *folder) {
    const char *last = strrchr(path, '/');
    size_t length = strlen(folder);
    return last != NULL && (size_t)(last - path) == length && strncmp(path, folder, length) == 0;
}

// Keeps a file that is about to lose a name, or has just got its first.
static void keep(const char *path, unsigned long inode) {
    char kept[PATH_BYTES];
    inside(kept, inode, "");
    syscall(SYS_linkat, AT_FDCWD, path, AT_FDCWD, kept, 0);
}

void disk_will_name(const char *path) {
    if (!is_modelled()) return;
    pthread_mutex_lock(&one_at_a_time);
    names_read();
    struct name *found = NULL;
    for (size_t index = 0; index < names.count; index++) {
        if (strcmp(names.all[index].path, path) == 0) found = &names.all[index];
    }
    if (found != NULL) {
        // What the disk has under it stays what it is.
        found->state = 'c';
    } else if (names.count < MOST_NAMES) {
        found = &names.all[names.count++];
        struct stat status;
        found->state = 'c';
        found->path = strdup(path);
        if (lstat(path, &status) != 0) {
            strcpy(found->what, "0");
        } else if (S_ISDIR(status.st_mode)) {
            strcpy(found->what, "d");
        } else {
            snprintf(found->what, sizeof found->what, "%lu", (unsigned long)status.st_ino);
            keep(path, status.st_ino);
        }
    } else {
        abort();
    }
    names_write();
    pthread_mutex_unlock(&one_at_a_time);
}

static void names_settled(const char *folder, bool is_durable) {
    names_read();
    size_t left = 0;
    for (size_t index = 0; index < names.count; index++) {
        struct name name = names.all[index];
        if (name.state == 'c' && is_in(name.path, folder)) {
            if (is_durable) {
                free(name.path);
                continue;
            }
            name.state = 'l';
        }
        names.all[left++] = name;
    }
    names.count = left;
    names_write();
}

// MARK: - What files hold

static void copy(int source, int target, off_t offset, off_t end) {
    char bytes[65536];
    while (offset < end) {
        size_t most = end - offset < (off_t)sizeof bytes ? (size_t)(end - offset) : sizeof bytes;
        long count = syscall(SYS_pread64, source, bytes, most, offset);
        if (count <= 0) return;
        syscall(SYS_pwrite64, target, bytes, (size_t)count, offset);
        offset += count;
    }
}

// A descriptor that can be read, of a file that may be open for writing alone.
static int readable(int descriptor) {
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    return syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC);
}

static int image(unsigned long inode, int flags) {
    char path[PATH_BYTES];
    inside(path, inode, ".image");
    return syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC | flags, 0600);
}

void disk_made(const char *path) {
    struct stat status;
    if (!is_modelled() || lstat(path, &status) != 0) return;
    pthread_mutex_lock(&one_at_a_time);
    keep(path, status.st_ino);
    int target = image(status.st_ino, O_CREAT);
    if (target >= 0) syscall(SYS_close, target);
    pthread_mutex_unlock(&one_at_a_time);
}

void disk_will_write(int descriptor, off_t offset, size_t length) {
    struct stat status;
    if (!is_modelled() || fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) return;
    pthread_mutex_lock(&one_at_a_time);
    int target = image(status.st_ino, O_CREAT | O_EXCL);
    if (target >= 0) {
        // Nothing was written to it before: the disk has what is read.
        char path[PATH_BYTES], kept[PATH_BYTES];
        snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
        inside(kept, status.st_ino, "");
        syscall(SYS_linkat, AT_FDCWD, path, AT_FDCWD, kept, AT_SYMLINK_FOLLOW);
        int source = readable(descriptor);
        copy(source, target, 0, status.st_size);
        syscall(SYS_close, source);
        syscall(SYS_close, target);
    }
    char path[PATH_BYTES];
    inside(path, status.st_ino, ".dirty");
    FILE *dirty = fopen(path, "a");
    if (dirty == NULL) abort();
    fprintf(dirty, "%lld %zu\n", (long long)offset, length);
    fclose(dirty);
    pthread_mutex_unlock(&one_at_a_time);
}

static void file_settled(int descriptor, const struct stat *status, bool is_durable, bool back) {
    char path[PATH_BYTES];
    int target = image(status->st_ino, 0);
    if (target < 0) return;
    int source = readable(descriptor);
    inside(path, status->st_ino, ".dirty");
    FILE *dirty = fopen(path, "r");
    long long offset;
    size_t length;
    while (is_durable && dirty != NULL && fscanf(dirty, "%lld %zu", &offset, &length) == 2) {
        copy(source, target, offset, offset + (off_t)length);
    }
    if (dirty != NULL) fclose(dirty);
    syscall(SYS_unlinkat, AT_FDCWD, path, 0);
    if (is_durable) syscall(SYS_ftruncate, target, status->st_size);
    struct stat on_disk;
    if (back && fstat(target, &on_disk) == 0) {
        syscall(SYS_ftruncate, source, 0);
        copy(target, source, 0, on_disk.st_size);
    }
    syscall(SYS_close, source);
    syscall(SYS_close, target);
}

static void settle(int descriptor, const char *path, bool is_durable, bool back) {
    struct stat status;
    if (!is_modelled() || fstat(descriptor, &status) != 0) return;
    pthread_mutex_lock(&one_at_a_time);
    if (S_ISDIR(status.st_mode)) {
        names_settled(path, is_durable);
    } else {
        file_settled(descriptor, &status, is_durable, back);
    }
    pthread_mutex_unlock(&one_at_a_time);
}

void disk_flushed(int descriptor, const char *path) { settle(descriptor, path, true, false); }

void disk_lost(int descriptor, const char *path, bool back) { settle(descriptor, path, false, back); }
