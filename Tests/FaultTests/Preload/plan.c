// SPDX-License-Identifier: Apache-2.0
//
// Which call is hit, and how: FAULT_AT, or FAULT_CALL and FAULT_PATH; FAULT_RUN, FAULT_ERROR, FAULT_EFFECT; and the trace.
#define _GNU_SOURCE
#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_long count;
// The first call that is FAULT_CALL to FAULT_PATH; 0 until it comes.
static atomic_long aimed;

static long number(const char *name, long otherwise) {
    const char *text = getenv(name);
    return text != NULL ? strtol(text, NULL, 10) : otherwise;
}

bool is_watched(const char *path) {
    const char *folder = getenv("FAULT_FOLDER");
    if (folder == NULL || path == NULL) return false;
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 && (path[length] == '/' || path[length] == 0);
}

// The ordinal of the first call that is hit; 0 where none is so far.
static long first_hit(long ordinal, const char *call, const char *path) {
    const char *wanted = getenv("FAULT_CALL"), *ending = getenv("FAULT_PATH");
    if (wanted == NULL || ending == NULL) return number("FAULT_AT", 0);
    size_t length = strlen(path), tail = strlen(ending);
    if (strcmp(call, wanted) == 0 && length >= tail && strcmp(path + length - tail, ending) == 0) {
        long none = 0;
        atomic_compare_exchange_strong(&aimed, &none, ordinal);
    }
    return atomic_load(&aimed);
}

// One write of a whole line, so that a process that is killed behind it has said where.
static void trace(long ordinal, const char *call, bool is_hit, const char *path) {
    const char *file = getenv("FAULT_TRACE");
    if (file == NULL) return;
    int descriptor = syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (descriptor < 0) return;
    char line[PATH_BYTES + 64];
    int length = snprintf(line, sizeof line, "%ld %s %s %s\n", ordinal, call, is_hit ? "hit" : "-", path);
    if (length > 0) syscall(SYS_write, descriptor, line, (size_t)length);
    syscall(SYS_close, descriptor);
}

static enum effect effect_named(const char *name) {
    if (name == NULL || strcmp(name, "before") == 0) return BEFORE;
    if (strcmp(name, "after") == 0) return AFTER;
    if (strcmp(name, "half") == 0) return HALF;
    if (strcmp(name, "lost") == 0) return LOST;
    if (strcmp(name, "back") == 0) return BACK;
    abort();
}

struct fault fault_of(const char *call, const char *path) {
    struct fault fault = {NONE, 0, false};
    long ordinal = atomic_fetch_add(&count, 1) + 1;
    long first = first_hit(ordinal, call, path);
    bool is_hit = first > 0 && ordinal >= first && ordinal < first + number("FAULT_RUN", 1);
    if (is_hit) {
        const char *error = getenv("FAULT_ERROR");
        fault.effect = effect_named(getenv("FAULT_EFFECT"));
        fault.kills = error != NULL && strcmp(error, "KILL") == 0;
        fault.error = error != NULL && strcmp(error, "ENOSPC") == 0 ? ENOSPC : EIO;
    }
    trace(ordinal, call, is_hit, path);
    return fault;
}
