// SPDX-License-Identifier: Apache-2.0
// The allocator of glibc, under its own names, with a count before it. The program's definitions come first for its
// libraries too: Swift's runtime, Foundation, OpenSSL. What a thread maps by itself (libsodium's guarded memory,
// stacks) is not counted.
#define _GNU_SOURCE
#include "cheap.h"

#include <errno.h>

#ifdef __GLIBC__
#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);
void __libc_free(void *);

// In the program's own block of the thread: a look at it must not allocate.
#define OWN static _Thread_local __attribute__((tls_model("initial-exec"))) long
OWN live, peak, start, most;

static void *taken(void *block) {
    if (block) {
        live += (long)malloc_usable_size(block);
        if (live > peak) peak = live;
    }
    return block;
}

static void given(void *block) {
    if (block) live -= (long)malloc_usable_size(block);
}

void *malloc(size_t count) { return taken(__libc_malloc(count)); }
void *calloc(size_t count, size_t size) { return taken(__libc_calloc(count, size)); }

void *realloc(void *block, size_t count) {
    long before = block ? (long)malloc_usable_size(block) : 0;
    void *moved = __libc_realloc(block, count);
    // Where it failed, the block stands as it did.
    if (moved || count == 0) live -= before;
    return taken(moved);
}

void free(void *block) {
    given(block);
    __libc_free(block);
}

void *memalign(size_t alignment, size_t count) { return taken(__libc_memalign(alignment, count)); }
void *aligned_alloc(size_t alignment, size_t count) { return taken(__libc_memalign(alignment, count)); }
void *valloc(size_t count) { return taken(__libc_memalign((size_t)sysconf(_SC_PAGESIZE), count)); }

int posix_memalign(void **block, size_t alignment, size_t count) {
    if (alignment < sizeof(void *) || (alignment & (alignment - 1)) != 0) return EINVAL;
    void *found = taken(__libc_memalign(alignment, count));
    if (!found) return ENOMEM;
    *block = found;
    return 0;
}

bool heap_is_counted(void) { return true; }
void heap_begin(void) { start = peak = live; }
void heap_end(void) {
    if (peak - start > most) most = peak - start;
}
long heap_most(void) { return most; }
void heap_forget(void) { most = 0; }
#else
bool heap_is_counted(void) { return false; }
void heap_begin(void) {}
void heap_end(void) {}
long heap_most(void) { return 0; }
void heap_forget(void) {}
#endif
