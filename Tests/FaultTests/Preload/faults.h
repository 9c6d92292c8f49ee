// SPDX-License-Identifier: Apache-2.0
//
// A library to be preloaded: it makes chosen calls of the write path fail, or kills the process there, and keeps a model
// of what a disk would still have after a power cut. Only what lies below FAULT_FOLDER is watched.
//
//     FAULT_FOLDER   the folder that is watched, an absolute path without symbolic links
//     FAULT_TRACE    a file that gets a line for each watched call: its ordinal, its name, "hit" or "-", the path
//     FAULT_AT       the ordinal of the first call that is hit, from 1; without it none is
//     FAULT_CALL     the name of the first call that is hit, in the place of FAULT_AT: the first of this name to
//     FAULT_PATH     a path that ends so
//     FAULT_RUN      how many in a row are hit; 1 without it
//     FAULT_ERROR    EIO, ENOSPC, or KILL: the process is ended by SIGKILL
//     FAULT_EFFECT   before: the call is not done
//                    after: the call is done, and then fails
//                    half: of what is to be written, half is; as "before" for calls that write nothing
//                    lost: a flush fails and what it was to flush never gets to the disk, though it is still read
//                    back: the same, and the file reads as it did when it was last flushed
//                    "lost" and "back" need FAULT_DISK, and are "before" for calls that flush nothing
//     FAULT_DISK     a folder on the same file system, for the model of the disk (disk.c)
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum effect { NONE, BEFORE, AFTER, HALF, LOST, BACK };

struct fault {
    enum effect effect;
    int error;
    bool kills;
};

enum { PATH_BYTES = 4096 };

// calls.c calls these; the system calls within them are not watched.

/// What is to happen to this call. It is counted and traced.
struct fault fault_of(const char *call, const char *path);
/// Whether a path lies below the watched folder.
bool is_watched(const char *path);

/// What will be written, before it is: `length` bytes, or with 0 only the size.
void disk_will_write(int descriptor, off_t offset, size_t length);
/// That a name in a folder is about to change.
void disk_will_name(const char *path);
/// That a file of no bytes has just been made.
void disk_made(const char *path);
/// What a flush that succeeded made durable, of a file or a folder.
void disk_flushed(int descriptor, const char *path);
/// That a flush failed and nothing of it will ever be durable; with `back` the file is put back.
void disk_lost(int descriptor, const char *path, bool back);
