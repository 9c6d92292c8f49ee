// SPDX-License-Identifier: Apache-2.0
#include <stddef.h>
#include <stdint.h>
// libFuzzer with a `main` of one's own (https://llvm.org/docs/LibFuzzer.html, "Using libFuzzer as a library").
int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test)(const uint8_t *bytes, size_t count));
