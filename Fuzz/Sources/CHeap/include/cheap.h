// SPDX-License-Identifier: Apache-2.0
// What readers take of the heap, counted at every malloc, realloc and free of the process, for each thread by itself.
#include <stdbool.h>

/// Whether anything is counted: where the C library is glibc.
bool heap_is_counted(void);
/// A reader begins on this thread.
void heap_begin(void);
/// The reader has ended. Readers do not stand in one another.
void heap_end(void);
/// The most that one reader had beyond what there was when it began, in bytes, since `heap_forget`.
long heap_most(void);
/// Forgets what readers had on this thread until now.
void heap_forget(void);
