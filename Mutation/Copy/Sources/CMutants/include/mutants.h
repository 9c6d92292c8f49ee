// SPDX-License-Identifier: Apache-2.0
// Which mutant is active, read once from INDELIBLE_MUTANT, and which were reached, one byte for each in the file that
// INDELIBLE_REACHED names. The file is mapped: it holds what was reached even if the process is killed.
#ifndef INDELIBLE_MUTANTS_H
#define INDELIBLE_MUTANTS_H

#include <stdbool.h>
#include <stdint.h>

enum { mutants_limit = 1 << 16 };

extern int32_t mutants_active;
extern uint8_t *mutants_reached;

static inline bool mutant(int32_t number) {
    if (mutants_reached) mutants_reached[number] = 1;
    return mutants_active == number;
}

#endif
