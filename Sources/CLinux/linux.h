// SPDX-License-Identifier: Apache-2.0
// What Swift cannot call by itself, since it takes any number of arguments.
#ifndef INDELIBLE_LINUX_H
#define INDELIBLE_LINUX_H

#include <sys/prctl.h>

/// Whether this process's memory may be written to a file when it crashes, and read by other processes of the user.
static inline int indelible_set_dumpable(int isDumpable) {
    return prctl(PR_SET_DUMPABLE, (unsigned long)isDumpable, 0UL, 0UL, 0UL);
}

static inline int indelible_is_dumpable(void) {
    return prctl(PR_GET_DUMPABLE, 0UL, 0UL, 0UL, 0UL);
}

#endif
