// SPDX-License-Identifier: Apache-2.0
#include "mutants.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

int32_t mutants_active = -1;
uint8_t *mutants_reached = NULL;

__attribute__((constructor)) static void read_environment(void) {
    const char *number = getenv("INDELIBLE_MUTANT");
    if (number) mutants_active = (int32_t)strtol(number, NULL, 10);
    const char *path = getenv("INDELIBLE_REACHED");
    if (!path) return;
    int file = open(path, O_RDWR | O_CREAT, 0644);
    if (file < 0 || ftruncate(file, mutants_limit) != 0) abort();
    void *map = mmap(NULL, mutants_limit, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (map == MAP_FAILED) abort();
    mutants_reached = map;
    close(file);
}
